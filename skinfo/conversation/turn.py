"""One message as the conversation sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skinfo.conversation.memory import Memory
from skinfo.facts import ConditionId, Context, Topic
from skinfo.language import Reading
from skinfo.replies import GOT_HELP_PAYLOAD

INTENT_OF_TOPIC = {topic: f"ask_{topic.value}" for topic in Topic}
TOPIC_OF_INTENT = {intent: topic for topic, intent in INTENT_OF_TOPIC.items()}
#: The intent of the button that is offered in an emergency.
GOT_HELP = GOT_HELP_PAYLOAD.removeprefix("/")
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+)(?P<values>\{.*\})?$", re.DOTALL)


@dataclass(frozen=True)
class Guess:
    """An intent with how sure the classifier is of it, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Question:
    """One thing that a message asks.

    Attributes:
        topic: what is asked.
        conditions: about what, where the message names several things; empty for all it names.
    """

    topic: Topic
    conditions: tuple[ConditionId, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"topic": self.topic.value, "conditions": list(self.conditions)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Question | None:
        """The inverse of `to_dict`; None for a topic that this version does not know."""
        if values.get("topic") not in set(Topic):
            return None
        return cls(Topic(values["topic"]), tuple(ConditionId(one) for one in values.get("conditions") or ()))


@dataclass(frozen=True)
class Turn:
    """A message that was understood, and what the conversation remembers.

    Attributes:
        guess: the intent of the whole message.
        nearest: other intents, most likely first; for "did you mean".
        questions: what is asked, in order, where the clauses of the message say it better than
            the intent of the whole.
        reading: what the message names.
        memory: from before this message.
        outside: how likely it is that the message is not about skin, from 0 to 1.
        text: what was written; empty for a button.
    """

    guess: Guess
    nearest: tuple[Guess, ...]
    questions: tuple[Question, ...]
    reading: Reading
    memory: Memory
    outside: float = 0.0
    text: str = ""


def payload(
    topic: Topic, conditions: tuple[ConditionId, ...] = (), contexts: tuple[Context, ...] = ()
) -> str:
    """What a button sends: Rasa's form ``/intent{"entity": value}``."""
    values = {
        "condition": list(conditions),
        "context": [context.value for context in contexts],
    }
    filled = {key: value for key, value in values.items() if value}
    return f"/{INTENT_OF_TOPIC[topic]}" + (json.dumps(filled) if filled else "")


def read_payload(text: str) -> tuple[str, Reading] | None:
    """The intent and names that a button's payload carries; None when it is not a payload."""
    match = _PAYLOAD.match(text.strip())
    if match is None:
        return None
    try:
        values = json.loads(match["values"] or "{}")
    except json.JSONDecodeError:
        return None
    known = {context.value for context in Context}
    return match["intent"], Reading(
        conditions=tuple(ConditionId(value) for value in _texts(values.get("condition"))),
        contexts=tuple(Context(value) for value in _texts(values.get("context")) if value in known),
    )


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]
