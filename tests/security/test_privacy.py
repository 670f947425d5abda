"""What people write is in the conversation store, masked, and nowhere else; and it goes when it should."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from skinfo.cli.serve import Running, free_port, running_servers
from skinfo.paths import project_folder
from tests.security.loops import in_a_loop_of_its_own

from .conftest import REST_TOKEN, opened

#: Marks in ordinary words: they may be in the store alone.
WORDS = ("zebracorn", "quokkafern")
#: Marks in identifiers: they may be nowhere.
IDENTIFIERS = {
    "zebra.corn@secret.example": "write to zebra.corn@secret.example",
    "7700 900123": "call me on 07700 900123",
    "07700900123": "my phone is 07700900123",
    "4111 1111 1111 1111": "my card is 4111 1111 1111 1111",
    "Wilhelmina": "my name is Wilhelmina Quagmire and I have milia",
    "Quagmire": "My name's Quagmire",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("private")


@pytest.fixture(scope="module")
def servers(place: Path) -> Iterator[Running]:
    (place / "tmp").mkdir()
    settings = {
        "SKINFO_REST_TOKEN": REST_TOKEN,
        "SKINFO_PATIENCE": "2",
        "TMPDIR": str(place / "tmp"),
        "HOME": str(place / "tmp"),
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
    }
    with running_servers(free_port(), place, settings) as running:
        yield running


@pytest.fixture(scope="module")
def spoken(servers: Running, place: Path) -> list[str]:
    """Everything a person can meet was met, with marked words in it; the answers' texts."""
    answers: list[str] = []
    with httpx.Client(base_url=servers.address, timeout=60) as client:

        def say(headers: dict[str, str], text: object, **more: object) -> None:
            answer = client.post("/api/messages", json={"text": text, **more}, headers=headers)
            answers.append(answer.text)

        def rest(message: object, sender: str = "someone") -> None:
            answers.append(
                client.post(
                    "/webhooks/rest/webhook",
                    json={"sender": sender, "message": message},
                    headers={"Authorization": f"Bearer {REST_TOKEN}"},
                ).text
            )

        def everything(headers: dict[str, str]) -> None:
            for word in WORDS:
                for text in (f"what is milia {word}", f"my throat is closing up {word}", f"/{word}"):
                    say(headers, text)
                    rest(text)
                say(headers, {"a": word})
                say(headers, f"{word}\x00")
                say(headers, word * 400)
                say(headers, "x", payload=f'/ask_popping{{"condition": ["{word}"]}}')
                say(headers, "x", id=f"{word} {word}")
                rest({"a": word})
                answers.append(
                    client.post("/api/messages", content=f'{{"text": "{word}'.encode(), headers=headers).text
                )
                answers.append(client.get(f"/{word}?text={word}", headers=headers).text)
            for text in IDENTIFIERS.values():
                say(headers, text)
                rest(text)

        conversation = opened(client)
        everything(conversation)
        os.kill(servers.actions.pid, signal.SIGKILL)
        say(conversation, f"action server down {WORDS[0]}")
        servers.actions.stop()
        servers.actions.start()
        servers.actions.wait_until_answering()
        os.kill(servers.actions.pid, signal.SIGSTOP)
        try:
            say(conversation, f"action server slow {WORDS[0]}")
        finally:
            os.kill(servers.actions.pid, signal.SIGCONT)
        with closing(sqlite3.connect(place / "conversations.db", isolation_level=None)) as database:
            # Nobody else may write meanwhile: the store fails at save.
            database.execute("BEGIN EXCLUSIVE")
            say(conversation, f"store broken {WORDS[0]} my throat is closing up")
            rest(f"store broken {WORDS[0]}")
        say(conversation, f"what is milia {WORDS[1]}")
        answers += [client.get("/metrics").text, client.get("/health").text]
    return answers


def stored_in(place: Path) -> bytes:
    """The database and its write-ahead log."""
    return b"".join(file.read_bytes() for file in sorted(place.glob("conversations.db*")))


def test_the_marked_words_are_in_the_store(spoken: list[str], place: Path) -> None:
    stored = stored_in(place)
    for word in WORDS:
        assert word.encode() in stored


def test_no_marked_word_is_anywhere_else(spoken: list[str], servers: Running, place: Path) -> None:
    outside = [
        file for file in place.rglob("*") if file.is_file() and not file.name.startswith("conversations.db")
    ]
    assert place / "server.log" in outside
    found = {
        f"{file}: {mark}"
        for file in outside
        for mark in (*WORDS, *IDENTIFIERS)
        if mark.encode() in file.read_bytes()
    }

    assert not found
    assert not [text for text in spoken if any(mark in text for mark in (*WORDS, *IDENTIFIERS))]


def test_failures_were_counted_and_answered_all_the_same(spoken: list[str], servers: Running) -> None:
    assert sum("something went wrong" in text for text in spoken) >= 3
    figures = httpx.get(f"{servers.address}/metrics").text
    assert 'skinfo_failures_total{kind="TurnWithoutReply"}' in figures
    assert 'skinfo_failures_total{kind="too_slow"}' in figures


def test_the_project_s_own_folders_hold_no_marked_word(spoken: list[str]) -> None:
    newest = time.time() - 3600
    for folder in ("var", "models", ".rasa"):
        for file in (project_folder() / folder).rglob("*"):
            if file.is_file() and file.stat().st_mtime > newest:
                content = file.read_bytes()
                assert not [mark for mark in WORDS if mark.encode() in content], file


