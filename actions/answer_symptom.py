"""Answers somebody who tells what they see and asks nothing."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class AnswerSymptom(ReplyAction):
    """Answers somebody who tells what they see and asks nothing."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.answerer.answer_symptom
