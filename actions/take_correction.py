"""Answers a no: takes a correction, or asks for other words."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class TakeCorrection(ReplyAction):
    """Answers a no: takes a correction, or asks for other words."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.deny
