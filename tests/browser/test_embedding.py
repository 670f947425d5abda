"""In somebody else's page: under its policy, beside its styles, twice, in a frame; by keyboard and by ear."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import OTHER_SITE

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


def test_the_server_sends_the_bundle_packed_to_those_who_take_it(skinfo_server: str) -> None:
    bundle = (ROOT / "widget" / "dist" / "widget.js").read_bytes()
    for accepted, encoding in (("gzip, br", "gzip"), ("identity", None)):
        with httpx.stream(
            "GET", f"{skinfo_server}/widget.js", headers={"Accept-Encoding": accepted}
        ) as answer:
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["content-type"].startswith("text/javascript")
            sent = int(answer.headers["content-length"])
            assert answer.read() == bundle
        assert (sent <= LARGEST_BUNDLE_GZIPPED) == (encoding == "gzip")


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


def test_a_keyboard_that_covers_the_page_moves_the_panel_above_it(open_chat: Open) -> None:
    """On iOS the keyboard shrinks the visual viewport only, which no headless browser does: so it is told to."""
    chat = open_chat(
        body=CORNER,
        viewport=PHONE,
        prepare=lambda context: context.add_init_script(
            "const keyboard = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0 });"
            "Object.defineProperty(window, 'visualViewport', { value: keyboard })"
        ),
    )
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.page.evaluate(
        "Object.assign(visualViewport, { height: 400, offsetTop: 60 }).dispatchEvent(new Event('resize'))"
    )
    box = chat.input.bounding_box()
    assert box is not None and box["y"] > 60 and box["y"] + box["height"] <= 460


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
    question, panel = chat.questions.last.bounding_box(), chat.widget.get_by_role("dialog").bounding_box()
    assert question is not None and panel is not None
    assert question["x"] - panel["x"] < panel["width"] / 4, "what the person says stands at the line's end"
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


def test_taking_a_suggestion_does_not_announce_the_answer_it_stood_under_again(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    expect(chat.widget.get_by_role("status")).to_contain_text("Sources")
    chat.page.evaluate(
        "() => { window.said = []; const region = document.querySelector('skinfo-chat').shadowRoot.querySelector('[role=status]');"
        " new MutationObserver(() => region.textContent && window.said.push(region.textContent))"
        ".observe(region, { childList: true }) }"
    )
    chat.last.locator(".suggestions button").first.click()
    chat.ready(3)
    # The old announcement may still stand when the answer is there already.
    chat.page.wait_for_function("() => window.said.some((words) => words !== 'Looking that up')")
    # And a second one would follow the first.
    chat.page.wait_for_timeout(500)
    said = chat.page.evaluate("window.said")
    assert len([words for words in said if words != "Looking that up"]) == 1, said


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
    expect(chat.widget.locator(".dots")).to_be_visible()
    assert chat.page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length") == 0


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
    chat.answers.nth(1).get_by_role("button", name="Helpful", exact=True).click()
    found["rated"] = chat.accessibility()
    chat.widget.get_by_role("button", name="More").click()
    found["menu"] = chat.accessibility()
    chat.widget.get_by_role("button", name="Delete my conversation").click()
    found["delete"] = chat.accessibility()
    chat.widget.get_by_role("button", name="Keep it").click()
    chat.context.route("**/api/messages", lambda route: route.abort("connectionrefused"))
    chat.ask("what causes it")
    found["failure"] = chat.accessibility()
    chat.context.route("**/api/messages", lambda route: None)
    chat.input.fill("who gets it")
    chat.input.press("Enter")
    expect(chat.widget.locator(".pending")).to_be_visible()
    found["waiting"] = chat.accessibility()
    chat.page.evaluate("document.querySelector('skinfo-chat').deleteConversation()")
    expect(chat.widget.locator(".notice")).to_be_visible()
    found["deleted"] = chat.accessibility()
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


def _on_another_origin(server: str) -> Callable[[BrowserContext], None]:
    """A site of another origin, which the server's operator lets in."""
    page = (
        '<!doctype html><html lang="en"><title>A clinic</title><h1>A clinic</h1>'
        f'<script type="module" src="{server}/widget.js"></script><skinfo-chat></skinfo-chat></html>'
    )
    policy = f"default-src 'none'; script-src {server}; connect-src {server}"

    def prepare(context: BrowserContext) -> None:
        context.route(
            f"{OTHER_SITE}/**",
            lambda route: route.fulfill(
                content_type="text/html", headers={"Content-Security-Policy": policy}, body=page
            ),
        )

    return prepare


