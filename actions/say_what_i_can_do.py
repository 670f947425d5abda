"""Says what can be asked."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class SayWhatICanDo(ReplyAction):
    """Says what can be asked."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.capabilities
