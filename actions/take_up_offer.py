"""Answers a yes: takes up what was offered last."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class TakeUpOffer(ReplyAction):
    """Answers a yes: takes up what was offered last."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.affirm
