"""Which questions a message asks."""

from skinfo.conversation import Guess, Question
from skinfo.conversation.questions import Clause, about_what_is_named, choose_questions
from skinfo.facts import ConditionId, Topic


def asks(intent: str, confidence: float) -> Clause:
    return Clause(Guess(intent, confidence), asks=True)


def tells(intent: str, confidence: float) -> Clause:
    return Clause(Guess(intent, confidence), asks=False)


def message(intent: str, confidence: float, second: Guess | None = None, **more: object) -> Clause:
    """A whole message, whose form does not matter."""
    return Clause(Guess(intent, confidence), asks=True, second=second, **more)  # type: ignore[arg-type]


def test_a_sure_guess_stands_alone() -> None:
    whole = message("ask_popping", 0.9, Guess("ask_causes", 0.05))

    assert choose_questions(whole, []) == (whole.guess, ())


def test_two_close_guesses_are_both_answered() -> None:
    _, questions = choose_questions(message("ask_causes", 0.45, Guess("ask_risk", 0.35)), [])

    assert questions == (Question(Topic.CAUSES), Question(Topic.RISK))


def test_care_products_and_treatment_are_close_sooner() -> None:
    _, questions = choose_questions(message("ask_home_care", 0.8, Guess("ask_treatment", 0.12)), [])

    assert questions == (Question(Topic.HOME_CARE), Question(Topic.TREATMENT))


def test_several_sure_clauses_are_several_questions_in_order() -> None:
    clauses = [asks("ask_definition", 0.8), asks("ask_popping", 0.9), asks("ask_definition", 0.7)]
    _, questions = choose_questions(message("ask_popping", 0.4), clauses)

    assert questions == (Question(Topic.DEFINITION), Question(Topic.POPPING))


def test_each_question_is_about_what_its_clause_names_or_what_was_named_last_before_it() -> None:
    milia, acne = ConditionId("milia"), ConditionId("acne")
    clauses = [
        Clause(Guess("ask_duration", 0.9), asks=True, conditions=(milia,)),
        Clause(Guess("ask_causes", 0.9), asks=True),
        Clause(Guess("ask_products", 0.9), asks=True, conditions=(acne,)),
    ]
    _, questions = choose_questions(message("ask_duration", 0.5), clauses)

    assert questions == (
        Question(Topic.DURATION, (milia,)),
        Question(Topic.CAUSES, (milia,)),
        Question(Topic.PRODUCTS, (acne,)),
    )


def test_the_question_outweighs_the_story_around_it() -> None:
    clauses = [tells("ask_who", 0.9), asks("ask_duration", 0.8)]
    guess, questions = choose_questions(message("ask_who", 0.45), clauses)

    assert (guess.intent, questions) == ("ask_duration", (Question(Topic.DURATION),))


def test_what_only_the_whole_surely_asks_is_answered_beside_what_its_clause_asks() -> None:
    # "A stye, and I want to stick a pin in it. What would you recommend?"
    _, questions = choose_questions(message("ask_popping", 0.94), [asks("ask_products", 0.99)])

    assert questions == (Question(Topic.PRODUCTS), Question(Topic.POPPING))


def test_a_clause_that_says_little_gives_way_to_a_sure_whole() -> None:
    # "I dug a milium out with my nails. What have I done?"
    unsure = Clause(Guess("ask_causes", 0.4), asks=True, second=Guess("ask_identify", 0.26))
    guess, questions = choose_questions(message("ask_popping", 0.94), [unsure])

    assert (guess.intent, questions) == ("ask_popping", (Question(Topic.POPPING),))


def test_an_unsure_whole_adds_nothing() -> None:
    _, questions = choose_questions(message("ask_popping", 0.4), [asks("ask_products", 0.99)])

    assert questions == (Question(Topic.PRODUCTS),)


def test_what_is_surely_out_of_scope_stays_so() -> None:
    whole = message("out_of_scope", 0.95)

    assert choose_questions(whole, [asks("ask_products", 0.6)])[0] == whole.guess


def test_a_clause_that_may_ask_for_care_or_for_treatment_gets_both() -> None:
    clauses = [
        Clause(Guess("ask_home_care", 0.5), asks=True, second=Guess("ask_treatment", 0.3)),
        Clause(Guess("ask_risk", 0.8), asks=True, second=Guess("ask_causes", 0.1)),
    ]
    _, questions = choose_questions(message("ask_home_care", 0.4), clauses)

    assert [question.topic for question in questions] == [Topic.HOME_CARE, Topic.TREATMENT, Topic.RISK]


def test_who_names_a_condition_is_told_of_it_rather_than_of_the_bot() -> None:
    leads = [Guess("ask_capabilities", 0.44), Guess("ask_identify", 0.39), Guess("ask_compare", 0.1)]
    none_leads = [Guess("ask_capabilities", 0.99), Guess("ask_products", 0.004)]

    assert about_what_is_named(leads) == Guess("ask_identify", 0.44)
    assert about_what_is_named(none_leads) == Guess("ask_definition", 0.99)


def test_a_clause_is_parted_where_its_parts_surely_ask_different_things() -> None:
    clause = Clause(
        Guess("ask_causes", 0.6),
        asks=True,
        pieces=(tells("ask_causes", 0.95), tells("ask_treatment", 0.9)),
    )
    _, questions = choose_questions(Clause(clause.guess, asks=True), [clause])

    assert [question.topic for question in questions] == [Topic.CAUSES, Topic.TREATMENT]


