"""Names the pages behind the answers."""

from __future__ import annotations

from actions.reply_action import ReplyAction
from skinfo.conversation import Drafter, Responder


class NameSources(ReplyAction):
    """Names the pages behind the answers."""

    def drafter(self, responder: Responder) -> Drafter:
        """See the class."""
        return responder.small_talk.sources
