"""Which questions a message asks, from what the classifier thinks of it and of its clauses."""

from __future__ import annotations

from collections.abc import Sequence

from skinfo.conversation.turn import TOPIC_OF_INTENT, Guess
from skinfo.facts import Topic

#: A clause counts as a question of its own from this confidence.
CLAUSE_CONFIDENCE = 0.5
MOST_QUESTIONS = 3


def choose_questions(whole: Guess, clauses: Sequence[Guess]) -> tuple[Guess, tuple[Topic, ...]]:
    """The intent of a message and the topics it asks, in order, each once.

    A long story dilutes the question in it, so one confident clause outweighs an unsure whole;
    several confident clauses are several questions.

    Args:
        whole: the guess for the whole message.
        clauses: the guesses for its clauses, in order; empty when it has only one.

    Returns:
        The intent to act on, and the topics to answer: empty when the intent alone decides.
    """
    asked: dict[Topic, Guess] = {}
    for clause in clauses:
        topic = TOPIC_OF_INTENT.get(clause.intent)
        if topic is None or clause.confidence < CLAUSE_CONFIDENCE:
            continue
        if topic not in asked or clause.confidence > asked[topic].confidence:
            asked.setdefault(topic, clause)
    if not asked:
        return whole, ()
    if len(asked) == 1:
        (clause,) = asked.values()
        if whole.intent in TOPIC_OF_INTENT and whole.confidence >= clause.confidence:
            return whole, ()
        if whole.intent == "out_of_scope" and whole.confidence >= clause.confidence:
            return whole, ()
        return clause, ()
    first = next(iter(asked.values()))
    return first, tuple(asked)[:MOST_QUESTIONS]
