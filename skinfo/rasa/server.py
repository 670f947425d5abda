"""The Rasa server's process: ``python -m skinfo.rasa.server PORT``."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio import AbstractEventLoop
from tempfile import TemporaryDirectory
from typing import Any

from skinfo.paths import project_folder
from skinfo.rasa.discreet_logs import be_discreet, log_to_stderr
from skinfo.rasa.process import prepare_process

logger = logging.getLogger(__name__)

_DAY = 24 * 60 * 60


def main(port: int) -> None:
    """Serve the channels of ``credentials.yml`` until stopped.

    ``SKINFO_ACTIONS_URL`` says where the action server is; `Settings` reads the rest. Rasa's own HTTP
    API is not there.
    """
    prepare_process()
    log_to_stderr()
    os.chdir(project_folder())
    # What people write is for this user alone.
    os.umask(0o077)
    from skinfo.rasa.database import DatabaseUnusable, check_database
    from skinfo.rasa.settings import Settings, SettingsError
    from skinfo.rasa.trained_files import ModelRejected
    from skinfo.rasa.training import check_models

    try:
        settings = Settings.shared()
        check_models()
        # A worker that finds the database missing could say no more than the kind of its error.
        check_database(settings.conversations_url())
    except (SettingsError, ModelRejected, DatabaseUnusable) as error:
        sys.exit(f"error: {error}")
    if settings.workers > 1:
        counts = TemporaryDirectory(prefix="skinfo-counts-")
        # As `skinfo.rasa.figures` reads it when it is imported.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts.name
    app = make_server(settings)
    be_discreet()
    app.run(
        host=settings.host,
        port=port,
        workers=settings.workers,
        access_log=False,
        motd=False,
    )


def make_server(settings: Any) -> Any:
    """The app with its channels; each worker loads the agent when it starts."""
    from rasa.core.channels import channel as channels
    from rasa.core.run import create_http_input_channels

    from skinfo.rasa.http import make_app

    app = make_app(settings)
    channels.register(create_http_input_channels(None, "credentials.yml"), app, route="/webhooks/")

    async def load(app: Any, loop: AbstractEventLoop) -> None:
        from skinfo.rasa.guard import get_ready

        # Not before: what holds threads of its own does not survive the fork of a worker.
        get_ready()
        agent = await load_agent(settings, loop)
        app.ctx.agent = agent
        app.ctx.purging = loop.create_task(_purge_daily(agent, settings.retention_days))

    async def stop_purging(app: Any, loop: AbstractEventLoop) -> None:
        app.ctx.purging.cancel()

    async def close(app: Any, loop: AbstractEventLoop) -> None:
        broker = app.ctx.agent.tracker_store.event_broker
        if broker is not None:
            await broker.close()
        app.ctx.agent.tracker_store.close()
        await app.ctx.agent.action_endpoint.close()

    app.register_listener(load, "before_server_start")
    app.register_listener(stop_purging, "before_server_stop")
    app.register_listener(close, "after_server_stop")
    return app


async def load_agent(settings: Any, loop: AbstractEventLoop) -> Any:
    """The trained bot on the stores that ``endpoints.yml`` names.

    Raises:
        DatabaseUnusable: the conversations cannot be reached.
    """
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore

    from skinfo.rasa.agent import ConversationAgent
    from skinfo.rasa.endpoints import read_endpoints
    from skinfo.rasa.training import model_file

    endpoints = read_endpoints(settings)
    broker = await EventBroker.create(endpoints.event_broker, loop=loop)
    agent = ConversationAgent(
        generator=endpoints.nlg,
        tracker_store=TrackerStore.create(endpoints.tracker_store, event_broker=broker),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    agent.load_model(model_file())
    return agent


async def _purge_daily(agent: Any, days: int) -> None:
    from skinfo.rasa.figures import failures

    while True:
        try:
            await agent.tracker_store.purge(days)
        except Exception as error:
            failures.labels(f"purge_{type(error).__name__}").inc()
            logger.error("Old conversations could not be purged (%s).", type(error).__name__)
        await asyncio.sleep(_DAY)


if __name__ == "__main__":
    main(int(sys.argv[1]))
