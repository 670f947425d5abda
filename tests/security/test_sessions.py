"""Nobody gets into another's conversation, from another site, or past a button that was not offered."""

from __future__ import annotations

import base64
import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from skinfo.cli.serve import Running

from .conftest import ORIGIN, REST_TOKEN, Visit, opened


def say(client: httpx.Client, headers: dict[str, str], text: str, **more: object) -> Any:
    return client.post("/api/messages", json={"text": text, **more}, headers=headers)


def test_a_token_that_was_not_issued_here_is_refused(visit: Visit) -> None:
    client = visit()
    token = opened(client)["Authorization"].removeprefix("Bearer ")
    payload, when, signature = token.split(".")
    other = base64.urlsafe_b64encode(json.dumps("web:other").encode()).decode().rstrip("=")
    forged = URLSafeTimedSerializer("guessed", salt="skinfo-conversation").dumps("web:default")
    for bad in ("x", "default", f"{other}.{when}.{signature}", f"{payload}.{when}.x", forged, f"{token}x"):
        answer = say(client, {"Authorization": f"Bearer {bad}"}, "hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "conversation_unknown")
    for headers in (
        {},
        {"Authorization": token},
        {"Authorization": "Basic abc"},
    ):
        answer = say(client, headers, "hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "conversation_missing")


def test_a_token_expires() -> None:
    import time
    from unittest.mock import patch

    from skinfo.rasa.channels.web.tokens import LIFETIME, Tokens
    from skinfo.rasa.refusals import Refused

    tokens = Tokens("a secret for the tests")
    conversation, token, expires = tokens.issue()
    assert tokens.read(token) == conversation
    with (
        patch("itsdangerous.timed.time.time", return_value=time.time() + LIFETIME + 5),
        pytest.raises(Refused),
    ):
        tokens.read(token)
    assert abs(expires - time.time() - LIFETIME) < 10


def test_no_two_conversations_hear_each_other(visit: Visit) -> None:
    client = visit()
    first, second = opened(client), opened(client)
    say(client, first, "what is milia")

    assert say(client, second, "can I pop it?").json()["answers"][0]["condition"] is None
    assert say(client, first, "can I pop it?").json()["answers"][0]["condition"] == "milia"


def test_the_rest_channel_cannot_name_a_conversation_of_the_website(visit: Visit, state: Path) -> None:
    client = visit()
    headers = opened(client)
    say(client, headers, "what is acne")
    with sqlite3.connect(state / "conversations.db") as database:
        (name,) = database.execute(
            "SELECT sender_id FROM events WHERE sender_id LIKE 'web:%' ORDER BY id DESC LIMIT 1"
        ).fetchone()
    for sender in (name, name.removeprefix("web:")):
        client.post(
            "/webhooks/rest/webhook",
            json={"sender": sender, "message": "what is milia"},
            headers={"Authorization": f"Bearer {REST_TOKEN}"},
        ).raise_for_status()

    assert say(client, headers, "can I pop it?").json()["answers"][0]["condition"] == "acne"


@pytest.mark.parametrize("token", [None, "wrong", REST_TOKEN + "x", REST_TOKEN[:-1], "ü"])
def test_the_rest_channel_needs_its_token(visit: Visit, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    answer = visit().post("/webhooks/rest/webhook", json={"sender": "a", "message": "hi"}, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "token_missing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([1], "not_an_object"),
        ({"message": "hi"}, "bad_sender"),
        ({"sender": "", "message": "hi"}, "bad_sender"),
        ({"sender": {"a": 1}, "message": "hi"}, "bad_sender"),
        ({"sender": "a\x00", "message": "hi"}, "bad_sender"),
        ({"sender": "a" * 201, "message": "hi"}, "bad_sender"),
        ({"sender": "a"}, "no_text"),
        ({"sender": "a", "message": 123}, "not_text"),
        ({"sender": "a", "message": "a" * 2001}, "message_too_long"),
        ({"sender": "a", "message": "hi", "metadata": {"country": "no"}}, None),
        ({"sender": "a", "message": "hi", "metadata": "x", "input_channel": "web"}, None),
    ],
)
def test_the_rest_channel_refuses_what_is_no_message(visit: Visit, body: object, code: str | None) -> None:
    answer = visit().post(
        "/webhooks/rest/webhook", json=body, headers={"Authorization": f"Bearer {REST_TOKEN}"}
    )

    if code is None:
        assert answer.json()[-1]["text"]
    else:
        assert answer.json()["error"]["code"] == code
        assert 400 <= answer.status_code < 500


def test_only_a_button_that_was_offered_here_can_be_pressed(visit: Visit) -> None:
    client = visit()
    mine, other = opened(client), opened(client)
    turn = say(client, mine, "what is milia").json()
    payload = turn["suggestions"][0]["payload"]

    assert say(client, mine, "x", payload=payload).json()["answers"]
    # After a reload the widget sends the same once more.
    assert say(client, mine, "x", payload=payload).json()["answers"]
    for pressed in (
        '/ask_popping{"condition": ["milia"]}',
        payload.replace("milia", "acne"),
        payload.replace("ask_", "report_"),
        '/restart{"offered": "AAAAAAAAAAAAAAAA"}',
        '/ask_popping{"offered": 1}',
        "/ask_popping{",
    ):
        answer = say(client, mine, "x", payload=pressed)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_payload")
    assert say(client, other, "x", payload=payload).status_code == 400


def test_a_button_on_a_platform_comes_back_as_text(visit: Visit) -> None:
    client, headers = visit(), {"Authorization": f"Bearer {REST_TOKEN}"}

    def send(sender: str, message: str) -> list[dict[str, Any]]:
        answer = client.post(
            "/webhooks/rest/webhook", json={"sender": sender, "message": message}, headers=headers
        )
        messages: list[dict[str, Any]] = answer.json()
        return messages

    buttons = send("buttons", "what is milia")[-1]["buttons"]
    pressed = buttons[0]["payload"]

    assert "offered" in pressed
    assert "Sources:" in " ".join(one["text"] for one in send("buttons", pressed))
    # Another sender's is free text, and so is an intent that nobody offered.
    assert send("someone", pressed) != send("buttons", pressed)
    assert send("buttons", '/ask_popping{"condition": ["milia"]}')


def test_free_text_is_never_an_intent(visit: Visit) -> None:
    client = visit()
    headers = opened(client)
    say(client, headers, "what is acne")
    for text in ("/restart", " / /restart", '/ask_popping{"condition": ["milia"]}', "/session_start"):
        assert say(client, headers, text).status_code == 200

    assert say(client, headers, "can I pop it?").json()["answers"][0]["condition"] in ("acne", "milia")


def test_a_message_that_comes_twice_is_asked_once(visit: Visit, state: Path) -> None:
    client = visit()
    headers = opened(client)
    first = say(client, headers, "what is milia", id="one").json()
    again = say(client, headers, "what is milia", id="one").json()
    another = say(client, headers, "what is acne", id="one")

    assert again == first
    assert (another.status_code, another.json()["error"]["code"]) == (409, "id_taken")
    with sqlite3.connect(state / "conversations.db") as database:
        (count,) = database.execute(
            "SELECT count(*) FROM events WHERE data LIKE '%\"message_id\": \"one\"%' AND type_name = 'user'"
        ).fetchone()
    assert count == 1


def test_a_message_that_comes_twice_at_once_is_asked_once(
    servers: Running, state: Path, visit: Visit
) -> None:
    import concurrent.futures

    client = visit()
    headers = opened(client)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(lambda _: say(client, headers, "what is milia", id="at-once").json(), range(4)))

    assert all(turn == turns[0] for turn in turns)
    with sqlite3.connect(state / "conversations.db") as database:
        (count,) = database.execute(
            "SELECT count(*) FROM events WHERE data LIKE '%\"at-once\"%' AND type_name = 'user'"
        ).fetchone()
    assert count == 1


def test_an_allowed_site_may_embed_the_chat_and_no_other(visit: Visit) -> None:
    client = visit()
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = client.options("/api/messages", headers={"Origin": ORIGIN, **asked})
    assert preflight.status_code in (200, 204)
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    started = client.post("/api/conversations", json={}, headers={"Origin": ORIGIN})
    assert started.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in started.headers
    refused = client.post("/api/messages", json={"text": "hi"}, headers={"Origin": ORIGIN})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert (
        client.get("/widget.js", headers={"Origin": ORIGIN}).headers["access-control-allow-origin"] == ORIGIN
    )
    for origin in ("https://evil.example", "null", ORIGIN + ".evil.example", "http://www.example.org"):
        for answer in (
            client.options("/api/messages", headers={"Origin": origin, **asked}),
            client.post("/api/messages", json={"text": "hi"}, headers={"Origin": origin}),
        ):
            assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/chat", "/widget.js", "/health", "/metrics", "/api/openapi.json", "/nothing"]
)
def test_every_answer_has_the_security_headers(visit: Visit, path: str) -> None:
    headers = visit().get(path).headers

    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_the_servers_listen_on_loopback(servers: Running) -> None:
    for server in (servers.rasa, servers.actions):
        port = int(server.url.rsplit(":", 1)[1])
        listening = [
            line.split()[1]
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
            if line.split()[3] == "0A" and int(line.split()[1].rsplit(":", 1)[1], 16) == port
        ]
        assert listening == [f"0100007F:{port:04X}"]
