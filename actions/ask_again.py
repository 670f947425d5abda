"""Asks what was meant, offering the nearest questions."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class AskAgain(ReplyAction):
    """Asks what was meant, offering the nearest questions."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.clarify
