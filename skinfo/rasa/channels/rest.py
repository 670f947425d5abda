"""Rasa's REST channel: off unless enabled, then behind a token and the guard."""

from __future__ import annotations

import hmac
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.request import Request

from skinfo.conversation import Responder
from skinfo.rasa.channels.guarded import GuardedChannel, shared_limits
from skinfo.rasa.channels.requests import bearer, country_in, json_object
from skinfo.rasa.guard import Handler
from skinfo.rasa.message_text import printable
from skinfo.rasa.refusals import Refused
from skinfo.rasa.settings import Settings

_LONGEST_SENDER = 200


class GuardedRestInput(GuardedChannel, RestInput):
    """``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …}`` and the token as bearer.

    There when ``SKINFO_REST_TOKEN`` is set. For programs of the operator's: whoever holds the
    token may speak as any sender of this channel, and of no other.
    """

    counts_messages = True

    @classmethod
    def name(cls) -> str:
        """Rasa's own name, so that existing clients find it where they expect it."""
        return "rest"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes; none without a token."""
        if Settings.shared().rest_token is None:
            return Blueprint("skinfo_rest_off")
        return super().blueprint(on_new_message)

    # Rasa's route calls the next four, in this order, before anything is handled: whatever they
    # raise refuses the request.

    async def _extract_sender(self, req: Request) -> str:
        expected = Settings.shared().rest_token
        token = bearer(req)
        if expected is None or token is None or not hmac.compare_digest(token.encode(), expected.encode()):
            raise Refused("token_missing")
        sender = json_object(req).get("sender")
        if (
            not isinstance(sender, str)
            or not 0 < len(sender) <= _LONGEST_SENDER
            or printable(sender) != sender
        ):
            raise Refused("bad_sender")
        return sender

    def _extract_message(self, req: Request) -> str:
        body = json_object(req)
        shared_limits().message(self.conversation_of(body["sender"]))
        self.admit(body.get("message"), body["sender"])
        text: str = body["message"]
        return text

    def _extract_input_channel(self, req: Request) -> str:
        return self.name()

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        """The country alone; nothing else that a client sends is kept."""
        metadata = json_object(request).get("metadata")
        country = country_in(metadata if isinstance(metadata, dict) else {}, Responder.shared().phrases)
        return {"country": country} if country else None
