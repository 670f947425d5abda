"""Masking obvious identifiers in a text: e-mail addresses, phone numbers, card numbers, names given.

What a person writes is understood as it is; only what is stored goes through here. Masking too
much of what is stored costs little, so doubtful numbers are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from phonenumbers import Leniency, PhoneNumberMatcher
from spacy.lang.en.stop_words import STOP_WORDS

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.UNICODE)
#: Digits as cards and accounts are written: with spaces, dots or dashes between them.
_DIGITS = re.compile(r"\+?\(?\d(?:[\s().\u2010-\u2015-]{0,2}\d){5,30}")
#: Shorter ones are ages, doses, years, prices.
_FEWEST_DIGITS = 7
_CARD_DIGITS = range(13, 20)
_NAME_GIVEN = re.compile(
    r"\b(?:my\s+(?:full\s+|first\s+|last\s+|sur|real\s+|middle\s+)?names?\s*(?:is|are|was|['’]s|s|:|=)"
    r"|the\s+name\s*(?:is|['’]s))\s*:?\s*",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?:[^\W\d_]\.|[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*)\s*", re.UNICODE)
_MOST_NAME_WORDS = 4
#: How numbers are read when the country is not known; the first that fits is enough.
_REGIONS = ("GB", "US", "AU", "IN", "DE")


def mask_identifiers(text: str, country: str | None = None) -> str:
    """The text with identifiers replaced by ``[email]``, ``[phone]``, ``[card]``, ``[number]``, ``[name]``.

    Args:
        text: anything a person wrote.
        country: ISO 3166 two letters, for phone numbers written without a country code.
    """
    text = _EMAIL.sub("[email]", text)
    text = _DIGITS.sub(_mask_if_card, text)
    for region in dict.fromkeys((country.upper(), *_REGIONS) if country else _REGIONS):
        text = _mask_phones(text, region)
    text = _DIGITS.sub(_mask_if_long, text)
    return _mask_names(text)


def _mask_phones(text: str, region: str) -> str:
    found = PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
    for match in sorted(found, key=lambda match: -match.start):
        text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


def _mask_if_card(match: re.Match[str]) -> str:
    digits = _digits(match[0])
    return "[card]" if len(digits) in _CARD_DIGITS and _passes_luhn(digits) else match[0]


def _mask_if_long(match: re.Match[str]) -> str:
    return "[number]" if len(_digits(match[0])) >= _FEWEST_DIGITS else match[0]


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdecimal()]


def _passes_luhn(digits: Iterable[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(list(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _mask_names(text: str) -> str:
    masked, at = [], 0
    for given in _NAME_GIVEN.finditer(text):
        if given.start() < at:
            continue
        end = _end_of_name(text, given.end())
        if end > given.end():
            masked += [text[at : given.end()], "[name]", " " if text[end - 1].isspace() else ""]
            at = end
    return "".join((*masked, text[at:]))


def _end_of_name(text: str, start: int) -> int:
    """Where a name that starts there ends: at punctuation or at a word that is no name."""
    end = start
    for count in range(_MOST_NAME_WORDS):
        word = _NAME_WORD.match(text, end)
        # The first word is taken whatever it is: "my name is Will".
        if word is None or (count and word[0].strip().casefold() in STOP_WORDS):
            break
        end = word.end()
    return end
