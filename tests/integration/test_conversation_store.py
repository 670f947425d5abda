"""The store of conversations: a turn loads little, nothing is lost, and two servers never cross."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from anyio.from_thread import BlockingPortal, start_blocking_portal
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from skinfo.rasa.conversation_store import ConversationChanged, ConversationStore
from skinfo.rasa.conversation_tables import answered_messages, conversations, events
from skinfo.rasa.database import DatabaseUnusable
from skinfo.rasa.deleted_conversations import ConversationDeleted
from tests.real_servers import RealPostgres

Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    # In a thread of its own: Playwright keeps an event loop running in this one.
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def run(portal: BlockingPortal) -> Run:
    async def wait(work: Awaitable[Any]) -> Any:
        return await work

    return lambda work: portal.call(wait, work)


@pytest.fixture
def domain() -> Domain:
    domain = Domain.empty()
    domain.slots = [AnySlot(name, mappings=[{}]) for name in ("condition", "country")]
    return domain


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    postgres: RealPostgres = request.getfixturevalue("real_postgres")
    return postgres.new_database()


@pytest.fixture
def opened(url: str, domain: Domain) -> Iterator[Callable[[], ConversationStore]]:
    stores: list[ConversationStore] = []

    def open_() -> ConversationStore:
        stores.append(ConversationStore(domain, url))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


def session_start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number: int, **slots: object) -> list[Event]:
    return [
        UserUttered(f"question {number}", message_id=f"m{number}"),
        ActionExecuted("action_answer_question"),
        BotUttered(f"answer {number}", {"custom": {"skinfo": {"text": f"answer {number}"}}}),
        *(SlotSet(name, value) for name, value in slots.items()),
        ActionExecuted("action_listen"),
    ]


async def say(store: ConversationStore, name: str, number: int, **slots: object) -> None:
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    if not tracker.events:
        tracker.update_with_events(session_start(), None)
    tracker.update_with_events(turn(number, **slots), None)
    await store.save(tracker)


def texts(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_turn_loads_the_last_turns_however_long_the_conversation_is(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()
    sizes = []
    for number in range(200):
        run(say(store, "a", number))
        sizes.append(len(run(store.retrieve("a")).events))

    assert texts(run(store.retrieve("a"))) == ["question 198", "question 199"]
    assert len(set(sizes[5:])) == 1


def test_the_full_record_is_kept(opened: Callable[[], ConversationStore], run: Run) -> None:
    store = opened()
    for number in range(20):
        run(say(store, "a", number))

    assert texts(run(store.retrieve_full_tracker("a"))) == [f"question {n}" for n in range(20)]
    assert list(run(store.keys())) == ["a"]


def test_what_was_remembered_long_ago_is_still_remembered(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()
    run(say(store, "a", 0, condition=["milia"], country="GB"))
    for number in range(1, 30):
        run(say(store, "a", number))
    run(say(store, "a", 30, country="IE"))
    tracker = run(store.retrieve("a"))

    assert tracker.current_slot_values() == {"condition": ["milia"], "country": "IE"}
    assert tracker.copy().current_slot_values() == tracker.current_slot_values()


def test_a_slot_that_was_emptied_stays_empty(opened: Callable[[], ConversationStore], run: Run) -> None:
    store = opened()
    run(say(store, "a", 0, condition="milia"))
    for number in range(1, 10):
        run(say(store, "a", number))
    run(say(store, "a", 10, condition=None))

    assert run(store.retrieve("a")).get_slot("condition") is None


def test_a_new_session_begins_afresh(opened: Callable[[], ConversationStore], run: Run) -> None:
    store = opened()
    for number in range(5):
        run(say(store, "a", number))

    async def later() -> None:
        tracker = await store.retrieve("a")
        assert tracker is not None
        tracker.update_with_events([*session_start(), *turn(5)], None)
        await store.save(tracker)

    run(later())

    assert texts(run(store.retrieve("a"))) == ["question 5"]
    assert len(texts(run(store.retrieve_full_tracker("a")))) == 6


def test_a_restart_in_the_middle_loses_nothing(opened: Callable[[], ConversationStore], run: Run) -> None:
    first = opened()
    for number in range(4):
        run(say(first, "a", number, condition=f"c{number}"))
    first.close()
    second = opened()
    run(say(second, "a", 4))

    assert run(second.retrieve("a")).get_slot("condition") == "c3"
    assert texts(run(second.retrieve_full_tracker("a"))) == [f"question {n}" for n in range(5)]


def test_of_two_turns_at_once_one_is_written_and_the_other_says_so(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    here, there = opened(), opened()
    run(say(here, "a", 0))

    async def cross() -> None:
        one, other = await here.retrieve("a"), await there.retrieve("a")
        assert one is not None and other is not None
        one.update_with_events(turn(1), None)
        other.update_with_events(turn(2), None)
        await here.save(one)
        with pytest.raises(ConversationChanged):
            await there.save(other)

    run(cross())

    assert texts(run(here.retrieve_full_tracker("a"))) == ["question 0", "question 1"]


def test_two_first_turns_at_once_do_not_cross_either(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    here, there = opened(), opened()

    async def cross() -> list[object]:
        trackers = [await store.get_or_create_tracker("a") for store in (here, there)]
        for tracker in trackers:
            tracker.update_with_events(turn(1), None)
        saves = (here.save(trackers[0]), there.save(trackers[1]))
        return await asyncio.gather(*saves, return_exceptions=True)

    outcomes = run(cross())

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConversationChanged", "NoneType"]
    assert len(texts(run(here.retrieve_full_tracker("a")))) == 1


def test_a_turn_is_written_whole_or_not_at_all(opened: Callable[[], ConversationStore], run: Run) -> None:
    store = opened()
    run(say(store, "a", 0))

    async def break_off() -> None:
        tracker = await store.retrieve("a")
        assert tracker is not None
        tracker.update_with_events([*turn(1), SlotSet("condition", object())], None)
        with pytest.raises(TypeError):
            await store.save(tracker)

    run(break_off())
    run(say(store, "a", 2))

    assert texts(run(store.retrieve_full_tracker("a"))) == ["question 0", "question 2"]


def test_a_tracker_is_saved_twice_without_doubling_anything(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()

    async def twice() -> None:
        tracker = await store.get_or_create_tracker("a")
        tracker.update_with_events(turn(0), None)
        await store.save(tracker)
        await store.save(tracker)
        tracker.update_with_events(turn(1), None)
        await store.save(tracker)

    run(twice())

    assert texts(run(store.retrieve_full_tracker("a"))) == ["question 0", "question 1"]


def test_what_rasas_own_store_has_written_goes_on(
    url: str, opened: Callable[[], ConversationStore], domain: Domain, run: Run
) -> None:
    rasas = SQLTrackerStore(domain, host=url)
    before = DialogueStateTracker.from_events("a", session_start(), domain.slots)
    for number in range(6):
        before.update_with_events(turn(number, condition=f"c{number}"), None)
    run(rasas.save(before))
    store = opened()
    run(say(store, "a", 6, country="GB"))
    tracker = run(store.retrieve("a"))

    assert tracker.current_slot_values() == {"condition": "c5", "country": "GB"}
    assert texts(run(store.retrieve_full_tracker("a"))) == [f"question {n}" for n in range(7)]


def test_a_message_that_was_answered_is_known_again_however_long_ago(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()
    for number in range(30):
        run(say(store, "web:a", number))
    known = run(store.answer_to("web:a", "m1"))

    assert known is not None and known.turn == {"text": "answer 1"} and known.is_to("question 1")
    assert run(store.answer_to("web:a", "m30")) is None
    assert run(store.answer_to("web:b", "m1")) is None


def test_a_message_of_the_website_is_written_once(opened: Callable[[], ConversationStore], run: Run) -> None:
    store = opened()
    for number in range(15):
        run(say(store, "web:a", number))
    with pytest.raises(ConversationChanged):
        run(say(store, "web:a", 0))
    run(say(store, "web:b", 0))

    assert texts(run(store.retrieve_full_tracker("web:a"))) == [f"question {n}" for n in range(15)]


def test_deleting_leaves_nothing_and_ends_a_conversation_of_the_website(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()
    run(say(store, "web:a", 0, condition="milia"))
    run(say(store, "web:b", 0))

    assert run(store.delete("web:a")) == 8
    assert run(store.retrieve("web:a")) is None
    with store.engine.connect() as connection:
        left = [*connection.execute(sa.select(events.c.sender_id).distinct())]
        left += [*connection.execute(sa.select(conversations.c.sender_id))]
        left += [*connection.execute(sa.select(answered_messages.c.sender_id))]
    assert {name for (name,) in left} == {"web:b"}
    with pytest.raises(ConversationDeleted):
        run(say(store, "web:a", 1))


def test_purging_takes_what_is_old_however_much_it_is(
    opened: Callable[[], ConversationStore], run: Run
) -> None:
    store = opened()
    run(say(store, "new", 0))
    old = {"sender_id": "old", "type_name": "user", "timestamp": 1.0, "data": json.dumps({"event": "user"})}
    with store.engine.begin() as connection:
        connection.execute(events.insert(), [old] * 4001)
        connection.execute(
            conversations.insert().values(sender_id="old", version=1, slots="{}", updated_at=1)
        )
        connection.execute(answered_messages.insert().values(sender_id="old", message_id="m0", answered_at=1))

    assert run(store.purge(30)) == 4001
    assert list(run(store.keys())) == ["new"]
    assert run(store.retrieve("old")) is None
    assert run(store.answer_to("old", "m0")) is None
    with store.engine.connect() as connection:
        assert not [*connection.execute(sa.select(answered_messages))]


def test_a_database_that_cannot_be_used_is_named_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(DatabaseUnusable, match="SKINFO_DATABASE_URL"):
        ConversationStore(Domain.empty(), f"sqlite:///{tmp_path / 'folder'}")
    with pytest.raises(DatabaseUnusable) as refused:
        ConversationStore(Domain.empty(), "postgresql://someone:opensesame@127.0.0.1:1/none")
    assert "127.0.0.1:1" in str(refused.value)
    assert "opensesame" not in str(refused.value)
