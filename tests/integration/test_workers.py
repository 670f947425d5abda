"""One Rasa server of several workers: any of them answers any turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from skinfo.cli.serve import Running, free_port, running_servers
from skinfo.rasa.settings import NO_LIMITS
from tests.integration.talkers import SECRET, Person, stored
from tests.real_servers import RealPostgres, RealRedis

PEOPLE = 8
TURNS = 5


@pytest.fixture(scope="module")
def database(real_postgres: RealPostgres) -> str:
    return real_postgres.new_database()


@pytest.fixture(scope="module")
def servers(
    database: str, real_redis: RealRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    settings = {
        **NO_LIMITS,
        "SANIC_WORKERS": "2",
        "SKINFO_SECRET": SECRET,
        "SKINFO_DATABASE_URL": database,
        "SKINFO_REDIS_URL": real_redis.url(),
    }
    with running_servers(free_port(), tmp_path_factory.mktemp("workers"), settings) as running:
        yield running


def test_conversations_go_on_whichever_worker_answers(servers: Running, database: str) -> None:
    def hold(number: int) -> Person:
        # A connection of its own for each message, so that both workers get some.
        with httpx.Client(base_url=servers.address, timeout=30, headers={"Connection": "close"}) as client:
            person = Person([client])
            person.begin()
            for turn in range(TURNS):
                said = "what is milia" if turn == 0 else "can I pop it?"
                answer = person.say(f"p{number}-m{turn}", said)
                assert answer is not None and answer["answers"][0]["condition"] == "milia"
        return person

    with ThreadPoolExecutor(PEOPLE) as threads:
        people = list(threads.map(hold, range(PEOPLE)))

    assert not [wrong for person in people for wrong in person.account.wrong]
    records = stored(database, [person.conversation for person in people])
    assert [len(record) for record in records] == [2 * TURNS] * PEOPLE


def test_the_workers_count_together(servers: Running) -> None:
    children = psutil.Process(servers.rasa.pid).children(recursive=True)
    figures = httpx.get(f"{servers.address}/metrics").text
    turns = re.search(r"^skinfo_turns_total (\S+)", figures, re.MULTILINE)

    assert len(children) >= 2
    assert turns is not None and float(turns[1]) == PEOPLE * TURNS
