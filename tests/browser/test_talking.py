"""What a person meets: the page, a question, an answer with all its parts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from .conftest import DESKTOP, PHONE, Open

SIZES = pytest.mark.parametrize(("size", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])


@SIZES
def test_the_page_says_what_it_is_and_is_not_and_the_chat_is_open(
    open_chat: Open, size: str, viewport: dict[str, int]
) -> None:
    chat = open_chat(viewport=viewport)
    chat.ready()
    expect(chat.page.get_by_text("Never a diagnosis.", exact=True)).to_be_visible()
    expect(chat.page.get_by_text("No clinician has reviewed it yet.")).to_be_visible()
    expect(chat.input).to_be_visible()
    chat.screenshot(f"page-{size}")


@SIZES
def test_nothing_is_wider_than_the_page(open_chat: Open, size: str, viewport: dict[str, int]) -> None:
    chat = open_chat(viewport=viewport)
    chat.ready()
    chat.ask("is this herpes?")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.page.evaluate(
        "(() => { const m = document.querySelector('skinfo-chat').shadowRoot.querySelector('deep-chat').shadowRoot"
        ".getElementById('messages'); return m.scrollWidth <= m.clientWidth })()"
    )


def test_a_width_of_320_pixels_needs_no_sideways_scrolling(open_chat: Open) -> None:
    chat = open_chat(viewport={"width": 320, "height": 640})
    chat.ready()
    chat.ask("is this herpes?")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_example_of_the_page_is_asked_in_the_chat(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.page.get_by_role("button", name="Can I pop it?").click()
    chat.ready(2)
    expect(chat.questions).to_have_text([re.compile("Can I pop it\\?")])


@pytest.mark.parametrize(
    "question",
    [
        "what is milia",
        "what causes it",
        "are they contagious",
        "can I pop it",
        "how do I get rid of them",
        "do they go away",
        "when should I see a doctor",
        "milia on a newborn",
    ],
)
def test_a_typed_question_is_answered_and_the_answer_ends_with_the_disclaimer(
    open_chat: Open, question: str
) -> None:
    chat = open_chat()
    chat.ready()
    answer = chat.ask(question)
    expect(answer.locator(".disclaimer")).to_be_visible()
    assert len(answer.inner_text()) > 80
    assert chat.problems == []


def test_an_answer_names_its_sources_with_organisation_and_date(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    answer = chat.ask("what is milia")
    links = answer.locator(".sources a")
    expect(links.first).to_have_attribute("href", re.compile("^https?://"))
    expect(links.first).to_have_attribute("rel", re.compile("noopener"))
    expect(answer.locator(".origin").first).to_have_text(re.compile(r"\w+.*checked \d+ \w+ \d{4}"))


@SIZES
def test_a_comparison_is_a_table_with_headers_for_rows_and_columns(
    open_chat: Open, size: str, viewport: dict[str, int]
) -> None:
    chat = open_chat(viewport=viewport)
    chat.ready()
    table = chat.ask("how do I tell milia from acne").get_by_role("table")
    expect(table).to_be_visible()
    expect(table.get_by_role("columnheader", name="Milia")).to_have_attribute("scope", "col")
    expect(table.get_by_role("rowheader").first).to_have_attribute("scope", "row")
    chat.widget.scroll_into_view_if_needed()
    chat.screenshot(f"table-{size}")


def test_on_a_phone_each_cell_of_a_table_names_its_column(open_chat: Open) -> None:
    chat = open_chat(viewport=PHONE)
    chat.ready()
    cell = chat.ask("how do I tell milia from acne").locator("tbody td").first
    assert "Milia" in cell.evaluate("cell => getComputedStyle(cell, '::before').content")


def test_a_suggestion_is_sent_with_its_payload_once(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    suggestions = chat.last.locator(".suggestions button")
    title = suggestions.first.inner_text()
    with chat.page.expect_request("**/api/messages") as sent:
        suggestions.first.click()
    chat.ready(2)
    assert sent.value.post_data_json["text"] == title
    assert sent.value.post_data_json["payload"].startswith("/")
    expect(chat.questions).to_have_text([re.compile(re.escape(title))])
    for button in chat.answers.first.locator(".suggestions button").all():
        expect(button).to_be_disabled()


@SIZES
@pytest.mark.parametrize(
    ("message", "level"),
    [("my throat is closing up", "emergency"), ("the bumps hurt and there is pus", "same_day")],
)
def test_a_red_flag_is_first_in_words_colour_and_icon(
    open_chat: Open, message: str, level: str, size: str, viewport: dict[str, int]
) -> None:
    chat = open_chat(viewport=viewport)
    chat.ready()
    alarm = chat.ask(message).locator(".alarm").first
    for part in (".alarm-word", "h3"):
        expect(alarm.locator(part)).to_be_in_viewport(ratio=1)
    expect(alarm).to_have_attribute("data-level", level)
    expect(alarm.locator(".alarm-word")).to_have_text(re.compile("Emergency|Urgent"))
    expect(alarm.locator(".alarm-word svg")).to_be_visible()
    ground = alarm.evaluate("alarm => getComputedStyle(alarm).backgroundColor")
    assert ground not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    assert chat.last.evaluate(
        "entry => entry.querySelector('.unseen').nextElementSibling.classList.contains('alarm')"
    )
    chat.screenshot(f"{level}-{size}")


def test_the_emergency_number_of_a_known_country_can_be_tapped(open_chat: Open) -> None:
    chat = open_chat(body='<skinfo-chat placement="inline" country="GB"></skinfo-chat>')
    chat.ready()
    answer = chat.ask("my throat is closing up")
    expect(answer.locator("a[href='tel:999']")).to_be_visible()


def test_in_an_emergency_in_an_unknown_country_every_common_number_can_be_tapped(open_chat: Open) -> None:
    chat = open_chat(viewport=PHONE)
    chat.ready()
    alarm = chat.ask("my throat is closing up").locator(".alarm")
    for number in ("112", "911", "999", "000"):
        expect(alarm.locator(f"a[href='tel:{number}']")).to_be_visible()
    expect(alarm.locator("a[href='tel:112']")).to_be_in_viewport()


def test_markup_in_what_was_typed_or_answered_stays_text(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    hostile = "<img src=x onerror=\"document.title='owned'\"> ![x](http://evil.example/x.png) **bold** [l](http://evil.example)"
    chat.ask(hostile)
    expect(chat.questions.locator(".said")).to_have_text([hostile])
    assert chat.widget.locator("skinfo-entry").locator("img, script, strong, iframe").count() == 0
    assert chat.page.title() != "owned"
    assert chat.third_parties == []


def test_markup_from_the_server_stays_text(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    text = "<script>document.title='owned'</script><b>x</b> **y**"
    turn = {
        "text": text,
        "disclaimer": text,
        "suggestions": [{"title": text, "payload": "/x"}],
        "blocks": [
            {
                "type": "escalation",
                "urgency": "emergency",
                "title": text,
                "text": text,
                "phones": [{"label": text, "number": "javascript:1"}],
            },
            {
                "type": "table",
                "caption": text,
                "columns": [text],
                "rows": [{"header": text, "cells": [text]}],
            },
            {
                "type": "sources",
                "items": [
                    {
                        "id": "x",
                        "title": text,
                        "organisation": text,
                        "url": "javascript:alert(1)",
                        "checked": text,
                    }
                ],
            },
            {"type": "a block of tomorrow", "text": text},
            {"type": "disclaimer", "text": text},
        ],
    }
    chat.context.route("**/api/messages", lambda route: route.fulfill(json=turn))
    answer = chat.ask("hello")
    assert answer.locator("script, b, img").count() == 0
    assert answer.locator("a[href^='javascript']").count() == 0
    expect(answer.locator(".disclaimer")).to_have_text(text)
    assert chat.page.title() != "owned"


def test_an_answer_can_be_copied(open_chat: Open) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    chat.ready()
    answer = chat.ask("what is milia")
    answer.get_by_role("button", name="Copy this answer").click()
    expect(answer.get_by_role("button", name="Copy this answer")).to_have_text("Copied")
    assert "Sources:" in chat.page.evaluate("navigator.clipboard.readText()")


def test_the_conversation_can_be_saved_as_text(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    chat.widget.get_by_role("button", name="More").click()
    with chat.page.expect_download() as download:
        chat.widget.get_by_role("button", name="Save as text").click()
    assert "what is milia" in download.value.path().read_text(encoding="utf-8")
    assert chat.problems == []


def test_the_conversation_is_printed_without_the_page_around_it(open_chat: Open) -> None:
    chat = open_chat(
        prepare=lambda context: context.add_init_script(
            "window.print = () => { top.printed = document.body.innerText; dispatchEvent(new Event('afterprint')) }"
        )
    )
    chat.ready()
    chat.ask("what is milia")
    chat.widget.get_by_role("button", name="More").click()
    chat.widget.get_by_role("button", name="Print").click()
    printed = chat.page.evaluate("window.printed")
    assert "what is milia" in printed
    assert "Small bumps on your skin" not in printed
    assert chat.problems == []


def test_an_answer_can_be_rated_and_nothing_that_was_said_goes_along(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    answer = chat.ask("can I pop milia?")
    with chat.page.expect_response("**/api/feedback") as sent:
        answer.get_by_role("button", name="Helpful", exact=True).click()
    vote = sent.value.request.post_data_json
    assert sent.value.status == 204
    assert vote["helpful"] is True
    assert vote["about"] == ["milia.popping"]
    assert "pop milia" not in sent.value.request.post_data
    expect(answer.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(chat.widget.get_by_role("status")).to_contain_text("Only the vote is counted")
    with chat.page.expect_response("**/api/feedback") as changed:
        answer.get_by_role("button", name="Not helpful").click()
    assert changed.value.request.post_data_json["answer"] == vote["answer"]
    expect(answer.get_by_role("button", name="Not helpful")).to_be_focused()
    chat.page.reload()
    chat.ready(2)
    expect(chat.last.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")


def test_a_vote_that_could_not_be_sent_is_not_shown_as_given(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    answer = chat.ask("what is milia")
    chat.context.route("**/api/feedback", lambda route: route.abort("connectionrefused"))
    answer.get_by_role("button", name="Helpful", exact=True).click()
    expect(chat.widget.get_by_role("status")).to_contain_text("could not be sent")
    expect(answer.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )


def test_nobody_in_an_emergency_or_a_crisis_is_asked_for_a_rating(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    assert chat.ask("my throat is closing up").locator(".rating").count() == 0
    assert chat.ask("I want to kill myself").locator(".rating").count() == 0


def test_what_was_typed_and_not_sent_survives_a_reload_in_the_tab_alone(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.input.press_sequentially("what about my")
    chat.page.reload()
    expect(chat.input).to_have_text("what about my")
    assert "what about my" not in chat.page.evaluate("JSON.stringify(localStorage)")


def test_taking_the_conversation_off_the_device_in_one_tab_takes_it_off_in_all(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    keep = re.compile("Keep on this device")
    chat.widget.get_by_role("button", name="More").click()
    chat.widget.get_by_role("button", name=keep).click()
    other = chat.context.new_page()
    other.goto(f"{chat.server}/chat")
    expect(other.locator("skinfo-entry[data-kind=user]")).to_have_count(1)
    chat.widget.get_by_role("button", name=keep).click()
    other.locator("skinfo-chat").get_by_role("button", name="More").click()
    expect(other.locator("skinfo-chat").get_by_role("button", name=keep)).to_have_attribute(
        "aria-pressed", "false"
    )
    other.reload()
    assert other.evaluate("localStorage.length") == 0


def test_each_message_says_when_it_was_for_screen_readers(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    expect(chat.questions.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT"))
    expect(chat.last.locator(".unseen").first).to_have_text(re.compile(r"Skinfo, \d\d:\d\d"))


def test_a_button_of_a_conversation_that_has_ended_is_asked_in_words(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    asked: list[dict[str, str]] = []

    def know_no_buttons(route: Route) -> None:
        asked.append(route.request.post_data_json)
        if "payload" in asked[-1]:
            route.fulfill(status=400, json={"error": {"code": "x", "message": "That is not known."}})
        else:
            route.continue_()

    chat.context.route("**/api/messages", know_no_buttons)
    chat.last.locator(".suggestions button").first.click()
    chat.ready(2)
    expect(chat.last.locator(".disclaimer")).to_be_visible()
    assert chat.last.locator(".failure").count() == 0
    assert asked[0]["id"] != asked[1]["id"], "another message, so another id"


def test_start_again_begins_a_new_conversation(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    old = chat.token()
    chat.widget.get_by_role("button", name="Start again").click()
    expect(chat.questions).to_have_count(0)
    chat.ready(1)
    assert chat.token() != old


def test_a_deleted_conversation_is_gone_here_and_on_the_server(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    token = chat.token()
    chat.widget.get_by_role("button", name="More").click()
    chat.widget.get_by_role("button", name="Delete my conversation").click()
    chat.widget.get_by_role("button", name="Delete", exact=True).click()
    expect(chat.widget.locator(".notice")).to_contain_text("was deleted")
    assert chat.questions.count() == 0
    assert "milia" not in chat.page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    response = chat.context.request.post(
        f"{chat.server}/api/messages",
        headers={"Authorization": f"Bearer {token}"},
        data={"text": "are they contagious"},
    )
    remembered = (
        [] if response.status == 401 else [answer["condition"] for answer in response.json()["answers"]]
    )
    assert "milia" not in remembered


def test_a_deleted_conversation_can_be_followed_by_another(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.page.evaluate("document.querySelector('skinfo-chat').deleteConversation()")
    chat.widget.get_by_role("button", name="Start a new conversation").click()
    chat.ready(1)
    chat.ask("what is milia")


def test_a_reload_keeps_the_conversation_for_the_tab(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    before = chat.answers.all_inner_texts()
    chat.page.reload()
    chat.ready(2)
    assert chat.answers.all_inner_texts() == before
    chat.ask("are they contagious")
    assert chat.questions.count() == 2


def test_another_tab_knows_nothing_of_the_conversation_unless_the_person_asked_for_that(
    open_chat: Open,
) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask("what is milia")
    assert chat.page.evaluate("localStorage.length") == 0
    assert chat.context.cookies() == []
    chat.widget.get_by_role("button", name="More").click()
    chat.widget.get_by_role("button", name=re.compile("Keep on this device")).click()
    other = chat.context.new_page()
    other.goto(f"{chat.server}/chat")
    expect(other.locator("skinfo-entry[data-kind=user]")).to_have_count(1)


def test_a_conversation_that_ended_on_the_server_goes_on_in_a_new_one_and_says_so(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    token = chat.token()
    asked: list[str | None] = []

    def refuse_the_first(route: Route) -> None:
        asked.append(route.request.header_value("authorization"))
        if len(asked) == 1:
            route.fulfill(
                status=401, json={"error": {"code": "conversation_unknown", "message": "It has ended."}}
            )
        else:
            route.continue_()

    chat.context.route("**/api/messages", refuse_the_first)
    answer = chat.ask("what is milia")
    expect(answer.locator(".notice")).to_contain_text("new one was started")
    expect(answer.locator(".disclaimer")).to_be_visible()
    assert chat.token() != token
