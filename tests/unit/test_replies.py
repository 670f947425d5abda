"""Every reply: escalation first, sources, disclaimer last, and never a diagnosis."""

import itertools
import re

import pytest

from skinfo.conversation import Memory, Responder
from skinfo.facts import Context, FactStore, Topic, Urgency
from skinfo.language import FlagMention, Reading
from skinfo.paths import facts_folder
from skinfo.red_flags import load_red_flags
from skinfo.replies import (
    Escalation,
    Sources,
    Support,
    is_complete_turn,
    messages_for_platform,
    plain_text,
)
from tests.conftest import Ask

DIAGNOSES = re.compile(
    r"\byou (?:have|probably have|might have|may have) (?:milia|acne|herpes|a |an )|%|\bmost likely\b", re.I
)


def test_every_topic_of_every_condition_ends_with_the_disclaimer_and_cites(
    ask: Ask, store: FactStore
) -> None:
    for condition, topic in itertools.product(store.conditions.values(), Topic):
        reply, _ = ask(condition.names[0], topic)
        turn = reply.to_dict()
        assert is_complete_turn(turn), (condition.id, topic)
        assert turn["answers"], (condition.id, topic)
        assert turn["sources"], (condition.id, topic)
        said = plain_text(block for block in reply.blocks if not isinstance(block, Sources))
        assert not DIAGNOSES.search(said), said


def test_a_red_flag_comes_before_any_fact(ask: Ask) -> None:
    reply, _ = ask("the milia hurt and there is pus, what are milia", Topic.DEFINITION)

    assert isinstance(reply.blocks[0], Escalation)
    assert reply.urgency is Urgency.SAME_DAY
    assert reply.answers


def test_an_emergency_says_nothing_that_distracts(ask: Ask) -> None:
    reply, _ = ask("my throat is closing up after acne gel, what is acne", Topic.DEFINITION)

    assert reply.urgency is Urgency.EMERGENCY
    assert not reply.answers
    assert not reply.sources
    assert [one.title for one in reply.suggestions] == ["I have got help"]


def test_a_crisis_gets_support_and_nothing_else(ask: Ask) -> None:
    reply, _ = ask("i want to kill myself because of my acne", Topic.TREATMENT, memory=Memory(country="GB"))

    assert [type(block) for block in reply.blocks[:-1]] == [Support]
    assert "acne" not in reply.text


def test_emergency_numbers_follow_the_country(responder: Responder) -> None:
    reading = Reading(red_flags=(FlagMention("anaphylaxis", Urgency.EMERGENCY),))
    text = {country: responder.apology(reading, country).text for country in ("GB", "US", "NZ", "DE", None)}

    assert "999" in text["GB"] and "911" not in text["GB"]
    assert "911" in text["US"]
    assert "111" in text["NZ"]
    assert "112" in text["DE"]
    unknown = text[None]
    assert all(number in unknown for number in ("112", "911", "999", "000"))
    assert "111" not in unknown


def test_every_red_flag_says_what_to_do(responder: Responder) -> None:
    for flag in load_red_flags(facts_folder() / "red_flags").flags:
        reading = Reading(red_flags=(FlagMention(flag.id, flag.urgency),))
        turn = responder.apology(reading).to_dict()
        assert turn["blocks"][0]["type"] in ("escalation", "support"), flag.id
        assert turn["urgency"] == flag.urgency.value
        assert is_complete_turn(turn)
        assert "{" not in turn["text"], flag.id


def test_a_draft_advice_is_not_said(responder: Responder) -> None:
    drafts = [f for f in load_red_flags(facts_folder() / "red_flags").flags if f.advice_status == "draft"]
    assert drafts
    for flag in drafts:
        reading = Reading(red_flags=(FlagMention(flag.id, flag.urgency),))
        assert flag.advice not in responder.apology(reading).text


def test_a_flag_is_remembered_but_not_shouted_again(ask: Ask) -> None:
    _, memory = ask("there is pus", Topic.DEFINITION)
    reply, memory = ask("what is milia", Topic.DEFINITION, memory=memory)
    assert reply.urgency is Urgency.NONE
    assert "Earlier you mentioned" in reply.text

    reply, memory = ask("no, no pus. can i pop milia", Topic.POPPING, memory=memory)
    assert "Earlier you mentioned" not in reply.text


def test_it_means_the_condition_last_talked_about(ask: Ask) -> None:
    _, memory = ask("what is milia", Topic.DEFINITION)
    reply, _ = ask("can i pop it", Topic.POPPING, memory=memory)

    assert [(a.condition, a.topic) for a in reply.answers] == [("milia", Topic.POPPING)]


def test_a_new_condition_repeats_the_question_for_it(ask: Ask) -> None:
    _, memory = ask("can i pop milia", Topic.POPPING)
    reply, _ = ask("what about cold sores", Topic.DEFINITION, memory=memory)

    assert [(a.condition, a.topic) for a in reply.answers] == [("cold_sores", Topic.POPPING)]


