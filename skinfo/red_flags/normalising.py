"""Bringing what people type to one form: plain words, one spelling of contractions, small slips mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_SENTENCE_END = re.compile(r"[.!?;\n…]")
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_SHORTEST_TO_MEND = 6
_LONG = 9
#: No message is longer than the channels allow, and rules need not read further.
LONGEST = 4000


@dataclass(frozen=True)
class PlainText:
    """A message as words, each with its place in the text and its sentence's number."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]


class Normaliser:
    """Mends spelling against the rules' own words only: a general spell-checker does harm here."""

    def __init__(self, known: Iterable[str], beginnings: Iterable[str], same: Mapping[str, str]) -> None:
        """Take the words and beginnings that the rules use, and phrases that mean the same."""
        self._beginnings = tuple(sorted(beginnings))
        self._by_start: dict[str, list[str]] = {}
        self._known = frozenset(known)
        for word in self._known:
            if len(word) >= _SHORTEST_TO_MEND and word.isalpha():
                self._by_start.setdefault(word[0], []).append(word)
        self._same = {tuple(key.replace("'", "").split()): value.split() for key, value in same.items()}
        self._longest_same = max((len(key) for key in self._same), default=1)

    def __call__(self, text: str) -> PlainText:
        """The message in plain words."""
        words: list[str] = []
        places: list[tuple[int, int]] = []
        sentences: list[int] = []
        sentence = 0
        end = 0
        for match in _WORD.finditer(text[:LONGEST]):
            if words and _SENTENCE_END.search(text, end, match.start()):
                sentence += 1
            end = match.end()
            word = re.sub(r"['’`]", "", match.group()).casefold()
            words.append(self._mended(word))
            places.append(match.span())
            sentences.append(sentence)
        return self._with_one_spelling(words, places, sentences)

    def _mended(self, word: str) -> str:
        if word in self._known or len(word) < _SHORTEST_TO_MEND or not word.isalpha():
            return word
        if word.startswith(self._beginnings):
            return word
        allowed = 2 if len(word) > _LONG else 1
        best, found = allowed + 1, word
        for known in self._by_start.get(word[0], ()):
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance < best:
                best, found = distance, known
        return found

    def _with_one_spelling(
        self, words: list[str], places: list[tuple[int, int]], sentences: list[int]
    ) -> PlainText:
        out: list[str] = []
        spans: list[tuple[int, int]] = []
        numbers: list[int] = []
        place = 0
        while place < len(words):
            for length in range(min(self._longest_same, len(words) - place), 0, -1):
                same = self._same.get(tuple(words[place : place + length]))
                if same is not None:
                    span = (places[place][0], places[place + length - 1][1])
                    out.extend(same)
                    spans.extend([span] * len(same))
                    numbers.extend([sentences[place]] * len(same))
                    place += length
                    break
            else:
                out.append(words[place])
                spans.append(places[place])
                numbers.append(sentences[place])
                place += 1
        return PlainText(tuple(out), tuple(spans), tuple(numbers))
