"""Which messages of the website's conversations were answered: each is stored once.

A message may reach several servers, or one of them late: after a hang, when the person has long been
answered by another server and has said more.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from skinfo.rasa.conversation_tables import answered_messages as answered
from skinfo.rasa.deleted_conversations import ISSUED


def mark_answered(connection: Connection, conversation: str, messages: Iterable[str]) -> bool:
    """Note that messages are answered, where their ids are the client's; the caller commits.

    Returns:
        Whether none of them was answered before; if one was, the caller must roll back.
    """
    if not conversation.startswith(ISSUED):
        return True
    now = time.time()
    rows = [{"sender_id": conversation, "message_id": id_, "answered_at": now} for id_ in messages]
    if not rows:
        return True
    try:
        connection.execute(answered.insert(), rows)
    except sa.exc.IntegrityError:
        return False
    return True


def was_answered(connection: Connection, conversation: str, message: str) -> bool:
    """Whether a message was answered."""
    query = sa.select(answered.c.message_id).where(
        answered.c.sender_id == conversation, answered.c.message_id == message
    )
    return connection.execute(query).first() is not None


def forget_answered(connection: Connection, conversation: str) -> None:
    """Forget a conversation's messages; the caller commits."""
    connection.execute(answered.delete().where(answered.c.sender_id == conversation))


def forget_answered_before(connection: Connection, when: float) -> None:
    """Forget old messages; the caller commits."""
    connection.execute(answered.delete().where(answered.c.answered_at < when))
