"""A mistake in ``facts/red_flags/`` is refused with file, line and mend."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from skinfo.content import ContentError
from skinfo.facts import FactStore
from skinfo.paths import facts_folder
from skinfo.red_flags import load_red_flags
from skinfo.red_flags.checking import check_red_flags


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(facts_folder() / "red_flags", tmp_path / "red_flags"))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "emergency.yml",
            "    - tongue_sign\n",
            "    - tongue_sgn\n",
            "unknown concept 'tongue_sgn'",
        ),
        ("emergency.yml", "    - tongue_sign\n", "    - tongue sign\n", "cannot read the sign"),
        ("emergency.yml", "urgency: emergency", "urgency: at_once", "urgency"),
        ("same_day.yml", "{emergency}", "{emergancy}", "which nothing fills"),
        ("same_day.yml", "advice_status: draft", "advice_status: served", "must be a draft"),
        ("crisis.yml", "- id: sexual_assault", "- id: suicide_selfharm", "listed twice"),
        ("concepts.yml", '"{face} ... swell*', '"{fase} ... swell*', "unknown group of words {fase}"),
        ("concepts.yml", "even_if: [acquaintance]", "even_if: [friends]", "even_if"),
        ("context.yml", "reach: 7", "reach: 0", "reach"),
    ],
)
def test_a_mistake_names_its_file_line_and_mend(
    copied: Path, file: str, old: str, new: str, says: str
) -> None:
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError) as mistake:
        load_red_flags(copied)

    assert mistake.value.file == path
    assert mistake.value.line is not None
    assert abs(mistake.value.line - line) <= 8, (mistake.value.line, line)
    assert says in str(mistake.value)
    assert mistake.value.mend


def test_broken_yaml_names_its_line(copied: Path) -> None:
    (copied / "same_day.yml").write_text("- id: [burn\n  title: x\n", encoding="utf-8")

    with pytest.raises(ContentError, match=r"same_day\.yml:\d+: not valid YAML"):
        load_red_flags(copied)


def test_a_source_that_is_not_there_and_a_due_check_are_found(copied_facts: Path, store: FactStore) -> None:
    file = copied_facts / "red_flags" / "see_doctor.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("sources: [", "sources: [nowhere, ", 1), encoding="utf-8")

    found = [str(f) for f in check_red_flags(copied_facts / "red_flags", store, date(2040, 1, 1))]

    assert any("cites nowhere" in finding and "see_doctor.yml:" in finding for finding in found)
    assert any("was to be checked" in finding for finding in found)


def test_the_red_flags_pass_their_own_check(store: FactStore) -> None:
    assert not list(check_red_flags(facts_folder() / "red_flags", store, date.today()))
