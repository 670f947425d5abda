"""What was read in one message, as plain data that travels to the action server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spacy.tokens import Doc

from skinfo.facts import ConditionId, Context, Urgency
from skinfo.language.names import NamesFound


@dataclass(frozen=True)
class FlagMention:
    """A red flag that is present in the message."""

    id: str
    urgency: Urgency


@dataclass(frozen=True)
class Reading:
    """One message, understood apart from what is asked.

    Attributes:
        conditions: the store's conditions that are named, in order, once each.
        subtype: the kind of milia that is named, if one is.
        shared: conditions that a shared name ("herpes") may mean, when nothing settles it.
        two_names: conditions named twice, close together, by different names ("a stye or a chalazion").
        implied: conditions that a named medicine belongs to; meant when nothing else is.
        kinds: conditions that people often mean by what the message describes and does not name.
        signposts: ids of named conditions that the store holds no facts on.
        signposts_told: those of them that stand only in what is told, where another clause asks.
        contexts: places and stages of life named.
        red_flags: red flags present.
        denied_flags: red flags mentioned but denied ("no fever").
        past_crisis: a crisis is told of that is over.
        follow_up: a message that only names something new ("what about on babies?"): the
            question asked before is meant.
        about_skin: the message speaks of skin, or points at something ("does it hurt?").
    """

    conditions: tuple[ConditionId, ...] = ()
    subtype: str | None = None
    shared: tuple[ConditionId, ...] = ()
    two_names: tuple[ConditionId, ...] = ()
    implied: tuple[ConditionId, ...] = ()
    kinds: tuple[ConditionId, ...] = ()
    signposts: tuple[str, ...] = ()
    signposts_told: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()
    red_flags: tuple[FlagMention, ...] = ()
    denied_flags: tuple[str, ...] = ()
    past_crisis: bool = False
    follow_up: bool = False
    about_skin: bool = True

    @property
    def named(self) -> tuple[ConditionId, ...]:
        """Every condition of the store that is named, or that a shared name may mean."""
        return tuple(dict.fromkeys((*self.conditions, *self.shared)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Reading:
        """The inverse of `to_dict`; unknown keys are left out, so versions may differ."""
        return cls(
            conditions=_ids(values.get("conditions")),
            subtype=values.get("subtype"),
            shared=_ids(values.get("shared")),
            two_names=_ids(values.get("two_names")),
            implied=_ids(values.get("implied")),
            kinds=_ids(values.get("kinds")),
            signposts=tuple(values.get("signposts") or ()),
            signposts_told=tuple(values.get("signposts_told") or ()),
            contexts=tuple(Context(value) for value in values.get("contexts") or ()),
            red_flags=tuple(
                FlagMention(flag["id"], Urgency(flag["urgency"])) for flag in values.get("red_flags") or ()
            ),
            denied_flags=tuple(values.get("denied_flags") or ()),
            past_crisis=bool(values.get("past_crisis")),
            follow_up=bool(values.get("follow_up")),
            about_skin=bool(values.get("about_skin", True)),
        )


def _ids(values: Sequence[str] | None) -> tuple[ConditionId, ...]:
    return tuple(ConditionId(value) for value in values or ())


#: Where a doc keeps the names that were found in it before it is read.
NAMES = "skinfo_names"


def read_doc(doc: Doc, names: NamesFound | None = None) -> Reading:
    """What the pipeline's components wrote on the doc, gathered.

    Args:
        doc: of the project's pipeline.
        names: those in its text, if they were looked for before.
    """
    if names is not None:
        doc.user_data[NAMES] = names
    reading: Reading = doc._.reading
    return reading