def test_a_clause_stays_whole_where_its_parts_are_unsure_alike_or_all_something_else() -> None:
    guess = Guess("ask_identify", 0.9)
    for pieces in (
        (tells("ask_identify", 0.9), tells("ask_areas", 0.7)),
        (tells("ask_identify", 0.9), tells("ask_identify", 0.9)),
        (tells("ask_areas", 0.95), tells("ask_who", 0.95)),
    ):
        clause = Clause(guess, asks=True, pieces=pieces)

        assert choose_questions(Clause(guess, asks=True), [clause]) == (guess, ())


def test_a_clause_that_only_names_something_asks_what_the_one_before_it_asks() -> None:
    stye, cold_sores = ConditionId("stye_chalazion"), ConditionId("cold_sores")
    clauses = [
        Clause(Guess("ask_duration", 0.9), asks=True, conditions=(stye,)),
        Clause(Guess("ask_sensation", 0.4), asks=True, conditions=(cold_sores,), only_names=True),
    ]
    _, questions = choose_questions(message("ask_duration", 0.5), clauses)

    assert questions == (Question(Topic.DURATION, (stye, cold_sores)),)


def test_what_about_another_asks_the_same_however_sure_another_guess_is() -> None:
    milia, acne = ConditionId("milia"), ConditionId("acne")
    another = Clause(
        Guess("ask_definition", 0.99), asks=True, conditions=(milia,), only_names=True, what_about=True
    )
    clauses = [Clause(Guess("ask_popping", 0.9), asks=True, conditions=(acne,)), another]
    _, questions = choose_questions(message("ask_popping", 0.5), clauses)

    assert questions == (Question(Topic.POPPING, (acne, milia)),)


def test_a_comparison_with_one_name_is_with_what_was_spoken_of_before() -> None:
    folliculitis, acne = ConditionId("ingrown_folliculitis"), ConditionId("acne")
    clauses = [
        Clause(Guess("ask_definition", 0.9), asks=True, conditions=(folliculitis,)),
        Clause(Guess("ask_compare", 0.9), asks=True, conditions=(acne,)),
    ]
    _, questions = choose_questions(message("ask_definition", 0.9), clauses)

    assert questions[1] == Question(Topic.COMPARE, (folliculitis, acne))


def test_a_question_of_danger_is_answered_by_what_it_is_and_by_when_to_be_seen() -> None:
    of_danger = [message(intent, 0.9, of_danger=True) for intent in ("ask_risk", "ask_see_doctor")]
    whole = [choose_questions(one, [])[1] for one in of_danger]
    _, with_another = choose_questions(
        message("ask_treatment", 0.5), [of_danger[0], asks("ask_treatment", 0.9)]
    )

    assert whole == [(Question(Topic.DEFINITION), Question(Topic.SEE_DOCTOR))] * 2
    assert [one.topic for one in with_another] == [Topic.DEFINITION, Topic.SEE_DOCTOR, Topic.TREATMENT]


def test_a_word_of_danger_changes_nothing_where_something_else_is_asked() -> None:
    _, questions = choose_questions(message("ask_treatment", 0.9, of_danger=True), [])

    assert questions == ()


def test_what_is_asked_of_a_product_is_answered_by_what_is_known_of_products_too() -> None:
    _, questions = choose_questions(message("ask_treatment", 0.9, of_products=True), [])
    _, of_another_topic = choose_questions(message("ask_contagious", 0.9, of_products=True), [])

    assert [one.topic for one in questions] == [Topic.TREATMENT, Topic.PRODUCTS]
    assert of_another_topic == ()


def test_a_guess_that_is_not_answered_makes_no_other_surer() -> None:
    unsure = message("ask_treatment", 0.3, Guess("ask_home_care", 0.3), of_products=True)
    _, questions = choose_questions(message("ask_contagious", 0.5), [asks("ask_contagious", 0.9), unsure])

    assert [one.topic for one in questions] == [Topic.CONTAGIOUS]


def test_two_weak_guesses_at_care_or_products_are_together_enough() -> None:
    clauses = [
        asks("ask_contagious", 0.9),
        Clause(Guess("ask_home_care", 0.3), asks=True, second=Guess("ask_products", 0.25)),
    ]
    _, questions = choose_questions(message("ask_contagious", 0.9), clauses)

    assert [one.topic for one in questions] == [Topic.CONTAGIOUS, Topic.HOME_CARE, Topic.PRODUCTS]


def test_a_clause_of_little_but_a_name_asks_its_own_question_when_it_surely_does() -> None:
    clauses = [asks("ask_compare", 0.9), Clause(Guess("ask_who", 0.95), asks=True, only_names=True)]
    _, questions = choose_questions(message("ask_compare", 0.9), clauses)

    assert [one.topic for one in questions] == [Topic.COMPARE, Topic.WHO]


def test_what_is_answered_beside_makes_room_for_what_is_asked() -> None:
    clauses = [
        message("ask_see_doctor", 0.9, of_danger=True),
        message("ask_home_care", 0.8, Guess("ask_treatment", 0.15)),
        asks("ask_contagious", 0.9),
    ]
    _, questions = choose_questions(message("ask_contagious", 0.9), clauses)

    assert [one.topic for one in questions] == [Topic.SEE_DOCTOR, Topic.HOME_CARE, Topic.CONTAGIOUS]


def test_an_unsure_clause_does_not_bring_in_what_is_surely_about_something_else() -> None:
    # "My car won't start, any ideas?"
    unsure = Clause(Guess("ask_identify", 0.53), asks=True, second=Guess("ask_home_care", 0.21))
    whole = message("out_of_scope", 0.99)

    assert choose_questions(whole, [tells("ask_causes", 0.2), unsure]) == (whole.guess, ())
