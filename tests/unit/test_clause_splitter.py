"""Which clauses of a message are classified along with it."""

from __future__ import annotations

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.rasa.components.clause_splitter import ClauseGatherer, ClauseSplitter


def split(text: str) -> list[Message]:
    message = Message(data={TEXT: text})
    message.set(TOKENS_NAMES[TEXT], [Token(text, 0)])
    return ClauseSplitter().process([message])


@pytest.mark.parametrize(
    ("text", "classified"),
    [
        ("What are they?", []),
        ("My nan has milia. We went for a walk. Do they go away?", ["Do they go away?"]),
        ("Do they go away? Can I pop one?", ["Do they go away?", "Can I pop one?"]),
        # The last one asks again what is said before it, whatever the form of that.
        (
            "I do wonder how long milia last. And styes?",
            ["I do wonder how long milia last.", "And styes?"],
        ),
        # Nobody asks: any of them may tell what is wanted.
        ("I have milia. They came last week.", ["I have milia.", "They came last week."]),
    ],
)
def test_clauses_that_only_tell_are_left_out_where_others_ask(text: str, classified: list[str]) -> None:
    assert [part.get(TEXT) for part in split(text)[1:]] == classified


def test_what_was_named_in_a_clause_left_out_is_what_the_question_is_about() -> None:
    parts = split("My nan has milia. We went for a walk. Do they go away?")
    for part in parts:
        part.set(INTENT, {"name": "ask_duration", "confidence": 0.5 if part is parts[0] else 0.9})

    [message] = ClauseGatherer().process(parts)

    assert message.get("questions") == [{"topic": "duration", "conditions": ["milia"]}]
