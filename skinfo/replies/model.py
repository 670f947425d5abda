"""A reply as data: what it says, in blocks, before any channel renders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Union

from skinfo.facts import ConditionId, Context, FactId, Topic, Urgency


@dataclass(frozen=True)
class Phone:
    """A number to call with one tap."""

    label: str
    number: str


@dataclass(frozen=True)
class Escalation:
    """What to do first about a red flag."""

    type: ClassVar[str] = "escalation"
    urgency: Urgency
    title: str
    text: str
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True)
class Support:
    """The only thing said in a crisis, besides the disclaimer."""

    type: ClassVar[str] = "support"
    title: str
    text: str
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True)
class Heading:
    """The question that the next blocks answer."""

    type: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    type: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Listing:
    """Short items, each on a line."""

    type: ClassVar[str] = "list"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    header: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A comparison: one column a condition."""

    type: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Note:
    """A popular claim with its correction, or an honest remark."""

    type: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class SignpostBlock:
    """A page to read about a condition that the store holds no facts on."""

    type: ClassVar[str] = "signpost"
    name: str
    organisation: str
    url: str | None
    text: str


@dataclass(frozen=True)
class CitedSource:
    """A page that the reply rests on."""

    id: str
    title: str
    organisation: str
    url: str | None
    checked: str | None = None


@dataclass(frozen=True)
class Sources:
    """The pages that the reply rests on."""

    type: ClassVar[str] = "sources"
    items: tuple[CitedSource, ...]


@dataclass(frozen=True)
class Disclaimer:
    """The last words of every reply."""

    type: ClassVar[str] = "disclaimer"
    text: str


Block = Union[
    Escalation, Support, Heading, Paragraph, Listing, Table, Note, SignpostBlock, Sources, Disclaimer
]


@dataclass(frozen=True)
class Answered:
    """One thing that was answered."""

    condition: ConditionId | None
    topic: Topic
    context: Context | None = None
    fact_ids: tuple[FactId, ...] = ()


@dataclass(frozen=True)
class RaisedFlag:
    """A red flag found in the message."""

    id: str
    urgency: Urgency


@dataclass(frozen=True)
class Suggestion:
    """A button: its title is shown, its payload is sent."""

    title: str
    payload: str


@dataclass(frozen=True)
class Intent:
    """What the classifier thought."""

    name: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True)
class Reply:
    """A whole turn of the bot. Build it with `skinfo.replies.compose`, never by hand."""

    text: str
    blocks: tuple[Block, ...]
    disclaimer: str
    answers: tuple[Answered, ...] = ()
    signposts: tuple[SignpostBlock, ...] = ()
    red_flags: tuple[RaisedFlag, ...] = ()
    urgency: Urgency = Urgency.NONE
    sources: tuple[CitedSource, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    intent: Intent = field(default_factory=Intent)

    def to_dict(self) -> dict[str, Any]:
        """The machine-readable turn, as plain JSON values."""
        turn = _plain(
            {
                "text": self.text,
                "intent": asdict(self.intent),
                "answers": [asdict(answer) for answer in self.answers],
                "signposts": [
                    {"name": post.name, "organisation": post.organisation, "url": post.url}
                    for post in self.signposts
                ],
                "red_flags": [asdict(flag) for flag in self.red_flags],
                "urgency": self.urgency,
                "sources": [
                    {key: value for key, value in asdict(source).items() if key != "checked"}
                    for source in self.sources
                ],
                "disclaimer": self.disclaimer,
                "suggestions": [asdict(suggestion) for suggestion in self.suggestions],
                "blocks": [{"type": block.type, **asdict(block)} for block in self.blocks],
            }
        )
        assert isinstance(turn, dict)
        return turn


def is_complete_turn(turn: object) -> bool:
    """Whether something that claims to be a reply has what every turn must have.

    A channel shows nothing that fails this: not an empty text, not one whose last words are not
    the disclaimer, not one whose blocks do not end with it.
    """
    if not isinstance(turn, Mapping):
        return False
    text, disclaimer, blocks = turn.get("text"), turn.get("disclaimer"), turn.get("blocks")
    if not (isinstance(text, str) and isinstance(disclaimer, str) and isinstance(blocks, list)):
        return False
    if not disclaimer.strip() or not text.rstrip().endswith(disclaimer.strip()):
        return False
    if not text.rstrip().removesuffix(disclaimer.strip()).strip():
        return False
    last = blocks[-1] if blocks else None
    return isinstance(last, Mapping) and last.get("type") == Disclaimer.type


def _plain(value: object) -> object:
    """Enums and dates as their values, tuples as lists."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (Topic, Context, Urgency)):
        return value.value
    return value
