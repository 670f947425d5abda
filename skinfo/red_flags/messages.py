"""Labelled messages: what people write about red flags, and what only sounds like one.

The form is described in ``docs/safety.md``; ``data/red_flags/`` holds those to learn from, the tests
hold others to measure with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, root_validator

from skinfo.content import ContentError, Record, read_yaml
from skinfo.facts import Urgency

#: Why a message that sounds like a red flag is none.
NegativeKind = Literal[
    "denied", "general", "past", "study_news", "figure_of_speech", "other_sense", "mild", "ordinary"
]


class MessageGroup(Record):
    """Messages that share their labels."""

    flags: tuple[str, ...] = Field((), description="The red flags that are present.")
    urgency: Urgency = Field(Urgency.NONE, description="How fast the person should be seen.")
    kind: NegativeKind | None = Field(None, description="For messages with no flag: why there is none.")
    near: tuple[str, ...] = Field((), description="The flags that they sound like.")
    messages: tuple[str, ...]

    @root_validator(skip_on_failure=True)
    def _one_side(cls, values: dict[str, object]) -> dict[str, object]:
        flagged = bool(values["flags"])
        if flagged == (values["kind"] is not None):
            raise ValueError("give either `flags` with `urgency`, or the `kind` of negative")
        if flagged == (values["urgency"] is Urgency.NONE):
            raise ValueError("`urgency` goes with `flags`: emergency, same_day or see_doctor")
        return values


@dataclass(frozen=True)
class LabelledMessage:
    """One message with what a careful nurse would raise.

    Attributes:
        flags: ids of the red flags present; empty for none.
        urgency: what this message needs, which may differ from a flag's usual urgency.
        kind: for a message without flags, why it has none.
    """

    text: str
    flags: frozenset[str]
    urgency: Urgency
    kind: NegativeKind | None


def read_messages(files: Iterable[Path], known: frozenset[str]) -> tuple[LabelledMessage, ...]:
    """The labelled messages of some files.

    Args:
        files: YAML files.
        known: the ids that flags may have.

    Raises:
        ContentError: the first mistake found, with file, line and mend.
    """
    found: list[LabelledMessage] = []
    for file in files:
        document = read_yaml(file)
        for index, group in enumerate(document.parse_list(MessageGroup)):
            for key in ("flags", "near"):
                for place, flag in enumerate(getattr(group, key)):
                    if flag not in known:
                        raise document.error(
                            f"unknown red flag {flag!r}",
                            at=(index, key, place),
                            mend="use an id of facts/red_flags/",
                        )
            found.extend(
                LabelledMessage(text, frozenset(group.flags), group.urgency, group.kind)
                for text in group.messages
            )
    if not found:
        raise ContentError(
            "no labelled messages found", file=Path("data/red_flags"), mend="restore data/ from git"
        )
    return tuple(found)
