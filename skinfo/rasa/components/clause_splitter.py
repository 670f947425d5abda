"""Lets the pipeline classify each clause of a message along with the whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.conversation import Guess
from skinfo.conversation.questions import Clause, about_what_is_named, choose_questions
from skinfo.language import is_asking, split_clauses, split_pieces
from skinfo.rasa.components.names import names_in
from skinfo.rasa.components.slip_mender import put_back
from skinfo.rasa.components.untrained_component import UntrainedComponent

#: A very long message is read to the end for red flags, but asked about in its last clauses,
#: where people put the question.
MOST_CLAUSES = 12
#: Where a message keeps what part of another it is.
_PART, _CLAUSE, _PIECE = "part", "clause", "piece"
#: Where a clause keeps those before it that only tell.
_TOLD = "told"
_CAPABILITIES = "ask_capabilities"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClauseSplitter(UntrainedComponent):
    """Appends a message for each clause and for each part of one; `ClauseGatherer` takes them away again.

    Rasa hands a list of messages from component to component, so that everything in between
    featurizes and classifies the clauses with no change of its own.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages, each followed by its clauses when it has more than one."""
        split: list[Message] = []
        for message in messages:
            split.append(message)
            spans = split_clauses(message.get(TEXT) or "")
            if len(spans) == 1:
                split.extend(_pieces(message))
                continue
            clauses = [_part(message, *span, kind=_CLAUSE) for span in spans[-MOST_CLAUSES:]]
            for clause in _to_classify(clauses):
                split.append(clause)
                if is_asking(clause.get(TEXT)):
                    split.extend(_pieces(clause))
        return split


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClauseGatherer(UntrainedComponent):
    """Takes the clauses away and leaves what they ask on the whole message as ``questions``."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The whole messages only, with the intent to act on."""
        whole: list[Message] = []
        clauses: list[list[_ClauseMessage]] = []
        for message in messages:
            kind = message.get(_PART)
            if kind is None:
                whole.append(message)
                clauses.append([])
            elif kind == _CLAUSE:
                clauses[-1].append(_ClauseMessage(message))
            else:
                if not clauses[-1]:
                    # A message of one clause is that clause.
                    clauses[-1].append(_ClauseMessage(whole[-1]))
                clauses[-1][-1].pieces.append(message)
        for message, parts in zip(whole, clauses, strict=True):
            put_back(message)
            if not message.get(INTENT):
                continue
            clauses_read = [clause for part in parts for clause in (*part.told(), part.read())]
            guess, questions = choose_questions(_read(message), clauses_read)
            if guess != _guess(message):
                _act_on(message, guess)
            message.set("questions", [question.to_dict() for question in questions], add_to_output=True)
        return whole


def is_part(message: Message) -> bool:
    """Whether a message is a clause of another, or a part of a clause."""
    return message.get(_PART) is not None


@dataclass
class _ClauseMessage:
    """A classified clause with its classified parts."""

    message: Message
    pieces: list[Message] = field(default_factory=list)

    def told(self) -> list[Clause]:
        """The clauses before it that only tell."""
        named = [names_in(clause).named for clause in self.message.get(_TOLD) or ()]
        return [Clause(Guess("", 0.0), asks=False, conditions=conditions) for conditions in named]

    def read(self) -> Clause:
        """What it may ask."""
        return replace(_read(self.message), pieces=tuple(map(_read, self.pieces)))


def _to_classify(clauses: list[Message]) -> list[Message]:
    """Where some clauses ask, those; what the others seem to ask would not be looked at, only what they name.

    One before a clause that only names something ("… and on the lips?") may be what that one asks again.
    """
    asking = [is_asking(clause.get(TEXT)) for clause in clauses]
    if not any(asking):
        return clauses
    chosen: list[Message] = []
    told: list[Message] = []
    for place, clause in enumerate(clauses):
        last = place + 1 == len(clauses)
        asked_again = not last and asking[place + 1] and names_in(clauses[place + 1]).only_names
        if asking[place] or asked_again:
            clause.set(_TOLD, told)
            chosen.append(clause)
            told = []
        else:
            told.append(clause)
    return chosen


def _read(message: Message) -> Clause:
    _mean_what_is_named(message)
    names = names_in(message)
    return Clause(
        _guess(message),
        is_asking(message.get(TEXT)),
        names.named,
        _second(message),
        only_names=names.only_names,
        what_about=names.what_about,
        of_danger=names.of_danger,
        of_products=names.of_products,
    )


def _mean_what_is_named(message: Message) -> None:
    if _guess(message).intent == _CAPABILITIES and names_in(message).conditions:
        ranking = [Guess(item["name"], item["confidence"]) for item in message.get("intent_ranking") or []]
        _act_on(message, about_what_is_named(ranking))


def _guess(message: Message) -> Guess:
    intent = message.get(INTENT) or {}
    return Guess(intent.get("name") or "", float(intent.get("confidence") or 0.0))


def _second(message: Message) -> Guess | None:
    ranking = message.get("intent_ranking") or []
    return Guess(ranking[1]["name"], ranking[1]["confidence"]) if len(ranking) > 1 else None


def _act_on(message: Message, guess: Guess) -> None:
    first = {"name": guess.intent, "confidence": guess.confidence}
    message.set(INTENT, first, add_to_output=True)
    # Kept in step with the intent: the fallback classifier compares the first two.
    ranking = [item for item in message.get("intent_ranking") or [] if item["name"] != guess.intent]
    message.set("intent_ranking", [first, *ranking], add_to_output=True)


def _pieces(clause: Message) -> list[Message]:
    """The parts of a clause that may each ask something; a single one would be no news.

    One that only names something ("… and on the lips", "are acne | and milia catching") asks nothing
    more, and need not be classified.
    """
    parts = [_part(clause, *span, kind=_PIECE) for span in split_pieces(clause.get(TEXT) or "")]
    asking = [part for part in parts if not (names_in(part).follow_up or names_in(part).only_names)]
    return asking if len(asking) > 1 else []


def _part(message: Message, start: int, end: int, *, kind: str) -> Message:
    # A token may reach over a boundary ("0;0"): each clause gets its part of it, and so at least one.
    tokens = [
        Token(
            token.text[max(start - token.start, 0) : max(end - token.start, 0)],
            max(token.start, start) - start,
            min(token.end, end) - start,
            token.data,
            token.lemma,
        )
        for token in message.get(TOKENS_NAMES[TEXT]) or []
        if token.start < end and token.end > start
    ]
    part = Message(data={TEXT: message.get(TEXT)[start:end], _PART: kind})
    part.set(TOKENS_NAMES[TEXT], tokens)
    return part
