"""The mixin in front of every stock channel: limits, buttons, and the guard."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint

from skinfo.conversation import Responder
from skinfo.rasa import figures
from skinfo.rasa.buttons import Buttons
from skinfo.rasa.guard import Guard, Handler
from skinfo.rasa.limits import FloodLimits
from skinfo.rasa.message_text import readable_text
from skinfo.rasa.refusals import Refused
from skinfo.rasa.secret import server_secret
from skinfo.rasa.settings import Settings
from skinfo.replies import messages_for_platform


class GuardedChannel(InputChannel):
    """Mixin in front of a stock channel: guards it and renders replies as plain text.

    Put it first among the bases: ``class GuardedRest(GuardedChannel, RestInput)``. A message that
    cannot be taken is answered with the reason, for a platform shows no HTTP status.
    """

    #: Characters a message may have on the platform.
    message_limit = 4096
    #: The channel counts messages itself, where it can still refuse a request.
    counts_messages = False

    def conversation_of(self, sender: str) -> str:
        """A sender's conversation; its name begins with the channel's, so none can name another's."""
        return f"{self.name()}:{sender}"

    def admit(self, message: object, sender: str) -> str:
        """What goes on to Rasa: a button that was offered to this sender, or plain words.

        Raises:
            Refused: neither.
        """
        if isinstance(message, str) and message.lstrip().startswith("/"):
            try:
                return shared_buttons().press(self.conversation_of(sender), message.strip())
            except Refused:
                return readable_text(message)
        return readable_text(message)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The stock channel's routes, every message going through the guard."""
        guard = Guard(Responder.shared(), Settings.shared().patience)

        async def guarded(message: UserMessage) -> None:
            output, sender = message.output_channel, message.sender_id
            message.sender_id = self.conversation_of(sender)
            try:
                if not self.counts_messages:
                    shared_limits().message(message.sender_id)
                message.text = self.admit(message.text, sender)
                turn = await guard.turn(message, on_new_message)
            except Refused as refusal:
                figures.refusals.labels(refusal.reason).inc()
                turn = guard.refusal(refusal.reason, (message.metadata or {}).get("country"))
            parts = messages_for_platform(turn["text"], turn["disclaimer"], self.message_limit)
            for part in parts[:-1]:
                await output.send_response(sender, {"text": part})
            # Rasa's stock channels make a message of their own of what an empty line sets apart.
            words = turn["disclaimer"]
            last: dict[str, Any] = {"text": parts[-1].replace(f"\n\n{words}", f"\n{words}")}
            if turn["suggestions"]:
                last["buttons"] = shared_buttons().offer(message.sender_id, turn["suggestions"])
            await output.send_response(sender, last)

        return super().blueprint(guarded)


@lru_cache(maxsize=1)
def shared_limits() -> FloodLimits:
    """One count for all channels of this process."""
    return FloodLimits(Settings.shared())


@lru_cache(maxsize=1)
def shared_buttons() -> Buttons:
    """Signs with the server's secret."""
    return Buttons(server_secret())
