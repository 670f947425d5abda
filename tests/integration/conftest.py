"""The trained bot in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from skinfo.cli.serve import Running, free_port, running_servers
from skinfo.rasa.settings import NO_LIMITS
from tests.integration.talkers import SECRET
from tests.integration.two_servers import TwoServers
from tests.real_servers import RealPostgres, RealRedis

Converse = Callable[..., list[dict[str, Any]]]

#: Servers that apologise soon, so that faults may be short.
IMPATIENT = {**NO_LIMITS, "SKINFO_PATIENCE": "2", "SKINFO_SECRET": SECRET}


@pytest.fixture(scope="session")
def converse() -> Iterator[Converse]:
    """Hold a fresh conversation with the trained bot; the machine-readable turns."""
    from skinfo.rasa.process import prepare_process

    prepare_process()
    from skinfo.rasa.bot import Bot
    from skinfo.rasa.training import is_trained, model_file

    assert is_trained(), "the model is not trained from the files as they are; run `make test`"
    bot = Bot.load(model_file())
    # In a thread of its own: Playwright keeps an event loop running in this one.
    with start_blocking_portal() as portal:

        def hold(*messages: str, country: str | None = None) -> list[dict[str, Any]]:
            return portal.call(bot.converse, list(messages), country)

        yield hold


@pytest.fixture(scope="module")
def real_postgres() -> Iterator[RealPostgres]:
    """A PostgreSQL that the tests of one module share."""
    with RealPostgres.running() as server:
        yield server


@pytest.fixture(scope="module")
def real_redis() -> Iterator[RealRedis]:
    """A Redis that the tests of one module share."""
    with RealRedis.running() as server:
        yield server


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server of each kind, on SQLite, as `make chat` starts them."""
    with running_servers(free_port(), tmp_path_factory.mktemp("one"), IMPATIENT) as running:
        yield running


@pytest.fixture(scope="package")
def two_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    """Two Rasa servers that share an action server, a PostgreSQL and a Redis."""
    with ExitStack() as stack:
        postgres, redis = RealPostgres(), RealRedis()
        for store in (postgres, redis):
            stack.callback(store.remove)
            store.start()
        url = postgres.new_database()
        shared = {**IMPATIENT, "SKINFO_DATABASE_URL": url, "SKINFO_REDIS_URL": redis.url()}
        first = stack.enter_context(running_servers(free_port(), tmp_path_factory.mktemp("first"), shared))
        beside = {**shared, "SKINFO_ACTIONS_URL": f"{first.actions.url}/webhook"}
        second = stack.enter_context(running_servers(free_port(), tmp_path_factory.mktemp("second"), beside))
        clients = [
            stack.enter_context(closing(httpx.Client(base_url=one.address))) for one in (first, second)
        ]
        yield TwoServers((first.rasa, second.rasa), clients, url, postgres, redis)