def test_a_baby_named_in_a_follow_up_changes_the_answer(ask: Ask) -> None:
    _, memory = ask("which products help with milia", Topic.PRODUCTS)
    reply, _ = ask("and on babies?", Topic.DEFINITION, memory=memory)

    assert [(a.condition, a.topic, a.context) for a in reply.answers] == [
        ("milia", Topic.PRODUCTS, Context.NEWBORN)
    ]


def test_no_condition_known_gets_what_is_true_of_any_bump_and_choices(ask: Ask) -> None:
    reply, _ = ask("can i pop it", Topic.POPPING)

    assert [(a.condition, a.topic) for a in reply.answers] == [(None, Topic.POPPING)]
    assert [s.title.split(" ")[0] for s in reply.suggestions[:2]] == ["Milia", "Acne"]


def test_asked_whether_it_is_herpes_the_bot_compares_and_never_says(ask: Ask) -> None:
    reply, _ = ask("is this herpes", Topic.IDENTIFY)
    table = next(block for block in reply.blocks if type(block).__name__ == "Table")

    assert {"cold_sores", "genital_herpes"} <= {answer.condition for answer in reply.answers}
    assert len(table.columns) >= 3
    assert "cannot tell" in reply.text
    assert not DIAGNOSES.search(reply.text)


def test_another_condition_is_signposted_and_never_answered_as_ours(ask: Ask) -> None:
    reply, _ = ask("what is ringworm", Topic.DEFINITION)

    assert not reply.answers
    assert reply.signposts[0].name.lower().startswith("ringworm")


def test_in_an_emergency_nobody_is_sent_to_a_page_to_read(ask: Ask) -> None:
    reply, _ = ask("my baby has blisters and wont wake up", Topic.DEFINITION)

    assert reply.urgency is Urgency.EMERGENCY
    assert not reply.signposts


def test_asked_for_the_difference_with_nothing_named_the_usual_four_are_compared(ask: Ask) -> None:
    reply, _ = ask("what's the difference", Topic.COMPARE)

    assert {answer.condition for answer in reply.answers} == {"milia", "acne", "cold_sores", "genital_herpes"}


def test_what_is_not_about_skin_is_declined_though_the_topic_fits(ask: Ask) -> None:
    reply, _ = ask("how long does the flu last in adults who smoke", Topic.DURATION, outside=0.3)

    assert not reply.answers


def test_two_conditions_with_no_fact_between_them_are_compared_and_the_lack_is_said(ask: Ask) -> None:
    reply, _ = ask("skin tags versus xanthelasma", Topic.COMPARE)

    assert "no checked fact on how these two differ" in reply.text
    assert any(type(block).__name__ == "Table" for block in reply.blocks)


def test_an_urgent_other_condition_is_to_be_seen_soon(ask: Ask, store: FactStore) -> None:
    urgent = next(post for post in store.signposts.values() if post.urgent and not post.generic)
    reply, _ = ask(f"what is {urgent.name}", Topic.DEFINITION)

    assert urgent.name in [post.name for post in reply.signposts]
    assert "looked at soon" in reply.text


def test_a_signpost_has_a_link_only_where_the_address_was_seen(ask: Ask, store: FactStore) -> None:
    unlinked = next(post for post in store.signposts.values() if post.url is None and not post.generic)
    reply, _ = ask(f"what is {unlinked.name}", Topic.DEFINITION)

    assert unlinked.organisation in reply.text
    assert "http" not in reply.text


def test_one_of_each_answers_the_known_and_signposts_the_other(ask: Ask) -> None:
    reply, _ = ask("is it milia or rosacea", Topic.IDENTIFY)

    assert "milia" in {answer.condition for answer in reply.answers}
    assert [post.name.lower() for post in reply.signposts] == ["rosacea"]


def test_several_questions_are_answered_once_each_in_order(ask: Ask) -> None:
    reply, _ = ask("milia: what, pop, how long", Topic.DEFINITION, Topic.POPPING, Topic.DURATION)

    assert [a.topic for a in reply.answers] == [Topic.DEFINITION, Topic.POPPING, Topic.DURATION]


@pytest.mark.parametrize("limit", [600, 1000, 1600, 4096])
def test_cut_for_a_platform_the_disclaimer_is_never_alone(ask: Ask, limit: int) -> None:
    reply, _ = ask("difference between milia and acne", Topic.COMPARE)
    parts = messages_for_platform(reply.text, reply.disclaimer, limit)

    assert all(len(part) <= limit for part in parts)
    assert parts[-1].endswith(reply.disclaimer)
    assert len(parts[-1]) > len(reply.disclaimer) + 10
    squeezed = re.sub(r"\s+", "", "".join(parts))
    assert squeezed == re.sub(r"\s+", "", reply.text)


def test_memory_survives_the_slots() -> None:
    memory = Memory(conditions=("milia",), topics=(Topic.POPPING,), contexts=(Context.LIPS,), country="GB")  # type: ignore[arg-type]

    assert Memory.from_slots(memory.slots()) == memory
