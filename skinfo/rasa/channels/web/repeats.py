"""A message that comes twice is asked once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from skinfo.rasa.refusals import Refused

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")

Turn = dict[str, Any]


def message_id(value: object) -> str | None:
    """The id that a client gave a message, if it did.

    Raises:
        Refused: it cannot be an id.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not _ID.match(value):
        raise Refused("bad_id")
    return value


class Repeats:
    """Messages that are being answered: a repeat waits for the same answer.

    What was answered before is found in the conversation store, so that a restart does not
    forget it.
    """

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, str], tuple[str, asyncio.Task[Turn]]] = {}

    async def once(
        self, conversation: str, id_: str | None, said: str, answer: Callable[[], Awaitable[Turn]]
    ) -> Turn:
        """The answer to a message; it is finished also when the person's connection breaks.

        Args:
            conversation: where it is said.
            id_: the client's own name for the message; None answers it whatever came before.
            said: the message.
            answer: answers it.

        Raises:
            Refused: another message with this id is being answered.
        """
        key = (conversation, id_ or "")
        under_way = self._under_way.get(key) if id_ else None
        if under_way is not None:
            first, task = under_way
            if first != said:
                raise Refused("id_taken")
            return await asyncio.shield(task)
        task = asyncio.ensure_future(_as_coroutine(answer))
        if id_:
            self._under_way[key] = (said, task)
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        task.add_done_callback(_take_note)
        return await asyncio.shield(task)


async def _as_coroutine(answer: Callable[[], Awaitable[Turn]]) -> Turn:
    return await answer()


def _take_note(task: asyncio.Task[Turn]) -> None:
    """Read the error of a task whose person has gone, or asyncio would log it."""
    if not task.cancelled():
        task.exception()
