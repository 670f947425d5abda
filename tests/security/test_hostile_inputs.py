"""Text and requests of every kind: always a complete reply or a clear refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.hostile_inputs import UNLIMITED, attack
from skinfo.cli.serve import free_port, running_servers
from skinfo.conversation import Guess, Memory, Responder, Turn
from skinfo.facts import Topic
from skinfo.language import load_language, read_doc
from skinfo.rasa.message_text import printable
from skinfo.replies import is_complete_turn, messages_for_platform, turn_schema
from tests.security.loops import in_a_loop_of_its_own

from ..hostile import NASTY, texts

INPUTS = 400
_often = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

Answer = Callable[[str], dict[str, Any]]


def test_whatever_is_sent_is_answered_or_refused(tmp_path: Path) -> None:
    with running_servers(free_port(), tmp_path, UNLIMITED) as servers:
        outcomes = attack(servers.address, INPUTS, chosen_seed=20)

    assert outcomes["server error"] == outcomes["unanswered"] == 0
    assert min(outcomes["answered"], outcomes["refused"]) > INPUTS / 5
    assert sum(outcomes.values()) >= INPUTS


@pytest.fixture(scope="module")
def answer() -> Iterator[Answer]:
    from skinfo.rasa.process import prepare_process

    prepare_process()
    from skinfo.rasa.bot import Bot
    from skinfo.rasa.training import model_file

    bot = Bot.load(model_file())
    with start_blocking_portal() as portal:
        yield lambda text: portal.call(bot.converse, [text], None)[0]


def _is_whole(turn: dict[str, Any]) -> bool:
    from jsonschema import Draft202012Validator

    return (
        is_complete_turn(turn)
        and turn["disclaimer"] in Responder.shared().phrases.disclaimers()
        and Draft202012Validator(turn_schema()).is_valid(turn)
    )


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_the_whole_bot_answers_what_has_broken_others(answer: Answer, text: str) -> None:
    turn = answer(text)

    assert _is_whole(turn)
    assert "something went wrong on my side" not in turn["text"]


@_often
@given(text=texts())
@example(text="0;0 0")
def test_the_whole_bot_answers_any_text(answer: Answer, text: str) -> None:
    turn = answer(text)

    assert _is_whole(turn)
    assert "something went wrong on my side" not in turn["text"]


@_often
@given(text=texts())
def test_any_text_can_be_read(text: str) -> None:
    reading = read_doc(load_language()(printable(text)))

    assert type(reading).from_dict(reading.to_dict()) == reading


@_often
@given(text=texts(400), topic=st.sampled_from(list(Topic)), outside=st.floats(0, 1), country=texts(5))
def test_any_reading_becomes_a_whole_reply(text: str, topic: Topic, outside: float, country: str) -> None:
    responder = Responder.shared()
    turn = Turn(
        guess=Guess(f"ask_{topic.value}", 0.9),
        nearest=(),
        questions=(),
        reading=read_doc(load_language()(printable(text))),
        memory=Memory(country=country),
        outside=outside,
    )
    reply, _ = responder.reply(turn, responder.answerer.answer)

    assert _is_whole(reply.to_dict())


@_often
@given(body=st.text(min_size=1, max_size=3000), limit=st.integers(700, 4096))
def test_any_reply_fits_a_platform_s_messages_with_the_disclaimer_never_alone(body: str, limit: int) -> None:
    disclaimer = Responder.shared().welcome("GB").disclaimer
    parts = messages_for_platform(f"{body}\n\n{disclaimer}", disclaimer, limit)

    assert all(len(part) <= limit for part in parts)
    assert parts[-1].endswith(disclaimer)
    assert parts[-1] != disclaimer or not body.strip()


@_often
@given(value=st.one_of(texts(), st.none(), st.integers(), st.binary(), st.lists(st.text())))
def test_any_value_is_readable_text_or_refused(value: object) -> None:
    from skinfo.rasa.message_text import LONGEST_MESSAGE, readable_text
    from skinfo.rasa.refusals import Refused

    try:
        text = readable_text(value)
    except Refused as refusal:
        assert 400 <= refusal.status < 500
        assert refusal.sentence.endswith(".")
    else:
        assert 0 < len(text) <= LONGEST_MESSAGE
        assert not text.lstrip().startswith("/")
        text.encode("utf-8")


@_often
@given(pressed=st.one_of(texts(300), texts(100).map(lambda text: f'/ask_popping{{"offered": "{text}"}}')))
def test_no_payload_is_taken_that_was_not_offered(pressed: str) -> None:
    from skinfo.rasa.buttons import Buttons
    from skinfo.rasa.refusals import Refused

    with pytest.raises(Refused):
        Buttons("a secret for the tests").press("web:a", pressed)


@_often
@given(text=texts(), fault=st.sampled_from(["nothing is said", "an error", "too slow"]))
def test_the_guard_answers_any_text_that_nobody_else_answered(text: str, fault: str) -> None:
    from rasa.core.channels.channel import UserMessage

    from skinfo.rasa.guard import Guard

    async def handle(message: Any) -> None:
        if fault == "an error":
            raise RuntimeError
        if fault == "too slow":
            await asyncio.sleep(60)

    guard = Guard(Responder.shared(), patience=0.01)
    turn = in_a_loop_of_its_own(guard.turn(UserMessage(text=text, sender_id="a"), handle))

    assert _is_whole(turn)
