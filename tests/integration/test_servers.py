"""Real servers over HTTP, also with one of them gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from skinfo.cli.serve import Running, free_port, running_servers
from skinfo.replies import is_complete_turn
from tests.conftest import REST_TOKEN


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    state = tmp_path_factory.mktemp("state")
    with running_servers(free_port(), state, {"SKINFO_REST_TOKEN": REST_TOKEN}) as running:
        yield running


def rest(client: httpx.Client, **body: object) -> httpx.Response:
    return client.post("/webhooks/rest/webhook", json=body, headers={"Authorization": f"Bearer {REST_TOKEN}"})


@pytest.fixture
def client(servers: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=servers.address, timeout=30) as http:
        started = http.post("/api/conversations", json={"country": "GB"})
        assert started.status_code == 201
        http.headers["Authorization"] = f"Bearer {started.json()['token']}"
        yield http


def say(client: httpx.Client, text: str, **more: str) -> dict:
    answer = client.post("/api/messages", json={"text": text, "country": "GB", **more})
    assert answer.status_code == 200, answer.text
    turn: dict = answer.json()
    assert is_complete_turn(turn)
    return turn


def test_the_web_channel_holds_a_conversation(client: httpx.Client) -> None:
    assert say(client, "what is milia")["answers"][0]["fact_ids"] == ["milia.definition"]
    turn = say(client, "can I pop it?")
    assert turn["answers"][0]["condition"] == "milia"

    button = turn["suggestions"][0]
    assert say(client, button["title"], payload=button["payload"])["answers"]


def test_the_welcome_ends_with_the_disclaimer(client: httpx.Client) -> None:
    turn = client.post("/api/conversations", json={}).json()["turn"]

    assert is_complete_turn(turn)


def test_the_page_and_the_widget_are_served(client: httpx.Client) -> None:
    page = client.get("/chat")
    assert page.status_code == 200
    assert "skinfo-chat" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/widget.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": 123}', 400),
        (b'{"text": ""}', 400),
        (b"not json", 400),
        (b"[1, 2]", 400),
        (b'{"payload": "/restart"}', 400),
        (b'{"payload": "/ask_popping{\\"condition\\": \\"plague\\"}"}', 400),
        (b'{"text": "hi", "country": "nowhere"}', 400),
        (b'{"text": "%s"}' % (b"a" * 2001), 413),
    ],
)
def test_unusable_requests_are_refused_in_words_a_person_can_read(
    client: httpx.Client, body: bytes, status: int
) -> None:
    answer = client.post("/api/messages", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert answer.json()["error"]["message"].endswith(".")


def test_nobody_can_name_another_s_conversation(client: httpx.Client) -> None:
    for token in ("x", "default", "eyJ.abc.def"):
        answer = client.post(
            "/api/messages", json={"text": "hi"}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401


def test_a_deleted_conversation_is_forgotten(client: httpx.Client) -> None:
    say(client, "what is milia")
    assert client.delete("/api/conversations").status_code == 204

    refused = client.post("/api/messages", json={"text": "can I pop it?"})
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "conversation_unknown"
    assert client.delete("/api/conversations").status_code == 401


def test_the_rest_channel_ends_with_the_disclaimer(client: httpx.Client) -> None:
    messages = rest(client, sender="t", message="what is milia").json()

    assert "keratin" in messages[0]["text"]
    assert "I am an information service" in messages[-1]["text"]


def test_rasa_s_own_api_is_off(client: httpx.Client) -> None:
    assert client.get("/conversations/default/tracker").status_code == 404
    assert client.post("/model/parse", json={"text": "hi"}).status_code == 404


def test_what_people_write_is_in_no_log(servers: Running, client: httpx.Client, tmp_path: Path) -> None:
    say(client, "what is milia zebracornsecret")

    for log in Path(servers.rasa.log).parent.glob("*.log"):
        assert "zebracornsecret" not in log.read_text(encoding="utf-8")


def test_with_the_action_server_killed_the_person_still_gets_a_reply(
    servers: Running, client: httpx.Client
) -> None:
    os.kill(servers.actions.pid, signal.SIGKILL)
    try:
        turn = say(client, "what is milia")
        assert "something went wrong" in turn["text"]

        turn = say(client, "my throat is closing up")
        assert turn["urgency"] == "emergency"
        assert "999" in turn["text"]
        assert turn["blocks"][0]["type"] == "escalation"

        messages = rest(client, sender="u", message="there is pus").json()
        assert "medical help today" in messages[0]["text"]
        assert "I am an information service" in messages[-1]["text"]
    finally:
        servers.actions.stop()
        servers.actions.start()
        servers.actions.wait_until_answering()

    assert say(client, "what is milia")["answers"]
