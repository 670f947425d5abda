"""The trained bot in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Converse = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def converse() -> Iterator[Converse]:
    """Hold a fresh conversation with the trained bot; the machine-readable turns."""
    from skinfo.rasa.quiet import be_quiet

    be_quiet()
    from skinfo.rasa.bot import Bot
    from skinfo.rasa.training import is_trained, model_file

    assert is_trained(), "the model is not trained from the files as they are; run `make test`"
    bot = Bot.load(model_file())
    with asyncio.Runner() as runner:

        def hold(*messages: str, country: str | None = None) -> list[dict[str, Any]]:
            return runner.run(bot.converse(list(messages), country))

        yield hold
