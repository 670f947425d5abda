"""What of an event is kept: identifiers masked, before any store sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skinfo.privacy import mask_identifiers

#: Where Rasa puts what a person wrote, and what it made of it.
_PERSONAL = ("text", "parse_data", "metadata")
#: Names of things, never words of a person.
_NAMES = frozenset({"message_id", "model_id", "assistant_id", "country"})
#: Where each word stood: of no use later.
_DROPPED = frozenset({"text_tokens"})


def masked_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it may be stored or sent on; only what people wrote differs.

    Args:
        event: the result of Rasa's ``Event.as_dict``.
    """
    if event.get("event") != "user":
        return dict(event)
    country = country_of(event)
    return {key: _masked(value, country) if key in _PERSONAL else value for key, value in event.items()}


def country_of(event: Mapping[str, Any]) -> str | None:
    """The country that a message came with."""
    country = (event.get("metadata") or {}).get("country")
    return country if isinstance(country, str) else None


def _masked(value: object, country: str | None) -> object:
    if isinstance(value, str):
        return mask_identifiers(value, country)
    if isinstance(value, Mapping):
        return {
            key: item if key in _NAMES else _masked(item, country)
            for key, item in value.items()
            if key not in _DROPPED
        }
    if isinstance(value, (list, tuple)):
        return [_masked(item, country) for item in value]
    return value
