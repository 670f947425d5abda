"""The Rasa server's process: ``python -m skinfo.rasa.server PORT``."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio import AbstractEventLoop
from typing import Any

from skinfo.paths import project_folder
from skinfo.rasa.discreet_logs import be_discreet, log_to_stderr
from skinfo.rasa.quiet import be_quiet

logger = logging.getLogger(__name__)

_DAY = 24 * 60 * 60


def main(port: int) -> None:
    """Serve the channels of ``credentials.yml`` until stopped.

    ``SKINFO_ACTIONS_URL`` and ``SKINFO_CONVERSATIONS`` say where the action server and the
    conversations are; `Settings` reads the rest. Rasa's own HTTP API is not there.
    """
    be_quiet()
    log_to_stderr()
    os.chdir(project_folder())
    # What people write is for this user alone.
    os.umask(0o077)
    from rasa.core.utils import number_of_sanic_workers

    from skinfo.rasa.guard import get_ready
    from skinfo.rasa.settings import Settings, SettingsError
    from skinfo.rasa.trained_files import ModelRejected
    from skinfo.rasa.training import check_models

    try:
        settings = Settings.shared()
        check_models()
    except (SettingsError, ModelRejected) as error:
        sys.exit(f"error: {error}")
    get_ready()
    endpoints = _endpoints()
    app = make_server(settings, endpoints)
    be_discreet()
    app.run(
        host=settings.host,
        port=port,
        workers=number_of_sanic_workers(endpoints.lock_store),
        access_log=False,
        motd=False,
    )


def make_server(settings: Any, endpoints: Any) -> Any:
    """The app with its channels; the agent is loaded when it starts."""
    from rasa.core.channels import channel as channels
    from rasa.core.run import close_resources, create_http_input_channels

    from skinfo.rasa.http import make_app

    app = make_app(settings)
    channels.register(create_http_input_channels(None, "credentials.yml"), app, route="/webhooks/")

    async def load(app: Any, loop: AbstractEventLoop) -> None:
        from rasa.core.agent import load_agent

        from skinfo.rasa.conversation_store import stop_falling_back
        from skinfo.rasa.training import model_file

        agent = await load_agent(model_path=str(model_file()), endpoints=endpoints, loop=loop)
        stop_falling_back(agent)
        app.ctx.agent = agent
        app.ctx.purging = loop.create_task(_purge_daily(agent, settings.retention_days))

    async def stop_purging(app: Any, loop: AbstractEventLoop) -> None:
        app.ctx.purging.cancel()

    app.register_listener(load, "before_server_start")
    app.register_listener(stop_purging, "before_server_stop")
    app.register_listener(close_resources, "after_server_stop")
    return app


async def _purge_daily(agent: Any, days: int) -> None:
    from skinfo.rasa.conversation_store import conversations_of
    from skinfo.rasa.figures import failures

    while True:
        try:
            await conversations_of(agent).purge(days)
        except Exception as error:
            failures.labels(f"purge_{type(error).__name__}").inc()
            logger.error("Old conversations could not be purged (%s).", type(error).__name__)
        await asyncio.sleep(_DAY)


def _endpoints() -> Any:
    from rasa.core.utils import AvailableEndpoints

    from skinfo.rasa.action_client import ActionServer

    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    if endpoints.action is not None:
        endpoints.action = ActionServer.at(endpoints.action)
    return endpoints


if __name__ == "__main__":
    main(int(sys.argv[1]))
