"""Which questions teach that there is no red flag."""

from skinfo.content import read_yaml
from skinfo.paths import project_folder
from skinfo.rasa.training import everyday_questions


def _lines(file: str) -> set[str]:
    data = read_yaml(project_folder() / "data" / "nlu" / file).data
    return {
        line.strip().removeprefix("- ") for entry in data["nlu"] for line in entry["examples"].splitlines()
    } - {""}


def test_what_is_out_of_scope_teaches_it_unless_it_may_be_urgent() -> None:
    texts = {text for text, _ in everyday_questions()}

    assert _lines("out_of_scope.yml") <= texts
    assert _lines("out_of_scope_urgent.yml").isdisjoint(texts)


def test_what_people_tell_of_their_own_skin_does_not() -> None:
    assert {intent for _, intent in everyday_questions()}.isdisjoint(
        {"report_symptom", "ask_identify", "ask_see_doctor"}
    )
