from __future__ import annotations

import re
from typing import Any

import pytest

from skinfo.suites.assertions import (
    ActionExecuted,
    Answer,
    Answers,
    Asks,
    Assertion,
    BotDidNotUtter,
    BotUttered,
    Cites,
    Dials,
    EndsWithDisclaimer,
    ExactText,
    HasUrgency,
    NeverSays,
    Offers,
    OnlyAnswers,
    PointsTo,
    RaisesRedFlags,
    SaysFact,
    SlotWasNotSet,
    SlotWasSet,
    check_order,
)
from skinfo.suites.said import Button, Event, Said

TEXT = "What are milia?\n\nMilia are tiny cysts.\n\nWhich one do you mean?\n\nI am no doctor."
TURN: dict[str, Any] = {
    "answers": [
        {"condition": "milia", "topic": "definition", "context": None, "fact_ids": ["milia.definition"]}
    ],
    "sources": [{"id": "cc_bumps"}],
    "urgency": "same_day",
    "red_flags": [{"id": "burn", "urgency": "same_day"}],
    "signposts": [{"name": "psoriasis"}],
    "blocks": [
        {"type": "escalation", "phones": [{"label": "Call 999", "number": "999"}]},
        {"type": "heading", "text": "What are milia?"},
        {"type": "paragraph", "text": "Milia are tiny cysts. Which one do you mean?"},
    ],
}
SAID = Said(
    messages=(TEXT,),
    buttons=(Button("Acne", "/a"), Button("Milia", "/m")),
    turn=TURN,
    events=(
        Event("action", "action_greet"),
        Event("bot", "utter_hello", "Hello"),
        Event("slot", "conditions", ["milia"]),
        Event("action", "action_answer"),
    ),
    slots={"conditions": ["milia"], "country": None},
)


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("kept", "broken"),
    [
        (ActionExecuted("action_answer"), ActionExecuted("action_decline")),
        (SlotWasSet("conditions"), SlotWasSet("country")),
        (SlotWasSet("conditions", ["milia"]), SlotWasSet("conditions", ["acne"])),
        (SlotWasNotSet("country"), SlotWasNotSet("conditions")),
        (SlotWasNotSet("conditions", ["acne"]), SlotWasNotSet("conditions", ["milia"])),
        (BotUttered(utter_name="utter_hello"), BotUttered(utter_name="utter_bye")),
        (BotUttered(text_matches=pattern("tiny cysts")), BotUttered(text_matches=pattern("huge"))),
        (BotUttered(buttons=(Button("Acne"), Button("Milia", "/m"))), BotUttered(buttons=(Button("Milia"), Button("Acne")))),
        (BotDidNotUtter(text_matches=pattern("huge")), BotDidNotUtter(text_matches=pattern("tiny"))),
        (BotDidNotUtter(buttons=(Button("Acne"),)), BotDidNotUtter(buttons=(Button("Acne"), Button("Milia")))),
        (ExactText("Milia are  tiny cysts."), ExactText("Milia are tiny")),
        (Answers((Answer(("milia",), ("definition",)),)), Answers((Answer(("acne",), None),))),
        (Answers((Answer(None, ("who", "definition")),)), Answers(())),
        (OnlyAnswers((Answer(("milia",), None),)), OnlyAnswers((Answer(("acne",), None),))),
        (SaysFact(("milia.definition",), {"milia.definition": "Milia are tiny cysts."}), SaysFact(("milia.definition",), {"milia.definition": "Milia are big."})),
        (SaysFact(("milia.definition",), {"milia.definition": "Milia are"}), SaysFact(("milia.who",), {"milia.who": "Milia are"})),
        (Cites(("cc_bumps",)), Cites(("nhs",))),
        (Cites(("cc_bumps",)), Cites(())),
        (HasUrgency(("none", "same_day")), HasUrgency(("emergency",))),
        (RaisesRedFlags(("burn",)), RaisesRedFlags(("bite",))),
        (RaisesRedFlags(("burn",)), RaisesRedFlags(())),
        (EndsWithDisclaimer(("I am a doctor.", "I am no doctor.")), EndsWithDisclaimer(("I am a doctor.",))),
        (NeverSays((pattern("herpes"),)), NeverSays((pattern("herpes"), pattern("TINY")))),
        (Asks(pattern("which one")), Asks(pattern("how old"))),
        (Asks(None), Asks(None, is_asked=False)),
        (Asks(pattern("which one")), Asks(pattern("what are milia"))),
        (Offers(("Milia",)), Offers(("Warts",))),
        (Offers(("Milia",)), Offers(())),
        (PointsTo(("Psoriasis",)), PointsTo(("eczema",))),
        (PointsTo(("psoriasis",)), PointsTo(())),
        (Dials(("999",)), Dials(("911",))),
        (Dials(("999",)), Dials(())),
    ],
)  # fmt: skip
def test_a_claim_is_kept_or_broken_by_what_was_said(kept: Assertion, broken: Assertion) -> None:
    assert kept.check(SAID).outcome == "kept"
    check = broken.check(SAID)
    assert check.outcome == "broken"
    assert check.problem
    assert check.claim.startswith(broken.key)


@pytest.mark.parametrize(
    "claim",
    [
        Answers(()), Cites(()), HasUrgency(("none",)), RaisesRedFlags(()), PointsTo(()), Dials(()),
        ActionExecuted("x"), SlotWasSet("x"), SlotWasNotSet("x"), BotUttered(utter_name="x"),
    ],
)  # fmt: skip
def test_where_only_text_comes_back_a_claim_that_needs_more_says_so(claim: Assertion) -> None:
    check = claim.check(Said(messages=("Hello",)))

    assert check.outcome == "not checked"
    assert "needs" in check.problem


def test_what_differs_from_the_expected_words_is_marked() -> None:
    problem = ExactText("Milia are big red cysts.").problem(SAID)

    assert problem is not None
    assert "[-big red-] {+tiny+}" in problem


def test_claims_in_order_must_come_true_in_order() -> None:
    first, then = ActionExecuted("action_greet"), SlotWasSet("conditions", ["milia"])

    assert check_order([first, then], SAID, 1).outcome == "kept"
    assert check_order([then, first], SAID, 1).outcome == "broken"
    assert check_order([then, ActionExecuted("action_answer")], SAID, 1).outcome == "kept"
    assert check_order([first, then], Said(messages=("x",)), 1).outcome == "not checked"
