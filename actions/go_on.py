"""Goes on after an emergency, once help was got."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class GoOn(ReplyAction):
    """Goes on after an emergency, once help was got."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.acknowledge
