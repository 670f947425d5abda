from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from skinfo.content import ContentError
from skinfo.paths import project_folder
from skinfo.suites.assertions import (
    ActionExecuted,
    Answer,
    Answers,
    BotDidNotUtter,
    BotUttered,
    ExactText,
    SlotWasNotSet,
    SlotWasSet,
)
from skinfo.suites.cases import suite_files
from skinfo.suites.conversations import read_conversations
from skinfo.suites.said import Button
from tests.unit.suites.conftest import Read

IN_RASA_S_FORMAT = """
fixtures:
  - premium:
      - membership_type: premium
      - logged_in: true
metadata:
  - device: {os: linux}
  - in_britain: {country: GB}
test_cases:
  - test_case: user books a restaurant
    fixtures: [premium]
    metadata: device
    steps:
      - user: I want to book a table for 4
        metadata: in_britain
      - slot_was_set:
          - book_restaurant_people: 4
          - book_restaurant_name
      - slot_was_not_set:
          - other: x
      - utter: utter_restaurant_available
      - utter: utter_ask_confirmation
      - user: "yes"
      - bot: Thank you for booking.
  - test_case: with assertions
    steps:
      - user: I want to book a flight
        assertion_order_enabled: true
        assertions:
          - slot_was_set:
              - name: origin
                value: New York
          - slot_was_not_set:
              - name: date
          - action_executed: action_book_flight
          - bot_uttered:
              utter_name: utter_ask_destination
              text_matches: "Where .* fly to\\\\?"
              buttons:
                - title: New York
                  payload: '/set{"to": "New York"}'
          - bot_did_not_utter:
              text_matches: sorry
"""


def test_a_file_in_rasa_s_published_format_is_read_whole(read: Read) -> None:
    booking, flight = read(IN_RASA_S_FORMAT)

    assert booking.slots == {"membership_type": "premium", "logged_in": True}
    assert booking.metadata == {"os": "linux"}
    first, second = booking.steps
    assert first.metadata == {"country": "GB"}
    assert [type(one) for one in first.assertions] == [
        SlotWasSet, SlotWasSet, SlotWasNotSet, BotUttered, BotUttered,
    ]  # fmt: skip
    assert first.assertions[0] == SlotWasSet("book_restaurant_people", 4, line=first.assertions[0].line)
    assert isinstance(second.assertions[0], ExactText)
    assert second.user == "yes"
    (step,) = flight.steps
    assert step.in_order
    assert [type(one) for one in step.assertions] == [
        SlotWasSet, SlotWasNotSet, ActionExecuted, BotUttered, BotDidNotUtter,
    ]  # fmt: skip
    uttered = step.assertions[3]
    assert isinstance(uttered, BotUttered)
    assert uttered.buttons == (Button("New York", '/set{"to": "New York"}'),)


def test_each_claim_knows_its_line(read: Read) -> None:
    booking, flight = read(IN_RASA_S_FORMAT)

    lines = IN_RASA_S_FORMAT.splitlines()
    assert "I want to book a table" in lines[booking.steps[0].line - 1]
    assert "action_executed" in lines[flight.steps[0].assertions[2].line - 1]


def test_skinfo_s_own_claims_are_read(read: Read) -> None:
    ((step,),) = (
        case.steps
        for case in read(
            "test_cases:\n- test_case: a\n  steps:\n  - user: x\n    assertions:\n"
            "    - answers: [{condition: milia, topic: popping}, {condition: null}]\n"
            "    - {fact: milia.popping, cites: cc_bumps, urgency: [none, same_day], red_flags: []}\n"
            "    - {ends_with_disclaimer: true, never_says: ['you have'], asks: which one}\n"
            "    - {offers: [], points_to: psoriasis, dials: '999', answers_only: {topic: who}}\n"
        )
    )

    assert [one.key for one in step.assertions] == [
        "answers", "fact", "cites", "urgency", "red_flags", "ends_with_disclaimer", "never_says", "asks",
        "offers", "points_to", "dials", "answers_only",
    ]  # fmt: skip
    answers = step.assertions[0]
    assert isinstance(answers, Answers)
    assert answers.wanted == (Answer(("milia",), ("popping",)), Answer((None,), None))


