"""Saying no to a request or a message, in words a person can read."""

from __future__ import annotations

from skinfo.conversation import Responder

#: The HTTP status of each reason; its sentence stands in ``facts/wording.yml`` under the same name.
STATUS = {
    "not_json": 400,
    "not_an_object": 400,
    "no_text": 400,
    "not_text": 400,
    "control_characters": 400,
    "unknown_payload": 400,
    "bad_country": 400,
    "bad_id": 400,
    "bad_feedback": 400,
    "bad_sender": 400,
    "bad_request": 400,
    "conversation_missing": 401,
    "conversation_unknown": 401,
    "token_missing": 401,
    "not_found": 404,
    "not_allowed": 405,
    "timed_out": 408,
    "id_taken": 409,
    "message_too_long": 413,
    "too_many_messages": 429,
    "too_many_conversations": 429,
    "internal": 500,
    "not_available": 503,
}


class Refused(Exception):
    """What was sent cannot be served.

    Attributes:
        reason: one of `STATUS`.
        retry_after: seconds after which trying again makes sense, if it does.
    """

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        assert reason in STATUS, f"{reason!r} has no status"
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.reason]

    @property
    def sentence(self) -> str:
        """For the person."""
        return Responder.shared().phrases.wording.refusals[self.reason]
