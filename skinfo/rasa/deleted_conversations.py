"""Which conversations were deleted: nothing may be written into them again.

Only those whose names the server issued, each once. A sender on a platform has one name for
ever, and may begin anew.

For any store on SQLAlchemy: import this module before the tables are created, and call the
functions inside the store's own sessions.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.orm import Session

#: How the names of issued conversations begin.
ISSUED = "web:"


class ConversationDeleted(Exception):
    """Something was to be written into a deleted conversation."""


class DeletedConversation(SQLTrackerStore.Base):
    """A conversation's name and when it was deleted; nothing else is known of it."""

    __tablename__ = "deleted_conversations"

    sender_id = sa.Column(sa.String(255), primary_key=True)
    deleted_at = sa.Column(sa.Float, nullable=False, index=True)


def mark_deleted(session: Session, conversation: str) -> None:
    """Note a deletion, where the name will not come again; the caller commits."""
    if conversation.startswith(ISSUED):
        session.merge(DeletedConversation(sender_id=conversation, deleted_at=time.time()))


def is_deleted(session: Session, conversation: str) -> bool:
    """Whether a conversation was deleted."""
    return conversation.startswith(ISSUED) and session.get(DeletedConversation, conversation) is not None


def forget_deletions_before(session: Session, when: float) -> None:
    """Forget deletions so old that no token can name their conversations; the caller commits."""
    session.query(DeletedConversation).filter(DeletedConversation.deleted_at < when).delete()
