"""What every answer of the server has in common: headers, origins, limits of size and time, errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.compat import Header
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic_cors import CORS

from skinfo.rasa import figures
from skinfo.rasa.refusals import STATUS, Refused
from skinfo.rasa.settings import Settings

logger = logging.getLogger(__name__)

#: Bytes of a request: 2,000 characters of any alphabet, escaped, and some room.
_LARGEST_REQUEST = 64 * 1024
#: Seconds a request may take to arrive, so that slow ones cannot hold connections.
_ARRIVAL = 15
#: Seconds above the guard's patience until the server itself gives up on an answer.
_ABOVE_PATIENCE = 30
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Reasons for what Sanic itself refuses.
_REASONS = {
    400: "bad_request",
    404: "not_found",
    405: "not_allowed",
    408: "timed_out",
    413: "message_too_long",
}


class StrictRequest(Request):
    """A request whose length is told in one way that can be true.

    Sanic 21.12 answers 500 to a length that is no number, and waits for a negative one without end,
    answering nobody meanwhile.
    """

    def __init__(self, url_bytes: bytes, headers: Header, *others: Any, **values: Any) -> None:
        lengths = headers.getall("content-length", [])
        encodings = headers.getall("transfer-encoding", [])
        if len(lengths) + len(encodings) > 1:
            raise InvalidUsage("Bad Request")
        if any(not (length.isascii() and length.isdecimal() and len(length) < 16) for length in lengths):
            raise InvalidUsage("Bad Request")
        if any(encoding != "chunked" for encoding in encodings):
            raise InvalidUsage("Bad Request")
        super().__init__(url_bytes, headers, *others, **values)


def make_app(settings: Settings) -> Sanic:
    """The server without its channels."""
    app = Sanic("skinfo", configure_logging=False, request_class=StrictRequest)
    app.config.ACCESS_LOG = False
    app.config.REQUEST_MAX_SIZE = _LARGEST_REQUEST
    app.config.REQUEST_TIMEOUT = _ARRIVAL
    app.config.RESPONSE_TIMEOUT = int(settings.patience) + _ABOVE_PATIENCE
    if settings.proxies:
        app.config.PROXIES_COUNT = settings.proxies
    if settings.allowed_origins:
        CORS(
            app,
            resources=r"/(api/.*|widget\.js)",
            origins=list(settings.allowed_origins),
            methods=["GET", "POST", "DELETE", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type"],
            max_age=3600,
        )
    app.error_handler.add(Refused, _refused)
    app.error_handler.add(SanicException, _refused_by_sanic)
    app.error_handler.add(Exception, _failed)

    @app.on_response
    async def add_headers(request: Request, answer: HTTPResponse) -> None:
        for name, value in _SECURITY_HEADERS.items():
            answer.headers.setdefault(name, value)

    app.blueprint(_status_routes())
    return app


def _status_routes() -> Blueprint:
    routes = Blueprint("skinfo_status")

    @routes.get("/health")
    async def health(request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None:
            return response.json({"ready": False}, status=503)
        # A server whose stores are gone still answers everybody, with an apology and where to get
        # help: nothing should take it out of service.
        stores = {"conversations": agent.tracker_store, "locks": agent.lock_store}
        reached = await asyncio.gather(*(_within_a_second(store.is_reachable()) for store in stores.values()))
        return response.json({"ready": True, **dict(zip(stores, reached, strict=True))})

    @routes.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        return response.text(figures.exposition(), content_type=figures.CONTENT_TYPE)

    return routes


async def _within_a_second(question: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(question, 1)
    except TimeoutError:
        return False


def _refused(request: Request | None, refusal: Refused) -> HTTPResponse:
    figures.refusals.labels(refusal.reason).inc()
    headers = {**_SECURITY_HEADERS, "Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == STATUS["token_missing"]:
        headers["WWW-Authenticate"] = "Bearer"
    return response.json(
        {"error": {"code": refusal.reason, "message": refusal.sentence}},
        status=refusal.status,
        headers=headers,
    )


def _refused_by_sanic(request: Request | None, error: SanicException) -> HTTPResponse:
    status = getattr(error, "status_code", 500)
    if status >= 500:
        return _failed(request, error)
    answer = _refused(request, Refused(_REASONS.get(status, "bad_request")))
    if status == STATUS["not_allowed"] and "Allow" in getattr(error, "headers", {}):
        answer.headers["Allow"] = error.headers["Allow"]
    return answer


def _failed(request: Request | None, error: Exception) -> HTTPResponse:
    figures.failures.labels(f"request_{type(error).__name__}").inc()
    logger.error("A request failed (%s).", type(error).__name__)
    return _refused(request, Refused("internal"))
