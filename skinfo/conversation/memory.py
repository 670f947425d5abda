"""What a conversation remembers from turn to turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from skinfo.facts import ConditionId, Context, Topic, Urgency
from skinfo.language import FlagMention, Reading

#: Stages of life belong to the person and stay when the talk turns to another condition.
_PERSONAL = (Context.NEWBORN, Context.PREGNANCY)


@dataclass(frozen=True)
class Memory:
    """Remembered things; each stands in a slot of the same name.

    Attributes:
        conditions: what "it" means: the conditions last talked about.
        subtype: the kind of milia last talked about.
        topics: what was last asked.
        contexts: places and stages of life named so far for these conditions.
        country: ISO 3166 two letters, when known.
        red_flags: ids of red flags already answered in this conversation.
        escalated: the red flags last answered, with their urgency.
        unhelped: an emergency was answered, and nobody has said yet that help was got.
        awaits: what the last turn asked back: "age" (of the flag escalated first), "country".
        asked: what was ever asked back, so that it is asked only once.
        described: conditions that people often mean by bumps that were described and not named.
        offer: the payload of the first suggestion of the last turn; "yes" takes it up.
    """

    conditions: tuple[ConditionId, ...] = ()
    subtype: str | None = None
    topics: tuple[Topic, ...] = ()
    contexts: tuple[Context, ...] = ()
    country: str | None = None
    red_flags: tuple[str, ...] = ()
    escalated: tuple[FlagMention, ...] = ()
    unhelped: bool = False
    awaits: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    described: tuple[ConditionId, ...] = ()
    offer: str | None = None

    def slots(self) -> dict[str, Any]:
        """The memory as slot values."""
        return {
            "conditions": list(self.conditions),
            "subtype": self.subtype,
            "topics": [topic.value for topic in self.topics],
            "contexts": [context.value for context in self.contexts],
            "country": self.country,
            "red_flags": list(self.red_flags),
            "escalated": [{"id": flag.id, "urgency": flag.urgency.value} for flag in self.escalated],
            "unhelped": self.unhelped,
            "awaits": list(self.awaits),
            "asked": list(self.asked),
            "described": list(self.described),
            "offer": self.offer,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Memory:
        """The memory that slot values hold; values this version does not know are left out."""
        topics = {topic.value: topic for topic in Topic}
        contexts = {context.value: context for context in Context}
        return cls(
            conditions=tuple(slots.get("conditions") or ()),
            subtype=slots.get("subtype"),
            topics=tuple(topics[value] for value in slots.get("topics") or () if value in topics),
            contexts=tuple(contexts[value] for value in slots.get("contexts") or () if value in contexts),
            country=slots.get("country"),
            red_flags=tuple(slots.get("red_flags") or ()),
            escalated=tuple(
                FlagMention(flag["id"], Urgency(flag["urgency"])) for flag in slots.get("escalated") or ()
            ),
            unhelped=bool(slots.get("unhelped")),
            awaits=tuple(slots.get("awaits") or ()),
            asked=tuple(slots.get("asked") or ()),
            described=tuple(slots.get("described") or ()),
            offer=slots.get("offer"),
        )

    def after_reading(self, reading: Reading) -> Memory:
        """The memory once a message's names have been taken in, before it is answered."""
        named = reading.named
        if not named and not self.conditions and not reading.signposts:
            named = reading.implied
        # A bump described anew is not the one talked about before, unless it may well be.
        anew = bool(reading.kinds) and not set(reading.kinds) & set(self.conditions)
        switched = (bool(named) and named != self.conditions) or anew
        kept = tuple(c for c in self.contexts if c in _PERSONAL) if switched else self.contexts
        contexts = tuple(dict.fromkeys((*kept, *reading.contexts)))
        if reading.contexts and not switched:
            new_places = [c for c in reading.contexts if c not in _PERSONAL]
            if new_places:
                contexts = tuple(dict.fromkeys((*(c for c in contexts if c in _PERSONAL), *new_places)))
        return replace(
            self,
            conditions=named or (() if anew else self.conditions),
            described=() if named else (reading.kinds if anew else self.described),
            subtype=reading.subtype or (None if switched else self.subtype),
            contexts=contexts,
        )

    def after_flags(self, reading: Reading) -> Memory:
        """The memory with this message's red flags added and the denied ones taken back."""
        present = tuple(flag.id for flag in reading.red_flags)
        kept = tuple(flag for flag in self.red_flags if flag not in reading.denied_flags)
        escalated = reading.red_flags or tuple(
            flag for flag in self.escalated if flag.id not in reading.denied_flags
        )
        emergency = any(flag.urgency is Urgency.EMERGENCY for flag in escalated)
        return replace(
            self,
            red_flags=tuple(dict.fromkeys((*kept, *present))),
            escalated=escalated,
            unhelped=emergency and (self.unhelped or bool(present)),
        )
