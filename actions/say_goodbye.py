"""Says goodbye."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class SayGoodbye(ReplyAction):
    """Says goodbye."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.goodbye
