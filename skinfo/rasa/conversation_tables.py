"""The tables of conversations: the full record, and what is remembered beside it.

``events`` has the columns of Rasa's own SQL store, so that records kept before, and Rasa's tools,
go on working.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

#: All that happened, in the order of the ids; only ever added to, until it is deleted.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)

#: What finds a conversation's last events without reading the others.
events_by_conversation = sa.Index("ix_events_sender_id_id", events.c.sender_id, events.c.id)

#: What finds old events.
events_by_age = sa.Index("ix_events_timestamp", events.c.timestamp)

#: Where each conversation stands: its slots after ``version`` turns were written.
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False, index=True),
)

#: Which conversations were deleted; nothing else is known of them.
deleted_conversations = sa.Table(
    "deleted_conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("deleted_at", sa.Float, nullable=False, index=True),
)

#: Which messages of a conversation were answered, by the ids that the website's clients gave them.
answered_messages = sa.Table(
    "answered_messages",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(64), primary_key=True),
    sa.Column("answered_at", sa.Float, nullable=False, index=True),
)
