"""Words by how frequent they are, and those within a few slips of one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA


class FrequentWords:
    """Words in order, the most frequent first."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._rank: dict[str, int] = {}
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            if word not in self._rank:
                self._rank[word] = len(self._rank)
                self._by_length.setdefault(len(word), []).append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._rank

    def __len__(self) -> int:
        return len(self._rank)

    def rank(self, word: str) -> int:
        """0 for the most frequent; behind all others for a word that is none of them."""
        return self._rank.get(word, len(self._rank))

    def within(self, word: str, slips: int) -> list[str]:
        """The words that so many slips at most (optimal string alignment) make of `word`."""
        found: list[str] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            words = self._by_length.get(length, ())
            near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
            found += [one for one, _, _ in near]
        return found
