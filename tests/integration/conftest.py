"""The trained bot in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from tests.real_servers import RealPostgres, RealRedis

Converse = Callable[..., list[dict[str, Any]]]


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
    server = RealPostgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def real_redis() -> Iterator[RealRedis]:
    """A Redis that the tests of one module share."""
    server = RealRedis()
    try:
        server.start()
        yield server
    finally:
        server.remove()