def test_identifiers_are_not_even_in_the_store(spoken: list[str], place: Path) -> None:
    stored = stored_in(place)
    for identifier in IDENTIFIERS:
        assert identifier.encode() not in stored, identifier
    assert b"[email]" in stored and b"[phone]" in stored and b"[card]" in stored and b"[name]" in stored


def test_what_is_kept_is_for_this_user_alone(spoken: list[str], place: Path) -> None:
    for name in ("conversations.db", "conversations.db-wal", "secret"):
        assert (place / name).stat().st_mode & 0o077 == 0, name


def test_a_deleted_conversation_leaves_no_byte(servers: Running, place: Path) -> None:
    with httpx.Client(base_url=servers.address, timeout=30) as client:
        headers = opened(client)
        client.post("/api/messages", json={"text": "what is milia okapimoss"}, headers=headers)
        assert b"okapimoss" in stored_in(place)
        assert client.delete("/api/conversations", headers=headers).status_code == 204

    assert b"okapimoss" not in stored_in(place)


def _skinfo(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skinfo", "privacy", *arguments],
        env={**os.environ, "SKINFO_STATE": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_operator_deletes_a_conversation_by_name_or_token(servers: Running, place: Path) -> None:
    with httpx.Client(base_url=servers.address, timeout=30) as client:
        headers = opened(client)
        client.post("/api/messages", json={"text": "what is milia tapirleaf"}, headers=headers)
        client.post(
            "/webhooks/rest/webhook",
            json={"sender": "leaves", "message": "what is milia tapirleaf"},
            headers={"Authorization": f"Bearer {REST_TOKEN}"},
        )
        by_token = _skinfo(place, "delete", "--token", headers["Authorization"].removeprefix("Bearer "))
        by_name = _skinfo(place, "delete", "rest:leaves")
        assert (by_token.returncode, by_name.returncode) == (0, 0), by_token.stderr + by_name.stderr
        assert client.post("/api/messages", json={"text": "hi"}, headers=headers).status_code == 401

        assert b"tapirleaf" not in stored_in(place)
        # A sender has one name for ever, and may come back.
        again = client.post(
            "/webhooks/rest/webhook",
            json={"sender": "leaves", "message": "what is milia"},
            headers={"Authorization": f"Bearer {REST_TOKEN}"},
        ).json()
        assert "keratin" in again[0]["text"]
    assert _skinfo(place, "delete", "rest:nobody").returncode == 1
    assert _skinfo(place, "delete").returncode == 2
    assert _skinfo(place / "nowhere", "delete", "rest:a").returncode == 2


def test_what_is_older_than_the_retention_time_is_purged(servers: Running, place: Path) -> None:
    with httpx.Client(base_url=servers.address, timeout=30) as client:
        old, new = opened(client), opened(client)
        client.post("/api/messages", json={"text": "what is milia okapifern"}, headers=old)
        client.post("/api/messages", json={"text": "what is milia lemurbush"}, headers=new)
    with sqlite3.connect(place / "conversations.db", timeout=20) as database:
        (name,) = database.execute("SELECT sender_id FROM events WHERE data LIKE '%okapifern%'").fetchone()
        month = 31 * 24 * 3600
        database.execute("UPDATE events SET timestamp = timestamp - ? WHERE sender_id = ?", (month, name))

    purged = _skinfo(place, "purge")

    assert purged.returncode == 0, purged.stderr
    assert "older than 30 days" in purged.stdout
    stored = stored_in(place)
    assert b"okapifern" not in stored
    assert b"lemurbush" in stored


def test_the_server_purges_by_itself_when_it_starts(tmp_path: Path) -> None:
    with running_servers(free_port(), tmp_path) as running, httpx.Client(base_url=running.address) as client:
        client.post("/api/messages", json={"text": "what is milia okapifern"}, headers=opened(client))
    with sqlite3.connect(tmp_path / "conversations.db", timeout=20) as database:
        database.execute("UPDATE events SET timestamp = timestamp - ?", (31 * 24 * 3600,))
    with running_servers(free_port(), tmp_path):
        deadline = time.monotonic() + 20
        while b"okapifern" in stored_in(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.2)

    assert b"okapifern" not in stored_in(tmp_path)


def test_nothing_is_written_into_a_conversation_that_is_being_deleted(tmp_path: Path) -> None:

    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from skinfo.rasa.conversation_store import ConversationStore
    from skinfo.rasa.deleted_conversations import ConversationDeleted

    store = ConversationStore(Domain.empty(), host=f"sqlite:///{tmp_path}/c.db")
    tracker = DialogueStateTracker.from_events("web:a", [UserUttered("what is milia")])

    async def race() -> None:
        await store.save(tracker)
        await store.delete("web:a")
        tracker.update(UserUttered("and can I pop it"))
        with pytest.raises(ConversationDeleted):
            await store.save(tracker)

    in_a_loop_of_its_own(race())
    with sqlite3.connect(tmp_path / "c.db") as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_an_event_broker_gets_no_identifier_either(tmp_path: Path) -> None:

    from rasa.core.brokers.broker import EventBroker
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from skinfo.rasa.conversation_store import ConversationStore

    published: list[dict[str, object]] = []

    class Broker(EventBroker):
        def publish(self, event: dict[str, object]) -> None:
            published.append(event)

    store = ConversationStore(Domain.empty(), host=f"sqlite:///{tmp_path}/c.db", event_broker=Broker())
    tracker = DialogueStateTracker.from_events("a", [UserUttered("mail me: zebra@corn.example")])
    in_a_loop_of_its_own(store.save(tracker))

    assert "[email]" in json.dumps(published)
    assert "zebra@corn.example" not in json.dumps(published)
