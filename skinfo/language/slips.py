"""Reading an unknown word as the word that it is most likely a slip of: "waht", "contageous".

Towards the project's own words only, those of ``common_words.txt``: a general spell-checker would turn
names of skin conditions into ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from skinfo.language.common_words import everyday_words, rarer_words

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
        everyday = tuple(everyday)
        self._rank = {word: rank for rank, word in enumerate(everyday)}
        self._known = frozenset(everyday) | frozenset(known)
        self._by_length: dict[int, list[str]] = {}
        for word in everyday:
            self._by_length.setdefault(len(word), []).append(word)
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
        for slip in reversed(self.slips(text)):
            text = text[: slip.start] + slip.meant + text[slip.end :]
        return text

    def _mend(self, word: str) -> str:
        if len(word) < _SHORTER or word in self._known or not word.isalpha() or not word.isascii():
            return word
        if len(word) < _SHORTEST:
            return self._mend_short(word)
        if any(word.endswith(ending) and word[: -len(ending)] in self._known for ending in _ENDINGS):
            return word
        if word.endswith("in") and f"{word}g" in self._known:
            return f"{word}g"
        for allowed in (1, 2) if len(word) >= _LONG else (1,):
            near = [
                found
                for length in range(len(word) - allowed, len(word) + allowed + 1)
                for found, _, _ in process.extract(
                    word,
                    self._by_length.get(length, ()),
                    scorer=OSA.distance,
                    score_cutoff=allowed,
                    limit=None,
                )
            ]
            if near:
                return min(near, key=lambda found: self._cost(word, found))
        return word

    def _mend_short(self, word: str) -> str:
        likely = [
            found
            for length in (len(word), len(word) + 1)
            for found in self._by_length.get(length, ())
            if self._rank[found] < _MOST_FREQUENT
            and (sorted(found) == sorted(word) if length == len(word) else found[0] == word[0])
            and OSA.distance(word, found, score_cutoff=1) <= 1
        ]
        return min(likely, key=self._rank.__getitem__, default=word)

    def _cost(self, word: str, found: str) -> int:
        return (self._rank[found] + 1) * (_FIRST_LETTER if found[0] != word[0] else 1)


@lru_cache(maxsize=1)
def shared_mender() -> SlipMender:
    """The mender of the project's own words, made once in a process."""
    return SlipMender(everyday_words(), rarer_words())
