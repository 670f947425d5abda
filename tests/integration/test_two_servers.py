"""Two Rasa servers on one PostgreSQL and one Redis: a conversation may go through either, at any time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import psutil

from tests.integration.talkers import Person, Record, stored
from tests.integration.two_servers import TwoServers

#: Questions whose answers differ, so that an answer in the wrong place shows.
QUESTIONS = (
    "what is milia",
    "what are cold sores",
    "is acne contagious",
    "how do you treat keratosis pilaris",
    "what causes molluscum",
    "what do skin tags look like",
)
#: Messages that arrive at once.
AT_ONCE = 6
#: The turn before which a server is restarted; the one before it asks about cold sores.
RESTART = 500


def begun(servers: TwoServers) -> Person:
    person = Person(servers.clients)
    person.begin()
    return person


def kept(servers: TwoServers, *people: Person) -> list[Record]:
    for person in people:
        assert not person.account.wrong
    return stored(servers.database, [person.conversation for person in people])


def question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)]


def answered(turn: dict | None) -> tuple[str, str]:
    assert turn is not None and turn["answers"]
    return "bot", turn["text"]


def test_many_conversations_go_through_both_servers_and_none_gets_another_s_turn(
    two_servers: TwoServers,
) -> None:
    people = [begun(two_servers) for _ in range(12)]

    def talk(number: int) -> None:
        for turn in range(number, number + 10):
            answered(people[number].say(f"c{number}-m{turn}", question(turn), start_with=turn))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(talk, range(len(people))))

    assert kept(two_servers, *people) == [person.account.heard for person in people]


def test_messages_at_once_in_one_conversation_are_each_stored_with_their_answer(
    two_servers: TwoServers,
) -> None:
    person = begun(two_servers)

    def say(number: int) -> tuple[str, tuple[str, str]]:
        id_ = f"m{number}"
        return id_, answered(person.say(id_, question(number), start_with=number))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        heard = dict(threads.map(say, range(40)))

    (record,) = kept(two_servers, person)
    said = [id_ for who, id_ in record if who == "user"]
    assert sorted(said) == sorted(heard)
    # Whatever their order is: each with its own answer right after it.
    assert record == [entry for id_ in said for entry in (("user", id_), heard[id_])]


def say_to_both(servers: TwoServers) -> tuple[Person, Record]:
    """A conversation in which each message reaches both servers at once; what both answered."""
    person, heard = begun(servers), []
    with ThreadPoolExecutor(2) as threads:
        for number in range(10):
            both = [
                threads.submit(person.say, f"m{number}", question(number), start_with=server)
                for server in range(2)
            ]
            one, other = (answered(turn.result()) for turn in both)
            assert one == other
            heard += [("user", f"m{number}"), one]
    return person, heard


def test_a_message_that_reaches_both_servers_is_answered_once(two_servers: TwoServers) -> None:
    person, heard = say_to_both(two_servers)

    assert kept(two_servers, person) == [heard]


def test_without_redis_the_database_alone_keeps_turns_apart(two_servers: TwoServers) -> None:
    two_servers.redis.kill()
    before = two_servers.failures("conversation_changed")
    try:
        person, heard = say_to_both(two_servers)
    finally:
        two_servers.redis.start()

    assert kept(two_servers, person) == [heard]
    assert two_servers.failures("conversation_changed") > before


def test_what_a_server_answers_late_after_it_hung_is_not_said_again(two_servers: TwoServers) -> None:
    person = begun(two_servers)
    hangs = psutil.Process(two_servers.servers[1].pid)
    hangs.suspend()
    try:
        with suppress(httpx.ReadTimeout):
            two_servers.clients[1].post(
                "/api/messages",
                json={"text": question(0), "id": "m0", "country": "GB"},
                headers={"Authorization": f"Bearer {person.token}"},
                timeout=0.3,
            )
        for number in range(15):
            answered(person.say(f"m{number}", question(number), start_with=0))
    finally:
        hangs.resume()
    two_servers.clients[1].get("/health")
    # Turns of one conversation wait for each other: once this one is answered, the late one has been taken.
    answered(person.say("m15", question(15), start_with=1))

    assert kept(two_servers, person) == [person.account.heard]


def test_a_conversation_of_a_thousand_turns_outlives_a_restart_in_the_middle(two_servers: TwoServers) -> None:
    person = begun(two_servers)
    for number in range(1000):
        if number == RESTART:
            two_servers.restart(number % 2)
            # What "it" is, only the conversation tells.
            turn = person.say(f"m{number}", "can I pop it?", start_with=number)
            assert turn is not None and turn["answers"][0]["fact_ids"] == ["cold_sores.popping"]
        else:
            answered(person.say(f"m{number}", question(number), start_with=number))

    assert kept(two_servers, person) == [person.account.heard]
    assert len(person.account.heard) == 2000
