"""The names in a message, looked for once: several components ask."""

from __future__ import annotations

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.language import NamesFound, find_names

_NAMES = "names"


def names_in(message: Message) -> NamesFound:
    """What a message or a clause of one names; kept on it and left out of what is parsed."""
    found: NamesFound | None = message.get(_NAMES)
    if found is None:
        found = find_names(message.get(TEXT))
        message.set(_NAMES, found)
    return found
