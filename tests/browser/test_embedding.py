"""In somebody else's page: under its policy, beside its styles, twice, in a frame; by keyboard and by ear."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import BrowserContext, expect

from .conftest import DESKTOP, PHONE, ROOT, Open

LARGEST_BUNDLE_GZIPPED = 125_000
CORNER = "<skinfo-chat></skinfo-chat>"
LAUNCHER = "Ask about a skin bump"

HOSTILE_CSS = """
* { all: unset !important; font: 40px/3 cursive !important; letter-spacing: 1em !important; color: red !important;
    background: yellow !important; transform: rotate(3deg) !important; text-transform: uppercase !important; }
html { font-size: 50px !important; }
skinfo-chat, deep-chat, button, dialog, table { display: none !important; opacity: 0 !important; position: fixed !important; }
"""


def _with_hostile_styles(context: BrowserContext) -> None:
    context.route("**/hostile.css", lambda route: route.fulfill(content_type="text/css", body=HOSTILE_CSS))


def test_the_bundle_is_within_its_size() -> None:
    bundle = ROOT / "widget" / "dist" / "widget.js"
    assert len(gzip.compress(bundle.read_bytes(), 9)) <= LARGEST_BUNDLE_GZIPPED


@pytest.mark.parametrize("where", ["/chat", "/assets/embed.html"])
def test_the_pages_break_no_rule_of_a_strict_policy_and_ask_no_third_party(
    open_chat: Open, where: str
) -> None:
    chat = open_chat(where)
    chat.page.evaluate("document.querySelector('skinfo-chat').open()")
    chat.ready()
    chat.ask("is this herpes?")
    chat.ask("my throat is closing up")
    chat.widget.get_by_role("button", name="More").click()
    assert chat.problems == []
    assert chat.third_parties == []


def test_one_tag_is_enough_under_a_policy_that_allows_nothing_unsafe(open_chat: Open) -> None:
    chat = open_chat(body=CORNER, policy="default-src 'none'; script-src 'self'; connect-src 'self'")
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.ask("is this herpes?")
    assert [problem for problem in chat.problems if "favicon" not in problem] == []
    assert chat.widget.get_by_role("table").evaluate("table => getComputedStyle(table).fontSize") != ""


def test_a_host_with_hostile_styles_does_not_reach_the_chat(open_chat: Open) -> None:
    chat = open_chat(
        body=CORNER, head='<link rel="stylesheet" href="/hostile.css">', prepare=_with_hostile_styles
    )
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    answer = chat.ask("what is milia")
    expect(answer).to_be_visible()
    style = answer.locator(".text p").first.evaluate(
        "p => { const s = getComputedStyle(p); return [s.fontSize, s.letterSpacing, s.textTransform, s.color] }"
    )
    assert style[:3] == ["16px", "normal", "none"]
    assert style[3] != "rgb(255, 0, 0)"
    box = chat.widget.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] > 900 and box["y"] > 0, "a transform of the host's moves the panel"
    assert box["x"] + box["width"] < DESKTOP["width"] and box["y"] + box["height"] < DESKTOP["height"]
    chat.screenshot("hostile-host")


def test_two_chats_on_a_page_are_two_conversations(open_chat: Open) -> None:
    chat = open_chat(
        body='<skinfo-chat id="a" placement="inline"></skinfo-chat><skinfo-chat id="b" placement="inline"></skinfo-chat>'
    )
    first, second = chat.page.locator("#a"), chat.page.locator("#b")
    for each in (first, second):
        expect(each.locator(".suggestions")).to_be_visible()
    box = first.get_by_role("textbox")
    box.fill("what is milia")
    box.press("Enter")
    expect(first.locator(".sources")).to_be_visible()
    assert second.locator("skinfo-entry[data-kind=user]").count() == 0
    chat.page.reload()
    expect(first.locator("skinfo-entry[data-kind=user]")).to_have_count(1)
    assert second.locator("skinfo-entry[data-kind=user]").count() == 0


def test_the_script_may_be_loaded_twice(open_chat: Open) -> None:
    chat = open_chat(body=CORNER, head='<script type="module" src="/widget.js?again"></script>')
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    assert chat.problems == []


def test_the_chat_survives_being_moved_within_a_single_page_app(open_chat: Open) -> None:
    chat = open_chat(body=f'{CORNER}<div id="elsewhere"></div>')
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.ask("what is milia")
    chat.page.evaluate("document.querySelector('#elsewhere').append(document.querySelector('skinfo-chat'))")
    chat.ready(2)
    expect(chat.input).to_be_visible()
    chat.ask("are they contagious")


def test_the_chat_works_in_a_frame(open_chat: Open) -> None:
    chat = open_chat(body='<iframe title="Chat" src="/chat" width="500" height="700"></iframe>')
    frame = chat.page.frame_locator("iframe")
    box = frame.get_by_role("textbox", name="Your question")
    box.fill("what is milia")
    box.press("Enter")
    expect(frame.locator(".sources")).to_be_visible()


def test_the_host_can_open_ask_and_listen(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    chat.page.evaluate(
        "() => { window.heard = []; for (const name of ['skinfo-open', 'skinfo-answer', 'skinfo-close'])"
        " document.addEventListener(name, e => window.heard.push([name, e.detail.urgency ?? null])) }"
    )
    chat.page.evaluate("document.querySelector('skinfo-chat').ask('my throat is closing up')")
    expect(chat.last.locator(".alarm")).to_be_visible()
    chat.page.evaluate("document.querySelector('skinfo-chat').close()")
    assert chat.page.evaluate("window.heard") == [
        ["skinfo-open", None],
        ["skinfo-answer", "emergency"],
        ["skinfo-close", None],
    ]


def test_a_question_is_asked_and_the_chat_left_by_keyboard_alone(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    launcher = chat.page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_attribute("aria-expanded", "false")
    chat.page.keyboard.press("Tab")
    expect(launcher).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.widget.get_by_role("dialog", name="Skinfo")).to_be_visible()
    chat.ready()
    expect(chat.input).to_be_focused()
    chat.page.keyboard.type("what is milia")
    chat.page.keyboard.press("Enter")
    chat.ready(2)
    chat.page.keyboard.type("can I pop it?")
    chat.page.keyboard.press("Tab")
    expect(chat.widget.get_by_role("button", name="Send")).to_be_focused()
    chat.page.keyboard.press("Space")
    chat.ready(3)
    chat.page.keyboard.press("Escape")
    expect(chat.widget.get_by_role("dialog")).to_have_count(0)
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")


def test_a_suggestion_is_reached_and_taken_by_keyboard_and_the_focus_is_not_lost(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.last.locator(".suggestions button").first.focus()
    chat.page.keyboard.press("Enter")
    chat.ready(2)
    assert chat.page.evaluate("document.activeElement.localName") == "skinfo-chat"


def test_escape_closes_the_menu_before_it_closes_the_chat(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    more = chat.widget.get_by_role("button", name="More")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(chat.widget.get_by_role("dialog")).to_be_visible()


def test_on_a_phone_the_chat_takes_the_screen_and_keeps_the_focus(open_chat: Open) -> None:
    chat = open_chat(body=f'{CORNER}<a href="#x">A link of the host</a>', viewport=PHONE)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    dialog = chat.widget.get_by_role("dialog", name="Skinfo")
    expect(dialog).to_have_attribute("aria-modal", "true")
    assert dialog.bounding_box() == {"x": 0, "y": 0, **PHONE}
    chat.ready()
    for _ in range(14):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.localName") in ("skinfo-chat", "body")
    chat.screenshot("launcher-open-phone")
    dialog.get_by_role("button", name="Close the chat").click()
    expect(chat.page.get_by_role("button", name=LAUNCHER)).to_be_focused()


def test_a_phones_keyboard_leaves_the_input_in_sight(open_chat: Open) -> None:
    chat = open_chat(body=CORNER, viewport=PHONE)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.page.set_viewport_size({"width": 360, "height": 380})
    expect(chat.input).to_be_in_viewport(ratio=1)
    expect(chat.widget.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)


def test_right_to_left_the_chat_stands_in_the_other_corner(open_chat: Open) -> None:
    chat = open_chat(body=f'<div dir="rtl">{CORNER}</div>')
    launcher = chat.page.get_by_role("button", name=LAUNCHER)
    box = launcher.bounding_box()
    assert box is not None and box["x"] < 100
    launcher.click()
    chat.ready()
    chat.ask("the bumps hurt and there is pus")
    chat.screenshot("right-to-left")


def test_on_a_desktop_the_host_stays_in_reach(open_chat: Open) -> None:
    chat = open_chat(body=f'{CORNER}<a href="#x">A link of the host</a>')
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.page.get_by_role("link", name="A link of the host").click()
    expect(chat.widget.get_by_role("dialog")).to_be_visible()
    chat.screenshot("launcher-open-desktop")


def test_an_answer_is_announced_once_and_an_escalation_at_once(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    status, alert = chat.widget.get_by_role("status"), chat.widget.get_by_role("alert")
    expect(status).to_contain_text(re.compile("milia", re.IGNORECASE))
    expect(alert).to_be_empty()
    chat.ask("my throat is closing up")
    expect(alert).to_contain_text("Emergency")
    assert chat.widget.locator("[aria-live]").count() == 2


def test_every_target_is_at_least_24_pixels(open_chat: Open) -> None:
    chat = open_chat(viewport=PHONE)
    chat.ready()
    chat.ask("my throat is closing up")
    chat.ask("what is milia")
    for target in chat.widget.locator(
        "button:visible, a:visible, summary:visible, [role=button]:visible"
    ).all():
        box = target.bounding_box()
        assert box is not None and box["width"] >= 24 and box["height"] >= 24, target.inner_text()


def test_nothing_moves_for_those_who_asked_for_less_motion(open_chat: Open) -> None:
    chat = open_chat(reduced_motion="reduce")
    chat.ready()
    chat.context.route("**/api/messages", lambda route: None)
    chat.input.fill("what is milia")
    chat.input.press("Enter")
    dot = chat.widget.locator(".dots i").first
    assert dot.evaluate("dot => getComputedStyle(dot).animationName") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
def test_axe_finds_nothing_in_any_state(
    open_chat: Open, scheme: str, size: str, viewport: dict[str, int]
) -> None:
    chat = open_chat(viewport=viewport, color_scheme=scheme)
    chat.ready()
    found = {"welcome": chat.accessibility()}
    for question in (
        "what is milia",
        "is this herpes?",
        "the bumps hurt and there is pus",
        "my throat is closing up",
    ):
        chat.ask(question)
        found[question] = chat.accessibility()
        chat.screenshot(f"{scheme}-{size}-{question.split()[-1].strip('?')}")
    chat.widget.get_by_role("button", name="More").click()
    found["menu"] = chat.accessibility()
    chat.widget.get_by_role("button", name="Delete my conversation").click()
    found["delete"] = chat.accessibility()
    chat.widget.get_by_role("button", name="Keep it").click()
    chat.context.route("**/api/messages", lambda route: route.abort("connectionrefused"))
    chat.ask("what causes it")
    found["failure"] = chat.accessibility()
    assert {state: problems for state, problems in found.items() if problems} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_axe_finds_nothing_in_the_corner_closed_or_open(
    open_chat: Open, scheme: str, viewport: dict[str, int]
) -> None:
    chat = open_chat(body=CORNER, viewport=viewport, color_scheme=scheme)
    expect(chat.page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    assert chat.accessibility() == []
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    assert chat.accessibility() == []


def test_forced_colours_leave_an_escalation_framed(open_chat: Open) -> None:
    chat = open_chat(forced_colors="active")
    chat.ready()
    alarm = chat.ask("my throat is closing up").locator(".alarm")
    assert alarm.evaluate("alarm => parseFloat(getComputedStyle(alarm).borderTopWidth)") >= 1
    chat.screenshot("forced-colours")
