"""Slips of spelling, as the classifiers read them."""

import pytest

from skinfo.language import shared_mender
from skinfo.language.slips import SlipMender


def test_a_word_that_nobody_knows_is_read_as_the_most_frequent_word_within_reach() -> None:
    mender = SlipMender(everyday=["what", "where", "whit"], known=[])

    assert mender.mend("whta is it") == "what is it"
    assert mender.mend("whot is it") == "what is it"


def test_the_first_letter_is_mostly_right() -> None:
    rare_first = SlipMender(everyday=["bear", "hear"], known=[])

    assert rare_first.mend("heear") == "hear"
    assert shared_mender().mend("hwat is it") == "what is it", "far more frequent than heat"


def test_known_words_and_their_inflections_are_left_alone() -> None:
    mender = SlipMender(everyday=["texture", "checked"], known=["chuck", "wart"])

    text = "Chucked it. Textured warts, wart"

    assert mender.mend(text) == text


def test_a_misspelling_that_the_facts_list_is_no_word_of_the_language() -> None:
    assert shared_mender().mend("these sopts") == "these spots"


def test_a_long_word_may_hold_two_slips() -> None:
    mender = SlipMender(everyday=["contagious", "cream"], known=[])

    assert mender.mend("contageus") == "contagious"
    assert mender.mend("crm") == "crm"


@pytest.mark.parametrize("text", ["", "8mm", "don't", "приветт", "😀", "x" * 5000])
def test_what_is_no_plain_word_stays_as_it_is(text: str) -> None:
    assert shared_mender().mend(text) == text


def test_everything_but_the_slip_stays_as_it_was_written() -> None:
    text = "Is it CONTAGEOUS?  My doctor (Dr. Ng) didnt say…"

    assert shared_mender().mend(text) == "Is it contagious?  My doctor (Dr. Ng) didnt say…"
    (slip,) = shared_mender().slips(text)
    assert text[slip.start : slip.end] == "CONTAGEOUS"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hwo lng does it lats", "how long does it last"),
        ("is it ithcy", "is it itchy"),
        ("its stingin and oozin", "its stinging and oozing"),
        ("waht abuot on babeis", "what about on babies"),
    ],
)
def test_common_slips_of_questions_are_read_right(written: str, meant: str) -> None:
    assert shared_mender().mend(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "does Compeed help a cold sore",
        "is Differin ok for milia",
        "my chalazion is 3 months old",
        "molluscum on my toddler",
    ],
)
def test_names_of_conditions_and_of_medicines_are_never_slips(text: str) -> None:
    assert shared_mender().mend(text) == text
