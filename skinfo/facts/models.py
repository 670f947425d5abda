"""The typed records of the fact store. Field descriptions double as the curator's reference."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NewType

from pydantic import Field, HttpUrl, root_validator

from skinfo.content import Record

ConditionId = NewType("ConditionId", str)
FactId = NewType("FactId", str)
SourceId = NewType("SourceId", str)


class Topic(StrEnum):
    """What is asked. The intent for a topic is ``ask_<topic>``."""

    DEFINITION = "definition"
    APPEARANCE = "appearance"
    AREAS = "areas"
    CAUSES = "causes"
    RISK = "risk"
    WHO = "who"
    CONTAGIOUS = "contagious"
    SENSATION = "sensation"
    POPPING = "popping"
    HOME_CARE = "home_care"
    PRODUCTS = "products"
    TREATMENT = "treatment"
    DURATION = "duration"
    RECURRENCE = "recurrence"
    PREVENTION = "prevention"
    COMPARE = "compare"
    IDENTIFY = "identify"
    SEE_DOCTOR = "see_doctor"


class Context(StrEnum):
    """A place or a stage of life that changes the answer."""

    EYELIDS = "eyelids"
    LIPS = "lips"
    GENITALS = "genitals"
    NEWBORN = "newborn"
    PREGNANCY = "pregnancy"


class Urgency(StrEnum):
    """How fast a person should be seen; ordered from least to most urgent."""

    NONE = "none"
    SEE_DOCTOR = "see_doctor"
    SAME_DAY = "same_day"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for emergency."""
        return list(Urgency).index(self)


class Grade(StrEnum):
    """Evidence grade of the first-listed source that was read."""

    A = "A"  # national health body, professional college or guideline text read
    B = "B"  # clinical reference or major hospital page read
    C = "C"  # consumer, clinic or weak page read
    D = "D"  # from general knowledge; no source read


class Status(StrEnum):
    """Where a fact stands on its way to a clinician's signature."""

    DRAFT = "draft"
    SERVED = "served"
    REVIEWED = "reviewed"


class Source(Record):
    """A page that facts cite."""

    id: SourceId
    organisation: str
    title: str
    url: HttpUrl | None = Field(None, description="Address for readers; none when it was not found.")
    read: bool = Field(..., description="True when somebody on the project read a copy of this page.")
    note: str | None = None


class Review(Record):
    """A named clinician's signature under a fact."""

    by: str
    role: str
    on: date


class Fact(Record):
    """One reviewed statement: the answer to one topic for one condition."""

    id: FactId
    topic: Topic | None = Field(None, description="None for a fact about a context as a whole.")
    context: Context | None = None
    other: ConditionId | None = Field(None, description="For compare: the condition set beside it.")
    subtype: str | None = Field(None, description="For milia: the kind the fact is about.")
    instead_of: tuple[Topic, ...] = Field(
        (), description="For a context fact: topics whose general fact it replaces rather than adds to."
    )
    text: str
    sources: tuple[SourceId, ...]
    grade: Grade
    status: Status
    checked: date
    next_check: date
    review: Review | None = None
    hard_words_because: str | None = Field(
        None, description="Why a text above the reading grade cannot be plainer."
    )
    note: str | None = Field(None, description="For curators; never shown to readers.")

    @property
    def is_served(self) -> bool:
        """Whether the bot may say it."""
        return self.status is not Status.DRAFT

    @root_validator(skip_on_failure=True)
    def _one_subject(cls, values: dict[str, object]) -> dict[str, object]:
        if values.get("topic") is None and values.get("context") is None:
            raise ValueError("a fact needs a topic, a context, or both")
        if values.get("topic") is Topic.COMPARE and values.get("other") is None:
            raise ValueError("a compare fact needs `other`, the condition it is set beside")
        if values["grade"] is Grade.D and values["status"] is not Status.DRAFT:
            raise ValueError("a grade D fact must stay `status: draft` until a source has been read")
        if values["status"] is Status.REVIEWED and values.get("review") is None:
            raise ValueError("a reviewed fact needs `review` with by, role and on")
        return values


class Subtype(Record):
    """A kind of a condition that has facts of its own."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    context: Context | None = Field(None, description="The context in which this kind is meant.")


class Comparison(Record):
    """A condition's column in a table of differences; a few words each."""

    cause: str
    where: str
    look: str
    feel: str
    catching: str
    who: str
    course: str
    sources: tuple[SourceId, ...]


class Condition(Record):
    """A condition with its names and facts."""

    id: ConditionId
    title: str = Field(..., description="For headings, e.g. 'Milia (milk spots)'.")
    name: str = Field(..., description="For the middle of a sentence, e.g. 'milia'.")
    plural: bool = Field(..., description="Whether the name takes 'are'.")
    names: tuple[str, ...] = Field(..., description="What people call it; whole words, any case.")
    misspellings: tuple[str, ...] = ()
    weak_names: tuple[str, ...] = Field(
        (), description="Everyday words that count only when nothing else is named: 'breakout'."
    )
    contexts: tuple[Context, ...] = Field((), description="Places where it is usual.")
    subtypes: tuple[Subtype, ...] = ()
    comparison: Comparison
    facts: tuple[Fact, ...]


class PopularClaim(Record):
    """A claim that articles repeat, with what the evidence says about it."""

    id: str
    claim: str = Field(..., description="As articles put it, in our words.")
    verdict: str
    text: str = Field(..., description="Shown after the facts it belongs to: the claim and the correction.")
    facts: tuple[FactId, ...] = Field(..., description="After which facts it is shown.")
    sources: tuple[SourceId, ...]
    named_sources: tuple[str, ...] = Field((), description="Organisations that articles credit.")
