"""Every question of the seed article, through the whole trained bot."""

from __future__ import annotations

import pytest

from skinfo.replies import is_complete_turn
from tests.integration.conftest import Converse

QUESTIONS = [
    ("what is milia", "milia", "definition"),
    ("what causes it", "milia", "causes"),
    ("are they contagious", "milia", "contagious"),
    ("can I pop it", "milia", "popping"),
    ("how do I get rid of them", "milia", "treatment"),
    ("do they go away", "milia", "duration"),
    ("when should I see a doctor", "milia", "see_doctor"),
    ("what do milia look like", "milia", "appearance"),
    ("where do they show up", "milia", "areas"),
    ("how can I prevent them", "milia", "prevention"),
    ("which creams help", "milia", "products"),
    ("will they come back", "milia", "recurrence"),
]


def answered(turn: dict) -> set[tuple[str | None, str]]:
    return {(answer["condition"], answer["topic"]) for answer in turn["answers"]}


def test_the_article_s_questions_are_answered_in_one_conversation(converse: Converse) -> None:
    turns = converse(*(question for question, _, _ in QUESTIONS))

    wrong = [
        (question, answered(turn))
        for turn, (question, condition, topic) in zip(turns, QUESTIONS, strict=True)
        if (condition, topic) not in answered(turn)
    ]
    assert not wrong
    assert all(is_complete_turn(turn) for turn in turns)
    assert all(turn["sources"] for turn in turns)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("how do I tell milia from acne", "acne"),
        ("how do I tell milia from a cold sore", "cold_sores"),
        ("how do I tell milia from genital herpes", "genital_herpes"),
    ],
)
def test_milia_is_told_from_each_of_the_others_by_a_table(
    converse: Converse, question: str, other: str
) -> None:
    (turn,) = converse(question)

    assert {("milia", "compare"), (other, "compare")} <= answered(turn)
    assert any(block["type"] == "table" for block in turn["blocks"])


def test_is_this_herpes_is_compared_never_diagnosed(converse: Converse) -> None:
    (turn,) = converse("is this herpes")

    assert ("genital_herpes", "identify") in answered(turn)
    assert "cannot tell" in turn["text"]


def test_milia_on_a_newborn_gets_the_newborn_s_answer(converse: Converse) -> None:
    (turn,) = converse("milia on a newborn")

    assert turn["answers"][0]["condition"] == "milia"
    assert any("neonatal" in id_ or "newborn" in id_ for id_ in turn["answers"][0]["fact_ids"])


def test_pain_and_pus_need_help_the_same_day(converse: Converse) -> None:
    (turn,) = converse("the bumps hurt and there is pus")

    assert turn["urgency"] == "same_day"
    assert turn["blocks"][0]["type"] == "escalation"


def test_a_closing_throat_is_an_emergency(converse: Converse) -> None:
    (turn,) = converse("my throat is closing up", country="GB")

    assert turn["urgency"] == "emergency"
    assert "999" in turn["text"]
    assert not turn["answers"]


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("hello", "greet"),
        ("thanks", "thanks"),
        ("bye", "goodbye"),
        ("are you a doctor", "bot_challenge"),
        ("what can you do", "ask_capabilities"),
        ("what's the weather tomorrow", "out_of_scope"),
    ],
)
def test_small_talk_and_limits_end_with_the_disclaimer(converse: Converse, message: str, intent: str) -> None:
    (turn,) = converse(message)

    assert turn["intent"]["name"] == intent
    assert turn["answers"] == []
    assert is_complete_turn(turn)


def test_asked_for_sources_the_bot_says_what_it_could_check_of_the_article_s(converse: Converse) -> None:
    _, turn = converse("what is milia", "where is that from")

    for organisation in ("Cleveland Clinic", "Healthline", "NIH", "Harvard Health", "BBC Health"):
        assert organisation in turn["text"]
    assert turn["sources"]


def test_two_questions_in_one_message_are_both_answered(converse: Converse) -> None:
    (turn,) = converse("what are milia and can I pop them?")

    assert {("milia", "definition"), ("milia", "popping")} <= answered(turn)


def test_a_question_at_the_end_of_a_story_is_found(converse: Converse) -> None:
    (turn,) = converse(
        "I had a peel in spring and since then I see hard white dots on my cheeks. My sister says it is milia. "
        "They do not hurt at all. How long do milia last?"
    )

    assert ("milia", "duration") in answered(turn)


def test_free_text_can_not_be_an_intent_payload(converse: Converse) -> None:
    _, turn = converse("what is milia", "/restart")

    assert turn["intent"]["name"] != "restart"
    assert is_complete_turn(turn)


@pytest.mark.parametrize("text", ["", "   ", "🙂", "???", "x" * 2000, "/", "\x00\x01", "你好"])
def test_odd_text_gets_a_complete_reply(converse: Converse, text: str) -> None:
    (turn,) = converse(text)

    assert is_complete_turn(turn)


def test_conversations_do_not_know_of_each_other(converse: Converse) -> None:
    converse("what is milia")
    (turn,) = converse("can I pop it")

    assert answered(turn) == {(None, "popping")}
