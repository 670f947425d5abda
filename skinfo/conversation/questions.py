"""Which questions a message asks, from what the classifier thinks of it and of its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skinfo.conversation.turn import INTENT_OF_TOPIC, TOPIC_OF_INTENT, Guess, Question
from skinfo.facts import ConditionId, Topic

#: A clause counts as a question of its own from this confidence.
CLAUSE_CONFIDENCE = 0.5
#: … and from this one when it has the form of a question.
ASKING_CONFIDENCE = 0.38
#: Below the first, and with a second guess above the second, both guesses are answered.
SURE = 0.6
CLOSE_SECOND = 0.2
#: What one person calls a remedy another calls a product or a treatment: a weaker second is enough.
SIBLINGS = frozenset({Topic.HOME_CARE, Topic.PRODUCTS, Topic.TREATMENT})
CLOSE_SIBLING = 0.05
#: "Is it harmless?" is answered by what it is and by when to be seen, whichever of these it seems to ask.
DANGER = (Topic.DEFINITION, Topic.SEE_DOCTOR)
MAY_ASK_OF_DANGER = frozenset({*DANGER, Topic.RISK})
#: "Does castor oil get rid of it?", "can a balm cause it?" ask of a product too: what is known of either
#: is an answer.
MAY_ASK_OF_PRODUCTS = frozenset({Topic.CAUSES, Topic.HOME_CARE, Topic.RISK, Topic.TREATMENT})
#: A clause surer than this asks what it asks, even where it only names something: "do adults get them".
ASKS_SURELY = 0.9
#: Parts of a clause are questions of their own when at least two are this sure, of different things.
PIECE_CONFIDENCE = 0.8
MOST_QUESTIONS = 3
#: What the whole message seems to ask, story and all, is answered too from this confidence.
WHOLE_CONFIDENCE = 0.5
#: "What on earth shall I do with this zit" asks no more what the bot can do: a topic is answered from this
#: share of what the topics have together, if it is likely at all.
LEADING_TOPIC, LIKELY_AT_ALL = 0.33, 0.02


@dataclass(frozen=True)
class Clause:
    """A clause of a message, or a whole one.

    Attributes:
        guess: what it may ask.
        asks: whether it has the form of a question.
        conditions: about what.
        second: the next likely guess.
        pieces: what its parts may ask, where it has joints.
        only_names: whether little words are all that stands around the names in it.
        what_about: whether it begins so ("and what about milia").
        of_danger: whether it has a word of danger ("is it harmless").
        of_products: whether it names something that is bought and put on or taken.
    """

    guess: Guess
    asks: bool
    conditions: tuple[ConditionId, ...] = ()
    second: Guess | None = None
    pieces: tuple[Clause, ...] = ()
    only_names: bool = False
    what_about: bool = False
    of_danger: bool = False
    of_products: bool = False


def choose_questions(whole: Clause, clauses: Sequence[Clause]) -> tuple[Guess, tuple[Question, ...]]:
    """The intent of a message and what it asks, in order, each topic once.

    A long story dilutes the question in it, so one confident clause outweighs an unsure whole;
    several confident clauses are several questions. Where some clauses have the form of a
    question, the others are the story around it. A clause that names nothing speaks of what was
    named last before it.

    Args:
        whole: the whole message.
        clauses: its clauses, in order; empty when it has only one.

    Returns:
        The intent to act on, and the questions: empty when the intent alone decides.
    """
    clauses = [piece for clause in clauses for piece in _taken_apart(clause)]
    clauses = _with_what_they_speak_of(_asking_the_same_again(clauses))
    if any(clause.asks for clause in clauses):
        clauses = [clause for clause in clauses if clause.asks]
    questions, guesses = _asked_by(clauses)
    if not questions:
        return whole.guess, tuple(map(Question, _topics(whole)))
    guess, topic = guesses[0], _topic(whole)
    surer = len(set(guesses)) == 1 and whole.guess.confidence >= guess.confidence
    if surer and (whole.guess.intent == "out_of_scope" or (topic and len(questions) == 1)):
        return whole.guess, tuple(map(Question, _topics(whole)))
    asks_more = topic not in {question.topic for question in questions}
    if topic and asks_more and whole.guess.confidence >= WHOLE_CONFIDENCE:
        # "I want to stick a pin in it. What would you recommend?" asks about the pin too.
        if surer and guess.confidence < SURE:
            return whole.guess, (Question(topic),)
        questions = [*questions, Question(topic)]
    return guess, tuple(questions[:MOST_QUESTIONS])


def _asked_by(clauses: Sequence[Clause]) -> tuple[list[Question], list[Guess]]:
    """What the clauses ask, each topic once, and of each question the guess it comes from."""
    asked: dict[Topic, Guess] = {}
    about: dict[Topic, dict[ConditionId, None]] = {}
    seemingly: set[Topic | None] = set()
    for clause in clauses:
        topic = _topic(clause)
        topics = _topics(clause) or ((topic,) if topic else ())
        enough = ASKING_CONFIDENCE if clause.asks else CLAUSE_CONFIDENCE
        if topics and _confidence(clause, topics) >= enough:
            seemingly.add(topic)
            for one in topics:
                asked.setdefault(one, clause.guess)
                about.setdefault(one, {}).update(dict.fromkeys(clause.conditions))
    if len(asked) > MOST_QUESTIONS:
        # What was only answered beside something else makes room first.
        asked = {topic: guess for topic, guess in asked.items() if topic in seemingly}
    return [Question(topic, tuple(about[topic])) for topic in asked], list(asked.values())


def about_what_is_named(ranking: Sequence[Guess]) -> Guess:
    """What is meant by a message that seems to ask what the bot can do, and names a condition.

    Args:
        ranking: the guesses for it, the likeliest first.

    Returns:
        The likeliest topic where one leads; or else what the condition is ("can you help me with milia").
    """
    topics = [guess for guess in ranking if guess.intent in TOPIC_OF_INTENT]
    together = sum(guess.confidence for guess in topics)
    confidence = ranking[0].confidence if ranking else 0.0
    if topics and topics[0].confidence >= max(LIKELY_AT_ALL, LEADING_TOPIC * together):
        return Guess(topics[0].intent, confidence)
    return Guess(INTENT_OF_TOPIC[Topic.DEFINITION], confidence)


def _taken_apart(clause: Clause) -> Sequence[Clause]:
    """The parts of a clause that ask different things; the clause itself where they do not.

    What the clause seems to ask must be among it: parts that all ask something else were misread.
    """
    sure = [
        replace(piece, asks=True)
        for piece in clause.pieces
        if piece.guess.intent in TOPIC_OF_INTENT and piece.guess.confidence >= PIECE_CONFIDENCE
    ]
    asked = {piece.guess.intent for piece in sure}
    likely = {clause.guess.intent, *([clause.second.intent] if clause.second else [])}
    return sure if len(asked) > 1 and asked & likely else [clause]


def _asking_the_same_again(clauses: Sequence[Clause]) -> list[Clause]:
    """In "does a stye go away, and does a cold sore?" the second clause asks what the first does."""
    complete: list[Clause] = []
    for clause in clauses:
        before = complete[-1].guess if complete else None
        says_little = clause.only_names and (clause.what_about or clause.guess.confidence < ASKS_SURELY)
        if clause.asks and says_little and before is not None and before.intent in TOPIC_OF_INTENT:
            complete.append(replace(clause, guess=before, second=None))
        else:
            complete.append(clause)
    return complete


def _with_what_they_speak_of(clauses: Sequence[Clause]) -> list[Clause]:
    spoken_of: tuple[ConditionId, ...] = ()
    complete = []
    for clause in clauses:
        about = clause.conditions or spoken_of
        if len(about) == 1 and TOPIC_OF_INTENT.get(clause.guess.intent) is Topic.COMPARE:
            # "What is folliculitis, and how does it differ from acne?" compares the two.
            about = tuple(dict.fromkeys((*spoken_of, *about)))
        complete.append(replace(clause, conditions=about))
        spoken_of = clause.conditions or spoken_of
    return complete


def _topic(clause: Clause) -> Topic | None:
    """What a clause seems to ask, where that is a topic."""
    return TOPIC_OF_INTENT.get(clause.guess.intent)


def _topics(clause: Clause) -> tuple[Topic, ...]:
    """The two topics that answer a clause where one would not, in order; empty where one does."""
    first = TOPIC_OF_INTENT.get(clause.guess.intent)
    if first is None:
        return ()
    if clause.of_danger and first in MAY_ASK_OF_DANGER:
        return DANGER
    if clause.of_products and first in MAY_ASK_OF_PRODUCTS:
        return (first, Topic.PRODUCTS)
    second = clause.second
    other = TOPIC_OF_INTENT.get(second.intent) if second else None
    if other is None or second is None:
        return ()
    if {first, other} <= SIBLINGS and second.confidence >= CLOSE_SIBLING:
        return (first, other)
    # Two topics nearly as likely are both answered: better than the wrong one alone.
    unsure = clause.guess.confidence < SURE and second.confidence >= CLOSE_SECOND
    return (first, other) if unsure else ()


def _confidence(clause: Clause, topics: Sequence[Topic]) -> float:
    """How sure it is that a clause asks one of the topics: of close siblings, either will do."""
    second = clause.second
    if second is None or TOPIC_OF_INTENT.get(second.intent) not in topics or not SIBLINGS.issuperset(topics):
        return clause.guess.confidence
    return clause.guess.confidence + second.confidence
