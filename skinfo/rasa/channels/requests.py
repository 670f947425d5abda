"""Reading requests: who sends it, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanic.request import Request

from skinfo.rasa.refusals import Refused
from skinfo.replies import Phrasebook


def json_object(request: Request) -> dict[str, Any]:
    """The body; empty for none.

    Raises:
        Refused: it is no JSON, or not an object.
    """
    if not request.body:
        return {}
    try:
        body = request.json
    except Exception:
        raise Refused("not_json") from None
    if not isinstance(body, dict):
        raise Refused("not_an_object")
    return body


def bearer(request: Request) -> str | None:
    """The token of the ``Authorization`` header."""
    kind, _, token = (request.headers.get("authorization") or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def country_in(values: Mapping[str, Any], phrases: Phrasebook) -> str | None:
    """The country that a client names; None when there is none, or one without lines of its own.

    Raises:
        Refused: it is no country code.
    """
    country = values.get("country")
    if country is None:
        return None
    if not isinstance(country, str) or len(country) != 2 or not (country.isascii() and country.isalpha()):
        raise Refused("bad_country")
    return country.upper() if phrases.knows_country(country) else None


def address_of(request: Request) -> str:
    """The address that sent it; behind ``SKINFO_PROXIES`` proxies, the one that they name."""
    return request.remote_addr or request.ip or "unknown"
