"""What the store gives out: the page to review, the schemas."""

from datetime import date
from html.parser import HTMLParser

import yaml
from jsonschema import Draft7Validator

from skinfo.facts import FactStore
from skinfo.facts.checking import check_facts
from skinfo.facts.publishing import review_page, schemas
from skinfo.paths import facts_folder


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in ("script", "img", "link", "iframe"):
            self.loads.append(named.get("src") or named.get("href") or tag)


def test_the_review_page_holds_every_fact_and_loads_nothing(store: FactStore) -> None:
    page = review_page(store, date(2026, 11, 23))
    links = Links()
    links.feed(page)

    assert all(f'id="{fact}"' in page for fact in store.facts)
    assert "No\nclinician has reviewed" in page or "No clinician has reviewed" in page
    assert links.loads == []


def test_the_schemas_in_the_folder_are_those_of_the_models() -> None:
    for name, text in schemas().items():
        assert (facts_folder() / "schema" / name).read_text(encoding="utf-8") == text, (
            f"{name} is out of date; run `skinfo facts schema`"
        )


def test_the_content_fits_the_schemas_and_a_mistake_does_not() -> None:
    import json

    validator = Draft7Validator(json.loads(schemas()["condition.schema.json"]))
    for file in (facts_folder() / "conditions").glob("*.yml"):
        data = json.loads(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")), default=str))
        assert not list(validator.iter_errors(data)), file
    del data["title"]
    assert list(validator.iter_errors(data))


def test_the_content_passes_its_own_check() -> None:
    assert not [finding for finding in check_facts(facts_folder(), date.today()) if finding.level == "error"]


def test_an_expired_check_and_forbidden_wording_are_found(copied_facts) -> None:
    file = copied_facts / "conditions" / "acne.yml"
    text = file.read_text(encoding="utf-8")
    wrong = "You probably have it. Take 40 mg. It is common. It is common."
    text = text.replace("It is very common and can be treated.", wrong, 1)
    file.write_text(text, encoding="utf-8")

    problems = [str(f) for f in check_facts(copied_facts, date(2040, 1, 1)) if f.level == "error"]

    assert any("never weighs" in problem for problem in problems)
    assert any("no doses" in problem for problem in problems)
    assert any("was to be checked" in problem for problem in problems)
    assert any("says 'It is common.' more than once" in problem for problem in problems)
