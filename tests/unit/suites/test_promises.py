"""Every standing promise is kept by a sound turn, and noticed when it is broken."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from skinfo.conversation import Memory
from skinfo.facts import Topic
from skinfo.replies import messages_for_platform
from skinfo.suites.promises import PLATFORM_LIMIT, Promises
from skinfo.suites.said import Said
from skinfo.suites.vocabulary import Vocabulary
from tests.conftest import Ask

Turn = dict[str, Any]
Broken = Callable[[Turn], None]


@pytest.fixture(scope="session")
def promises(vocabulary: Vocabulary) -> Promises:
    return Promises(vocabulary)


def said(turn: Turn, **more: Any) -> Said:
    platform = tuple(messages_for_platform(turn["text"], turn["disclaimer"], PLATFORM_LIMIT))
    return Said(messages=(turn["text"],), turn=turn, **{"platform": platform, **more})


def broken(promises: Promises, reply: Said, country: str | None = None) -> set[str]:
    return {check.claim for check in promises.check(reply, country) if check.outcome == "broken"}


@pytest.fixture
def answer(ask: Ask) -> Turn:
    return ask("what is milia", Topic.DEFINITION)[0].to_dict()


@pytest.fixture
def emergency(ask: Ask) -> Turn:
    reply, _ = ask("my throat is closing up", Topic.DEFINITION, memory=Memory(country="GB"))
    return reply.to_dict()


@pytest.fixture
def crisis(ask: Ask) -> Turn:
    return ask("i want to kill myself", Topic.DEFINITION)[0].to_dict()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what is milia", Topic.DEFINITION),
        ("milia or acne", Topic.COMPARE),
        ("is this herpes", Topic.IDENTIFY),
        ("can I pop it", Topic.POPPING),
        ("milia on the eyelids full of pus", Topic.TREATMENT),
        ("what is psoriasis", Topic.DEFINITION),
        ("my throat is closing up", Topic.DEFINITION),
        ("i want to kill myself", Topic.DEFINITION),
    ],
)
@pytest.mark.parametrize("country", [None, "GB", "NZ", "DE"])
def test_sound_turns_keep_every_promise(
    ask: Ask, promises: Promises, text: str, topic: Topic, country: str | None
) -> None:
    turn = ask(text, topic, memory=Memory(country=country))[0].to_dict()

    assert broken(promises, said(turn), country) == set()


def drop_disclaimer(turn: Turn) -> None:
    turn["blocks"].pop()
    turn["text"] = turn["text"].removesuffix(turn["disclaimer"]).rstrip()


def say_first(words: str) -> Broken:
    def change(turn: Turn) -> None:
        turn["blocks"].insert(0, {"type": "paragraph", "text": words})
        turn["text"] = f"{words}\n\n{turn['text']}"

    return change


def put(key: str, value: Any) -> Broken:
    def change(turn: Turn) -> None:
        turn[key] = value

    return change


def fact_ids(*ids: str) -> Broken:
    def change(turn: Turn) -> None:
        turn["answers"][0]["fact_ids"] = list(ids)

    return change


@pytest.mark.parametrize(
    ("promise", "change"),
    [
        ("ends with the disclaimer", drop_disclaimer),
        ("ends with the disclaimer", put("disclaimer", "Bye.")),
        ("never diagnoses", say_first("You probably have milia.")),
        ("never diagnoses", say_first("Take 20 mg a day.")),
        ("says only what is in the fact store, with its sources", say_first("Milia come from the moon.")),
        ("says only what is in the fact store, with its sources", put("sources", [])),
        ("says only what is in the fact store, with its sources", fact_ids("milia.popping")),
        ("says only what is in the fact store, with its sources", fact_ids("milia.moon")),
        ("says nothing that is a draft", say_first("Press firmly with a clean cloth for 15 minutes without peeking.")),
        ("says in text all that its blocks say, in order", lambda turn: turn["blocks"].reverse()),
        ("answers red flags first", put("urgency", "same_day")),
        ("offers only buttons that lead somewhere", put("suggestions", [{"title": "Go", "payload": "/restart"}])),
        ("offers only buttons that lead somewhere", put("suggestions", [{"title": " ", "payload": "/ask_who"}])),
        ("shows the numbers of the right country", say_first("Call 111.")),
        ("is a complete machine-readable turn", lambda turn: turn.pop("sources")),
        ("is a complete machine-readable turn", put("urgency", "soon")),
    ],
)  # fmt: skip
def test_a_broken_promise_is_noticed(promises: Promises, answer: Turn, promise: str, change: Broken) -> None:
    turn = copy.deepcopy(answer)
    change(turn)

    assert promise in broken(promises, said(turn))


def test_an_emergency_must_come_first_and_alone(promises: Promises, emergency: Turn, answer: Turn) -> None:
    promise = "answers red flags first"
    assert broken(promises, said(emergency), "GB") == set()

    for change in (
        say_first("Hello."),
        put("urgency", "none"),
        put("answers", answer["answers"]),
        lambda turn: turn["blocks"].insert(1, {"type": "paragraph", "text": "More."}),
        lambda turn: turn["blocks"][0].update(phones=[]),
        lambda turn: turn["blocks"][0].update(text="Wait and see."),
        lambda turn: turn["blocks"][0].update(urgency="see_doctor"),
    ):
        turn = copy.deepcopy(emergency)
        change(turn)
        assert promise in broken(promises, said(turn), "GB"), turn["blocks"][0]


def test_in_a_crisis_nothing_but_support_is_given(promises: Promises, crisis: Turn, answer: Turn) -> None:
    assert broken(promises, said(crisis)) == set()

    for key in ("answers", "sources", "suggestions"):
        assert "answers red flags first" in broken(promises, said({**crisis, key: answer[key]}))


def test_another_country_s_numbers_are_noticed(promises: Promises, emergency: Turn) -> None:
    assert "shows the numbers of the right country" in broken(promises, said(emergency), "US")
    assert "ends with the disclaimer" in broken(promises, said(emergency), None)


def test_silence_is_noticed_in_any_form(promises: Promises, answer: Turn) -> None:
    only = [block for block in answer["blocks"] if block["type"] == "disclaimer"]
    mute = {**answer, "text": answer["disclaimer"], "blocks": only}

    for reply in (said(mute), Said(messages=()), Said(messages=(answer["disclaimer"],))):
        assert "never is silent" in broken(promises, reply)


def test_a_reply_that_does_not_fit_a_platform_is_noticed(promises: Promises, answer: Turn) -> None:
    whole = said(answer)
    for platform in (
        (answer["text"] + " " * PLATFORM_LIMIT,),
        (answer["text"].removesuffix(answer["disclaimer"]), answer["disclaimer"]),
        (answer["text"][:100],),
    ):
        assert "fits a messaging platform" in broken(promises, replace(whole, platform=platform))


def test_a_log_that_holds_what_was_said_is_noticed(promises: Promises, answer: Turn) -> None:
    assert "writes down nothing that a person said" in broken(promises, said(answer, logged_by=("rasa",)))


def test_text_alone_is_held_to_what_can_be_read_off_it(promises: Promises, answer: Turn) -> None:
    sound = Said(messages=("Milia are tiny cysts.", "Bye.\n\n" + answer["disclaimer"]))
    assert broken(promises, sound) == set()

    assert "ends with the disclaimer" in broken(promises, Said(messages=("Milia are tiny cysts.",)))
    alone = Said(messages=("Milia are tiny cysts.", answer["disclaimer"]))
    assert "ends with the disclaimer" in broken(promises, alone)
    diagnosing = Said(messages=("You have milia. " + answer["disclaimer"],))
    assert "never diagnoses" in broken(promises, diagnosing)
