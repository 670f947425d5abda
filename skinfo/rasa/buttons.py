"""Buttons that can be pressed only in the conversation that offered them.

A button's payload leaves with a signature over itself and the conversation, and is taken back
only with it. Nothing is remembered, so a reload, a restart or another replica changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from skinfo.conversation import GOT_HELP, INTENT_OF_TOPIC, read_payload
from skinfo.rasa.refusals import Refused

#: Where the signature stands among a payload's values.
_KEY = "offered"
#: Bytes of it: a guess is right once in 2**96.
_LENGTH = 12
_INTENTS = frozenset(INTENT_OF_TOPIC.values()) | {GOT_HELP}


class Buttons:
    """Signs what is offered, and reads what is pressed."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(b"skinfo-buttons:" + secret.encode()).digest()

    def offer(self, conversation: str, suggestions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Suggestions as they leave: each payload signed for this conversation."""
        return [
            {**suggestion, "payload": self._signed(conversation, str(suggestion["payload"]))}
            for suggestion in suggestions
        ]

    def press(self, conversation: str, pressed: object) -> str:
        """The payload of a button that was offered in this conversation, as Rasa reads it.

        Raises:
            Refused: it was not.
        """
        if not isinstance(pressed, str) or len(pressed) > 1000:
            raise Refused("unknown_payload")
        intent, values = _split(pressed)
        signature = values.pop(_KEY, None)
        payload = _join(intent, values)
        if (
            intent not in _INTENTS
            or not isinstance(signature, str)
            or not hmac.compare_digest(
                signature.encode("utf-8", "replace"), self._signature(conversation, payload)
            )
            or read_payload(payload) is None
        ):
            raise Refused("unknown_payload")
        return payload

    def _signed(self, conversation: str, payload: str) -> str:
        intent, values = _split(payload)
        signature = self._signature(conversation, _join(intent, values))
        return _join(intent, {**values, _KEY: signature.decode()})

    def _signature(self, conversation: str, payload: str) -> bytes:
        signed = hmac.digest(self._secret, f"{conversation}\n{payload}".encode("utf-8", "replace"), "sha256")
        return base64.urlsafe_b64encode(signed[:_LENGTH])


def _split(payload: str) -> tuple[str, dict[str, Any]]:
    name, brace, rest = payload.strip().removeprefix("/").partition("{")
    try:
        values = json.loads(brace + rest) if brace else {}
    except (ValueError, RecursionError):
        return "", {}
    return (name, values) if isinstance(values, dict) else ("", {})


def _join(intent: str, values: Mapping[str, Any]) -> str:
    return f"/{intent}" + (json.dumps(values) if values else "")
