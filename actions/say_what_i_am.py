"""Says that this is a program and what stands behind it."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class SayWhatIAm(ReplyAction):
    """Says that this is a program and what stands behind it."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.bot_challenge
