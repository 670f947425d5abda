"""Answering questions from the fact store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from skinfo.conversation.memory import Memory
from skinfo.conversation.turn import TOPIC_OF_INTENT, Question, Turn, payload
from skinfo.facts import Condition, ConditionId, Context, Fact, FactStore, Signpost, Topic
from skinfo.replies import (
    Answered,
    Draft,
    Heading,
    Note,
    Paragraph,
    Phrasebook,
    Row,
    SignpostBlock,
    Suggestion,
    Table,
)

MOST_QUESTIONS = 3
#: Below this likelihood of being out of scope, a question needs no word of skin to be answered.
SURELY_INSIDE = 0.05
#: From this one on no word of skin brings it in ("an ovarian cyst. Does it hurt?").
SURELY_OUTSIDE = 0.45
#: From this one on not even the page of a condition that is named ("my dog has ringworm") is pointed to.
NO_PAGE_WANTED = 0.95
#: A table wider than this cannot be read on a phone.
MOST_COLUMNS = 4
#: What people tend to ask next, in this order.
_NEXT_TOPICS = (
    Topic.POPPING,
    Topic.TREATMENT,
    Topic.SEE_DOCTOR,
    Topic.DURATION,
    Topic.CONTAGIOUS,
    Topic.HOME_CARE,
    Topic.CAUSES,
)


class Answerer:
    """Says what the store holds; never more."""

    def __init__(self, store: FactStore, phrases: Phrasebook) -> None:
        self._store = store
        self._phrases = phrases
        self._default_four = tuple(store.conditions)[:MOST_COLUMNS]

    def answer(self, turn: Turn) -> tuple[Draft, Memory]:
        """Answer what was asked, about what was named or last talked about."""
        memory = turn.memory.after_reading(turn.reading)
        if self._is_outside(turn, memory):
            return self.decline(turn)
        draft = Draft()
        named = bool(turn.reading.named)
        signposts = self._signposts(turn)
        if signposts:
            for signpost in signposts[:2]:
                self._signpost(draft, signpost)
            if not (named or turn.reading.kinds or any(post.bump for post in signposts)):
                draft.suggestions.extend(self._choices(Topic.DEFINITION))
                return draft, turn.memory
            if not named:
                memory = replace(memory, conditions=())
        questions = self._questions(turn)
        topics = tuple(question.topic for question in questions)
        known = [c for c in memory.conditions if self.knows(c)]
        memory = replace(memory, conditions=tuple(known), topics=topics)
        for question in questions:
            about = [c for c in question.conditions if self.knows(c)] or known
            if question.topic is Topic.COMPARE and len(about) == 1 and about[0] in turn.reading.two_names:
                self._within(draft, about[0], memory)
            elif question.topic is Topic.COMPARE and (about or not memory.described):
                self._table(draft, self._sides(turn, about), Topic.COMPARE)
            elif question.topic is Topic.IDENTIFY and (about or not memory.described):
                sides = about if named or not turn.reading.contexts else []
                self._identify(
                    draft, sides, memory.contexts, alternatives=_are_alternatives(sides, question, turn)
                )
            elif about:
                for condition in about[:MOST_QUESTIONS]:
                    self._about(draft, condition, question.topic, memory)
            elif memory.described:
                self._about_described(draft, question.topic, memory)
            else:
                self._about_any_bump(draft, question.topic, memory.contexts)
        if known:
            draft.suggestions.extend(self._next(known[0], topics, memory))
        else:
            draft.blocks.append(Paragraph(self._phrases.wording.which_one))
            draft.suggestions.extend(self._choices(topics[0], memory.described))
        return draft, memory

    def answer_symptom(self, turn: Turn) -> tuple[Draft, Memory]:
        """Answer somebody who tells what they see and asks nothing."""
        memory = turn.memory.after_reading(turn.reading)
        if self._is_outside(turn, memory):
            return self.decline(turn)
        if self._signposts(turn) and not turn.reading.conditions:
            return self.answer(turn)
        known = [c for c in turn.reading.conditions if c in self._store.conditions]
        draft = Draft(blocks=[Paragraph(self._phrases.wording.symptom_thanks)])
        if known:
            for topic in (Topic.DEFINITION, Topic.SEE_DOCTOR):
                self._about(draft, known[0], topic, memory)
            draft.suggestions.extend(self._next(known[0], (Topic.DEFINITION, Topic.SEE_DOCTOR), memory))
            return draft, replace(memory, topics=(Topic.DEFINITION,))
        if memory.described:
            self._about_described(draft, Topic.IDENTIFY, memory)
        else:
            self._identify(draft, [], memory.contexts)
        self._about_any_bump(draft, Topic.SEE_DOCTOR, ())
        draft.blocks.append(Paragraph(self._phrases.wording.which_one))
        draft.suggestions.extend(self._choices(Topic.DEFINITION, memory.described))
        return draft, replace(memory, topics=(Topic.DEFINITION,))

    def decline(self, turn: Turn) -> tuple[Draft, Memory]:
        """Say that this is not about skin, or not for this service."""
        draft = Draft(blocks=[Paragraph(self._phrases.wording.out_of_scope)], suggestions=self.choices())
        return draft, turn.memory

    def knows(self, condition: ConditionId) -> bool:
        """Whether the store holds the condition."""
        return condition in self._store.conditions

    def has_page_of_its_own(self, turn: Turn) -> bool:
        """Whether all that a message names is what others have a page on ("is conjunctivitis catching")."""
        return self._names_a_page(turn) and not turn.reading.named

    def choices(self, topic: Topic = Topic.DEFINITION) -> list[Suggestion]:
        """Buttons for the conditions people ask about most."""
        return self._choices(topic)

    def _is_outside(self, turn: Turn, memory: Memory) -> bool:
        """Whether a message is of other things than skin, and names no condition, nor was one talked of.

        "Cyst" and "bruise" are names that much else has too.
        """
        if memory.conditions or memory.described or self._names_a_page(turn):
            return False
        seems_inside = turn.reading.about_skin or turn.reading.signposts
        return turn.outside >= (SURELY_OUTSIDE if seems_inside else SURELY_INSIDE)

    def _names_a_page(self, turn: Turn) -> bool:
        return any(not self._store.signposts[name].generic for name in turn.reading.signposts)

    def _questions(self, turn: Turn) -> tuple[Question, ...]:
        asked = TOPIC_OF_INTENT.get(turn.guess.intent)
        if turn.reading.follow_up and turn.memory.topics:
            return tuple(Question(topic) for topic in turn.memory.topics)
        if turn.questions:
            return turn.questions[:MOST_QUESTIONS]
        return (Question(asked or Topic.DEFINITION),)

    def _about(self, draft: Draft, condition_id: ConditionId, topic: Topic, memory: Memory) -> None:
        condition = self._store.condition(condition_id)
        facts = self._store.answer(condition_id, topic, contexts=memory.contexts, subtype=memory.subtype)
        draft.blocks.append(Heading(self._phrases.question(topic, condition)))
        if not facts:
            self._no_fact(draft, condition, topic)
            return
        self._say(draft, facts)
        used = next((fact.context for fact in facts if fact.context), None)
        draft.answers.append(Answered(condition_id, topic, used, tuple(fact.id for fact in facts)))

    def _about_any_bump(self, draft: Draft, topic: Topic, contexts: Iterable[Context]) -> None:
        facts = self._store.answer(None, topic, contexts=contexts)
        draft.blocks.append(Heading(self._phrases.question(topic, None)))
        draft.blocks.append(Paragraph(self._phrases.wording.no_condition))
        if not facts:
            facts = self._store.answer(None, Topic.SEE_DOCTOR)
        self._say(draft, facts)
        used = next((fact.context for fact in facts if fact.context), None)
        draft.answers.append(Answered(None, topic, used, tuple(fact.id for fact in facts)))

    def _about_described(self, draft: Draft, topic: Topic, memory: Memory) -> None:
        """What is true of any bump, then what is known of each kind that is often meant."""
        titles = _or(self._store.condition(kind).name for kind in memory.described)
        asks_what_it_is = topic in (Topic.DEFINITION, Topic.IDENTIFY, Topic.COMPARE)
        draft.blocks.append(Heading(self._phrases.question(topic, None)))
        draft.blocks.append(Paragraph(self._phrases.wording.described.format(names=titles)))
        general = self._store.answer(
            None, Topic.IDENTIFY if asks_what_it_is else topic, contexts=memory.contexts
        )
        if asks_what_it_is:
            self._table(draft, memory.described, Topic.IDENTIFY)
        self._say(draft, general)
        used = next((fact.context for fact in general if fact.context), None)
        draft.answers.append(Answered(None, topic, used, tuple(fact.id for fact in general)))
        if topic not in (Topic.IDENTIFY, Topic.COMPARE):
            for kind in memory.described:
                self._about(draft, kind, topic, memory)

    def _no_fact(self, draft: Draft, condition: Condition, topic: Topic) -> None:
        topics = [t for t in self._store.topics_of(condition.id) if t is not topic]
        held = ", ".join(self._phrases.short(t, condition) for t in topics)
        sentence = self._phrases.about(self._phrases.wording.no_fact, condition)
        draft.blocks.append(Paragraph(f"{sentence} {held}."))

    def _say(self, draft: Draft, facts: Sequence[Fact]) -> None:
        draft.facts.extend(facts)
        draft.blocks.extend(Paragraph(fact.text) for fact in facts)
        for claim in self._store.claims_on(facts):
            note = Note(claim.text)
            if note not in draft.blocks:
                draft.blocks.append(note)
                draft.source_ids.extend(claim.sources)

    def _sides(self, turn: Turn, known: Sequence[ConditionId]) -> list[ConditionId]:
        sides = list(known)
        if len(sides) == 1:
            sides += [c for c in turn.memory.conditions if c not in sides and c in self._store.conditions]
        if len(sides) == 1:
            sides += [c for c in self._default_four if c not in sides]
        return (sides or list(self._default_four))[:MOST_COLUMNS]

    def _within(self, draft: Draft, condition_id: ConditionId, memory: Memory) -> None:
        """The difference between two names that the store holds as one: "a stye and a chalazion"."""
        first = len(draft.answers)
        for topic in (Topic.DEFINITION, Topic.APPEARANCE):
            self._about(draft, condition_id, topic, memory)
        said = tuple(fact for answer in draft.answers[first:] for fact in answer.fact_ids)
        draft.answers.append(Answered(condition_id, Topic.COMPARE, None, said))

    def _identify(
        self,
        draft: Draft,
        named: Sequence[ConditionId],
        contexts: Iterable[Context],
        *,
        alternatives: bool = False,
    ) -> None:
        """What tells apart the conditions named, or those that are usual there; never which it is.

        Args:
            draft: the reply.
            named: conditions that it may be.
            contexts: places and stages of life named.
            alternatives: whether somebody asks which of the named it is ("is it milia or acne?").
        """
        wording = self._phrases.wording
        contexts = tuple(contexts)
        sides = list(named[:MOST_COLUMNS])
        if sides:
            names = _or(self._store.condition(side).name for side in sides)
            draft.blocks.append(Paragraph(wording.cannot_tell_one.format(names=names)))
        else:
            draft.blocks.append(Paragraph(wording.cannot_tell))
        if alternatives:
            self._table(draft, sides, Topic.COMPARE)
            draft.answers.extend(Answered(side, Topic.IDENTIFY) for side in sides)
        else:
            others = [c for c in self._candidates(contexts) if c not in sides]
            columns = [*sides, *others][: max(len(sides), MOST_COLUMNS - 1 if sides else MOST_COLUMNS)]
            self._table(draft, columns, Topic.IDENTIFY, answered=bool(sides))
        facts = self._store.answer(None, Topic.IDENTIFY, contexts=contexts)
        self._say(draft, facts)
        if not sides:
            draft.answers.append(Answered(None, Topic.IDENTIFY, None, tuple(fact.id for fact in facts)))
        for condition in sides[:2]:
            doctor = self._store.answer(condition, Topic.SEE_DOCTOR)
            if doctor:
                heading = self._phrases.question(Topic.SEE_DOCTOR, self._store.condition(condition))
                draft.blocks.append(Heading(heading))
                self._say(draft, doctor)

    def _candidates(self, contexts: tuple[Context, ...]) -> list[ConditionId]:
        places = [c for c in contexts if c not in (Context.NEWBORN, Context.PREGNANCY)]
        usual = [
            condition.id
            for condition in self._store.conditions.values()
            if any(place in condition.contexts for place in places)
        ]
        return list(dict.fromkeys([*usual, *self._default_four]))

    def _table(
        self, draft: Draft, sides: Sequence[ConditionId], topic: Topic, *, answered: bool = True
    ) -> None:
        conditions = [self._store.condition(side) for side in sides]
        columns = self._phrases.columns
        rows = tuple(
            Row(
                header=header,
                cells=tuple(str(getattr(c.comparison, key)) for c in conditions),
            )
            for key, header in columns.dict().items()
        )
        draft.blocks.append(
            Table(
                caption=self._phrases.wording.comparison_caption,
                columns=tuple(condition.title for condition in conditions),
                rows=rows,
            )
        )
        for condition in conditions:
            draft.source_ids.extend(condition.comparison.sources)
        facts: list[Fact] = []
        if topic is Topic.COMPARE and len(conditions) == 2:
            facts = list(self._store.difference(sides[0], sides[1]))
            if facts:
                self._say(draft, facts)
            else:
                draft.blocks.append(Paragraph(self._phrases.wording.no_difference))
        if answered:
            draft.answers.extend(
                Answered(
                    side,
                    topic,
                    None,
                    tuple(fact.id for fact in facts if fact.id.startswith(f"{side}.")),
                )
                for side in sides
            )

    def _signposts(self, turn: Turn) -> list[Signpost]:
        """The pages to point to.

        Where the talk is about a condition already, none for a mere bump, nor for what somebody has too
        ("I've red hair and freckles, does that matter?").
        """
        posts = [self._store.signposts[name] for name in turn.reading.signposts]
        if not turn.memory.conditions or turn.reading.follow_up:
            return posts
        told = turn.reading.signposts_told
        return [post for post in posts if not (post.bump or (post.generic and post.id in told))]

    def _signpost(self, draft: Draft, signpost: Signpost) -> None:
        wording = self._phrases.wording
        text = wording.signpost.format(name=signpost.name, organisation=signpost.organisation)
        if signpost.urgent:
            text = f"{text} {wording.signpost_urgent}"
        block = SignpostBlock(signpost.name, signpost.organisation, signpost.url, text)
        draft.blocks.append(block)
        draft.signposts.append(block)

    def _next(self, condition_id: ConditionId, asked: Sequence[Topic], memory: Memory) -> list[Suggestion]:
        condition = self._store.condition(condition_id)
        held = self._store.topics_of(condition_id)
        topics = [topic for topic in _NEXT_TOPICS if topic not in asked and topic in held]
        return [
            Suggestion(self._phrases.question(topic, condition), payload(topic, (condition_id,)))
            for topic in topics[:MOST_QUESTIONS]
        ]

    def _choices(self, topic: Topic, kinds: Sequence[ConditionId] = ()) -> list[Suggestion]:
        offered = [*kinds, *(c for c in self._default_four if c not in kinds)][:MOST_COLUMNS]
        return [Suggestion(self._store.condition(c).title, payload(topic, (c,))) for c in offered]


def _are_alternatives(sides: Sequence[ConditionId], question: Question, turn: Turn) -> bool:
    """Whether more than one thing is named as what it may be; "herpes" is one, whichever it means."""
    named = [side for side in sides if side in (question.conditions or turn.reading.named)]
    shared = set(turn.reading.shared)
    return len([side for side in named if side not in shared]) + bool(shared.intersection(named)) > 1


def _or(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1]
