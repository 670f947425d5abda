"""The figures on red flags count misses, false alarms and urgency as their names say."""

import json
from pathlib import Path

import pytest

from skinfo.content import ContentError
from skinfo.evaluation.red_flags import (
    RedFlagCase,
    read_red_flag_cases,
    red_flag_rows,
    run_red_flags,
)
from skinfo.facts import Urgency
from skinfo.red_flags import RedFlagMention

KNOWN = frozenset({"anaphylaxis", "burn"})


def mention(urgency: Urgency) -> RedFlagMention:
    return RedFlagMention("burn", urgency, "medical", "present", 0, 1, ())


def value(cases: list[RedFlagCase], said: dict[str, Urgency], measure: str, over: str) -> float:
    results = run_red_flags(cases, lambda text: ((mention(said[text]),) if text in said else (), 1.0))
    return next(
        row.share.value for row in red_flag_rows(results) if (row.measure, row.slice) == (measure, over)
    )


CASES = [
    RedFlagCase("a", frozenset({"burn"}), Urgency.EMERGENCY, None),
    RedFlagCase("b", frozenset({"burn"}), Urgency.SAME_DAY, None),
    RedFlagCase("c", frozenset(), Urgency.NONE, "denied"),
    RedFlagCase("d", frozenset(), Urgency.NONE, "ordinary"),
]


def test_a_miss_lowers_the_share_that_is_raised() -> None:
    assert value(CASES, {"a": Urgency.EMERGENCY}, "raised", "every red flag") == 0.5
    assert value(CASES, {"a": Urgency.EMERGENCY}, "raised", "emergency") == 1.0


def test_too_low_an_urgency_is_under_triage() -> None:
    said = {"a": Urgency.SAME_DAY, "b": Urgency.EMERGENCY}

    assert value(CASES, said, "under-triaged", "every red flag") == 0.5
    assert value(CASES, said, "over-triaged", "every red flag") == 0.5


def test_ordinary_questions_are_not_counted_among_what_sounds_like_a_red_flag() -> None:
    said = {"d": Urgency.SAME_DAY}

    assert value(CASES, said, "false alarm", "sounds like a red flag") == 0.0
    assert value(CASES, said, "false alarm", "ordinary") == 1.0


@pytest.mark.parametrize(
    ("text", "by_finding"),
    [
        ("The arm is burnt but there isn't any blister.", False),
        ("No fever. There's no blister.", True),
        ("It burnt me. Nobody saw a blister.", True),
    ],
)
def test_what_is_raised_without_the_finding_too_is_not_raised_by_it(
    tmp_path: Path, text: str, by_finding: bool
) -> None:
    file = tmp_path / "findings.jsonl"
    line = {"text": text, "target": "blister", "negation": "negated"}
    file.write_text(json.dumps(line), encoding="utf-8")
    [case] = read_red_flag_cases(file, KNOWN)
    said = {text: Urgency.SAME_DAY, "The arm is burnt but there .": Urgency.SAME_DAY}

    assert value([case], said, "false alarm", "sounds like a red flag") == 1.0
    assert value([case], said, "raised by the finding taken back", "negated or past") == by_finding


@pytest.mark.parametrize(
    "group",
    [
        "- flags: [anaphilaxis]\n  urgency: emergency\n  messages: [x]",
        "- flags: [burn]\n  messages: [x]",
        "- messages: [x]",
        "- kind: denied\n  flags: [burn]\n  urgency: same_day\n  messages: [x]",
    ],
)
def test_a_group_with_labels_that_do_not_fit_names_its_place(tmp_path: Path, group: str) -> None:
    file = tmp_path / "messages.yml"
    file.write_text(group, encoding="utf-8")

    with pytest.raises(ContentError, match=r"messages\.yml:1"):
        read_red_flag_cases(file, KNOWN)
