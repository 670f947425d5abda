"""Reading an unknown word as the word that it is most likely a slip of: "waht", "contageous".

Towards the project's own words only, those of ``common_words.txt``: a general spell-checker would turn
names of skin conditions into ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from skinfo.language.common_words import everyday_words, rarer_words
from skinfo.language.frequent_words import FrequentWords

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A word that nobody knows is read as another from so many letters, with a second slip from some more.
_SHORTEST, _LONG = 4, 9
#: In a shorter word a letter was left out, or two changed places, if that makes one of so many of the
#: most frequent: "lng", "hwo".
_SHORTER, _MOST_FREQUENT = 3, 1500
#: The first letter is mostly right: without it a word must be so many times as frequent (by rank).
_FIRST_LETTER = 8
#: "textured", "bleaches": endings of a word that is known without them.
_ENDINGS = ("s", "es", "d", "ed", "ing", "r", "er", "ers", "ly", "y")
_REMEMBERED = 8192


@dataclass(frozen=True)
class Slip:
    """A word from character `start` to `end` (end excluded), and what is likely meant."""

    start: int
    end: int
    meant: str


class SlipMender:
    """Mends words that are not known, towards the most frequent word within reach."""

    def __init__(self, everyday: Iterable[str], known: Iterable[str]) -> None:
        """Take the words to mend towards, the most frequent first, and others that are left alone."""
        self._everyday = FrequentWords(everyday)
        self._known = frozenset(known)
        self._mended = lru_cache(maxsize=_REMEMBERED)(self._mend)

    def slips(self, text: str) -> list[Slip]:
        """The words that nobody knows and what is likely meant, in order."""
        found = []
        for match in _WORD.finditer(text):
            word = match.group().casefold()
            meant = self._mended(word)
            if meant != word:
                found.append(Slip(match.start(), match.end(), meant))
        return found

    def mend(self, text: str) -> str:
        """The text with what is likely meant in place of its slips."""
        return mend(text, self.slips(text))

    def _is_known(self, word: str) -> bool:
        return word in self._everyday or word in self._known

    def _mend(self, word: str) -> str:
        if len(word) < _SHORTER or self._is_known(word) or not word.isalpha() or not word.isascii():
            return word
        if len(word) < _SHORTEST:
            return self._mend_short(word)
        if any(word.endswith(ending) and self._is_known(word[: -len(ending)]) for ending in _ENDINGS):
            return word
        if word.endswith("in") and self._is_known(f"{word}g"):
            return f"{word}g"
        for allowed in (1, 2) if len(word) >= _LONG else (1,):
            near = self._everyday.within(word, allowed)
            if near:
                return min(near, key=lambda found: self._cost(word, found))
        return word

    def _mend_short(self, word: str) -> str:
        likely = [
            found
            for found in self._everyday.within(word, 1)
            if self._everyday.rank(found) < _MOST_FREQUENT
            and (sorted(found) == sorted(word) or (len(found) == len(word) + 1 and found[0] == word[0]))
        ]
        return min(likely, key=self._everyday.rank, default=word)

    def _cost(self, word: str, found: str) -> int:
        return (self._everyday.rank(found) + 1) * (_FIRST_LETTER if found[0] != word[0] else 1)


def mend(text: str, slips: Sequence[Slip]) -> str:
    """A text with what is likely meant in place of its slips."""
    for slip in reversed(slips):
        text = text[: slip.start] + slip.meant + text[slip.end :]
    return text


@lru_cache(maxsize=1)
def shared_mender() -> SlipMender:
    """The mender of the project's own words, made once in a process."""
    return SlipMender(everyday_words(), rarer_words())
