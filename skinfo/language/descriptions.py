"""Bumps that are described and not named: what people often mean by such words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skinfo.facts import Description
from skinfo.language.vocabulary import Vocabulary, plain_words

_SENTENCE_END = re.compile(r"[.!?…\n]+")


class Descriptions:
    """Matches a message against ``descriptions.yml``; that file's head says when one fits."""

    def __init__(self, descriptions: Iterable[Description], contexts: Vocabulary) -> None:
        self._contexts = contexts
        self._descriptions = [_Compiled(one) for one in descriptions]

    def find(self, text: str) -> Description | None:
        """The first description that fits the message; usually none."""
        whole = plain_words(text)
        sentences = [words for part in _SENTENCE_END.split(text) if (words := plain_words(part))]
        for one in self._descriptions:
            if one.unless.find(whole):
                continue
            if any(one.fits(words, self._places(words)) for words in sentences):
                return one.description
        return None

    def _places(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset(match.entry for match in self._contexts.find(words))


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
        self._anywhere = not (description.places or description.contexts)

    def fits(self, words: Sequence[str], contexts: frozenset[str]) -> bool:
        """Whether one sentence holds a look, a thing and, where asked for, a place."""
        if not self.things.find(words):
            return False
        if self.description.looks and not self.looks.find(words):
            return False
        return self._anywhere or bool(self._contexts & contexts) or bool(self.places.find(words))


def _vocabulary(words: Iterable[str]) -> Vocabulary:
    vocabulary = Vocabulary()
    for word in words:
        vocabulary.add(word, word, slips=False)
    return vocabulary
