"""Conversations on SQL: constant cost a turn, identifiers masked, deletion that stays, retention.

SQLite and PostgreSQL by the same code (SQLAlchemy Core). A turn is loaded from what is remembered
and the last turns, and written in one transaction; the full record is kept for reading and deletion.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from skinfo.privacy import mask_identifiers
from skinfo.rasa.answered_messages import (
    forget_answered,
    forget_answered_before,
    mark_answered,
    was_answered,
)
from skinfo.rasa.conversation_tables import conversations, events
from skinfo.rasa.database import IN_MEMORY, make_tables, open_database
from skinfo.rasa.deleted_conversations import (
    ConversationDeleted,
    forget_deletions_before,
    is_deleted,
    mark_deleted,
)
from skinfo.rasa.recent_turns import RecentTracker, recent_tracker
from skinfo.rasa.stored_events import country_of, masked_event

#: Events that are read to load a conversation: some ten turns, so surely the last ones.
_LAST_EVENTS = 60
#: What people and bot said in some ten turns, read at once to find an answer: a repeat comes soon after.
_MESSAGES_AT_ONCE = 20
#: Threads that wait for the database, so that a slow one holds up no other conversation.
_THREADS = 16
#: Events that are purged in one transaction; turns wait meanwhile.
_PURGED_AT_ONCE = 2000
_DAY = 24 * 60 * 60

_Result = TypeVar("_Result")


class ConversationChanged(Exception):
    """A conversation went on elsewhere while a turn was being answered; the turn was not written."""


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


class ConversationStore(TrackerStore):
    """A tracker store that loads the last turns, keeps no identifier, and forgets when told to.

    Args:
        domain: whose slots are remembered; Rasa sets it again when the model is loaded.
        host: the database's URL; Rasa gives ``url`` of ``endpoints.yml`` under this name.
        event_broker: is sent what was written, masked.

    Raises:
        DatabaseUnusable: the database cannot be reached or written.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str = IN_MEMORY,
        event_broker: EventBroker | None = None,
        **values: Any,
    ) -> None:
        self.engine = open_database(host, connections=_THREADS)
        make_tables(self.engine)
        self._threads = ThreadPoolExecutor(_THREADS, "conversations")
        super().__init__(domain, event_broker, **values)

    # What Rasa asks of a tracker store.

    def init_tracker(self, sender_id: str) -> RecentTracker:
        """A tracker of a conversation that nobody has spoken in."""
        return RecentTracker(sender_id, self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> RecentTracker:
        """See `TrackerStore.create_tracker`; nothing is written before the first turn is."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> RecentTracker | None:
        """What is remembered of a conversation and its last turns; None for a new one."""
        return await self._in_thread(self._load, sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Everything that was said in a conversation, which takes the longer the more it is."""

        def read() -> list[dict[str, Any]]:
            query = sa.select(events.c.data).where(events.c.sender_id == conversation_id)
            with self.engine.connect() as connection:
                return [json.loads(data) for (data,) in connection.execute(query.order_by(events.c.id))]

        record = await self._in_thread(read)
        return DialogueStateTracker.from_dict(conversation_id, record, self.domain.slots) if record else None

    async def keys(self) -> Iterable[str]:
        """The names of all conversations."""

        def read() -> list[str]:
            with self.engine.connect() as connection:
                return [name for (name,) in connection.execute(sa.select(events.c.sender_id).distinct())]

        return await self._in_thread(read)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new in a conversation, masked, all or nothing.

        Raises:
            ConversationDeleted: it was deleted meanwhile.
            ConversationChanged: it went on elsewhere meanwhile.
        """
        stored = await self._in_thread(self._write, tracker)
        if isinstance(tracker, RecentTracker):
            tracker.take_as_stored()
        if self.event_broker:
            for data in stored:
                self.event_broker.publish({"sender_id": tracker.sender_id, **data})

    # What the project asks of it besides.

    async def delete(self, sender_id: str) -> int:
        """Forget what was said in a conversation; one of the website's can never be spoken in again.

        Returns:
            How many events there were.
        """

        def forget() -> int:
            with self._alone_with(sender_id) as connection:
                mark_deleted(connection, sender_id)
                forget_answered(connection, sender_id)
                connection.execute(conversations.delete().where(conversations.c.sender_id == sender_id))
                result = connection.execute(events.delete().where(events.c.sender_id == sender_id))
            self._empty_log()
            return int(result.rowcount)

        return await self._in_thread(forget)

    async def was_deleted(self, sender_id: str) -> bool:
        """Whether a conversation was deleted."""

        def look() -> bool:
            with self.engine.connect() as connection:
                return is_deleted(connection, sender_id)

        return await self._in_thread(look)

    async def answer_to(self, sender_id: str, message_id: str | None) -> KnownAnswer | None:
        """What was answered to a message before, if it was answered and is still kept.

        Raises:
            ConversationDeleted: nobody can speak in the conversation any more.
        """

        def read() -> KnownAnswer | None:
            with self.engine.connect() as connection:
                if is_deleted(connection, sender_id):
                    raise ConversationDeleted
                if message_id is None or not was_answered(connection, sender_id, message_id):
                    return None
                return _answer_among(_latest_first(connection, sender_id), message_id)

        return await self._in_thread(read)

    async def purge(self, days: float) -> int:
        """Forget what is older than so many days.

        Returns:
            How many events there were.
        """

        def forget() -> int:
            now = time.time()
            old = sa.select(events.c.id).where(events.c.timestamp < now - days * _DAY).limit(_PURGED_AT_ONCE)
            with self.engine.begin() as connection:
                connection.execute(
                    conversations.delete().where(conversations.c.updated_at < now - days * _DAY)
                )
                forget_answered_before(connection, now - days * _DAY)
                forget_deletions_before(connection, now - max(days, 2) * _DAY)
            count, last = 0, _PURGED_AT_ONCE
            while last == _PURGED_AT_ONCE:
                with self.engine.begin() as connection:
                    last = connection.execute(
                        events.delete().where(events.c.id.in_(old.scalar_subquery()))
                    ).rowcount
                count += last
            self._empty_log()
            return count

        return await self._in_thread(forget)

    async def is_reachable(self) -> bool:
        """Whether the database answers now."""

        def ask() -> None:
            with self.engine.connect() as connection:
                connection.execute(sa.select(sa.literal(1)))

        try:
            await self._in_thread(ask)
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Let go of the database."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()

    # In a thread of ours.

    async def _in_thread(self, work: Callable[..., _Result], *args: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    def _load(self, conversation: str) -> RecentTracker | None:
        place = sa.select(conversations.c.version, conversations.c.slots).where(
            conversations.c.sender_id == conversation
        )
        last = (
            sa.select(events.c.data)
            .where(events.c.sender_id == conversation)
            .order_by(events.c.id.desc())
            .limit(_LAST_EVENTS)
        )
        # Should a turn be written between the two, the version will tell when this one is.
        with self.engine.connect() as connection:
            known = connection.execute(place).first()
            found = [json.loads(data) for (data,) in connection.execute(last)]
            if known is None and found:
                return self._load_whole(connection, conversation)
        if known is None:
            return None
        return recent_tracker(
            conversation, known.version, json.loads(known.slots), found[::-1], self.domain.slots
        )

    def _load_whole(self, connection: Connection, conversation: str) -> RecentTracker:
        """A conversation that Rasa's own store has written: nothing is remembered apart yet."""
        query = sa.select(events.c.data).where(events.c.sender_id == conversation).order_by(events.c.id)
        record = [json.loads(data) for (data,) in connection.execute(query)]
        whole = DialogueStateTracker.from_dict(conversation, record, self.domain.slots)
        return recent_tracker(conversation, 0, whole.current_slot_values(), record, self.domain.slots)

    def _write(self, tracker: DialogueStateTracker) -> list[dict[str, Any]]:
        conversation = tracker.sender_id
        with self._alone_with(conversation) as connection:
            if is_deleted(connection, conversation):
                raise ConversationDeleted
            if isinstance(tracker, RecentTracker):
                new, version = tracker.new_events(), tracker.version
            else:
                new, version = self._not_stored(connection, tracker)
            stored = [masked_event(event.as_dict()) for event in new]
            self._set_place(connection, conversation, version, tracker.current_slot_values())
            said = [data["message_id"] for data in stored if data.get("message_id")]
            if not mark_answered(connection, conversation, said):
                raise ConversationChanged
            if stored:
                connection.execute(events.insert(), [_row(conversation, data) for data in stored])
        return stored

    def _not_stored(self, connection: Connection, tracker: DialogueStateTracker) -> tuple[list[Any], int]:
        """What is new in a tracker that was built elsewhere, of all that was ever said."""
        count = sa.select(sa.func.count()).where(events.c.sender_id == tracker.sender_id)
        version = sa.select(conversations.c.version).where(conversations.c.sender_id == tracker.sender_id)
        known = int(connection.execute(count).scalar() or 0)
        return list(tracker.events)[known:], int(connection.execute(version).scalar() or 0)

    def _set_place(
        self, connection: Connection, conversation: str, version: int, slots: Mapping[str, Any]
    ) -> None:
        place = {"version": version + 1, "slots": json.dumps(slots), "updated_at": time.time()}
        if version:
            result = connection.execute(
                conversations.update()
                .where(conversations.c.sender_id == conversation, conversations.c.version == version)
                .values(place)
            )
            if not result.rowcount:
                raise ConversationChanged
            return
        try:
            connection.execute(conversations.insert().values(sender_id=conversation, **place))
        except sa.exc.IntegrityError:
            raise ConversationChanged from None

    @contextmanager
    def _alone_with(self, conversation: str) -> Iterator[Connection]:
        """A transaction in which nobody else writes into a conversation."""
        with self.engine.begin() as connection:
            # SQLite lets one write at a time anyway; see `open_database`.
            if connection.dialect.name == "postgresql":
                connection.execute(
                    sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(conversation, 0)))
                )
            yield connection

    def _empty_log(self) -> None:
        """What was deleted must not stay readable in SQLite's write-ahead log."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _latest_first(connection: Connection, conversation: str) -> Iterator[dict[str, Any]]:
    """What a person and the bot said, read as far back as it is asked for."""
    query = sa.select(events.c.id, events.c.data).where(
        events.c.sender_id == conversation, events.c.type_name.in_(("user", "bot"))
    )
    query = query.order_by(events.c.id.desc()).limit(_MESSAGES_AT_ONCE)
    found = connection.execute(query).all()
    while found:
        yield from (json.loads(data) for _, data in found)
        found = connection.execute(query.where(events.c.id < found[-1].id)).all()


def _answer_among(latest_first: Iterable[Mapping[str, Any]], message_id: str) -> KnownAnswer | None:
    answer: Mapping[str, Any] | None = None
    for event in latest_first:
        if event["event"] == "bot":
            answer = answer or ((event.get("data") or {}).get("custom") or {}).get("skinfo")
        elif event.get("message_id") == message_id:
            return KnownAnswer(event.get("text") or "", country_of(event), answer) if answer else None
        else:
            answer = None
    return None


def _row(conversation: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": conversation,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