def case(steps: str) -> str:
    return "test_cases:\n- test_case: a\n  steps:\n" + steps


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("test_case:\n- x\n", 1, ["'test_case'", "did you mean 'test_cases'"]),
        ("test_cases: []\n", 1, ["no test case"]),
        ("test_cases:\n- test_case: a\n  stepps: []\n", 3, ["'stepps'", "did you mean 'steps'"]),
        ("test_cases:\n- steps:\n  - user: hi\n", 2, ["`test_case` must be text"]),
        ("test_cases:\n- test_case: a\n", 2, ["no steps"]),
        (case("  - usr: hi\n"), 4, ["'usr'", "did you mean 'user'"]),
        (case("  - utter: utter_x\n"), 4, ["first step", "- user:"]),
        (case("  - user: yes\n"), 4, ["found bool", "quotes"]),
        (case("  - user: hi\n    assertions:\n    - bot_utterd: {}\n"), 6, ["did you mean 'bot_uttered'"]),
        (case("  - user: hi\n    assertions:\n    - bot_uttered: {text_match: x}\n"), 6, ["did you mean 'text_matches'"]),
        (case("  - user: hi\n    assertions:\n    - bot_uttered: {text_matches: '('}\n"), 6, ["regular expression"]),
        (case("  - user: hi\n    assertions:\n    - flow_started: x\n"), 6, ["Rasa Pro's flows", "Rasa Open Source has none"]),
        (case("  - user: hi\n    assertions:\n    - generative_response_is_grounded: {}\n"), 6, ["language model"]),
        (case("  - user: hi\n    assertions:\n    - answers: {condition: mila}\n"), 6, ["'mila'", "did you mean 'milia'"]),
        (case("  - user: hi\n    assertions:\n    - answers: {topic: poping}\n"), 6, ["did you mean 'popping'"]),
        (case("  - user: hi\n    assertions:\n    - fact: milia.poping\n"), 6, ["did you mean 'milia.popping'"]),
        (case("  - user: hi\n    assertions:\n    - urgency: sameday\n"), 6, ["did you mean 'same_day'"]),
        (case("  - user: hi\n    assertions:\n    - red_flags: infection_sign\n"), 6, ["did you mean 'infection_signs'"]),
        (case("  - user: hi\n    assertions:\n    - ends_with_disclaimer: false\n"), 6, ["can only be true"]),
        (case("  - user: hi\n    metadata: britain\n"), 5, ["'britain' is not defined"]),
        (case("  - user: hi\n    user: ho\n"), 5, ["'user' stands here twice"]),
        (case("  - user: hi\n  - assertions: []\n"), 5, ["belongs to a `user` step"]),
        ("test_cases:\n- {test_case: a, steps: [{user: x}]}\n- {test_case: a, steps: [{user: x}]}\n", 3, ["stands on line 2 too"]),
        ("test_cases:\n- test_case: [a\n", 3, ["not valid YAML"]),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_the_mend(read: Read, text: str, line: int, words: list[str]) -> None:
    with pytest.raises(ContentError) as caught:
        read(text)

    assert caught.value.line == line, caught.value
    for word in words:
        assert word in str(caught.value)


def test_only_files_with_test_cases_are_suites(tmp_path: Path) -> None:
    (tmp_path / "stories.yml").write_text("stories:\n- story: x\n", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    suite = tmp_path / "deep" / "suite.yaml"
    suite.write_text("test_cases:\n- test_case: a\n  steps: [{user: hi}]\n", encoding="utf-8")

    assert suite_files([tmp_path]) == [suite]
    with pytest.raises(ContentError, match="no `test_cases:`"):
        suite_files([tmp_path / "stories.yml"])
    with pytest.raises(ContentError, match="no such file"):
        suite_files([tmp_path / "nowhere"])


def test_a_stub_may_be_for_one_case_alone(read: Read) -> None:
    one, other = read(
        "stub_custom_actions:\n  one::action_x: {unreachable: true}\n  action_y: {responses: [{text: hi}]}\n"
        "test_cases:\n- {test_case: one, steps: [{user: x}]}\n- {test_case: other, steps: [{user: x}]}\n"
    )

    assert one.stubs["action_x"].unreachable
    assert set(other.stubs) == {"action_y"}


def test_the_suites_are_read_as_plain_messages_for_a_load_generator(tmp_path: Path) -> None:
    (tmp_path / "suite.yml").write_text(
        "metadata: [{gb: {country: GB}}]\n"
        "test_cases:\n"
        "- test_case: one person\n  metadata: gb\n  steps: [{user: hi}, {user: bye}]\n"
        "- test_case: two people\n  steps: [{user: a, person: Ann}, {user: b, person: Ben}, {user: c, person: Ann}]\n",
        encoding="utf-8",
    )

    one, ann, ben = read_conversations([tmp_path])

    assert (one.messages, one.country) == (("hi", "bye"), "GB")
    assert (ann.messages, ben.messages) == (("a", "c"), ("b",))


def test_the_project_s_suites_claim_something_in_at_least_200_cases() -> None:
    conversations = read_conversations([project_folder() / "tests" / "conversations"])

    assert len(conversations) >= 200


def test_pytest_does_not_load_skinfo_because_of_the_plugin() -> None:
    seen = subprocess.run(
        [
            sys.executable, "-c",
            "import sys, skinfo.suites.pytest_plugin as plugin;"
            "print([m for m in sys.modules if m.startswith(('rasa', 'spacy', 'yaml', 'pydantic'))])",
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert seen.stdout.strip() == "[]"
