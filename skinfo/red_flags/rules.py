"""The typed records of ``facts/red_flags/`` and how they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from skinfo.content import ContentError, Document, Record, read_yaml
from skinfo.facts import Grade, SourceId, Urgency

_SIGN = re.compile(r"^\w[\w ]*(?: [+-] \w[\w ]*)*$")


class Examples(Record):
    """Messages that show what a flag is for; the tests hold them against the detector."""

    present: tuple[str, ...]
    emergency: tuple[str, ...] = ()
    absent: tuple[str, ...]


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
    sources: tuple[SourceId, ...]
    grade: Grade
    checked: date
    next_check: date
    examples: Examples


class Concept(Record):
    """The ways in which people say one thing."""

    phrases: tuple[str, ...]
    background: bool = Field(False, description="Counts anywhere in a message, not just nearby.")


class ContextWords(Record):
    """Words that take a sign back."""

    reach: int
    before: tuple[str, ...]
    after: tuple[str, ...]


class ContextRules(Record):
    """``context.yml``."""

    denied: ContextWords
    hypothetical: ContextWords
    past: ContextWords
    other_person: ContextWords
    end: tuple[str, ...]
    always_end: tuple[str, ...]
    whole_sentence: tuple[str, ...]


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
    concepts: Mapping[str, Concept]
    spelled_the_same: Mapping[str, str]
    context: ContextRules


def parse_sign(text: str) -> Sign:
    """Take a line such as ``"fever + rash - black_innocent"`` apart."""
    needs: list[str] = []
    unless: list[str] = []
    for sign, name in re.findall(r"(^|[+-]) ?(\w[\w ]*?)(?= [+-] |$)", text):
        (unless if sign == "-" else needs).append(name.strip())
    return Sign(tuple(needs), tuple(unless))


def load_red_flags(folder: Path) -> RedFlagRules:
    """Read and check ``facts/red_flags/``.

    Raises:
        ContentError: the first mistake found, with file, line and mend.
    """
    concepts_file = read_yaml(folder / "concepts.yml")
    concepts = {
        name: concepts_file.parse(Concept, at=("concepts", name)) for name in concepts_file.data["concepts"]
    }
    flags: dict[str, RedFlag] = {}
    for file in sorted(folder.glob("*.yml")):
        if file.name in ("concepts.yml", "context.yml"):
            continue
        document = read_yaml(file)
        for index, flag in enumerate(document.parse_list(RedFlag)):
            if flag.id in flags:
                raise document.error(
                    f"red flag {flag.id} is listed twice", at=(index, "id"), mend="keep one of them"
                )
            if flag.grade is Grade.D and flag.advice_status != "draft":
                raise document.error(
                    f"{flag.id}: advice of grade D must be a draft",
                    at=(index, "advice_status"),
                    mend="set `advice_status: draft` until a source has been read",
                )
            _check_signs(document, index, "signs", flag.signs, concepts)
            _check_signs(document, index, "escalates", flag.escalates, concepts)
            flags[flag.id] = flag
    if not flags:
        raise ContentError("no red flags found", file=folder, mend="restore facts/ from git")
    return RedFlagRules(
        flags=tuple(flags.values()),
        concepts=concepts,
        spelled_the_same={
            str(key): str(value) for key, value in concepts_file.data["spelled_the_same"].items()
        },
        context=read_yaml(folder / "context.yml").parse(ContextRules),
    )


def _check_signs(
    document: Document,
    index: int,
    key: str,
    signs: Iterable[str],
    concepts: Mapping[str, Concept],
) -> None:
    for place, text in enumerate(signs):
        at = (index, key, place)
        if not _SIGN.match(text):
            raise document.error(
                f"cannot read the sign {text!r}", at=at, mend='write concepts joined by " + " or " - "'
            )
        for name in _names(parse_sign(text)):
            if name not in concepts:
                raise document.error(
                    f"unknown concept {name!r}", at=at, mend="add it to concepts.yml, or correct it"
                )


def _names(sign: Sign) -> Iterator[str]:
    yield from sign.needs
    yield from sign.unless
