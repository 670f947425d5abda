"""Votes on answers: counted by fact, changed by voting again, without text and without the conversation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from skinfo.rasa.database import make_tables, open_database
from skinfo.rasa.feedback import OTHER, Tally, Vote, Votes

KNOWN = frozenset({"milia.popping", "milia.definition", "out_of_scope"})


def vote(helpful: bool, *about: str, answer: str = "a") -> Vote:
    return Vote.read({"answer": answer, "helpful": helpful, "about": list(about)}, KNOWN)


@pytest.fixture
def database(tmp_path: Path) -> sa.engine.Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'votes.db'}", connections=1)
    make_tables(engine)
    return engine


def test_a_vote_counts_for_every_fact_of_the_answer(database: sa.engine.Engine) -> None:
    votes = Votes(database)
    votes.count("one", vote(True, "milia.popping", "milia.definition"))
    votes.count("two", vote(False, "milia.popping"))

    assert votes.tallies() == [Tally("milia.popping", 1, 1), Tally("milia.definition", 1, 0)]


def test_voting_again_on_an_answer_changes_the_vote_and_counts_once(database: sa.engine.Engine) -> None:
    votes = Votes(database)
    for helpful in (True, True, False):
        votes.count("one", vote(helpful, "milia.popping"))

    assert votes.tallies() == [Tally("milia.popping", 0, 1)]


def test_servers_that_share_a_database_count_together(database: sa.engine.Engine) -> None:
    for conversation in ("one", "two"):
        Votes(database).count(conversation, vote(True, "milia.popping"))

    assert Votes(database).tallies() == [Tally("milia.popping", 2, 0)]


def test_neither_text_nor_the_conversation_is_kept(database: sa.engine.Engine, tmp_path: Path) -> None:
    Votes(database).count("conversation-id", vote(True, "a secret that somebody wrote", answer="message-id"))
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("votes.db*"))

    assert OTHER.encode() in kept
    for trace in (b"secret", b"conversation-id", b"message-id"):
        assert trace not in kept


@pytest.fixture
def client(skinfo_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=skinfo_server, timeout=30) as http:
        token = http.post("/api/conversations", json={}).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def test_a_vote_is_taken_by_the_server(client: httpx.Client) -> None:
    body = {"answer": "m1", "helpful": True, "about": ["milia.popping"]}
    assert client.post("/api/feedback", json=body).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": "m", "helpful": "yes", "about": []},
        {"answer": 1, "helpful": True, "about": []},
        {"answer": "m" * 65, "helpful": True, "about": []},
        {"answer": "m", "helpful": True, "about": "milia.popping"},
        {"answer": "m", "helpful": True, "about": ["x"] * 101},
    ],
)
def test_what_is_no_vote_is_refused_in_words_a_person_can_read(
    client: httpx.Client, body: dict[str, object]
) -> None:
    answer = client.post("/api/feedback", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].endswith(".")


def test_only_who_holds_a_conversation_may_vote(client: httpx.Client) -> None:
    body = {"answer": "m1", "helpful": True, "about": []}
    for header in ("", "Bearer x"):
        answer = client.post("/api/feedback", json=body, headers={"Authorization": header})
        assert answer.status_code == 401


def test_the_command_line_shows_the_counts(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    engine = open_database(f"sqlite:///{file}", connections=1)
    make_tables(engine)
    Votes(engine).count("one", vote(False, "milia.popping"))
    shown = subprocess.run(
        [sys.executable, "-m", "skinfo", "feedback", "--json"],
        env={**os.environ, "SKINFO_DATABASE_URL": f"sqlite:///{file}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert json.loads(shown) == {"about": "milia.popping", "helpful": 0, "not_helpful": 1}


def test_a_database_that_is_not_there_is_an_error_with_a_mend(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "skinfo", "feedback"],
        env={**os.environ, "SKINFO_DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/conversations.db"},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 2
    assert "mend:" in run.stderr
    assert "Traceback" not in run.stderr
