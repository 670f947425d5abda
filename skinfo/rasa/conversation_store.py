"""Conversations on SQL: identifiers masked, deletion that stays, retention."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from skinfo.privacy import mask_identifiers
from skinfo.rasa.deleted_conversations import (
    ConversationDeleted,
    forget_deletions_before,
    is_deleted,
    mark_deleted,
)
from skinfo.rasa.stored_events import country_of, masked_event

#: What people and bot said in some ten turns: a repeat comes soon after, and every message looks here.
_RECENT_EVENTS = 20
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class KnownAnswer:
    """A message that was answered before.

    Attributes:
        said: the message as stored, identifiers masked.
        country: what it came with.
        turn: its answer, as the action gave it.
    """

    said: str
    country: str | None
    turn: Mapping[str, Any]

    def is_to(self, text: str) -> bool:
        """Whether it is the answer to this text, as far as what is stored can tell."""
        return mask_identifiers(text.strip(), self.country) == self.said


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store that keeps no identifier, and forgets when told to."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        # A database's error would otherwise repeat what was to be written.
        self.engine.hide_parameters = True
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _overwrite_what_is_deleted)
            self.engine.dispose()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new in a conversation, masked.

        Raises:
            ConversationDeleted: it was deleted meanwhile.
        """
        with self.session_scope() as session:
            if is_deleted(session, tracker.sender_id):
                raise ConversationDeleted
            stored = [masked_event(event.as_dict()) for event in self._additional_events(session, tracker)]
            for data in stored:
                intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
                session.add(
                    self.SQLEvent(
                        sender_id=tracker.sender_id,
                        type_name=data["event"],
                        timestamp=data.get("timestamp"),
                        intent_name=intent,
                        action_name=data.get("name"),
                        data=json.dumps(data),
                    )
                )
            session.commit()
        if self.event_broker:
            for data in stored:
                self.event_broker.publish({"sender_id": tracker.sender_id, **data})

    async def delete(self, sender_id: str) -> int:
        """Forget what was said in a conversation; one of the website's can never be spoken in again.

        Returns:
            How many events there were.
        """
        with self.session_scope() as session:
            mark_deleted(session, sender_id)
            count: int = session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()
        return count

    async def was_deleted(self, sender_id: str) -> bool:
        """Whether a conversation was deleted."""
        with self.session_scope() as session:
            return is_deleted(session, sender_id)

    async def answer_to(self, sender_id: str, message_id: str) -> KnownAnswer | None:
        """What was answered to a message before, if it was answered and is still kept."""
        with self.session_scope() as session:
            recent = (
                session.query(self.SQLEvent.data)
                .filter(
                    self.SQLEvent.sender_id == sender_id,
                    self.SQLEvent.type_name.in_(("user", "bot")),
                )
                .order_by(self.SQLEvent.id.desc())
                .limit(_RECENT_EVENTS)
                .all()
            )
        answer: dict[str, Any] | None = None
        for (data,) in recent:
            event = json.loads(data)
            if event["event"] == "bot":
                answer = answer or ((event.get("data") or {}).get("custom") or {}).get("skinfo")
            elif event.get("message_id") == message_id:
                if answer is None:
                    return None
                return KnownAnswer(event.get("text") or "", country_of(event), answer)
            else:
                answer = None
        return None

    async def purge(self, days: float) -> int:
        """Forget what is older than so many days.

        Returns:
            How many events there were.
        """
        before = time.time() - days * _DAY
        with self.session_scope() as session:
            count: int = session.query(self.SQLEvent).filter(self.SQLEvent.timestamp < before).delete()
            forget_deletions_before(session, time.time() - max(days, 2) * _DAY)
            session.commit()
        return count


def _overwrite_what_is_deleted(connection: Any, record: object) -> None:
    """Zeros where something stood: SQLite otherwise leaves it in the file."""
    connection.execute("PRAGMA secure_delete = ON")


def conversations_of(agent: Agent) -> ConversationStore:
    """The running bot's conversations; see `store_below`."""
    return store_below(agent.tracker_store)


def store_below(store: TrackerStore) -> ConversationStore:
    """The store under the wrappers that Rasa puts around it.

    Raises:
        TypeError: ``endpoints.yml`` names another store, which cannot delete.
    """
    while not isinstance(store, ConversationStore) and hasattr(store, "_tracker_store"):
        store = store._tracker_store
    if not isinstance(store, ConversationStore):
        raise TypeError(f"{type(store).__name__} cannot delete conversations")
    return store


def stop_falling_back(agent: Agent) -> None:
    """Let the store's failures show: Rasa would go on in memory, and forget the conversation silently.

    Raises:
        TypeError: see `conversations_of`.
    """
    store = conversations_of(agent)
    agent.tracker_store = store
    if agent.processor is not None:
        agent.processor.tracker_store = store
