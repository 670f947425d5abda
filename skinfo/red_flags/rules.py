"""The typed records of ``facts/red_flags/`` and how they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, validator

from skinfo.content import ContentError, Document, Location, Record, read_yaml
from skinfo.facts import Grade, SourceId, Urgency
from skinfo.red_flags.phrases import Groups, PhraseError, parse_phrase

_SIGN = re.compile(r"^\w+(?: [+-] \w+)*$")
_GROUP = re.compile(r"^\w+$")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
#: What advice may leave to be filled for the reader's country.
PLACEHOLDERS = frozenset({"emergency", "urgent_line", "crisis", "sexual_assault", "child_protection"})

#: What may take a sign back, as ``context.yml`` names it.
ContextKind = Literal["denied", "hypothetical", "supposed", "past", "last_year", "hearsay", "acquaintance"]


class Examples(Record):
    """Messages that show what a flag is for; the tests hold them against the detector."""

    present: tuple[str, ...]
    emergency: tuple[str, ...] = ()
    absent: tuple[str, ...]


class AgeAnswer(Record):
    """What an age means for a red flag."""

    below: float | None = Field(None, description="In the question's unit; the last answer has none.")
    urgency: Urgency
    says: str | None = Field(None, description="The part of the advice that applies.")


class AgeQuestion(Record):
    """The one question whose answer changes how urgent a red flag is.

    Until it is answered the flag keeps its own urgency, which is meant for the worse case.
    """

    text: str
    unit: Literal["day", "week", "year"] = Field(..., description="What a number alone counts.")
    answers: tuple[AgeAnswer, ...]

    @validator("answers")
    def _rise_to_the_end(cls, answers: tuple[AgeAnswer, ...]) -> tuple[AgeAnswer, ...]:
        limits = [answer.below for answer in answers]
        if not limits or limits[-1] is not None or None in limits[:-1]:
            raise ValueError("every answer but the last has a `below`, and the last has none")
        if limits[:-1] != sorted(limit for limit in limits if limit is not None):
            raise ValueError("the answers' `below` must rise")
        return answers

    def answer(self, age: float) -> AgeAnswer:
        """What an age, in the question's unit, means."""
        return next(one for one in self.answers if one.below is None or age < one.below)


class RedFlag(Record):
    """A sign that needs a professional, with what to say about it."""

    id: str
    title: str
    mentioned_as: str = Field(..., description="Completes 'You mentioned …'.")
    urgency: Urgency
    kind: Literal["medical", "crisis"] = "medical"
    advice: str = Field(..., description="May hold {emergency} and the other helplines.")
    advice_status: Literal["served", "draft"] = Field(
        ..., description="draft: no source was read, so only the urgency's own wording is shown."
    )
    signs: tuple[str, ...]
    escalates: tuple[str, ...] = Field((), description="Signs that make it an emergency.")
    lowers: tuple[str, ...] = Field((), description="Signs that make an emergency a matter for the same day.")
    asks: AgeQuestion | None = None
    sources: tuple[SourceId, ...]
    grade: Grade
    checked: date
    next_check: date
    examples: Examples


class Concept(Record):
    """The ways in which people say one thing."""

    phrases: tuple[str, ...]
    background: bool = Field(False, description="Counts anywhere in a message, not just nearby.")
    even_if: tuple[ContextKind, ...] = Field((), description="What does not take this concept back.")


class ContextWords(Record):
    """Words that take a sign back."""

    reach: int = Field(..., gt=0, description="How many words they act over.")
    before: tuple[str, ...] = Field((), description="They stand before the sign.")
    after: tuple[str, ...] = Field((), description="They stand behind the sign.")
    end: tuple[str, ...] = Field((), description="What stops `before` words.")
    after_end: tuple[str, ...] = Field((), description="What stops `after` words.")
    unless: tuple[str, ...] = Field((), description="In the same sentence, these call them off.")


class ContextRules(Record):
    """``context.yml``."""

    denied: ContextWords
    hypothetical: ContextWords
    supposed: ContextWords
    past: ContextWords
    last_year: ContextWords
    hearsay: ContextWords
    acquaintance: ContextWords
    figurative: tuple[str, ...]
    end: tuple[str, ...]
    says_nothing: tuple[str, ...]

    def kinds(self) -> Iterator[tuple[ContextKind, ContextWords]]:
        """Each kind with its words; the first that acts on a sign gives the reason."""
        for kind in get_args(ContextKind):
            yield kind, getattr(self, kind)

    def phrases(self) -> Iterator[tuple[Location, str]]:
        """Every phrase that a context rule is made of, with its place in the file."""
        for kind, words in self.kinds():
            for key in ("before", "after", "end", "after_end", "unless"):
                for place, phrase in enumerate(getattr(words, key)):
                    yield (kind, key, place), phrase
        for key in ("figurative", "end", "says_nothing"):
            for place, phrase in enumerate(getattr(self, key)):
                yield (key, place), phrase


