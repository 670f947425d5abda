"""The page that `skinfo test --html` writes, in a real browser, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from skinfo.conversation import Memory
from skinfo.facts import Topic
from skinfo.suites.report import as_page
from tests.conftest import Ask

EMERGENCY = "my throat is closing up"


@pytest.fixture
def page_file(ask: Ask, tmp_path: Path) -> Path:
    """A page with each kind of block, a failure, and markup in what a person wrote."""
    failed = {"claim": "urgency: none", "outcome": "broken", "problem": "the urgency is emergency", "line": 7}
    kept = {"claim": "never is silent", "outcome": "kept", "problem": "", "line": None}

    def exchange(text: str, topic: Topic, check: dict) -> dict:
        turn = ask(text, topic, memory=Memory(country="GB"))[0].to_dict()
        buttons = [one["title"] for one in turn["suggestions"]]
        return {
            "user": text, "person": "", "pressed": False, "text": turn["text"], "buttons": buttons,
            "blocks": turn["blocks"], "urgency": turn["urgency"], "checks": [check],
        }  # fmt: skip

    held = [
        {
            "name": "it fails", "file": "/suites/red_flags/a.yml", "line": 3, "known_failure": None,
            "exchanges": [exchange(EMERGENCY, Topic.DEFINITION, failed)],
        },
        {
            "name": "it holds", "file": "/suites/comparisons/b.yml", "line": 3, "known_failure": None,
            "exchanges": [
                exchange("milia or acne <img src=x onerror=alert(1)>", Topic.COMPARE, kept),
                exchange("i want to kill myself", Topic.DEFINITION, kept),
            ],
        },
    ]  # fmt: skip
    file = tmp_path / "page.html"
    file.write_text(as_page(held, [], Path("/suites"), "the bot in this process"), encoding="utf-8")
    return file


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (375, 740)])
def test_the_page_shows_conversations_as_they_looked_at_any_width(
    browser: Browser, page_file: Path, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.get_by_label("open all").check()

    assert asked == [page_file.as_uri()]
    assert page.locator(".alarm.emergency .word").get_by_text("emergency").is_visible()
    assert page.locator(".alarm.support .word").get_by_text("support").is_visible()
    assert page.get_by_text("☎ Call 999").first.is_visible()
    assert page.locator("table").is_visible()
    assert page.get_by_text("the urgency is emergency").is_visible()
    assert page.locator(".mine img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_failures_stand_open_and_can_be_picked_out(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())

    assert page.get_by_text(EMERGENCY).is_visible()
    page.get_by_label("failures only").check()
    assert page.locator("details.case:visible").count() == 1
    page.get_by_label("failures only").uncheck()
    page.get_by_label("Find in names and messages").fill("acne")
    assert page.locator("details.case:visible .name").all_text_contents() == ["it holds"]
    page.close()
