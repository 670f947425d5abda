"""Compiling the phrases of ``facts/red_flags/``; the head of ``concepts.yml`` explains their signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: Words that a gap may hold, and words that it may not: a denial or "but" parts what stands on either side.
_LONGEST_GAP = 4
_PARTS = (
    *("no", "not", "but", "isnt", "arent", "wasnt", "without", "never", "doesnt", "didnt", "dont"),
    *("hasnt", "havent", "hadnt", "except"),
)
_GAP = rf"(?: (?!(?:{'|'.join(_PARTS)})(?!\S))\S+){{0,{_LONGEST_GAP}}}?"

#: Sentences are joined by this, so that no phrase runs from one into the next.
SENTENCE_BREAK = "\n"

#: Tokens that end a gap of a context phrase.
_PAUSES = (",", ".")

#: Names of groups of words, each with what may stand for it.
Groups = Mapping[str, tuple[str, ...]]


class PhraseError(ValueError):
    """A phrase that cannot be read."""


@dataclass(frozen=True)
class Slot:
    """One place of a phrase.

    Attributes:
        options: what may stand there; each is one or more words, a word may end in ``*``.
        optional: it may be left out.
        gap: other words may stand before it.
        first: it must be the first word of its sentence.
    """

    options: tuple[tuple[str, ...], ...]
    optional: bool = False
    gap: bool = False
    first: bool = False


def parse_phrase(phrase: str, groups: Groups) -> tuple[Slot, ...]:
    """Take a phrase apart.

    Raises:
        PhraseError: it names a group that is not there, or holds no words.
    """
    slots: list[Slot] = []
    gap = False
    for part in phrase.casefold().replace("'", "").replace("’", "").split():
        if part == "...":
            gap = True
            continue
        first = part.startswith("^")
        part = part.removeprefix("^")
        optional = part.endswith("?")
        part = part.removesuffix("?")
        options = tuple(dict.fromkeys(_options(part, groups)))
        slots.append(Slot(options, optional, gap and bool(slots), first))
        gap = False
    if not slots or all(slot.optional for slot in slots):
        raise PhraseError(f"the phrase {phrase!r} holds no word that must be there")
    return tuple(slots)


def _options(part: str, groups: Groups) -> Iterator[tuple[str, ...]]:
    for option in part.split("|"):
        if option.startswith("{"):
            name = option.strip("{}")
            if name not in groups:
                raise PhraseError(f"unknown group of words {option}")
            for words in groups[name]:
                # A group may stand on other groups.
                if words.startswith("{"):
                    yield from _options(words, groups)
                else:
                    yield tuple(words.casefold().replace("'", "").split())
        elif option:
            yield tuple(option.split("_"))


def concept_pattern(phrases: Iterable[str], groups: Groups) -> re.Pattern[str]:
    """One expression for all phrases of a concept, over words joined by spaces; longer ones come first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(
        r"(?<!\S)(?:" + "|".join(_expression(parse_phrase(phrase, groups)) for phrase in ordered) + r")(?!\S)"
    )


def _expression(slots: tuple[Slot, ...]) -> str:
    expression = ""
    for slot in slots:
        choice = "|".join(sorted((_words(option) for option in slot.options), key=len, reverse=True))
        start = r"(?<![^\n])" if slot.first else ""
        if not expression:
            expression = f"{start}(?:{choice})" if not slot.optional else f"(?:(?:{choice}) )?"
        elif slot.optional:
            expression += f"(?:{_GAP if slot.gap else ''} (?:{choice}))?"
        else:
            space = "" if expression.endswith(" )?") else " "
            expression += f"{_GAP if slot.gap else ''}{space}(?:{choice})"
    return expression


def _words(option: tuple[str, ...]) -> str:
    return " ".join(
        re.escape(word.removesuffix("*")) + (r"\S*" if word.endswith("*") else "") for word in option
    )


@dataclass(frozen=True)
class TokenTest:
    """What one token of a context phrase must be.

    Attributes:
        whole: words that pass.
        begun: beginnings of words that pass.
        first: it must be the first of its sentence.
        filler: any token but a pause passes; nothing else is asked of it.
    """

    whole: frozenset[str] = frozenset()
    begun: tuple[str, ...] = ()
    first: bool = False
    filler: bool = False

    def passes(self, token: str, place: int) -> bool:
        """Whether the token at a place of its sentence is one."""
        if self.filler:
            return token not in _PAUSES
        if self.first and place:
            return False
        return token in self.whole or token.startswith(self.begun)


def token_patterns(phrase: str) -> list[tuple[TokenTest, ...]]:
    """The phrase as rows of tests, one row for each length of its gaps: how context rules are read."""
    patterns: list[tuple[TokenTest, ...]] = [()]
    for slot in parse_phrase(phrase, {}):
        words = [option[0] for option in slot.options]
        token = TokenTest(
            whole=frozenset(word for word in words if not word.endswith("*")),
            begun=tuple(word.removesuffix("*") for word in words if word.endswith("*")),
            first=slot.first,
        )
        if slot.optional:
            patterns = [(*before, *more) for before in patterns for more in ((), (token,))]
        elif slot.gap:
            patterns = [
                (*before, *((TokenTest(filler=True),) * length), token)
                for before in patterns
                for length in range(_LONGEST_GAP + 1)
            ]
        else:
            patterns = [(*before, token) for before in patterns]
    return patterns


def spelled_out(phrase: str) -> Iterator[str]:
    """Every wording of a phrase that has no gap, without ``|``."""
    wordings = [""]
    for part in phrase.split():
        wordings = [f"{before} {option}".strip() for before in wordings for option in part.split("|")]
    yield from wordings


def known_words(phrases: Iterable[str], groups: Groups) -> tuple[set[str], set[str]]:
    """What the phrases are made of: whole words, and the beginnings before a ``*``."""
    whole: set[str] = set()
    begun: set[str] = set()
    for phrase in phrases:
        for slot in parse_phrase(phrase, groups):
            for word in (word for option in slot.options for word in option):
                if word.endswith("*"):
                    begun.add(word.removesuffix("*"))
                elif word.isalpha():
                    whole.add(word)
    return whole, begun