class Lexicon(Record):
    """``concepts.yml``."""

    spelled_the_same: dict[str, str]
    not_slips: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    concepts: dict[str, Concept]


@dataclass(frozen=True)
class Sign:
    """One line of a flag's ``signs``, taken apart.

    Attributes:
        needs: concepts that must all be there.
        unless: concepts of which none may be there.
    """

    needs: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class RedFlagRules:
    """Everything the detector goes by."""

    flags: tuple[RedFlag, ...]
    lexicon: Lexicon
    context: ContextRules

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """What the flags' signs are built from."""
        return self.lexicon.concepts


def parse_sign(text: str) -> Sign:
    """Take a line such as ``"fever + rash - mild_burn"`` apart."""
    parts = re.split(r" ([+-]) ", f" + {text.strip()}")[1:]
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return Sign(
        needs=tuple(name for joint, name in pairs if joint == "+"),
        unless=tuple(name for joint, name in pairs if joint == "-"),
    )


#: The files of the folder that hold no flags but what flags are found by.
RULE_FILES = ("concepts.yml", "context.yml")


def load_red_flags(folder: Path) -> RedFlagRules:
    """Read and check ``facts/red_flags/``.

    Raises:
        ContentError: the first mistake found, with file, line and mend.
    """
    lexicon_file = read_yaml(folder / "concepts.yml")
    lexicon = lexicon_file.parse(Lexicon)
    _check_phrases(lexicon_file, lexicon)
    flags: dict[str, RedFlag] = {}
    for file in sorted(folder.glob("*.yml")):
        if file.name in RULE_FILES:
            continue
        document = read_yaml(file)
        for index, flag in enumerate(document.parse_list(RedFlag)):
            if flag.id in flags:
                raise document.error(
                    f"red flag {flag.id} is listed twice", at=(index, "id"), mend="keep one of them"
                )
            _check_advice(document, index, flag)
            for key in ("signs", "escalates", "lowers"):
                _check_signs(document, (index, key), getattr(flag, key), lexicon.concepts)
            flags[flag.id] = flag
    if not flags:
        raise ContentError("no red flags found", file=folder, mend="restore facts/ from git")
    context_file = read_yaml(folder / "context.yml")
    context = context_file.parse(ContextRules)
    for at, phrase in context.phrases():
        _check_phrase(context_file, at, phrase, lexicon.groups if at[0] in _WITH_GROUPS else {})
    return RedFlagRules(tuple(flags.values()), lexicon, context)


#: Context phrases that are matched as concepts are; the others go to ConText word by word.
_WITH_GROUPS = frozenset({"figurative"})


def _check_phrases(document: Document, lexicon: Lexicon) -> None:
    for group, options in lexicon.groups.items():
        if not _GROUP.match(group):
            raise document.error(
                f"group {group!r}", at=("groups", group), mend="use letters, digits and _ for its name"
            )
        for place, option in enumerate(options):
            if option.startswith("{"):
                _check_phrase(document, ("groups", group, place), option, lexicon.groups)
    for name, concept in lexicon.concepts.items():
        for place, phrase in enumerate(concept.phrases):
            _check_phrase(document, ("concepts", name, "phrases", place), phrase, lexicon.groups)


def _check_phrase(document: Document, at: Location, phrase: str, groups: Groups) -> None:
    try:
        parse_phrase(phrase, groups)
    except PhraseError as error:
        raise document.error(
            str(error), at=at, mend="correct the phrase; the head of concepts.yml explains its signs"
        ) from None


def _check_advice(document: Document, index: int, flag: RedFlag) -> None:
    if flag.grade is Grade.D and flag.advice_status != "draft":
        raise document.error(
            f"{flag.id}: advice of grade D must be a draft",
            at=(index, "advice_status"),
            mend="set `advice_status: draft` until a source has been read",
        )
    for name in _PLACEHOLDER.findall(flag.advice):
        if name not in PLACEHOLDERS:
            raise document.error(
                f"{flag.id}: the advice names {{{name}}}, which nothing fills",
                at=(index, "advice"),
                mend="use one of: " + ", ".join(f"{{{known}}}" for known in sorted(PLACEHOLDERS)),
            )


def _check_signs(
    document: Document, at: Location, signs: Iterable[str], concepts: Mapping[str, Concept]
) -> None:
    for place, text in enumerate(signs):
        if not _SIGN.match(text):
            raise document.error(
                f"cannot read the sign {text!r}",
                at=(*at, place),
                mend='write concepts joined by " + " or " - "',
            )
        sign = parse_sign(text)
        for name in (*sign.needs, *sign.unless):
            if name not in concepts:
                raise document.error(
                    f"unknown concept {name!r}",
                    at=(*at, place),
                    mend="add it to concepts.yml, or correct it",
                )
