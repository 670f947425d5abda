"""Bringing what people type to one form: plain words, one spelling of contractions, small slips mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from skinfo.red_flags.phrases import SENTENCE_BREAK

_SENTENCE_END = re.compile(r"[.!?;\n…]")
_PAUSE = re.compile(r"[,:()–—]|\s-+\s")
_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’`´‘][^\W\d_]+)*")
_APOSTROPHES = re.compile(r"['’`´‘]")
#: "sooooo", "helppp"
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_SHORTEST_TO_MEND = 6
_LONG = 9
#: No message is longer than the channels allow, and rules need not read further.
LONGEST = 4000


@dataclass(frozen=True)
class PlainText:
    """A message as words.

    Attributes:
        words: each in its plain form.
        places: where each stands in the text.
        sentences: the number of each one's sentence.
        pauses: words that a comma, colon, dash or bracket stands before.
    """

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    pauses: frozenset[int] = frozenset()

    def joined(self) -> tuple[str, dict[int, int]]:
        """The words in one string, and which word starts at which place of it."""
        parts: list[str] = []
        word_at: dict[int, int] = {}
        length = 0
        for index, word in enumerate(self.words):
            if index:
                parts.append(" " if self.sentences[index] == self.sentences[index - 1] else SENTENCE_BREAK)
                length += 1
            word_at[length] = index
            parts.append(word)
            length += len(word)
        return "".join(parts), word_at


class Normaliser:
    """Mends spelling against the rules' own words only: a general spell-checker does harm here."""

    def __init__(
        self,
        known: Iterable[str],
        beginnings: Iterable[str],
        same: Mapping[str, str],
        not_slips: Iterable[str] = (),
    ) -> None:
        """Take the words and beginnings that the rules use, and phrases that mean the same.

        Args:
            known: whole words that spelling is mended towards.
            beginnings: beginnings of words; a word that begins so is left alone.
            same: what to read for another spelling.
            not_slips: ordinary words that are left alone though they look like a known one.
        """
        known, beginnings = frozenset(known), frozenset(beginnings)
        self._beginnings = tuple(sorted(beginnings))
        self._known = known | frozenset(not_slips)
        self._by_start: dict[str, list[str]] = {}
        self._begun_by_start: dict[str, list[str]] = {}
        # In order, or which of two equally near words is read would differ from start to start.
        for word in sorted(known | beginnings):
            if len(word) >= _SHORTEST_TO_MEND and word.isalpha():
                self._by_start.setdefault(word[0], []).append(word)
                if word in beginnings and len(word) > _SHORTEST_TO_MEND:
                    self._begun_by_start.setdefault(word[0], []).append(word)
        self._same = {tuple(_APOSTROPHES.sub("", key).split()): value.split() for key, value in same.items()}
        self._longest_same = max((len(key) for key in self._same), default=1)
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def __call__(self, text: str) -> PlainText:
        """The message in plain words."""
        words: list[str] = []
        places: list[tuple[int, int]] = []
        sentences: list[int] = []
        pauses: set[int] = set()
        sentence = end = 0
        text = text[:LONGEST]
        for match in _WORD.finditer(text):
            if words and _SENTENCE_END.search(text, end, match.start()):
                sentence += 1
            elif words and _PAUSE.search(text, end, match.start()):
                pauses.add(len(words))
            end = match.end()
            words.append(_DRAWN_OUT.sub(r"\1\1", _APOSTROPHES.sub("", match.group()).casefold()))
            places.append(match.span())
            sentences.append(sentence)
        return self._with_one_spelling(words, places, sentences, pauses)

    def _mend(self, word: str) -> str:
        if word in self._known or len(word) < _SHORTEST_TO_MEND or not word.isalpha():
            return word
        if word.startswith(self._beginnings):
            return word
        allowed = 2 if len(word) > _LONG else 1
        nearest = process.extractOne(
            word, self._by_start.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed
        )
        if nearest is not None:
            return nearest[0]
        # "sweling": the beginning of the word is where the slip is.
        for begun in self._begun_by_start.get(word[0], ()):
            if len(begun) < len(word):
                for length in (len(begun) - 1, len(begun), len(begun) + 1):
                    if OSA.distance(word[:length], begun, score_cutoff=1) <= 1:
                        return begun + word[length:]
        return word

    def _with_one_spelling(
        self,
        words: list[str],
        places: list[tuple[int, int]],
        sentences: list[int],
        pauses: set[int],
    ) -> PlainText:
        out: list[str] = []
        spans: list[tuple[int, int]] = []
        numbers: list[int] = []
        paused: set[int] = set()
        place = 0
        while place < len(words):
            if place in pauses:
                paused.add(len(out))
            for length in range(min(self._longest_same, len(words) - place), 0, -1):
                same = self._same.get(tuple(words[place : place + length]))
                if same is not None and sentences[place] == sentences[place + length - 1]:
                    span = (places[place][0], places[place + length - 1][1])
                    out.extend(same)
                    spans.extend([span] * len(same))
                    numbers.extend([sentences[place]] * len(same))
                    place += length
                    break
            else:
                out.append(self._mended(words[place]))
                spans.append(places[place])
                numbers.append(sentences[place])
                place += 1
        return PlainText(tuple(out), tuple(spans), tuple(numbers), frozenset(paused))
