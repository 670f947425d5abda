"""Bumps that are described and not named, names that are only compared with, and remedies."""

from dataclasses import replace

import pytest

from skinfo.conversation import Guess, Memory, Responder, Turn
from skinfo.facts import Context, Topic
from skinfo.language import Reading, load_language, read_doc
from tests.conftest import Ask


def read(text: str) -> Reading:
    return read_doc(load_language()(text))


@pytest.mark.parametrize(
    "text",
    [
        "tiny hard white dots under my eyes",
        "i have these little skin coloured lumps on my lower lids",
        "white grains on my newborn's nose",
        "tuny hard hwite ddots undr my eyse",
        "tiny hard white ots under my eyes",
        "small white bums on my lower lids",
    ],
)
def test_pale_bumps_by_the_eyes_or_on_a_baby_may_be_milia_and_never_milia_alone(text: str) -> None:
    reading = read(text)

    assert "milia" in reading.kinds
    assert len(reading.kinds) >= 2
    assert not reading.conditions


@pytest.mark.parametrize("text", ["red itchy bumps under my eyes", "white spots on my tongue", "a bump"])
def test_what_fits_no_description_is_left_open(text: str) -> None:
    assert not read(text).kinds


def test_a_described_bump_is_answered_for_any_bump_and_for_each_kind(ask: Ask) -> None:
    reply, memory = ask("tiny hard white dots under my eyes, can i pop them", Topic.POPPING)
    answered = [(answer.condition, answer.topic) for answer in reply.answers]

    assert answered == [(None, "popping"), ("milia", "popping"), ("syringoma", "popping")]
    assert "I cannot tell what it is" in reply.text
    assert memory.described == ("milia", "syringoma")


def test_a_follow_up_is_about_the_bump_that_was_described(ask: Ask) -> None:
    _, memory = ask("tiny hard white dots under my eyes, can i pop them", Topic.POPPING)
    reply, _ = ask("how long do they last", Topic.DURATION, memory=memory)

    assert ("milia", "duration") in [(answer.condition, answer.topic) for answer in reply.answers]


def test_once_a_name_is_given_the_description_no_longer_counts(ask: Ask) -> None:
    _, memory = ask("tiny hard white dots under my eyes, can i pop them", Topic.POPPING)
    _, memory = ask("what about cold sores", Topic.POPPING, memory=memory)

    assert memory.described == ()
    assert memory.conditions == ("cold_sores",)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bumps that look like pimples but i think they are milia", ("milia",)),
        ("it is not acne, it is milia", ("milia",)),
        ("they dont look like acne", ()),
        ("a pimple-like bump", ()),
        ("a cold sore, like clockwork, every winter", ("cold_sores",)),
        ("it's not herpes is it", ("cold_sores", "genital_herpes")),
    ],
)
def test_a_name_that_is_only_compared_with_does_not_count_beside_another(
    text: str, meant: tuple[str, ...]
) -> None:
    assert read(text).named == meant


def test_a_breakout_is_acne_unless_something_else_is_named() -> None:
    assert read("my breakouts are back").conditions == ("acne",)
    assert read("when does herpes break out").named == ("cold_sores", "genital_herpes")


def test_a_remedy_says_what_is_meant_when_nothing_else_does(ask: Ask) -> None:
    reply, _ = ask("is accutane safe", Topic.PRODUCTS)
    beside_milia, _ = ask("is adapalene any good", Topic.PRODUCTS, memory=Memory(conditions=("milia",)))

    assert {answer.condition for answer in reply.answers} == {"acne"}
    assert {answer.condition for answer in beside_milia.answers} == {"milia"}


@pytest.mark.parametrize(
    ("text", "outside", "pages"),
    [
        ("is conjunctivitis catching at school", 0.8, ["conjunctivitis"]),
        ("my dog has ringworm", 0.99, []),
        ("is it normal that I've a cyst on my ovary", 0.8, []),
    ],
)
def test_a_condition_that_is_named_keeps_its_page_unless_the_message_is_surely_of_other_things(
    responder: Responder, text: str, outside: float, pages: list[str]
) -> None:
    turn = Turn(
        guess=Guess("out_of_scope", outside),
        nearest=(),
        questions=(),
        reading=read(text),
        memory=Memory(),
        outside=outside,
        text=text,
    )

    reply, _ = responder.reply(turn, responder.small_talk.decline)

    assert [page.lower() in reply.text.lower() for page in pages] == [True] * len(pages)
    assert len(reply.signposts) == len(pages)


def test_a_remedy_is_enough_to_answer_the_likeliest_topic_where_no_intent_is_sure(
    responder: Responder,
) -> None:
    text, memory = "differin, two weeks in and nothing", Memory()
    turn = Turn(
        guess=Guess("nlu_fallback", 0.3),
        nearest=(Guess("ask_duration", 0.3),),
        questions=(),
        reading=read(text),
        memory=memory,
        text=text,
    )

    reply, _ = responder.reply(turn, responder.small_talk.clarify)
    nothing_named, _ = responder.reply(
        replace(turn, reading=read("two weeks in")), responder.small_talk.clarify
    )

    assert [(answer.condition, answer.topic) for answer in reply.answers] == [("acne", Topic.DURATION)]
    assert not nothing_named.answers


def test_the_place_settles_which_warts_are_meant() -> None:
    assert read("warts on my penis").conditions == ("genital_warts",)
    assert read("warts on my hand").signposts == ("common_warts",)
    assert Context.GENITALS in read("warts on my penis").contexts


def test_a_sore_on_the_genitals_that_nobody_names_has_a_page() -> None:
    assert read("there is a lump on my labia").signposts == ("genital_symptoms",)


def test_a_lump_is_the_thing_talked_about_and_not_a_new_one(ask: Ask) -> None:
    reply, _ = ask(
        "the lump is still there, how long will it last", Topic.DURATION, memory=Memory(conditions=("acne",))
    )

    assert [answer.condition for answer in reply.answers] == ["acne"]
    assert not reply.signposts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bumps at the back of my head after every low cut", "ingrown_folliculitis"),
        ("strawberry dots on my legs", "keratosis_pilaris"),
        ("yellowish bumps with a dip in the middle on my forehead", "sebaceous_hyperplasia"),
        ("a sore bump on the lash line", "stye_chalazion"),
        ("sixteen and I've got spots on my forehead", "acne"),
    ],
)
def test_what_is_described_in_everyday_words_may_be_one_of_at_least_two_kinds(text: str, kind: str) -> None:
    reading = read(text)

    assert kind in reading.kinds
    assert len(reading.kinds) >= 2
    assert not reading.conditions


@pytest.mark.parametrize(
    "text",
    ["my toddler has a strawberry tongue and spots", "age spots on my forehead", "itchy spots on my chin"],
)
def test_what_only_resembles_such_a_description_is_left_open(text: str) -> None:
    assert not read(text).kinds
