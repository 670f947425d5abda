"""Two Rasa servers on one PostgreSQL and one Redis: a conversation may go through either, at any time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from skinfo.cli.serve import Running, free_port, running_servers
from skinfo.rasa.channels.web.tokens import Tokens
from skinfo.rasa.settings import NO_LIMITS
from skinfo.replies import is_complete_turn
from tests.real_servers import RealPostgres, RealRedis

SECRET = "one secret for all servers"
#: Questions whose answers differ, so that an answer in the wrong place shows.
QUESTIONS = (
    "what is milia",
    "what are cold sores",
    "is acne contagious",
    "how do you treat keratosis pilaris",
    "what causes molluscum",
    "what do skin tags look like",
)
#: Turns before which a server is restarted; the one before asks about cold sores.
RESTARTS = (500, 800)
#: Messages that arrive at once.
AT_ONCE = 8


@dataclass
class Together:
    """The two servers, and what they share."""

    servers: list[Running]
    database: str
    clients: list[httpx.Client] = field(default_factory=list)

    def begin(self) -> Conversation:
        """Open a conversation."""
        answer = self.clients[0].post("/api/conversations", json={"country": "GB"})
        assert answer.status_code == 201
        return Conversation(self, answer.json()["token"])

    def stored(self, conversation: Conversation) -> list[tuple[str, str]]:
        """What is kept of a conversation: ("user", a message's id) or ("bot", what it said), in order."""
        engine = sa.create_engine(self.database)
        query = sa.text(
            "SELECT data FROM events WHERE type_name IN ('user', 'bot') AND sender_id = :name ORDER BY id"
        )
        with engine.connect() as connection:
            kept = [json.loads(data) for (data,) in connection.execute(query, {"name": conversation.name})]
        engine.dispose()
        return [
            ("user", event["message_id"])
            if event["event"] == "user"
            else ("bot", event["data"]["custom"]["skinfo"]["text"])
            for event in kept
        ]

    def restart(self, number: int) -> None:
        """Restart one of the Rasa servers, as an update does."""
        server = self.servers[number].rasa
        server.stop()
        server.start()
        server.wait_until_answering()


@dataclass(frozen=True)
class Conversation:
    """One conversation that both servers know."""

    together: Together
    token: str

    @property
    def name(self) -> str:
        """Its name in the store."""
        return Tokens(SECRET).read(self.token)

    def say(self, id_: str, text: str, server: int) -> dict[str, Any]:
        """Say something through one of the servers; the turn, which must be a whole answer."""
        answer = self.together.clients[server].post(
            "/api/messages",
            json={"text": text, "id": id_, "country": "GB"},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        turn: dict[str, Any] = answer.json()
        assert is_complete_turn(turn)
        assert turn["answers"], turn["text"]
        return turn


@pytest.fixture(scope="module")
def together(
    real_postgres: RealPostgres, real_redis: RealRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Together]:
    url = real_postgres.new_database()
    shared = {
        **NO_LIMITS,
        "SKINFO_SECRET": SECRET,
        "SKINFO_DATABASE_URL": url,
        "SKINFO_REDIS_URL": real_redis.url(),
    }
    with ExitStack() as stack:
        first = stack.enter_context(running_servers(free_port(), tmp_path_factory.mktemp("first"), shared))
        beside = {**shared, "SKINFO_ACTIONS_URL": f"{first.actions.url}/webhook"}
        second = stack.enter_context(running_servers(free_port(), tmp_path_factory.mktemp("second"), beside))
        servers = [first, second]
        clients = [stack.enter_context(httpx.Client(base_url=one.address, timeout=30)) for one in servers]
        yield Together(servers, url, clients)


def test_many_conversations_go_through_both_servers_and_none_gets_another_s_turn(together: Together) -> None:
    conversations = [together.begin() for _ in range(12)]

    def talk(number: int) -> list[tuple[str, str]]:
        heard: list[tuple[str, str]] = []
        for turn in range(10):
            id_ = f"c{number}-m{turn}"
            text = QUESTIONS[(number + turn) % len(QUESTIONS)]
            answer = conversations[number].say(id_, text, server=(number + turn) % 2)
            heard += [("user", id_), ("bot", answer["text"])]
        return heard

    with ThreadPoolExecutor(AT_ONCE) as threads:
        heard = list(threads.map(talk, range(len(conversations))))

    assert [together.stored(one) for one in conversations] == heard


def hammered(together: Together) -> tuple[Conversation, dict[str, str]]:
    """A conversation in which messages arrive at both servers at once; what each was answered."""
    conversation = together.begin()

    def say(number: int) -> tuple[str, str]:
        id_ = f"m{number}"
        return id_, conversation.say(id_, QUESTIONS[number % len(QUESTIONS)], server=number % 2)["text"]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return conversation, dict(threads.map(say, range(40)))


def assert_each_is_stored_once_with_its_answer(stored: list[tuple[str, str]], heard: dict[str, str]) -> None:
    assert stored == list(
        itertools.chain.from_iterable(
            (("user", id_), ("bot", heard[id_])) for kind, id_ in stored if kind == "user"
        )
    )
    assert sorted(id_ for kind, id_ in stored if kind == "user") == sorted(heard)


def test_messages_at_once_in_one_conversation_are_each_stored_with_their_answer(together: Together) -> None:
    conversation, heard = hammered(together)

    assert_each_is_stored_once_with_its_answer(together.stored(conversation), heard)


def said_to_both(together: Together) -> tuple[Conversation, list[str]]:
    """A conversation in which each message reaches both servers at once; what all were answered."""
    conversation = together.begin()
    heard: list[str] = []
    with ThreadPoolExecutor(2) as threads:
        for number in range(10):
            text = QUESTIONS[number % len(QUESTIONS)]
            both = list(threads.map(lambda server: conversation.say(f"m{number}", text, server), range(2)))  # noqa: B023
            assert both[0]["text"] == both[1]["text"]
            heard.append(both[0]["text"])
    return conversation, heard


def assert_none_is_stored_twice(stored: list[tuple[str, str]], heard: list[str]) -> None:
    assert stored == [
        entry for number, text in enumerate(heard) for entry in (("user", f"m{number}"), ("bot", text))
    ]


def test_a_message_that_reaches_both_servers_is_answered_once(together: Together) -> None:
    conversation, heard = said_to_both(together)

    assert_none_is_stored_twice(together.stored(conversation), heard)


def test_without_redis_the_database_alone_keeps_turns_apart(
    together: Together, real_redis: RealRedis
) -> None:
    real_redis.kill()
    try:
        conversation, heard = said_to_both(together)
        assert_none_is_stored_twice(together.stored(conversation), heard)
    finally:
        real_redis.start()

    changed = "".join(httpx.get(f"{one.address}/metrics").text for one in together.servers)
    assert 'skinfo_failures_total{kind="conversation_changed"}' in changed


def test_a_conversation_of_a_thousand_turns_outlives_restarts_of_both_servers(together: Together) -> None:
    conversation = together.begin()
    heard: list[tuple[str, str]] = []
    for number in range(1000):
        text, server = QUESTIONS[number % len(QUESTIONS)], number % 2
        if number in RESTARTS:
            # What "it" is, only the conversation tells.
            text, server = "can I pop it?", RESTARTS.index(number)
            together.restart(server)
        turn = conversation.say(f"m{number}", text, server)
        heard += [("user", f"m{number}"), ("bot", turn["text"])]
        if number in RESTARTS:
            assert turn["answers"][0]["fact_ids"] == ["cold_sores.popping"]

    assert together.stored(conversation) == heard
