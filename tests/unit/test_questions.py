"""Which questions a message asks."""

from skinfo.conversation import Guess
from skinfo.conversation.questions import Clause, choose_questions
from skinfo.facts import Topic


def asks(intent: str, confidence: float) -> Clause:
    return Clause(Guess(intent, confidence), asks=True)


def tells(intent: str, confidence: float) -> Clause:
    return Clause(Guess(intent, confidence), asks=False)


def test_a_sure_guess_stands_alone() -> None:
    whole = Guess("ask_popping", 0.9)

    assert choose_questions(whole, Guess("ask_causes", 0.05), []) == (whole, ())


def test_two_close_guesses_are_both_answered() -> None:
    _, topics = choose_questions(Guess("ask_causes", 0.45), Guess("ask_risk", 0.35), [])

    assert topics == (Topic.CAUSES, Topic.RISK)


def test_care_products_and_treatment_are_close_sooner() -> None:
    _, topics = choose_questions(Guess("ask_home_care", 0.8), Guess("ask_treatment", 0.12), [])

    assert topics == (Topic.HOME_CARE, Topic.TREATMENT)


def test_several_sure_clauses_are_several_questions_in_order() -> None:
    clauses = [asks("ask_definition", 0.8), asks("ask_popping", 0.9), asks("ask_definition", 0.7)]
    _, topics = choose_questions(Guess("ask_popping", 0.4), None, clauses)

    assert topics == (Topic.DEFINITION, Topic.POPPING)


def test_the_question_outweighs_the_story_around_it() -> None:
    clauses = [tells("ask_who", 0.9), asks("ask_duration", 0.8)]
    guess, topics = choose_questions(Guess("ask_who", 0.5), None, clauses)

    assert (guess.intent, topics) == ("ask_duration", ())


def test_what_is_surely_out_of_scope_stays_so() -> None:
    whole = Guess("out_of_scope", 0.95)

    assert choose_questions(whole, None, [asks("ask_products", 0.6)])[0] == whole
