"""Texts as they might have been typed: some in lower case, some without punctuation, some with slips."""

from __future__ import annotations

import random
import re

_LOWER, _BARE, _SLIPS = 0.15, 0.10, 0.20
#: Share of the longer words of such a text that get a slip.
_WORDS = 0.25
_SHORTEST = 4


def typed(text: str, chance: random.Random) -> str:
    """The text, or a worse typed one."""
    kind = chance.random()
    if kind < _LOWER:
        text = text.lower()
    elif kind < _LOWER + _BARE:
        text = re.sub(r"[^\w\s]", "", text)
    if chance.random() < _SLIPS:
        words = text.split()
        text = " ".join(
            _slip(word, chance) if len(word) >= _SHORTEST and chance.random() < _WORDS else word
            for word in words
        )
    return text


def _slip(word: str, chance: random.Random) -> str:
    """A letter inside the word left out, swapped with the next, or doubled."""
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        (before + after, before + after[0] + letter + after[1:], before + letter * 2 + after)
    )
