"""Scoring: what counts as right, and how votes are counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from skinfo.content import ContentError
from skinfo.evaluation import Case, read_cases, score, share
from skinfo.evaluation.calibration import calibration, single_questions
from skinfo.evaluation.report import compare, report_data
from skinfo.evaluation.typos import with_typos
from skinfo.facts import FactStore
from skinfo.language.pipeline import shared_names

CONDITIONS = frozenset({"milia", "acne", "cold_sores", "genital_herpes"})


def case(tmp_path: Path, **fields: Any) -> Case:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps({"text": "can I pop it", **fields}) + "\n", encoding="utf-8")
    return read_cases(file, CONDITIONS)[0]


def turn(*answers: tuple[str | None, str], signposts: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "answers": [{"condition": about, "topic": topic, "context": None} for about, topic in answers],
        "signposts": [{"name": name} for name in signposts],
        "intent": {"name": "ask_popping", "confidence": 0.9},
        "urgency": "none",
        "red_flags": [],
        **more,
    }


def met(one: Case, said: dict[str, Any]) -> dict[str, bool]:
    return dict(score(one, said, shared_names()).measures)


def test_the_right_condition_with_the_wrong_topic_is_wrong(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="milia", topics=["popping", "home_care"])

    assert met(asked, turn(("milia", "home_care")))["right_fact"]
    assert not met(asked, turn(("milia", "causes")))["right_fact"]
    assert not met(asked, turn(("acne", "popping")))["right_fact"]


def test_condition_and_topic_must_be_right_in_the_same_answer(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="milia", topics=["popping"])

    assert not met(asked, turn(("milia", "causes"), ("acne", "popping")))["right_fact"]


def test_every_part_of_a_compound_question_must_be_answered(tmp_path: Path) -> None:
    parts = [{"condition": "milia", "topics": ["popping"]}, {"condition": "acne", "topics": ["causes"]}]
    asked = case(tmp_path, parts=parts)

    assert met(asked, turn(("milia", "popping"), ("acne", "causes")))["every_part"]
    assert not met(asked, turn(("milia", "popping")))["every_part"]


def test_a_comparison_needs_both_sides(tmp_path: Path) -> None:
    asked = case(tmp_path, condition=["milia", "acne"], topics=["compare"])

    assert met(asked, turn(("milia", "compare"), ("acne", "compare")))["right_fact"]
    assert not met(asked, turn(("milia", "compare")))["right_fact"]


def test_another_condition_must_not_be_answered_as_one_of_the_store(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="other:psoriasis")

    assert all(met(asked, turn(signposts=("Psoriasis",))).values())
    assert not met(asked, turn(("acne", "causes")))["not_taken_for_inside"]
    assert not met(asked, turn((None, "causes")))["signposted"]


def test_an_answer_to_what_is_out_of_scope_is_wrong(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="none", kind="weather")

    assert met(asked, turn())["declined"]
    assert not met(asked, turn((None, "causes")))["declined"]
    assert not met(asked, turn(signposts=("Moles",)))["declined"]


def test_types_of_other_data_stand_for_our_topics(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="other:herpes_unspecified", question_type_all=["diagnosis"])

    assert met(asked, turn(("genital_herpes", "identify")))["right_fact"]


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ({"text": "x"}, "condition"),
        ({"text": "x", "condition": "milia", "topics": ["poping"]}, "popping"),
        ({"text": "x", "condition": "psoriasis", "topics": ["causes"]}, "other:NAME"),
        ({"condition": "milia", "topics": ["causes"]}, "text"),
        ({"text": "x", "condition": "milia", "topics": ["causes"], "context": "knee"}, "eyelids"),
    ],
)
def test_a_line_that_cannot_be_used_names_its_place_and_the_mend(
    tmp_path: Path, line: dict[str, Any], mend: str
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n" + json.dumps(line) + "\n", encoding="utf-8")

    with pytest.raises(ContentError) as error:
        read_cases(file, CONDITIONS)

    assert f"{file}:2" in str(error.value)
    assert mend in error.value.mend


def test_a_group_of_paraphrases_has_one_vote() -> None:
    found = share([("a", True), ("a", True), ("a", False), ("b", False)])

    assert found.votes == 2
    assert found.value == pytest.approx((2 / 3) / 2)


def test_an_interval_holds_its_share_and_narrows_with_votes() -> None:
    few = share((str(number), number % 4 != 0) for number in range(20))
    many = share((str(number), number % 4 != 0) for number in range(2000))

    assert few.low < few.value < few.high
    assert many.high - many.low < few.high - few.low


def test_a_typo_stands_in_a_quarter_of_the_words_and_a_seed_repeats_it() -> None:
    text = "please tell me whether these little white spots under my eyes will disappear without treatment"
    slipped = with_typos(text, 3)
    changed = [one for one, other in zip(slipped.split(), text.split(), strict=True) if one != other]

    assert slipped == with_typos(text, 3)
    assert 0 < len(changed) <= len(text.split()) / 4


def test_the_calibration_error_is_how_far_confidence_is_from_what_was_right(tmp_path: Path) -> None:
    asked = case(tmp_path, condition="milia", topics=["popping"])
    right, wrong = turn(("milia", "popping")), turn(("milia", "causes"))
    withheld = turn(urgency="emergency")
    scored = [score(asked, said, shared_names()) for said in (right, right, right, wrong, withheld)]

    found = calibration(single_questions(scored))

    assert [one.count for one in found.bins] == [4]
    assert found.error == pytest.approx(0.9 - 0.75)
    assert calibration([]).error == 0.0


def test_a_comparison_says_what_got_better_and_what_worse(tmp_path: Path) -> None:
    asked = case(tmp_path, id="one", condition="milia", topics=["popping"])
    about = {"model": "m", "files": []}
    before = tmp_path / "before.json"
    wrong = report_data([score(asked, turn(), shared_names())], about)
    before.write_text(json.dumps(wrong), encoding="utf-8")
    now = report_data([score(asked, turn(("milia", "popping")), shared_names())], about)

    assert "### Better (2)" in compare(now, before)
    assert "### Worse (0)" in compare(now, before)


def test_the_own_test_set_can_be_read_and_is_large(store: FactStore) -> None:
    cases = read_cases(Path("tests/understanding/own_test.jsonl"), frozenset(store.conditions))

    assert len(cases) >= 500
