"""Bumps that are described and not named: what people often mean by such words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skinfo.facts import Description
from skinfo.language.frequent_words import FrequentWords
from skinfo.language.vocabulary import Vocabulary, plain_words, stems

_SENTENCE_END = re.compile(r"[.!?…\n]+")


class Descriptions:
    """Matches a message against ``descriptions.yml``; that file's head says when one fits."""

    def __init__(
        self,
        descriptions: Iterable[Description],
        contexts: Vocabulary,
        everyday: FrequentWords,
        rarer: frozenset[str],
    ) -> None:
        """Take the descriptions, and the ordinary words that are no slips (`Vocabulary.leave_alone`)."""
        self._contexts = contexts
        self._words = Vocabulary()
        self._descriptions = []
        for one in descriptions:
            self._descriptions.append(_Compiled(one))
            for name in (*one.looks, *one.things, *one.places):
                for word in plain_words(name):
                    self._words.add(word, word)
        self._words.leave_alone(everyday, rarer)

    def find(self, text: str) -> Description | None:
        """The first description that fits the message; usually none.

        A word that only may be a slip of one that is looked for ("dost", "sots") counts where no sentence
        fits without it, and once in a sentence.
        """
        parts = [stems(plain_words(part)) for part in _SENTENCE_END.split(text)]
        sentences = [[self._words.meant_by(word) for word in words] for words in parts if words]
        found = self._first_fitting(text, sentences)
        if found is None and (unsure := [read for words in sentences for read in self._read_anew(words)]):
            found = self._first_fitting(text, unsure)
        return found

    def _read_anew(self, words: list[str]) -> Iterable[list[str]]:
        """The sentence with one word read as another that it may be, in every way."""
        for place, word in enumerate(words):
            for meant in self._words.may_be(word):
                yield [*words[:place], meant, *words[place + 1 :]]

    def _first_fitting(self, text: str, sentences: Sequence[list[str]]) -> Description | None:
        whole: list[str] | None = None
        for one in self._descriptions:
            fitting = (words for words in sentences if one.fits(words))
            if not any(one.anywhere or one.is_there(words, self._contexts) for words in fitting):
                continue
            if whole is None:
                whole = stems(plain_words(text))
            if not one.unless.find_stems(whole):
                return one.description
        return None


@dataclass(init=False)
class _Compiled:
    looks: Vocabulary
    things: Vocabulary
    places: Vocabulary
    unless: Vocabulary
    description: Description

    def __init__(self, description: Description) -> None:
        self.looks = _vocabulary(description.looks)
        self.things = _vocabulary(description.things)
        self.places = _vocabulary(description.places)
        self.unless = _vocabulary(description.unless)
        self.description = description
        self._contexts = frozenset(context.value for context in description.contexts)
        self.anywhere = not (description.places or description.contexts)

    def fits(self, words: Sequence[str]) -> bool:
        """Whether one sentence holds a thing and, where asked for, a look."""
        return bool(self.things.find_stems(words)) and (
            not self.description.looks or bool(self.looks.find_stems(words))
        )

    def is_there(self, words: Sequence[str], contexts: Vocabulary) -> bool:
        """Whether one sentence holds one of the places asked for."""
        return any(match.entry in self._contexts for match in contexts.find_stems(words)) or bool(
            self.places.find_stems(words)
        )


def _vocabulary(words: Iterable[str]) -> Vocabulary:
    vocabulary = Vocabulary()
    for word in words:
        vocabulary.add(word, word, slips=False)
    return vocabulary
