"""Bots over HTTP as targets: a running Skinfo by its web channel, or any Rasa by its REST channel.

This is the only place that knows their addresses, headers and answers.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Literal

import httpx

from skinfo.suites.said import Button, CannotSay, Said, Stub, TargetFailed

Channel = Literal["web", "rest"]

#: Seconds to wait for a reply; Skinfo itself gives up after 8.
PATIENCE = 60.0
#: Asked to slow down, we wait as long as we are told, but not longer than this in all.
_LONGEST_WAIT = 120.0
_REST_PATH = "/webhooks/rest/webhook"


def open_target(url: str, channel: Channel | None = None, token: str | None = None) -> WebTarget | RestTarget:
    """The target at an address.

    Args:
        url: the server's address, or that of its REST webhook.
        channel: how to speak to it; found out when not given.
        token: for a REST channel that wants one.

    Raises:
        TargetFailed: nothing answers there, or neither channel does.
    """
    base = url.rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise TargetFailed(f"{url}: not an address; write it as http://localhost:5005")
    if base.endswith(_REST_PATH):
        base, channel = base.removesuffix(_REST_PATH), channel or "rest"
    if channel is None:
        with httpx.Client(base_url=base, timeout=PATIENCE) as client:
            answer = _request(client, "POST", "/api/conversations", json={})
        channel = "web" if answer.status_code == 201 else "rest"
    return WebTarget(base) if channel == "web" else RestTarget(base, token)


class WebTarget:
    """A running Skinfo, spoken to as its website's chat does."""

    def __init__(self, base: str) -> None:
        self.name = base
        self._client = httpx.Client(base_url=base, timeout=PATIENCE)

    def open(
        self, *, slots: Mapping[str, Any], metadata: Mapping[str, Any], stubs: Mapping[str, Stub]
    ) -> WebDialogue:
        """See `Target`."""
        _no_inside(slots, stubs)
        return WebDialogue(self._client, metadata)

    def close(self) -> None:
        """See `Target`."""
        self._client.close()


class WebDialogue:
    """One conversation by the web channel."""

    def __init__(self, client: httpx.Client, metadata: Mapping[str, Any]) -> None:
        self._client = client
        started = _json(_request(client, "POST", "/api/conversations", json=_country(metadata)), 201)
        self._headers = {"Authorization": f"Bearer {started['token']}"}
        self._welcome = _from_turn(started["turn"])

    @property
    def welcome(self) -> Said:
        """See `Dialogue`."""
        return self._welcome

    def say(self, text: str, *, payload: str | None = None, metadata: Mapping[str, Any]) -> Said:
        """See `Dialogue`."""
        body = {"text": text, **_country(metadata), **({"payload": payload} if payload else {})}
        answer = _request(self._client, "POST", "/api/messages", json=body, headers=self._headers)
        if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE):
            raise CannotSay(f"the web channel takes no such message: {answer.text[:200]}")
        return _from_turn(_json(answer, 200))

    def close(self) -> None:
        """See `Dialogue`."""
        _request(self._client, "DELETE", "/api/conversations", headers=self._headers)


class RestTarget:
    """Any Rasa, by its stock REST channel: only text and buttons come back."""

    def __init__(self, base: str, token: str | None) -> None:
        self.name = base + _REST_PATH
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=base, timeout=PATIENCE, headers=headers)

    def open(
        self, *, slots: Mapping[str, Any], metadata: Mapping[str, Any], stubs: Mapping[str, Stub]
    ) -> RestDialogue:
        """See `Target`."""
        _no_inside(slots, stubs)
        return RestDialogue(self._client)

    def close(self) -> None:
        """See `Target`."""
        self._client.close()


class RestDialogue:
    """One conversation by the REST channel."""

    welcome = None

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._sender = f"suite-{uuid.uuid4().hex}"

    def say(self, text: str, *, payload: str | None = None, metadata: Mapping[str, Any]) -> Said:
        """See `Dialogue`."""
        body: dict[str, Any] = {"sender": self._sender, "message": payload or text}
        if metadata:
            body["metadata"] = dict(metadata)
        messages = _json(_request(self._client, "POST", _REST_PATH, json=body), 200)
        if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
            raise TargetFailed(f"{_REST_PATH} answered with something that is no list of messages")
        buttons = [button for one in messages for button in one.get("buttons") or ()]
        return Said(
            messages=tuple(str(one["text"]) for one in messages if one.get("text")),
            buttons=tuple(Button(str(one.get("title", "")), one.get("payload")) for one in buttons),
        )

    def close(self) -> None:
        """Rasa's REST channel cannot forget a conversation."""


def _no_inside(slots: Mapping[str, Any], stubs: Mapping[str, Stub]) -> None:
    if slots:
        raise CannotSay("fixtures set slots, which only the bot in this process lets us do")
    if stubs:
        raise CannotSay("stub_custom_actions needs the bot in this process")


def _country(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the web channel takes of a message's metadata."""
    unknown = sorted(set(metadata) - {"country"})
    if unknown:
        raise CannotSay(f"the web channel does not take the metadata {', '.join(unknown)}")
    return dict(metadata)


def _from_turn(turn: Mapping[str, Any]) -> Said:
    return Said(
        messages=(str(turn.get("text", "")),),
        buttons=tuple(
            Button(str(one.get("title", "")), one.get("payload")) for one in turn.get("suggestions", ())
        ),
        turn=turn,
    )


def _request(client: httpx.Client, method: str, path: str, **values: Any) -> httpx.Response:
    waited = 0.0
    while True:
        try:
            answer = client.request(method, path, **values)
        except httpx.HTTPError as error:
            raise TargetFailed(
                f"{client.base_url}: {str(error) or type(error).__name__}. Is the server running there?"
            ) from None
        if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
            return answer
        pause = _retry_after(answer)
        waited += pause
        if waited > _LONGEST_WAIT:
            raise TargetFailed(
                f"{client.base_url}: still too many requests after {_LONGEST_WAIT:.0f} s;"
                " use fewer workers (-n), or raise the server's limit for this address"
            )
        time.sleep(pause)


def _retry_after(answer: httpx.Response) -> float:
    try:
        return max(0.2, float(answer.headers.get("retry-after", 1)))
    except ValueError:
        return 1.0


def _json(answer: httpx.Response, status: int) -> Any:
    where = f"{answer.request.method} {answer.request.url}"
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise TargetFailed(f"{where}: {answer.status_code}; give the channel's token with SKINFO_TEST_TOKEN")
    if answer.status_code != status:
        raise TargetFailed(f"{where}: {answer.status_code} {answer.text[:200]}")
    try:
        return answer.json()
    except ValueError:
        raise TargetFailed(f"{where}: the answer is not JSON") from None
