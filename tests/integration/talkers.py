"""People who talk to running servers at once, and keep account of what they are owed.

Each says numbered messages, one after another. Whatever the guard answered in the bot's place, or a
server that is gone did not answer at all, is said again under the same id until the bot answers.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import sqlalchemy as sa

from skinfo.rasa.channels.web.tokens import Tokens
from skinfo.replies import is_complete_turn

#: What signs the conversations of every server that people talk to.
SECRET = "one secret for all servers"
#: What is said in turn: the second is only understood after the first, the third must never wait.
WORDS = ("what is milia", "can I pop it?", "my throat is closing up", "I have got help now, thanks")
_FACTS = {0: ["milia.definition"], 1: ["milia.popping"]}
_URGENT = 2
#: Seconds until a request counts as unanswered; far above the guard's patience in these tests.
_SILENCE = 6.0
#: Seconds until a message that is said again and again counts as lost.
_LOST = 45.0
_BEFORE_SAYING_IT_AGAIN = 0.25
_BETWEEN_MESSAGES = 0.05

#: A conversation as it is kept: ("user", a message's id) or ("bot", what was answered), in order.
Record = list[tuple[str, str]]


@dataclass
class Account:
    """What one person was owed and given.

    Attributes:
        owed: replies: one for each request that a server took.
        given: complete replies.
        apologies: those among them that the guard gave in the bot's place.
        out_of_reach: requests to a server that was gone or hung.
        heard: each message's id, and its answer.
        wrong: whatever should not have happened.
    """

    owed: int = 0
    given: int = 0
    apologies: int = 0
    out_of_reach: int = 0
    heard: Record = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Person:
    """Holds one conversation with servers that share it, now through one, now through another.

    Args:
        clients: one for each server, in the order in which they are asked.
        silence: seconds until another server is asked.
    """

    def __init__(self, clients: Sequence[httpx.Client], silence: float = _SILENCE) -> None:
        self.account = Account()
        self._silence = silence
        self._clients = clients
        #: Names the conversation to the servers.
        self.token = ""
        self._numbers = itertools.count()

    @property
    def conversation(self) -> str:
        """Its name in the store."""
        return Tokens(SECRET).read(self.token)

    def begin(self) -> None:
        """Open the conversation."""
        answer = self._clients[0].post("/api/conversations", json={"country": "GB"})
        answer.raise_for_status()
        self.token = answer.json()["token"]

    def say_all(self) -> None:
        """Say each of `WORDS`, until it is answered."""
        for number in itertools.islice(self._numbers, len(WORDS)):
            turn = self.say(f"m{number}", WORDS[number % len(WORDS)], start_with=number)
            if turn is not None:
                self._check(turn, number)
            time.sleep(_BETWEEN_MESSAGES)

    def say(self, id_: str, text: str, start_with: int = 0) -> dict[str, Any] | None:
        """Say something until the bot answers it.

        Args:
            id_: of the message.
            text: what is said.
            start_with: the number of the server that is asked first.

        Returns:
            The answer; None when there was none in the end, which the account tells.
        """
        deadline = time.monotonic() + _LOST
        for server in itertools.count(start_with):
            turn = self._ask(self._clients[server % len(self._clients)], text, id_)
            if turn is not None and not is_guards_own(turn):
                self.account.heard += [("user", id_), ("bot", turn["text"])]
                return turn
            self.account.apologies += turn is not None
            if text == WORDS[_URGENT] and turn is not None and turn["urgency"] != "emergency":
                self.account.wrong.append(f"{id_}: an emergency got no advice")
            if time.monotonic() > deadline:
                self.account.wrong.append(f"{id_}: never answered")
                return None
            time.sleep(_BEFORE_SAYING_IT_AGAIN)
        return None

    def _ask(self, client: httpx.Client, text: str, id_: str) -> dict[str, Any] | None:
        try:
            answer = client.post(
                "/api/messages",
                json={"text": text, "id": id_, "country": "GB"},
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=self._silence,
            )
        except httpx.TransportError:
            self.account.out_of_reach += 1
            return None
        self.account.owed += 1
        if answer.status_code != 200 or not is_complete_turn(answer.json()):
            self.account.wrong.append(f"{id_}: status {answer.status_code}, no complete reply")
            return None
        self.account.given += 1
        turn: dict[str, Any] = answer.json()
        return turn

    def _check(self, turn: dict[str, Any], number: int) -> None:
        position = number % len(WORDS)
        if position in _FACTS and [answer["fact_ids"] for answer in turn["answers"]] != [_FACTS[position]]:
            self.account.wrong.append(f"m{number}: another answer than {_FACTS[position]}")
        if position == _URGENT and turn["urgency"] != "emergency":
            self.account.wrong.append(f"m{number}: an emergency was not taken for one")


def is_guards_own(turn: dict[str, Any]) -> bool:
    """Whether the guard answered in the bot's place: it knows no intent."""
    return turn["intent"]["name"] is None


@dataclass(frozen=True)
class Crowd:
    """Several people who talk at once."""

    people: Sequence[Person]
    _hushed: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def talking(self) -> Iterator[None]:
        """They begin, talk during the block, and say all that they have to say to its end."""
        for person in self.people:
            person.begin()
        with ThreadPoolExecutor(len(self.people)) as threads:
            talks = [threads.submit(self._talk, person) for person in self.people]
            try:
                yield
            finally:
                self._hushed.set()
                _wait_for(talks)

    def talk_once_more(self) -> None:
        """All say everything once more, at once."""
        with ThreadPoolExecutor(len(self.people)) as threads:
            _wait_for([threads.submit(person.say_all) for person in self.people])

    def _talk(self, person: Person) -> None:
        while not self._hushed.is_set():
            person.say_all()

    def total(self) -> Account:
        """All accounts together."""
        total = Account()
        for account in (person.account for person in self.people):
            total.owed += account.owed
            total.given += account.given
            total.apologies += account.apologies
            total.out_of_reach += account.out_of_reach
            total.wrong += account.wrong
        return total


def _wait_for(talks: Iterable[Future[None]]) -> None:
    for talk in talks:
        talk.result()


def stored(url: str, conversations: Iterable[str]) -> list[Record]:
    """What a database holds of conversations."""
    query = sa.text(
        "SELECT data FROM events WHERE type_name IN ('user', 'bot') AND sender_id = :name ORDER BY id"
    )
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return [
                [_entry(json.loads(data)) for (data,) in connection.execute(query, {"name": name})]
                for name in conversations
            ]
    finally:
        engine.dispose()


def _entry(event: dict[str, Any]) -> tuple[str, str]:
    if event["event"] == "user":
        return "user", event["message_id"]
    return "bot", event["data"]["custom"]["skinfo"]["text"]