def test_two_tags_on_a_site_of_another_origin_talk_to_the_server_that_the_script_came_from(
    open_chat: Open, skinfo_server: str
) -> None:
    server = skinfo_server.rstrip("/")
    chat = open_chat("/health", prepare=_on_another_origin(server))
    chat.page.goto(OTHER_SITE)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    with chat.page.expect_request("**/api/messages") as sent:
        answer = chat.ask("what is milia")
    expect(answer.locator(".sources")).to_be_visible()
    answer.get_by_role("button", name="Helpful", exact=True).click()
    expect(answer.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
    assert sent.value.header_value("cookie") is None
    assert chat.context.cookies() == []
    assert [p for p in chat.problems if "favicon" not in p] == []
    assert {url for url in chat.third_parties if not url.startswith(OTHER_SITE)} == set()


def test_the_server_can_be_named(open_chat: Open, skinfo_server: str) -> None:
    chat = open_chat(body='<skinfo-chat placement="inline" server="/elsewhere/"></skinfo-chat>')
    expect(chat.last.locator(".failure")).to_be_visible()
    with chat.page.expect_request("**/api/conversations") as sent:
        chat.page.evaluate(
            "s => document.querySelector('skinfo-chat').setAttribute('server', s)", skinfo_server
        )
    assert sent.value.url == f"{chat.server}/api/conversations"
    expect(chat.last.locator(".suggestions")).to_be_visible()
    chat.ready(1)


def test_the_bundle_is_one_file_that_asks_for_no_other(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url.removeprefix(chat.server)))
    chat.page.reload()
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    assert set(asked) - {"/favicon.ico"} == {"/a-page-of-a-host", "/widget.js", "/api/conversations"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffd400", "#0a1a5c", "hotpink"])
def test_an_accent_of_the_hosts_stays_readable(open_chat: Open, accent: str, scheme: str) -> None:
    chat = open_chat(body=f'<skinfo-chat accent="{accent}"></skinfo-chat>', color_scheme=scheme)
    launcher = chat.page.get_by_role("button", name=LAUNCHER)
    expected = chat.page.evaluate(
        "c => { const probe = document.createElement('i'); probe.style.color = c; document.body.append(probe);"
        " const color = getComputedStyle(probe).color; probe.remove(); return color }",
        accent,
    )
    assert launcher.evaluate("b => getComputedStyle(b).backgroundColor") == expected
    assert chat.accessibility() == [], "the launcher is written on the accent"
    launcher.click()
    chat.ready()
    assert chat.accessibility() == [], "suggestions are written in the accent"
    chat.ask("what is milia")
    assert chat.accessibility() == []
    chat.screenshot(f"accent-{scheme}-{accent.strip('#')}")


def test_attributes_take_effect_when_a_single_page_app_changes_them(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.ask("what is milia")
    change = "([name, value]) => document.querySelector('skinfo-chat').setAttribute(name, value)"
    chat.page.evaluate(change, ["heading", "Ask our clinic"])
    expect(chat.widget.get_by_role("dialog", name="Ask our clinic")).to_be_visible()
    chat.page.evaluate(change, ["position", "left"])
    box = chat.widget.get_by_role("dialog").bounding_box()
    assert box is not None and box["x"] < 100
    chat.page.evaluate(change, ["theme", "dark"])
    ground = chat.widget.get_by_role("dialog").evaluate("d => getComputedStyle(d).backgroundColor")
    assert ground == "rgb(18, 25, 28)"
    chat.input.fill("half a question")
    chat.page.evaluate(change, ["placement", "inline"])
    expect(chat.widget.get_by_role("region", name="Conversation")).to_be_visible()
    assert chat.widget.get_by_role("dialog").count() == 0
    chat.ready(2)
    expect(chat.questions).to_have_count(1)
    expect(chat.input).to_have_text("half a question")


def test_a_chat_that_an_app_takes_out_and_puts_in_anew_goes_on(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    chat.ask("what is milia")
    chat.page.evaluate(
        "() => { document.querySelector('skinfo-chat').remove();"
        " document.querySelector('main').append(document.createElement('skinfo-chat')) }"
    )
    chat.ready(2)
    expect(chat.questions).to_have_count(1)
    chat.ask("are they contagious")


def test_two_chats_in_a_corner_do_not_lie_over_each_other(open_chat: Open) -> None:
    chat = open_chat(
        body='<skinfo-chat id="a" heading="A"></skinfo-chat><skinfo-chat id="b" heading="B"></skinfo-chat>'
    )
    first, second = (chat.page.locator(f"#{name}") for name in "ab")
    low, high = (each.get_by_role("button").bounding_box() for each in (first, second))
    assert low is not None and high is not None and high["y"] + high["height"] <= low["y"]
    first.get_by_role("button", name=LAUNCHER).click()
    expect(first.get_by_role("dialog", name="A")).to_be_visible()
    second.get_by_role("button", name=LAUNCHER).click()
    expect(second.get_by_role("dialog", name="B")).to_be_visible()
    expect(first.get_by_role("dialog")).to_have_count(0)


def test_the_focus_returns_to_the_button_of_the_hosts_that_opened_the_chat(open_chat: Open) -> None:
    chat = open_chat(
        body=f'<button id="own">Ask us</button>{CORNER}',
        head='<script type="module" src="/own.js"></script>',
        prepare=lambda context: context.route(
            "**/own.js",
            lambda route: route.fulfill(
                content_type="text/javascript",
                body="own.onclick = () => document.querySelector('skinfo-chat').open()",
            ),
        ),
    )
    own = chat.page.get_by_role("button", name="Ask us")
    own.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.widget.get_by_role("dialog")).to_be_visible()
    expect(chat.input).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.widget.get_by_role("dialog")).to_have_count(0)
    expect(own).to_be_focused()


def test_the_chat_works_in_a_frame_that_may_store_nothing(open_chat: Open) -> None:
    chat = open_chat(
        body=CORNER,
        prepare=lambda context: context.add_init_script(
            "for (const name of ['sessionStorage', 'localStorage'])"
            " Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })"
        ),
    )
    chat.page.get_by_role("button", name=LAUNCHER).click()
    chat.ready()
    expect(chat.ask("what is milia").locator(".sources")).to_be_visible()
    assert chat.problems == []


@pytest.mark.parametrize("where", ["/chat", "/assets/embed.html"])
def test_at_200_percent_zoom_nothing_is_lost_or_scrolls_sideways(open_chat: Open, where: str) -> None:
    """A window of 1280 by 800 at 200 % has 640 by 400 CSS pixels."""
    chat = open_chat(where, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    chat.page.evaluate("document.querySelector('skinfo-chat').open()")
    chat.ready()
    chat.ask("how do I tell milia from acne")
    chat.input.scroll_into_view_if_needed()
    expect(chat.input).to_be_in_viewport(ratio=1)
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.accessibility() == []


@pytest.mark.parametrize("language", ["de", "en_GB", "", "en-US"])
def test_a_language_without_a_table_or_a_tag_that_is_none_still_gives_a_chat(
    open_chat: Open, language: str
) -> None:
    chat = open_chat(body=f'<skinfo-chat placement="inline" lang="{language}"></skinfo-chat>')
    chat.ready()
    expect(chat.ask("what is milia").locator(".sources")).to_be_visible()
    assert chat.problems == []


def test_the_host_hears_of_restart_deletion_and_votes_but_never_of_what_was_said(open_chat: Open) -> None:
    chat = open_chat(body=CORNER)
    chat.page.evaluate(
        "() => { window.heard = []; for (const name of ['ready', 'open', 'close', 'answer', 'error', 'restart', 'delete', 'feedback'])"
        " document.addEventListener('skinfo-' + name, e => window.heard.push([name, JSON.stringify(e.detail)])) }"
    )
    chat.page.evaluate("document.querySelector('skinfo-chat').open()")
    chat.ready()
    chat.ask("what is milia").get_by_role("button", name="Helpful", exact=True).click()
    expect(chat.widget.get_by_role("status")).to_contain_text("Thank you")
    chat.page.evaluate("document.querySelector('skinfo-chat').restart()")
    chat.ready(1)
    assert chat.page.evaluate("document.querySelector('skinfo-chat').deleteConversation()") is True
    heard = chat.page.evaluate("window.heard")
    assert {name for name, _ in heard} == {"ready", "open", "answer", "feedback", "restart", "delete"}
    assert "milia" not in str(heard)
