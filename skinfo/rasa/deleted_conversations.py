"""Which conversations were deleted: nothing may be written into them again.

Only those whose names the server issued, each once. A sender on a platform has one name for
ever, and may begin anew.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from skinfo.rasa.conversation_tables import deleted_conversations as deleted

#: How the names of issued conversations begin.
ISSUED = "web:"


class ConversationDeleted(Exception):
    """Something was to be written into a deleted conversation."""


def mark_deleted(connection: Connection, conversation: str) -> None:
    """Note a deletion, where the name will not come again; the caller commits."""
    if not conversation.startswith(ISSUED):
        return
    connection.execute(deleted.delete().where(deleted.c.sender_id == conversation))
    connection.execute(deleted.insert().values(sender_id=conversation, deleted_at=time.time()))


def is_deleted(connection: Connection, conversation: str) -> bool:
    """Whether a conversation was deleted."""
    if not conversation.startswith(ISSUED):
        return False
    query = sa.select(deleted.c.sender_id).where(deleted.c.sender_id == conversation)
    return connection.execute(query).first() is not None


def forget_deletions_before(connection: Connection, when: float) -> None:
    """Forget deletions so old that no token can name their conversations; the caller commits."""
    connection.execute(deleted.delete().where(deleted.c.deleted_at < when))
