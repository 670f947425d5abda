"""Finding which phrases a message may hold by single words, so that only those are tried in earnest.

There are some thousand phrases and a message holds a handful. Every phrase needs some word; the index
knows each phrase by the one word that is hardest to come by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from skinfo.red_flags.phrases import Groups, Slot, TokenTest, parse_phrase

T = TypeVar("T")


class WordIndex(Generic[T]):
    """Entries by the word, or the beginning of a word, that each needs."""

    def __init__(self) -> None:
        self._whole: dict[str, list[T]] = {}
        self._begun: dict[str, list[T]] = {}
        self._lengths: tuple[int, ...] = ()

    def add(self, entry: T, whole: Iterable[str], begun: Iterable[str]) -> None:
        """Have an entry found by any of some words, or by words that begin with one of `begun`."""
        for word in whole:
            self._whole.setdefault(word, []).append(entry)
        for word in begun:
            self._begun.setdefault(word, []).append(entry)
        self._lengths = tuple(sorted({len(word) for word in self._begun}))

    def at(self, word: str) -> list[T]:
        """The entries that a word is needed for; an entry may come more than once."""
        found = list(self._whole.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            found += self._begun.get(word[:length], ())
        return found


class ConceptIndex:
    """Which concepts a message may hold: those with a phrase of which each word that must be there is."""

    def __init__(self, concepts: Iterable[tuple[str, Iterable[str]]], groups: Groups) -> None:
        """Index the concepts.

        Args:
            concepts: the name of each, with its phrases.
            groups: what the phrases' groups stand for.
        """
        self._index: WordIndex[tuple[str, tuple[int, ...]]] = WordIndex()
        numbers: dict[_Needed, int] = {}
        for name, phrases in concepts:
            by_anchor: dict[_Needed, set[frozenset[_Needed]]] = {}
            for phrase in phrases:
                needed = {_Needed.of(slot) for slot in parse_phrase(phrase, groups) if not slot.optional}
                anchor = min(needed, key=lambda one: (one.ease, sorted(one.whole), one.begun))
                by_anchor.setdefault(anchor, set()).add(frozenset(needed - {anchor}))
            for anchor, rests in by_anchor.items():
                for rest in rests:
                    # A phrase that needs no more than another is found with it.
                    if not any(other < rest for other in rests):
                        other_places = tuple(numbers.setdefault(one, len(numbers)) for one in rest)
                        self._index.add((name, other_places), anchor.whole, anchor.begun)
        self._needed = list(numbers)

    def possible(self, words: Iterable[str]) -> set[str]:
        """The names of the concepts that some words may hold, in whatever order they stand."""
        words = frozenset(words)
        found: set[str] = set()
        there: dict[int, bool] = {}
        for word in words:
            for name, rest in self._index.at(word):
                if name in found:
                    continue
                for number in rest:
                    if number not in there:
                        there[number] = self._needed[number].is_in(words)
                    if not there[number]:
                        break
                else:
                    found.add(name)
        return found


@dataclass(frozen=True)
class _Needed:
    """What one place of a phrase needs: a word, or one that begins so; the longest word of several."""

    whole: frozenset[str]
    begun: tuple[str, ...]
    ease: float = field(compare=False)

    @classmethod
    def of(cls, slot: Slot) -> _Needed:
        words = {max(option, key=len) for option in slot.options}
        return cls(
            frozenset(word for word in words if not word.endswith("*")),
            tuple(sorted(word.removesuffix("*") for word in words if word.endswith("*"))),
            _ease(words),
        )

    def is_in(self, words: frozenset[str]) -> bool:
        if not self.whole.isdisjoint(words):
            return True
        return bool(self.begun) and any(word.startswith(self.begun) for word in words)


class TokenMatcher:
    """Finds phrases, as `skinfo.red_flags.phrases.token_patterns` reads them, in one sentence."""

    def __init__(self, patterns: Iterable[Sequence[TokenTest]]) -> None:
        """Index the patterns; each is known by its place among them."""
        self._index: WordIndex[tuple[int, int, int, tuple[tuple[int, TokenTest], ...]]] = WordIndex()
        for number, pattern in enumerate(patterns):
            anchor = min(
                (place for place, test in enumerate(pattern) if not test.filler),
                key=lambda place: _ease([*pattern[place].whole, *pattern[place].begun]),
            )
            rest = tuple(
                (place - anchor, test)
                for place, test in enumerate(pattern)
                # Of the anchor only its word is known.
                if place != anchor or test.first
            )
            self._index.add(
                (number, anchor, len(pattern), rest), pattern[anchor].whole, pattern[anchor].begun
            )

    def __call__(self, tokens: Sequence[str]) -> list[tuple[int, int, int]]:
        """The number, start and end of each pattern that matches, in the order of the patterns."""
        found: set[tuple[int, int, int]] = set()
        length = len(tokens)
        for place, token in enumerate(tokens):
            for number, before, size, rest in self._index.at(token):
                start = place - before
                if start < 0 or start + size > length:
                    continue
                for offset, test in rest:
                    if not test.passes(tokens[place + offset], place + offset):
                        break
                else:
                    found.add((number, start, start + size))
        return sorted(found)


def _ease(words: Iterable[str]) -> float:
    """How easily one of some words is met with: many words are, and short ones."""
    return sum(4.0 ** -min(len(word.removesuffix("*")), 12) for word in words)
