"""The guard: around every channel, so that each message gets exactly one complete reply.

Rasa swallows an action's failure and goes on: with the action server down, the person would get
nothing at all. The guard collects what a turn says, and hands out one complete reply: the turn's
own, or an apology that still puts any red flag first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.channels.channel import OutputChannel, UserMessage

from skinfo.conversation import Responder
from skinfo.language import FlagMention, Reading, load_language, read_doc, shared_rules
from skinfo.rasa import figures
from skinfo.rasa.message_text import printable
from skinfo.rasa.refusals import Refused
from skinfo.replies import Reply, is_complete_turn, turn_schema

logger = logging.getLogger(__name__)

#: Seconds until a person gets an apology instead of waiting on; Rasa itself would wait 300.
PATIENCE = 8.0

Handler = Callable[[UserMessage], Awaitable[Any]]


class TurnCollector(OutputChannel):
    """Takes what actions say in one turn and keeps the last complete reply."""

    def __init__(self, accepts: Callable[[object], bool]) -> None:
        self.turn: dict[str, Any] | None = None
        self._accepts = accepts

    @classmethod
    def name(cls) -> str:
        """See `OutputChannel.name`."""
        return "skinfo_guard"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a complete reply; anything else an action says is counted and dropped."""
        custom = message.get("custom")
        turn = custom.get("skinfo") if isinstance(custom, Mapping) else None
        if isinstance(turn, Mapping) and self._accepts(turn):
            self.turn = dict(turn)
        elif any(message.get(key) for key in ("text", "custom", "buttons", "image", "attachment")):
            figures.failures.labels("incomplete_reply").inc()
            logger.warning("An action said something that is no complete reply; it is not shown.")


class Guard:
    """Handles one message through to one complete reply."""

    def __init__(self, responder: Responder, patience: float = PATIENCE) -> None:
        self._responder = responder
        self._patience = patience
        self._disclaimers = responder.phrases.disclaimers()

    def welcome(self, country: str | None = None) -> dict[str, Any]:
        """The first words in a new conversation."""
        return self._responder.welcome(country).to_dict()

    def refusal(self, reason: str, country: str | None = None) -> dict[str, Any]:
        """A turn that says why a message is not taken, for platforms without HTTP statuses."""
        return self._responder.refusal(reason, country).to_dict()

    async def turn(self, message: UserMessage, handle: Handler) -> dict[str, Any]:
        """Let Rasa handle a message, and see that there is a reply.

        A turn counts only when all of it went through: an answer whose conversation could not be
        stored is not given, for the next turn would not know of it.

        Args:
            message: its output channel is replaced by the guard's.
            handle: Rasa's handler.

        Returns:
            A machine-readable turn, always complete.

        Raises:
            Refused: by the handler, before anything was done.
        """
        figures.turns.inc()
        collector = TurnCollector(self.accepts)
        message.output_channel = collector
        try:
            await asyncio.wait_for(handle(message), self._patience)
        except Refused:
            raise
        except TimeoutError:
            self._failed("too_slow")
        except Exception as error:  # whatever breaks, the person must get a reply
            self._failed(type(error).__name__)
        else:
            if collector.turn is not None:
                return collector.turn
            self._failed("no_reply")
        return self.apology(message).to_dict()

    def accepts(self, turn: object) -> bool:
        """Whether something that an action said is a whole turn of ours, disclaimer and all."""
        return (
            is_complete_turn(turn)
            and isinstance(turn, Mapping)
            and turn["disclaimer"] in self._disclaimers
            and _turn_validator().is_valid(turn)
        )

    def apology(self, message: UserMessage) -> Reply:
        """The reply when there is none: red flags first, then an apology."""
        country = (message.metadata or {}).get("country")
        return self._responder.apology(
            self._read(printable(str(message.text or ""))), country if isinstance(country, str) else None
        )

    def _read(self, text: str) -> Reading:
        """What a message says, as well as it can still be read."""
        try:
            return read_doc(load_language()(text))
        except Exception as error:  # the last line of defence must not fall
            self._failed(f"reading_{type(error).__name__}")
        try:
            mentions = shared_rules().detect_text(text)
        except Exception as error:
            self._failed(f"rules_{type(error).__name__}")
            return Reading()
        return Reading(
            red_flags=tuple(
                FlagMention(mention.id, mention.urgency)
                for mention in mentions
                if mention.status == "present"
            )
        )

    @staticmethod
    def _failed(kind: str) -> None:
        figures.failures.labels(kind).inc()
        # The error itself may hold what the person wrote, so only its kind is logged.
        logger.error("A turn failed (%s); an apology was sent.", kind)


@lru_cache(maxsize=1)
def _turn_validator() -> Draft202012Validator:
    return Draft202012Validator(turn_schema())


def get_ready() -> None:
    """Load what the guard needs when all else fails: it must not do so in that moment."""
    Responder.shared()
    load_language()("ready")
    shared_rules().detect_text("ready")
    _turn_validator()
