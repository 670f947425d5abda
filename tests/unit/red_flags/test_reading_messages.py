"""Spelling, long messages and odd text."""

import time

import pytest
import spacy

from skinfo.facts import Urgency


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("anaphalaxis help", "anaphylaxis"),
        ("my face is sweling", "face_swelling"),
        ("infcted spot", "infection_signs"),
        ("cant breth", "anaphylaxis"),
        ("my thorat is closing up", "anaphylaxis"),
        ("i can’t breathe", "anaphylaxis"),
        ("I CANNOT BREATHE", "anaphylaxis"),
        ("i cnt breathe", "anaphylaxis"),
        ("celulitis on my shin", "cellulitis"),
        ("its bleeeeeding and wont stoppp", "bleeding"),
        ("3wk old baby with temp of 38.5", "neonatal_hsv"),
        ("menengitis rash i think", "meningitis"),
    ],
)
def test_slips_of_spelling_do_not_hide_a_sign(text: str, flag: str, present) -> None:
    assert flag in present(text)


@pytest.mark.parametrize(
    "text", ["hearing aid rubs my ear", "my skin is healing nicely", "what a lovely texture"]
)
def test_an_ordinary_word_is_not_taken_for_a_slip(text: str, present) -> None:
    assert not present(text)


def test_a_sign_late_in_a_long_message_is_found(present) -> None:
    story = "I have had little white bumps for years and tried many creams from the shop. " * 20

    assert "anaphylaxis" in present(story + "Anyway since the new cream my throat is closing up.")


def test_signs_far_apart_are_not_put_together(present) -> None:
    assert "fever_rash" not in present(
        "I had a temperature. Then I bought a book. It was a good one. I read it twice. Now I have a rash."
    )


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂🙂", "你好，我的皮肤", "?" * 2000, "a " * 3000, "\n\n\n", "ааа" * 700]
)
def test_odd_text_is_read_without_harm(text: str, present) -> None:
    assert present(text) == {}


def test_a_mention_points_at_its_words(mentions) -> None:
    text = "Hello! 🙂 I think my throat is closing up"
    mention = mentions(text)["anaphylaxis"]

    assert text[mention.start_char : mention.end_char].startswith("throat")
    assert mention.evidence == ("throat_sign",)


def test_the_most_urgent_flag_comes_first(detector) -> None:
    found = detector.detect_text("my mole is bleeding, there is pus and i cant breathe")

    ranks = [mention.urgency.rank for mention in found if mention.status == "present"]
    assert ranks == sorted(ranks, reverse=True)
    assert found[0].urgency is Urgency.EMERGENCY


def test_a_spacy_doc_reads_as_its_text_does(detector) -> None:
    text = "my lips are swelling"

    assert detector.detect(spacy.blank("en")(text)) == detector.detect_text(text)


def test_a_message_is_read_in_a_few_milliseconds(detector) -> None:
    text = "hi i have a rash on my arm and it has been spreading since yesterday, what is it"
    took = []
    for _ in range(30):
        start = time.perf_counter()
        detector.detect_text(text)
        took.append(time.perf_counter() - start)

    assert sorted(took)[len(took) // 2] < 0.02  # 1 ms alone on a core; other tests may run beside this one
