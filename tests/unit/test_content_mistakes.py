"""A mistake in the content says file, line and mend."""

import pickle
from pathlib import Path

import pytest

from skinfo.content import ContentError
from skinfo.conversation import Responder
from skinfo.facts import FactStore
from skinfo.red_flags import load_red_flags


def change(file: Path, old: str, new: str) -> int:
    """Replace the first `old`; the line it stood in."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("conditions/milia.yml", "topic: definition", "topic: definitoin", "definition"),
        ("conditions/milia.yml", "sources: [cc_bumps", "sources: [no_such_page", "no_such_page"),
        ("conditions/acne.yml", "id: acne.causes", "id: acne.definition", "used twice"),
        ("conditions/acne.yml", "grade: B", "grade: Q", "grade"),
        ("conditions/acne.yml", "status: served", "statsu: served", "status"),
        ("conditions/cold_sores.yml", "other: milia", "other: millia", "unknown condition"),
        ("popular_claims.yml", "milia.causes", "milia.cause", "unknown fact"),
        ("sources.yml", "id: cc_milia", "id: cc_bumps", "listed twice"),
    ],
)
def test_a_mistake_names_its_file_its_line_and_the_mend(
    copied_facts: Path, file: str, old: str, new: str, says: str
) -> None:
    line = change(copied_facts / file, old, new)

    with pytest.raises(ContentError) as mistake:
        FactStore.load(copied_facts)

    assert mistake.value.file.name == Path(file).name
    assert mistake.value.line is not None
    # A field that is missing has no line of its own: the fact's first line is named.
    assert -12 <= mistake.value.line - line <= 1
    assert says in str(mistake.value)
    assert "mend:" in str(mistake.value)


def test_broken_yaml_is_one_clear_message(copied_facts: Path) -> None:
    (copied_facts / "conditions" / "milia.yml").write_text("id: [milia\ntitle: x", encoding="utf-8")

    with pytest.raises(ContentError, match=r"milia\.yml:\d+: not valid YAML"):
        FactStore.load(copied_facts)


def test_a_key_that_stands_twice_is_refused(copied_facts: Path) -> None:
    file = copied_facts / "red_flags" / "concepts.yml"
    change(file, "  years old: year old\n", "  years old: year old\n  years old: year olds\n")

    with pytest.raises(ContentError, match="stands here twice"):
        load_red_flags(copied_facts / "red_flags")


def test_a_fact_nobody_read_a_source_for_cannot_be_served(copied_facts: Path) -> None:
    file = copied_facts / "conditions" / "milia.yml"
    change(file, "status: draft", "status: served")

    with pytest.raises(ContentError, match="must stay `status: draft`"):
        FactStore.load(copied_facts)


def test_a_red_flag_with_an_unknown_concept_is_refused(copied_facts: Path) -> None:
    change(copied_facts / "red_flags" / "same_day.yml", "- pus", "- puss_colour")

    with pytest.raises(ContentError, match="unknown concept 'puss_colour'"):
        load_red_flags(copied_facts / "red_flags")


def test_a_missing_wording_is_refused(copied_facts: Path) -> None:
    change(copied_facts / "wording.yml", "goodbye:", "goodby:")

    with pytest.raises(ContentError, match=r"wording\.yml"):
        Responder.load(copied_facts)


def test_a_mistake_can_be_handed_from_one_process_to_another() -> None:
    mistake = ContentError("unknown key", file=Path("facts/a.yml"), line=3, mend="use one of: b")

    again = pickle.loads(pickle.dumps(mistake))

    assert (str(again), again.line) == (str(mistake), 3)
