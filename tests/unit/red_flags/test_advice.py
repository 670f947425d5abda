"""What is said when a flag is raised."""

import re

import pytest

from skinfo.paths import facts_folder
from skinfo.red_flags import RedFlag, load_red_flags

every_flag = pytest.mark.parametrize(
    "flag", load_red_flags(facts_folder() / "red_flags").flags, ids=lambda flag: flag.id
)


@every_flag
def test_advice_holds_no_helpline_number_of_one_country(flag: RedFlag) -> None:
    assert not re.search(r"\b(?:111|112|911|999|000|988|116 ?123)\b|\d{3,}[- ]\d{3,}", flag.advice)


@every_flag
def test_advice_never_diagnoses(flag: RedFlag) -> None:
    said = f"{flag.advice} {flag.mentioned_as}"

    assert not re.search(
        r"\byou (?:have|probably have|may have) (?:an? )?(?:anaphylaxis|cellulitis|herpes|cancer|sepsis)",
        said,
        re.I,
    )


@every_flag
def test_an_emergency_says_where_to_go_at_once(flag: RedFlag) -> None:
    if flag.urgency == "emergency":
        assert "{emergency}" in flag.advice or "emergency department" in flag.advice
