"""Answers a question about a condition, or about any bump."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class AnswerQuestion(ReplyAction):
    """Answers a question about a condition, or about any bump."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.answerer.answer
