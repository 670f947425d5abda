"""Tokens that name a conversation: issued here, signed, expiring."""

from __future__ import annotations

import time
import uuid

from itsdangerous import BadSignature, URLSafeTimedSerializer

from skinfo.rasa.deleted_conversations import ISSUED
from skinfo.rasa.refusals import Refused

#: Seconds a conversation may be spoken in.
LIFETIME = 24 * 60 * 60


class Tokens:
    """Issues and reads the tokens. Which were deleted, the conversation store knows."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="skinfo-conversation")

    def issue(self) -> tuple[str, str, int]:
        """A new conversation, its token, and when that expires (seconds since 1970)."""
        conversation = f"{ISSUED}{uuid.uuid4().hex}"
        return conversation, self._signer.dumps(conversation), int(time.time()) + LIFETIME

    def read(self, token: str | None) -> str:
        """The conversation a token names.

        Raises:
            Refused: there is none, or it was not issued here, was changed, or has expired.
        """
        if token is None:
            raise Refused("conversation_missing")
        try:
            conversation = self._signer.loads(token, max_age=LIFETIME)
        except (BadSignature, ValueError):
            raise Refused("conversation_unknown") from None
        if not isinstance(conversation, str) or not conversation.startswith(ISSUED):
            raise Refused("conversation_unknown")
        return conversation
