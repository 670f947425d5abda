"""What is asked back about a red flag, once, and what follows from the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from skinfo.conversation import Guess, Memory, Responder, Turn
from skinfo.facts import Urgency
from skinfo.language import AgeReader, FlagMention, Reading
from skinfo.paths import facts_folder
from skinfo.replies import Reply

SICK_BABY = FlagMention("neonatal_hsv", Urgency.EMERGENCY)
PREGNANT = FlagMention("pregnant_herpes", Urgency.SAME_DAY)
NO_BREATH = FlagMention("anaphylaxis", Urgency.EMERGENCY)
SELF_HARM = FlagMention("suicide_selfharm", Urgency.EMERGENCY)


@pytest.fixture
def say(responder: Responder):
    """Say something of which the red flags are given; the reply and what is remembered."""

    def said(
        text: str, *flags: FlagMention, memory: Memory | None = None, intent: str = "nlu_fallback", **reading
    ) -> tuple[Reply, Memory]:
        turn = Turn(
            guess=Guess(intent, 0.9),
            nearest=(),
            questions=(),
            reading=Reading(red_flags=flags, **reading),
            memory=memory or Memory(country="GB"),
            text=text,
        )
        drafter = responder.small_talk.clarify
        if intent.startswith("ask_"):
            drafter = responder.answerer.answer
        return responder.reply(turn, drafter)

    return said


@pytest.mark.parametrize(
    ("text", "unit", "days"),
    [
        ("six weeks old", None, 42),
        ("she is 11 days", None, 11),
        ("28", "week", 196),
        ("thirty-two weeks", None, 224),
        ("38w4d", None, 270),
        ("two and a half months", None, 76),
        ("a newborn", None, 1),
        ("last trimester", None, 273),
        ("no idea", "day", None),
        ("I used it 3 times and then on 4 spots", "day", None),
    ],
)
def test_an_age_is_read_in_days(text: str, unit: str | None, days: float | None) -> None:
    assert AgeReader.load(facts_folder()).days(text, unit) == days


def test_the_baby_s_age_is_asked_and_the_worse_case_assumed(say) -> None:
    reply, memory = say("my baby has blisters", SICK_BABY)

    assert "How old is the baby?" in reply.text
    assert reply.urgency is Urgency.EMERGENCY
    assert "age" in memory.awaits


def test_an_older_baby_makes_it_a_matter_for_today(say) -> None:
    _, memory = say("my baby has blisters", SICK_BABY)

    reply, _ = say("7 months", memory=memory)

    assert reply.urgency is Urgency.SAME_DAY
    assert [flag.id for flag in reply.red_flags] == ["neonatal_hsv"]


def test_a_young_baby_stays_an_emergency(say) -> None:
    _, memory = say("my baby has blisters", SICK_BABY)

    reply, _ = say("10 days", memory=memory)

    assert reply.urgency is Urgency.EMERGENCY
    assert "under 3 months" in reply.text


def test_late_pregnancy_is_sent_to_the_maternity_unit(say) -> None:
    _, memory = say("pregnant with herpes for the first time", PREGNANT)

    late, _ = say("34 weeks", memory=memory)
    early, _ = say("about 12", memory=memory)

    assert "maternity unit now" in late.text
    assert "maternity unit" not in early.text


def test_an_age_already_told_is_not_asked(say) -> None:
    reply, memory = say("my 9 day old has blisters", SICK_BABY)

    assert "How old" not in reply.text
    assert "age" not in memory.awaits


def test_nothing_is_asked_twice(say) -> None:
    _, memory = say("my baby has blisters", SICK_BABY, memory=Memory())
    reply, _ = say("she has more blisters now", SICK_BABY, memory=memory)

    assert "How old" not in reply.text
    assert "Which country" not in reply.text


def test_the_country_is_asked_once_and_its_numbers_follow(say) -> None:
    first, memory = say("my throat is closing", NO_BREATH, memory=Memory())
    assert "Which country" in first.text

    reply, memory = say("Ireland", memory=memory)

    assert memory.country == "IE"
    assert "112 or 999" in reply.text
    assert reply.urgency is Urgency.EMERGENCY


def test_a_country_is_noticed_where_somebody_says_they_are(say) -> None:
    _, memory = say("what is milia, i live in new zealand", memory=Memory(), intent="ask_definition")
    assert memory.country == "NZ"


@pytest.mark.parametrize("text", ["is milia common in india", "my cream is from france"])
def test_a_country_that_is_only_named_is_not_where_they_are(text: str, say) -> None:
    _, memory = say(text, memory=Memory(), intent="ask_who")
    assert memory.country is None


def test_a_known_country_is_not_asked_for(say) -> None:
    reply, _ = say("my throat is closing", NO_BREATH)
    assert "Which country" not in reply.text


def test_an_emergency_offers_that_help_was_got(say) -> None:
    reply, _ = say("my throat is closing", NO_BREATH)
    assert [one.title for one in reply.suggestions] == ["I have got help"]


def test_until_help_was_got_the_next_answer_begins_with_the_emergency(say) -> None:
    _, memory = say("my throat is closing", NO_BREATH)

    reply, memory = say("what is milia", memory=memory, intent="ask_definition", conditions=("milia",))

    assert reply.text.startswith("Earlier you mentioned something like trouble breathing")
    assert "If you have not got help" in reply.text
    assert "999" in reply.text.split("\n")[0]
    assert "keratin" in reply.text
    assert reply.suggestions[0].title == "I have got help"


@pytest.mark.parametrize(
    ("text", "intent"), [("", "got_help"), ("the ambulance is on its way", "nlu_fallback")]
)
def test_once_help_was_got_it_goes_on(text: str, intent: str, say) -> None:
    _, memory = say("my throat is closing", NO_BREATH)

    reply, memory = say(text, memory=memory, intent=intent)
    assert "glad that help is there" in reply.text
    assert reply.urgency is Urgency.NONE

    reply, _ = say("what is milia", memory=memory, intent="ask_definition", conditions=("milia",))
    assert "got help" not in reply.text


@pytest.mark.parametrize("text", ["should i have called 999", "the ambulance is not coming"])
def test_a_question_about_help_is_not_help(text: str, say) -> None:
    _, memory = say("my throat is closing", NO_BREATH)
    _, memory = say(text, memory=memory)
    assert memory.unhelped


def test_a_denial_takes_an_emergency_back(say) -> None:
    _, memory = say("my throat is closing", NO_BREATH)
    _, memory = say("no, breathing is fine", memory=memory, denied_flags=("anaphylaxis",))
    assert not memory.unhelped
    assert memory.red_flags == ()


def test_a_crisis_says_nothing_but_support_and_the_country_s_question(say) -> None:
    reply, _ = say("i do not want to be here", SELF_HARM, memory=Memory())

    assert [block.type for block in reply.blocks] == ["support", "paragraph", "disclaimer"]
    assert reply.suggestions == ()


def test_a_crisis_that_is_over_gets_a_warm_line_and_the_answer(say) -> None:
    reply, _ = say("what is milia", intent="ask_definition", conditions=("milia",), past_crisis=True)
    assert "glad you are here" in reply.text
    assert "keratin" in reply.text
    assert reply.urgency is Urgency.NONE


def test_what_to_do_now_comes_before_the_warm_line(say) -> None:
    reply, _ = say(
        "what is milia", PREGNANT, intent="ask_definition", conditions=("milia",), past_crisis=True
    )

    kinds = [block.type for block in reply.blocks]
    assert kinds[0] == "escalation"
    assert "glad you are here" in reply.text


def test_what_was_asked_survives_the_slots(say) -> None:
    _, memory = say("my baby has blisters", SICK_BABY, memory=Memory())
    assert Memory.from_slots(memory.slots()) == memory


def test_answers_that_do_not_rise_are_refused(copied_facts: Path) -> None:
    from skinfo.content import ContentError
    from skinfo.red_flags import load_red_flags

    file = copied_facts / "red_flags" / "emergency.yml"
    file.write_text(file.read_text().replace("      - below: 92\n", "      - below: null\n"))

    with pytest.raises(ContentError, match="below"):
        load_red_flags(copied_facts / "red_flags")


def test_an_answer_with_a_question_is_answered_too(say) -> None:
    _, memory = say("my baby has blisters", SICK_BABY)
    reply, _ = say(
        "she is 8 months old, and by the way what is milia",
        memory=replace(memory, country="GB"),
        intent="ask_definition",
        conditions=("milia",),
    )
    assert reply.urgency is Urgency.SAME_DAY
    assert "keratin" in reply.text
