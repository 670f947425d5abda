"""The website's chat: same-origin JSON, conversations issued and signed by the server."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from skinfo.conversation import INTENT_OF_TOPIC, Responder, read_payload
from skinfo.facts import FactStore
from skinfo.paths import facts_folder, project_folder, state_folder
from skinfo.rasa.conversation_store import conversations_of
from skinfo.rasa.feedback import Vote, Votes
from skinfo.rasa.guard import Guard, Handler, plain_words_only

logger = logging.getLogger(__name__)

#: Seconds a conversation may be spoken in.
LIFETIME = 24 * 60 * 60
LONGEST_MESSAGE = 2000
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


class Refused(Exception):
    """A request that cannot be served, with a sentence for the person."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


class Conversations:
    """Issues and reads the signed tokens that name a conversation."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="skinfo-conversation")

    def start(self) -> tuple[str, int]:
        """A new token and when it expires (seconds since 1970)."""
        return self._signer.dumps(uuid.uuid4().hex), int(time.time()) + LIFETIME

    def read(self, token: str) -> str:
        """The conversation a token names.

        Raises:
            Refused: the token was not issued here, was changed, or has expired.
        """
        try:
            return str(self._signer.loads(token, max_age=LIFETIME))
        except BadSignature:
            raise Refused(
                401, "conversation_unknown", "This conversation has ended. Please start a new one."
            ) from None


def server_secret() -> str:
    """``SKINFO_SECRET``, or one made at first start and kept beside the conversations."""
    import os

    given = os.environ.get("SKINFO_SECRET")
    if given:
        return given
    file = state_folder() / "secret"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return file.read_text(encoding="ascii")


class WebChannel(InputChannel):  # type: ignore[misc]
    """Serves the page, the widget and the JSON that the widget speaks."""

    @classmethod
    def name(cls) -> str:
        """See `InputChannel.name`."""
        return "web"

    def url_prefix(self) -> str:
        """Routes stand at the root of the server, not under ``/webhooks/``."""
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's routes."""
        routes = Blueprint("skinfo_web")
        responder = Responder.shared()
        guard = Guard(responder)
        conversations = Conversations(server_secret())
        store = FactStore.load(facts_folder())
        built = project_folder() / "widget" / "dist"

        def guarded(
            handler: Callable[..., Awaitable[HTTPResponse]],
        ) -> Callable[..., Awaitable[HTTPResponse]]:
            async def serve(request: Request, **values: Any) -> HTTPResponse:
                try:
                    answer = await handler(request, **values)
                except Refused as refusal:
                    answer = response.json(
                        {"error": {"code": refusal.code, "message": refusal.message}},
                        status=refusal.status,
                    )
                answer.headers.update(_SECURITY_HEADERS)
                return answer

            serve.__name__ = handler.__name__
            return serve

        @routes.get("/chat")
        @guarded
        async def page(request: Request) -> HTTPResponse:
            return await _file(built, "index.html")

        @routes.get("/widget.js")
        @guarded
        async def widget(request: Request) -> HTTPResponse:
            return await _packed(request, built / "widget.js") or await _file(built, "widget.js")

        @routes.get("/assets/<name:str>")
        @guarded
        async def asset(request: Request, name: str) -> HTTPResponse:
            return await _file(built / "assets", name, built)

        @routes.get("/health")
        @guarded
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.post("/api/conversations")
        @guarded
        async def start(request: Request) -> HTTPResponse:
            country = _country(_body(request), responder)
            token, expires = conversations.start()
            turn = guard.welcome(country)
            return response.json(
                {"token": token, "expires_at": expires, "turn": turn},
                status=201,
                headers={"Cache-Control": "no-store"},
            )

        @routes.delete("/api/conversations")
        @guarded
        async def delete(request: Request) -> HTTPResponse:
            sender = conversations.read(_token(request))
            await conversations_of(request.app.ctx.agent).delete(sender)
            return response.empty()

        @routes.post("/api/messages")
        @guarded
        async def message(request: Request) -> HTTPResponse:
            sender = conversations.read(_token(request))
            body = _body(request)
            country = _country(body, responder)
            turn = await guard.turn(
                UserMessage(
                    text=_said(body, responder),
                    sender_id=sender,
                    input_channel=self.name(),
                    metadata={"country": country} if country else None,
                ),
                on_new_message,
            )
            return response.json(turn, headers={"Cache-Control": "no-store"})

        @routes.post("/api/feedback")
        @guarded
        async def feedback(request: Request) -> HTTPResponse:
            sender = conversations.read(_token(request))
            agent = request.app.ctx.agent
            try:
                vote = Vote.read(_body(request), store.facts.keys() | set(agent.domain.intents))
            except ValueError:
                raise Refused(400, "bad_feedback", "That vote could not be read.") from None
            await asyncio.to_thread(Votes(conversations_of(agent).engine).count, sender, vote)
            return response.empty()

        return routes


def _token(request: Request) -> str:
    kind, _, token = (request.headers.get("authorization") or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refused(401, "conversation_missing", "Please start a conversation first.")
    return token.strip()


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        body = request.json
    except Exception:
        raise Refused(400, "not_json", "That message could not be read.") from None
    if not isinstance(body, dict):
        raise Refused(400, "not_an_object", "That message could not be read.")
    return body


def _said(body: dict[str, Any], responder: Responder) -> str:
    text, pressed = body.get("text"), body.get("payload")
    if pressed is not None:
        if not isinstance(pressed, str) or not _is_ours(pressed, responder):
            raise Refused(400, "unknown_payload", "That button is not known here.")
        return pressed
    if not isinstance(text, str) or not text.strip():
        raise Refused(400, "no_text", "Please write a message.")
    if len(text) > LONGEST_MESSAGE:
        raise Refused(
            413,
            "message_too_long",
            f"That message is too long. Please keep it under {LONGEST_MESSAGE} characters.",
        )
    words = plain_words_only("".join(c for c in text if c.isprintable() or c in "\n\t"))
    if not words.strip():
        raise Refused(400, "no_text", "Please write a message.")
    return words


def _is_ours(pressed: str, responder: Responder) -> bool:
    read = read_payload(pressed)
    if read is None:
        return False
    intent, reading = read
    known = responder.answerer.knows
    return intent in INTENT_OF_TOPIC.values() and all(known(c) for c in reading.conditions)


def _country(body: dict[str, Any], responder: Responder) -> str | None:
    country = body.get("country")
    if country is None:
        return None
    if not isinstance(country, str) or len(country) != 2 or not country.isalpha():
        raise Refused(400, "bad_country", "The country must be two letters, such as GB.")
    return country.upper() if responder.phrases.knows_country(country) else None


async def _packed(request: Request, file: Path) -> HTTPResponse | None:
    """The file as it was packed when it was built: a third of the bytes; None where it cannot be."""
    packed = file.with_name(file.name + ".gz")
    if "gzip" not in request.headers.get("accept-encoding", "") or not packed.is_file():
        return None
    headers = {"Cache-Control": "no-cache", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return await response.file(packed, mime_type=_TYPES[file.suffix], headers=headers)


async def _file(folder: Path, name: str, *others: Path) -> HTTPResponse:
    for place in (folder, *others):
        file = place / name
        if file.suffix in _TYPES and file.is_file() and file.resolve().parent == place.resolve():
            return await response.file(
                file, mime_type=_TYPES[file.suffix], headers={"Cache-Control": "no-cache"}
            )
    raise Refused(404, "not_found", "There is nothing here.")
