"""The phrases that stand with each flag in ``facts/red_flags/`` are found, or left alone."""

import pytest

from skinfo.facts import Urgency
from skinfo.paths import facts_folder
from skinfo.red_flags import RedFlag, load_red_flags

FLAGS = load_red_flags(facts_folder() / "red_flags").flags
every_flag = pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.id)


@every_flag
def test_what_people_say_of_it_is_raised_at_its_urgency_or_above(flag: RedFlag, present) -> None:
    missed = [
        text
        for text in flag.examples.present
        if max((urgency.rank for urgency in present(text).values()), default=0) < flag.urgency.rank
        and not (flag.lowers and present(text).get(flag.id) is Urgency.SAME_DAY)
    ]

    assert not missed


@every_flag
def test_what_makes_it_an_emergency_does(flag: RedFlag, present) -> None:
    missed = [text for text in flag.examples.emergency if Urgency.EMERGENCY not in present(text).values()]

    assert not missed


@every_flag
def test_what_only_sounds_like_it_raises_nothing(flag: RedFlag, present) -> None:
    raised = {text: present(text) for text in flag.examples.absent if present(text)}

    assert not raised


def test_all_flags_of_the_dossier_are_there_and_one_for_emergencies_that_are_not_of_skin() -> None:
    ids = {flag.id for flag in FLAGS}

    assert "other_emergency" in ids
    assert len(ids) == 34 + 1


def test_each_flag_is_mostly_found_as_itself(present) -> None:
    as_itself = [flag.id in present(text) for flag in FLAGS for text in flag.examples.present]

    assert sum(as_itself) / len(as_itself) > 0.95
