"""What may come in as a message: readable text, never an intent payload."""

from __future__ import annotations

import re
import unicodedata

from skinfo.rasa.refusals import Refused

LONGEST_MESSAGE = 2000
_ALLOWED_CONTROLS = frozenset("\n\t")
#: Free text must never be read as an intent payload (``/restart``, ``/ask_x{...}``).
_PAYLOAD_PREFIX = re.compile(r"^[\s/]+")


def readable_text(value: object) -> str:
    """A person's message as it goes on to Rasa.

    Raises:
        Refused: not text, empty, too long, or holding control characters.
    """
    if value is None:
        raise Refused("no_text")
    if not isinstance(value, str):
        raise Refused("not_text")
    if len(value) > LONGEST_MESSAGE:
        raise Refused("message_too_long")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    # Cc: control characters. Cs: halves of characters, which no encoding can write.
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _ALLOWED_CONTROLS for c in text):
        raise Refused("control_characters")
    text = plain_words_only(printable(text))
    if not text.strip():
        raise Refused("no_text")
    return text


def printable(text: str) -> str:
    """The text without characters that show nothing, such as a change of writing direction."""
    return "".join(c for c in text if c.isprintable() or c in _ALLOWED_CONTROLS)


def plain_words_only(text: str) -> str:
    """Free text that Rasa cannot take for an intent payload."""
    return _PAYLOAD_PREFIX.sub("", text) if text.lstrip().startswith("/") else text
