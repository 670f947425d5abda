"""Which questions a message asks, from what the classifier thinks of it and of its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skinfo.conversation.turn import TOPIC_OF_INTENT, Guess
from skinfo.facts import Topic

#: A clause counts as a question of its own from this confidence.
CLAUSE_CONFIDENCE = 0.5
#: Below the first, and with a second guess above the second, both guesses are answered.
SURE = 0.55
CLOSE_SECOND = 0.2
#: What one person calls a remedy another calls a product or a treatment: a weaker second is enough.
SIBLINGS = frozenset({Topic.HOME_CARE, Topic.PRODUCTS, Topic.TREATMENT})
CLOSE_SIBLING = 0.1
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Clause:
    """A clause of a message: what it may ask, and whether it has the form of a question."""

    guess: Guess
    asks: bool


def choose_questions(
    whole: Guess, second: Guess | None, clauses: Sequence[Clause]
) -> tuple[Guess, tuple[Topic, ...]]:
    """The intent of a message and the topics it asks, in order, each once.

    A long story dilutes the question in it, so one confident clause outweighs an unsure whole;
    several confident clauses are several questions. Where some clauses have the form of a
    question, the others are the story around it.

    Args:
        whole: the guess for the whole message.
        second: the next likely intent of the whole message.
        clauses: its clauses, in order; empty when it has only one.

    Returns:
        The intent to act on, and the topics to answer: empty when the intent alone decides.
    """
    if any(clause.asks for clause in clauses):
        clauses = [clause for clause in clauses if clause.asks]
    asked: dict[Topic, Guess] = {}
    for clause in clauses:
        topic = TOPIC_OF_INTENT.get(clause.guess.intent)
        if topic is not None and clause.guess.confidence >= CLAUSE_CONFIDENCE:
            asked.setdefault(topic, clause.guess)
    if len(asked) > 1:
        return next(iter(asked.values())), tuple(asked)[:MOST_QUESTIONS]
    if asked:
        (clause_guess,) = asked.values()
        surer = whole.confidence >= clause_guess.confidence
        if not (surer and (whole.intent in TOPIC_OF_INTENT or whole.intent == "out_of_scope")):
            return clause_guess, ()
    return whole, _both_if_unsure(whole, second)


def _both_if_unsure(whole: Guess, second: Guess | None) -> tuple[Topic, ...]:
    """Two topics nearly as likely are both answered: better than the wrong one alone."""
    first = TOPIC_OF_INTENT.get(whole.intent)
    other = TOPIC_OF_INTENT.get(second.intent) if second else None
    if first is None or other is None or second is None:
        return ()
    if {first, other} <= SIBLINGS and second.confidence >= CLOSE_SIBLING:
        return (first, other)
    if whole.confidence >= SURE or second.confidence < CLOSE_SECOND:
        return ()
    return (first, other)
