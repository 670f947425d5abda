"""What the store answers with."""

import pytest

from skinfo.facts import ConditionId, Context, FactStore, Status, Topic

SEED_FOUR = ("milia", "acne", "cold_sores", "genital_herpes")
MILIA = ConditionId("milia")


@pytest.mark.parametrize("condition", SEED_FOUR)
@pytest.mark.parametrize("topic", [topic for topic in Topic if topic not in (Topic.COMPARE, Topic.IDENTIFY)])
def test_the_seed_conditions_answer_every_topic(store: FactStore, condition: str, topic: Topic) -> None:
    facts = store.answer(ConditionId(condition), topic)

    assert facts
    assert all(store.sources_of(fact.sources) for fact in facts)


def test_a_draft_is_never_an_answer(store: FactStore) -> None:
    drafts = {fact.id for fact in store.facts.values() if fact.status is Status.DRAFT}
    assert drafts

    said = {
        fact.id
        for condition in [*store.conditions, None]
        for topic in Topic
        for contexts in [(), *((context,) for context in Context)]
        for kind in [None, *(s.id for s in (store.conditions[condition].subtypes if condition else ()))]
        for fact in store.answer(condition, topic, contexts=contexts, subtype=kind)
    }

    assert not said & drafts


def test_a_newborn_never_gets_the_advice_for_adults(store: FactStore) -> None:
    for topic in (Topic.PRODUCTS, Topic.HOME_CARE, Topic.TREATMENT):
        facts = store.answer(MILIA, topic, contexts=(Context.NEWBORN,))
        assert all(fact.context is Context.NEWBORN for fact in facts)


def test_a_context_adds_its_own_fact_after_the_general_one(store: FactStore) -> None:
    ids = [fact.id for fact in store.answer(MILIA, Topic.POPPING, contexts=(Context.EYELIDS,))]

    assert ids == ["milia.popping", "milia.eyelids"]


def test_a_subtype_answers_for_itself(store: FactStore) -> None:
    (fact,) = store.answer(MILIA, Topic.DEFINITION, subtype="en_plaque")

    assert fact.id == "milia.en_plaque.definition"


def test_every_claim_of_the_seed_article_has_a_verdict(store: FactStore) -> None:
    assert {claim.id for claim in store.claims} == {f"S{number:02}" for number in range(1, 26)}


@pytest.mark.parametrize(
    ("fact", "claim"),
    [
        ("milia.causes", "S04"),
        ("milia.who", "S03"),
        ("milia.areas", "S02"),
        ("cold_sores.causes", "S11"),
        ("genital_herpes.causes", "S12"),
        ("milia.duration", "S20"),
    ],
)
def test_a_wrong_claim_is_named_where_its_correction_stands(store: FactStore, fact: str, claim: str) -> None:
    claims = store.claims_on([store.facts[fact]])  # type: ignore[index]

    assert claim in {found.id for found in claims}
