"""Red flags: found when they are there, left alone when they are not."""

import pytest

from skinfo.facts import Urgency
from skinfo.paths import facts_folder
from skinfo.red_flags import RedFlagDetector, load_red_flags

RULES = load_red_flags(facts_folder() / "red_flags")
DETECTOR = RedFlagDetector(RULES)
#: Of the phrasings that stand with each flag, the share the rules must find, and may raise wrongly.
FOUND_AT_LEAST = 0.97
RAISED_AT_MOST = 0.02


def present(text: str) -> dict[str, Urgency]:
    return {m.id: m.urgency for m in DETECTOR.detect_text(text) if m.status == "present"}


def test_the_phrasings_that_stand_with_the_flags_are_found() -> None:
    examples = [(flag, text) for flag in RULES.flags for text in flag.examples.present]
    missed = [(flag.id, text) for flag, text in examples if not present(text)]

    assert len(missed) <= (1 - FOUND_AT_LEAST) * len(examples), missed


def test_the_near_misses_that_stand_with_the_flags_raise_nothing() -> None:
    texts = [text for flag in RULES.flags for text in flag.examples.absent]
    raised = [(text, present(text)) for text in texts if present(text)]

    assert len(raised) <= RAISED_AT_MOST * len(texts), raised


@pytest.mark.parametrize(
    ("text", "flag", "urgency"),
    [
        ("my throat is closing up", "anaphylaxis", Urgency.EMERGENCY),
        ("my throat feels like its closing", "anaphylaxis", Urgency.EMERGENCY),
        ("the bumps hurt and there is pus", "infection_signs", Urgency.SAME_DAY),
        ("cant wee and sores down there", "urinary_retention", Urgency.EMERGENCY),
        ("theres a red line going up my arm", "infection_signs", Urgency.SAME_DAY),
        ("my newborn has a fever", "neonatal_hsv", Urgency.EMERGENCY),
        ("i want to kill myself", "suicide_selfharm", Urgency.EMERGENCY),
    ],
)
def test_a_sign_is_raised_at_its_urgency(text: str, flag: str, urgency: Urgency) -> None:
    assert present(text).get(flag) == urgency


@pytest.mark.parametrize(
    "text",
    [
        "no fever and no pus",
        "there is no pus, just a small hard bump",
        "it isnt hot or swollen",
        "i have an itchy rash but no trouble breathing",
        "can milia get infected?",
        "what would infection look like",
        "what if my throat closes up",
        "i had cellulitis last year and it healed",
        "my neighbour has cellulitis",
        "this acne is killing me",
        "im dying to pop it",
    ],
)
def test_what_is_denied_asked_in_general_past_or_a_figure_of_speech_raises_nothing(text: str) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "no fever but there is pus",
        "i had it last year and now my face is swelling",
        "not sure but i think there is pus",
        "my mum cant breathe properly",
        "my husband has a red line going up his leg",
        "should i worry that there is pus coming out",
    ],
)
def test_a_denial_doubt_or_relative_does_not_hide_a_sign(text: str) -> None:
    assert present(text)


def test_a_sign_late_in_a_long_message_is_found() -> None:
    story = "I have had little white bumps for years and tried many creams from the shop. " * 10

    assert "anaphylaxis" in present(story + "Anyway since the new cream my throat is closing up.")


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "你好", "?" * 2000, "a " * 3000])
def test_odd_text_is_read_without_harm(text: str) -> None:
    assert present(text) == {}


def test_two_signs_escalate_together() -> None:
    assert present("pus and a fever of 39")["infection_signs"] is Urgency.EMERGENCY
