"""Floods are refused in words a person can read, and others are answered all the while."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from skinfo.cli.serve import Running
from skinfo.replies import is_complete_turn

from .conftest import LIMITS, REST_TOKEN, Visit, opened


def refusal(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    if status == 429:
        assert 1 <= int(answer.headers["retry-after"]) <= 60


def say(
    client: httpx.Client, headers: dict[str, str], text: str = "thanks", **more: object
) -> httpx.Response:
    return client.post("/api/messages", json={"text": text, **more}, headers=headers)


def test_a_conversation_may_say_so_much_in_a_minute(visit: Visit) -> None:
    client = visit()
    headers = opened(client)
    allowed = int(LIMITS["SKINFO_MESSAGES_PER_MINUTE"])

    answers = [say(client, headers) for _ in range(allowed + 2)]

    assert [answer.status_code for answer in answers] == [200] * allowed + [429] * 2
    refusal(answers[-1], 429, "too_many_messages")
    other = visit()
    assert is_complete_turn(say(other, opened(other)).json())


def test_an_address_may_say_so_much_in_a_minute(visit: Visit) -> None:
    client = visit()
    conversations = [opened(client) for _ in range(2)]
    allowed = int(LIMITS["SKINFO_ADDRESS_MESSAGES_PER_MINUTE"])

    statuses = [say(client, conversations[number % 2]).status_code for number in range(allowed + 1)]

    assert statuses == [200] * allowed + [429]
    other = visit()
    assert say(other, opened(other)).status_code == 200


def test_an_address_may_have_so_many_conversations_open(visit: Visit) -> None:
    client = visit()
    mine = [opened(client) for _ in range(int(LIMITS["SKINFO_OPEN_CONVERSATIONS_PER_ADDRESS"]))]

    refusal(client.post("/api/conversations", json={}), 429, "too_many_conversations")
    assert client.delete("/api/conversations", headers=mine[0]).status_code == 204
    opened(client)
    opened(visit())


def test_an_address_may_open_so_many_conversations_in_a_minute(visit: Visit) -> None:
    client = visit()
    for _ in range(int(LIMITS["SKINFO_ADDRESS_CONVERSATIONS_PER_MINUTE"])):
        client.delete("/api/conversations", headers=opened(client))

    refusal(client.post("/api/conversations", json={}), 429, "too_many_conversations")


def test_a_sender_on_the_rest_channel_may_say_so_much_in_a_minute(visit: Visit) -> None:
    client, headers = visit(), {"Authorization": f"Bearer {REST_TOKEN}"}
    body = {"sender": "flood", "message": "thanks"}
    allowed = int(LIMITS["SKINFO_MESSAGES_PER_MINUTE"])

    answers = [client.post("/webhooks/rest/webhook", json=body, headers=headers) for _ in range(allowed + 1)]

    assert [answer.status_code for answer in answers] == [200] * allowed + [429]
    assert client.post("/webhooks/rest/webhook", json={**body, "sender": "another"}, headers=headers).json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"not json", 400, "not_json"),
        (b"\xff\xfe\x00", 400, "not_json"),
        (b'{"text": "\xff"}', 400, "not_json"),
        (b"[" * 20_000, 400, "not_json"),
        (b"[1]", 400, "not_an_object"),
        (b"null", 400, "not_an_object"),
        (b"", 400, "no_text"),
        (b"{}", 400, "no_text"),
        (b'{"text": ""}', 400, "no_text"),
        (b'{"text": " \\n "}', 400, "no_text"),
        (b'{"text": "\\u200b\\u202e"}', 400, "no_text"),
        (b'{"text": "/// "}', 400, "no_text"),
        (b'{"text": 7}', 400, "not_text"),
        (b'{"text": ["a"]}', 400, "not_text"),
        (b'{"text": "a\\u0000b"}', 400, "control_characters"),
        (b'{"text": "a\\u001b[2Jb"}', 400, "control_characters"),
        (b'{"text": "\\ud800"}', 400, "control_characters"),
        (b'{"text": "%s"}' % (b"a" * 2001), 413, "message_too_long"),
        (b'{"text": "%s"}' % (b"a" * 100_000), 413, "message_too_long"),
        (b'{"text": "hi", "country": "nowhere"}', 400, "bad_country"),
        (b'{"text": "hi", "country": 44}', 400, "bad_country"),
        (b'{"text": "hi", "id": "a b"}', 400, "bad_id"),
        (b'{"text": "hi", "id": 5}', 400, "bad_id"),
        (b'{"payload": "/restart"}', 400, "unknown_payload"),
        (b'{"payload": {"a": 1}}', 400, "unknown_payload"),
    ],
)
def test_what_is_no_message_is_refused(visit: Visit, body: bytes, status: int, code: str) -> None:
    client = visit()
    headers = {**opened(client), "content-type": "application/json"}

    refusal(client.post("/api/messages", content=body, headers=headers), status, code)


@pytest.mark.parametrize(
    "request_line",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nContent-Length: -5\r\n\r\n{}",
        b"POST /api/messages HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n{}",
        b"POST /api/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}",
        b"POST /api/messages HTTP/1.1\r\nExpect: miracles\r\n\r\n",
        b"GET /%zz%00\xff HTTP/1.1\r\n\r\n",
        b"GET " + b"/a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /chat HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET /chat HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_no_server_error(servers: Running, request_line: bytes) -> None:
    address = urlsplit(servers.address)
    with socket.create_connection((address.hostname, address.port), timeout=40) as connection:
        connection.sendall(request_line)
        answer = connection.recv(4096)

    assert not answer or answer.split(b" ")[1].startswith(b"4"), answer


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("PUT", "/api/messages", 405),
        ("GET", "/assets/%00", 404),
        ("GET", "/assets/%ff%fe", 404),
        ("GET", "/assets/..%2f..%2fpyproject.toml", 404),
        ("GET", "/assets/../../pyproject.toml", 404),
        ("GET", "/conversations/default/tracker", 404),
        ("POST", "/model/parse", 404),
        ("GET", "/status", 404),
        ("GET", "/domain", 404),
    ],
)
def test_what_is_not_there_is_refused_alike(visit: Visit, method: str, path: str, status: int) -> None:
    answer = visit().request(method, path)

    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert answer.headers["x-content-type-options"] == "nosniff"
