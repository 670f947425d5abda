"""Declines what is out of scope."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class Decline(ReplyAction):
    """Declines what is out of scope."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.decline
