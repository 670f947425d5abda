"""The guard: around every channel, so that each message gets exactly one complete reply.

Rasa swallows an action's failure and goes on: with the action server down, the person would get
nothing at all. The guard collects what a turn says, and hands out one complete reply: the turn's
own, or an apology that still puts any red flag first.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint

from skinfo.conversation import Responder
from skinfo.language import Reading, load_language, read_doc
from skinfo.replies import Reply, is_complete_turn, messages_for_platform

logger = logging.getLogger(__name__)

#: Seconds until a person gets an apology instead of waiting on; Rasa itself would wait 300.
PATIENCE = 8.0

Handler = Callable[[UserMessage], Awaitable[Any]]

#: Free text must never be read as an intent payload (``/restart``, ``/ask_x{...}``).
_PAYLOAD_PREFIX = re.compile(r"^[\s/]+")

#: How often each kind of failure happened in this process; holds no text.
failures: Counter[str] = Counter()


class TurnCollector(OutputChannel):  # type: ignore[misc]
    """Takes what actions say in one turn and keeps the last complete reply."""

    def __init__(self) -> None:
        self.turn: dict[str, Any] | None = None

    @classmethod
    def name(cls) -> str:
        """See `OutputChannel.name`."""
        return "skinfo_guard"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a complete reply; anything else an action says is counted and dropped."""
        custom = message.get("custom")
        turn = custom.get("skinfo") if isinstance(custom, Mapping) else None
        if isinstance(turn, Mapping) and is_complete_turn(turn):
            self.turn = dict(turn)
        elif any(message.get(key) for key in ("text", "custom", "buttons", "image", "attachment")):
            failures["incomplete_reply"] += 1
            logger.warning("An action said something that is no complete reply; it is not shown.")


class Guard:
    """Handles one message through to one complete reply."""

    def __init__(self, responder: Responder, patience: float = PATIENCE) -> None:
        self._responder = responder
        self._patience = patience

    def welcome(self, country: str | None = None) -> dict[str, Any]:
        """The first words in a new conversation."""
        return self._responder.welcome(country).to_dict()

    async def turn(self, message: UserMessage, handle: Handler) -> dict[str, Any]:
        """Let Rasa handle a message, and see that there is a reply.

        Args:
            message: its output channel is replaced by the guard's.
            handle: Rasa's handler.

        Returns:
            A machine-readable turn, always complete.
        """
        collector = TurnCollector()
        message.output_channel = collector
        try:
            await asyncio.wait_for(handle(message), self._patience)
        except TimeoutError:
            self._failed("too_slow")
        except Exception as error:  # whatever breaks, the person must get a reply
            self._failed(type(error).__name__)
        else:
            if collector.turn is None:
                self._failed("no_reply")
        if collector.turn is not None:
            return collector.turn
        return self.apology(message).to_dict()

    def apology(self, message: UserMessage) -> Reply:
        """The reply when there is none: red flags first, then an apology."""
        country = (message.metadata or {}).get("country")
        try:
            reading = read_doc(load_language()(message.text or ""))
        except Exception as error:  # the last line of defence must not fall
            self._failed(f"reading_{type(error).__name__}")
            reading = Reading()
        return self._responder.apology(reading, country if isinstance(country, str) else None)

    @staticmethod
    def _failed(kind: str) -> None:
        failures[kind] += 1
        # The error itself may hold what the person wrote, so only its kind is logged.
        logger.error("A turn failed (%s); an apology was sent.", kind)


def plain_words_only(text: str) -> str:
    """Free text that Rasa cannot take for an intent payload."""
    return _PAYLOAD_PREFIX.sub("", text) if text.lstrip().startswith("/") else text


class GuardedChannel(InputChannel):  # type: ignore[misc]
    """Mixin in front of a stock channel: guards it and renders replies as plain text.

    Put it first among the bases: ``class GuardedRest(GuardedChannel, RestInput)``.
    """

    #: Characters a message may have on the platform.
    message_limit = 4096

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The stock channel's routes, every message going through the guard."""
        guard = Guard(Responder.shared())

        async def guarded(message: UserMessage) -> None:
            output = message.output_channel
            message.text = plain_words_only(message.text or "")
            turn = await guard.turn(message, on_new_message)
            parts = messages_for_platform(turn["text"], turn["disclaimer"], self.message_limit)
            for part in parts[:-1]:
                await output.send_response(message.sender_id, {"text": part})
            last: dict[str, Any] = {"text": parts[-1]}
            if turn["suggestions"]:
                last["buttons"] = turn["suggestions"]
            await output.send_response(message.sender_id, last)

        return super().blueprint(guarded)
