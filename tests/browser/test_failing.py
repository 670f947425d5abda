"""When things fail, a person is told, keeps what was typed, knows whom to call, and can try again without loss or doubling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from .conftest import ROOT, Chat, Open

QUESTION = "what is milia"


def _never_answers(route: Route) -> None:
    """Leaves the request hanging: the chat gives up by itself."""


FAILURES: dict[str, Callable[[Route], None]] = {
    "unreachable": lambda route: route.abort("connectionrefused"),
    "500": lambda route: route.fulfill(
        status=500, json={"error": {"code": "internal", "message": "Something broke here."}}
    ),
    "502 from a proxy": lambda route: route.fulfill(
        status=502, content_type="text/html", body="<h1>Bad gateway</h1>"
    ),
    "429": lambda route: route.fulfill(
        status=429, json={"error": {"code": "slow_down", "message": "Please wait a moment."}}
    ),
    "200 with nonsense": lambda route: route.fulfill(
        status=200, content_type="application/json", body='{"blocks": 3'
    ),
    "200 with nothing": lambda route: route.fulfill(status=200, json={}),
    "no answer in time": _never_answers,
}


def _impatient(open_chat: Open) -> Chat:
    chat = open_chat(body='<skinfo-chat placement="inline" slow-after="0.3" timeout="1.5"></skinfo-chat>')
    chat.ready()
    return chat


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_with_the_emergency_line_and_a_retry_neither_loses_nor_doubles(
    open_chat: Open, failure: str
) -> None:
    chat = open_chat(body='<skinfo-chat placement="inline" slow-after="0.3" timeout="8"></skinfo-chat>')
    chat.ready()
    if failure == "no answer in time":
        chat = _impatient(open_chat)
    ids: list[str] = []

    def fail(route: Route) -> None:
        ids.append(route.request.post_data_json["id"])
        FAILURES[failure](route)

    chat.context.route("**/api/messages", fail)
    failed = chat.ask(QUESTION)
    expect(failed.locator(".failure")).to_be_visible()
    for number in ("112", "911", "999", "000"):
        expect(failed.locator(f"a[href='tel:{number}']")).to_be_visible()
    expect(failed.locator(".disclaimer")).to_be_visible()
    chat.screenshot(f"failure-{failure.replace(' ', '-')}")
    chat.context.unroute("**/api/messages")
    with chat.page.expect_request("**/api/messages") as sent:
        failed.get_by_role("button", name="Try again").click()
    chat.ready(2)
    assert sent.value.post_data_json["text"] == QUESTION
    assert [sent.value.post_data_json["id"]] == list(dict.fromkeys(ids)), "a retry is the same message"
    expect(chat.last.locator(".failure")).to_have_count(0)
    expect(chat.last.locator(".sources")).to_be_visible()
    assert chat.questions.count() == 1


def test_a_slow_answer_is_announced_with_the_emergency_line_and_still_comes(open_chat: Open) -> None:
    chat = open_chat(body='<skinfo-chat placement="inline" slow-after="0.2"></skinfo-chat>')
    chat.ready()
    held: list[Route] = []
    chat.context.route("**/api/messages", lambda route: held.append(route))
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    expect(chat.last).to_contain_text("longer than usual")
    expect(chat.last.locator("a[href='tel:112']")).to_be_visible()
    held[0].continue_()
    chat.ready(2)
    expect(chat.last.locator(".sources")).to_be_visible()


def test_a_second_question_waits_for_its_turn_and_both_are_answered_in_order(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    held: list[Route] = []
    asked: list[str] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route.request.post_data_json["text"])
        held.append(route) if len(asked) == 1 else route.continue_()

    chat.context.route("**/api/messages", hold_the_first)
    for question in (QUESTION, "my throat is closing up"):
        chat.input.fill(question)
        chat.input.press("Enter")
    expect(chat.widget.locator(".pending")).to_have_count(2)
    held[0].continue_()
    chat.ready(3)
    assert asked == [QUESTION, "my throat is closing up"]
    expect(chat.last.locator(".alarm")).to_be_visible()
    assert chat.answers.nth(1).locator(".alarm").count() == 0


def test_a_refused_message_shows_why_and_can_be_changed(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.context.route(
        "**/api/messages",
        lambda route: route.fulfill(
            status=413, json={"error": {"code": "message_too_long", "message": "That is too long."}}
        ),
    )
    failed = chat.ask(QUESTION)
    expect(failed.locator(".failure")).to_contain_text("That is too long.")
    failed.get_by_role("button", name="Change my question").click()
    expect(chat.input).to_have_text(QUESTION)


def test_offline_the_question_is_kept_and_goes_out_by_itself_when_back(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.context.set_offline(True)
    failed = chat.ask(QUESTION)
    expect(failed.locator(".failure")).to_contain_text("You are offline.")
    chat.screenshot("failure-offline")
    chat.context.set_offline(False)
    expect(chat.last.locator(".sources")).to_be_visible()
    assert chat.questions.count() == 1
    assert chat.answers.count() == 2


def test_a_chat_that_could_not_start_can_be_started(open_chat: Open) -> None:
    chat = open_chat(
        prepare=lambda context: context.route(
            "**/api/conversations", lambda route: route.abort("connectionrefused")
        )
    )
    chat.ready()
    expect(chat.last.locator(".failure")).to_contain_text("could not start")
    chat.context.unroute("**/api/conversations")
    chat.last.get_by_role("button", name="Try again").click()
    expect(chat.last.locator(".suggestions")).to_be_visible()
    chat.ready(1)


def test_a_question_asked_in_a_chat_that_could_not_start_starts_it(open_chat: Open) -> None:
    chat = open_chat(
        prepare=lambda context: context.route(
            "**/api/conversations", lambda route: route.abort("connectionrefused")
        )
    )
    chat.ready()
    chat.context.unroute("**/api/conversations")
    expect(chat.ask(QUESTION).locator(".sources")).to_be_visible()
    expect(chat.widget.locator(".failure")).to_have_count(0)


def test_a_question_on_its_way_at_a_reload_goes_on_as_the_same_message(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    chat.context.route("**/api/messages", hold_the_first)
    with chat.page.expect_request("**/api/messages") as first:
        chat.input.fill(QUESTION)
        chat.input.press("Enter")
    expect(chat.widget.locator(".pending")).to_be_visible()
    with chat.page.expect_request("**/api/messages") as again:
        chat.page.reload()
    chat.ready(2)
    expect(chat.last.locator(".sources")).to_be_visible()
    assert again.value.post_data_json == first.value.post_data_json
    assert chat.questions.count() == 1


def test_where_the_country_is_known_a_failure_names_its_own_number_alone(open_chat: Open) -> None:
    chat = open_chat(body='<skinfo-chat placement="inline" country="NZ"></skinfo-chat>')
    chat.ready()
    chat.context.route("**/api/messages", FAILURES["unreachable"])
    failed = chat.ask(QUESTION)
    assert [link.inner_text().strip() for link in failed.locator("a[href^='tel:']").all()] == ["111"]


def test_the_numbers_for_an_unknown_country_are_those_of_the_helplines(open_chat: Open) -> None:
    import yaml

    helplines = yaml.safe_load((ROOT / "facts" / "helplines.yml").read_text(encoding="utf-8"))
    chat = open_chat()
    chat.ready()
    chat.context.route("**/api/messages", FAILURES["unreachable"])
    for link in chat.ask(QUESTION).locator("a[href^='tel:']").all():
        assert link.inner_text().strip() in helplines[0]["emergency"]


def test_a_refused_question_is_taken_back_without_losing_what_was_typed_since(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    chat.context.route("**/api/messages", lambda route: route.fulfill(status=413, json={}))
    failed = chat.ask(QUESTION)
    chat.input.fill("and another thing")
    failed.get_by_role("button", name="Change my question").click()
    expect(chat.input).to_contain_text(QUESTION)
    expect(chat.input).to_contain_text("and another thing")


def test_a_conversation_that_could_not_be_deleted_on_the_server_is_not_called_deleted(
    open_chat: Open,
) -> None:
    chat = open_chat()
    chat.ready()
    chat.ask(QUESTION)
    chat.context.route("**/api/conversations", lambda route: route.fulfill(status=503, json={}))
    chat.widget.get_by_role("button", name="More").click()
    chat.widget.get_by_role("button", name="Delete my conversation").click()
    chat.widget.get_by_role("button", name="Delete", exact=True).click()
    expect(chat.widget.locator(".confirm")).to_contain_text("could not be deleted")
    assert chat.questions.count() == 1
    chat.context.unroute("**/api/conversations")
    chat.widget.get_by_role("button", name="Delete", exact=True).click()
    expect(chat.widget.locator(".notice")).to_contain_text("was deleted")


def test_an_answer_that_comes_after_start_again_is_dropped(open_chat: Open) -> None:
    chat = open_chat()
    chat.ready()
    held: list[Route] = []
    chat.context.route("**/api/messages", lambda route: held.append(route))
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    expect(chat.widget.locator(".pending")).to_be_visible()
    chat.widget.get_by_role("button", name="Start again").click()
    held[0].continue_()
    chat.ready(1)
    assert chat.questions.count() == 0
