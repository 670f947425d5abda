"""Everything that is not an answer from the store: greeting, limits, sources, not understanding."""

from __future__ import annotations

from dataclasses import replace

from skinfo.conversation.answering import NO_PAGE_WANTED, SURELY_OUTSIDE, Answerer
from skinfo.conversation.memory import Memory
from skinfo.conversation.turn import TOPIC_OF_INTENT, Question, Turn, payload, read_payload
from skinfo.facts import FactStore, Topic
from skinfo.replies import Draft, Listing, Paragraph, Phrasebook, Suggestion

#: "Did you mean" offers this many questions.
_GUESSES = 2
#: About a condition that is named, a topic this likely is answered rather than asked back.
WORTH_ANSWERING = 0.1


class SmallTalker:
    """Drafts for turns in which nothing is looked up."""

    def __init__(self, store: FactStore, phrases: Phrasebook, answerer: Answerer) -> None:
        self._store = store
        self._phrases = phrases
        self._answerer = answerer

    def greet(self, turn: Turn) -> tuple[Draft, Memory]:
        """Say hello and offer the usual choices."""
        return self._with_choices(self._phrases.wording.greet, turn)

    def goodbye(self, turn: Turn) -> tuple[Draft, Memory]:
        """Say goodbye."""
        return Draft(blocks=[Paragraph(self._phrases.wording.goodbye)]), turn.memory

    def thank(self, turn: Turn) -> tuple[Draft, Memory]:
        """Answer thanks."""
        return Draft(blocks=[Paragraph(self._phrases.wording.thanks)]), turn.memory

    def affirm(self, turn: Turn) -> tuple[Draft, Memory]:
        """Take up what was offered last, if anything was."""
        offered = read_payload(turn.memory.offer) if turn.memory.offer else None
        if offered is None or offered[0] not in TOPIC_OF_INTENT:
            return self._with_choices(self._phrases.wording.affirm_nothing_offered, turn)
        intent, reading = offered
        reading = replace(
            reading,
            red_flags=turn.reading.red_flags,
            denied_flags=turn.reading.denied_flags,
        )
        taken = replace(
            turn,
            guess=replace(turn.guess, intent=intent),
            questions=(Question(TOPIC_OF_INTENT[intent]),),
            reading=reading,
        )
        return self._answerer.answer(taken)

    def deny(self, turn: Turn) -> tuple[Draft, Memory]:
        """Take a correction ("no, I meant acne"), or ask for other words."""
        if turn.reading.named:
            topics = turn.memory.topics or (Topic.DEFINITION,)
            return self._answerer.answer(replace(turn, questions=tuple(map(Question, topics))))
        return self._with_choices(self._phrases.wording.deny, turn)

    def bot_challenge(self, turn: Turn) -> tuple[Draft, Memory]:
        """Say what this is: a program, with facts nobody clinical has reviewed."""
        return Draft(blocks=[Paragraph(self._phrases.wording.bot_challenge)]), turn.memory

    def capabilities(self, turn: Turn) -> tuple[Draft, Memory]:
        """Say what can be asked."""
        wording = self._phrases.wording
        titles = tuple(condition.title for condition in self._store.conditions.values())
        draft = Draft(
            blocks=[
                Paragraph(wording.capabilities),
                Listing(titles),
                Paragraph(wording.capabilities_topics),
                Paragraph(wording.capabilities_limits),
            ],
            suggestions=self._answerer.choices(),
        )
        return draft, turn.memory

    def sources(self, turn: Turn) -> tuple[Draft, Memory]:
        """Name the pages behind the last answer, and what could be checked of popular articles."""
        wording = self._phrases.wording
        draft = Draft()
        memory = turn.memory.after_reading(turn.reading)
        facts = [
            fact
            for condition in memory.conditions
            if condition in self._store.conditions
            for topic in memory.topics or (Topic.DEFINITION,)
            for fact in self._store.answer(condition, topic, contexts=memory.contexts, subtype=memory.subtype)
        ]
        if facts:
            draft.blocks.append(Paragraph(wording.sources_intro))
            pages = self._store.sources_of(source for fact in facts for source in fact.sources)
            draft.blocks.append(Listing(tuple(f"{page.organisation}: {page.title}" for page in pages)))
            draft.facts.extend(facts)
        draft.blocks.append(Paragraph(wording.sources_all))
        draft.blocks.append(Paragraph(wording.sources_article))
        draft.blocks.append(Listing(tuple(entry.text for entry in self._store.article_sources)))
        draft.blocks.append(Paragraph(wording.sources_review))
        return draft, memory

    def decline(self, turn: Turn) -> tuple[Draft, Memory]:
        """Decline what is out of scope; where that is not sure, what is named is answered after all."""
        if turn.reading.follow_up and turn.memory.topics:
            return self._answerer.answer(turn)
        if turn.guess.confidence < NO_PAGE_WANTED and self._answerer.has_page_of_its_own(turn):
            return self._answerer.answer(turn)
        if turn.guess.confidence < SURELY_OUTSIDE:
            if turn.reading.signposts and not turn.reading.named:
                return self._answerer.answer(turn)
            guessed = self._best_topics(turn) if turn.reading.named else None
            if guessed is not None:
                return self._answerer.answer(guessed)
        return self._answerer.decline(turn)

    def clarify(self, turn: Turn) -> tuple[Draft, Memory]:
        """Not understood: a bare name gets what it is; otherwise the two nearest questions."""
        reading = turn.reading
        if reading.signposts or (reading.follow_up and (reading.conditions or turn.memory.topics)):
            return self._answerer.answer(turn)
        if reading.named or reading.kinds or reading.implied or turn.memory.conditions:
            guessed = self._best_topics(turn)
            if guessed is not None:
                return self._answerer.answer(guessed)
        memory = turn.memory.after_reading(reading)
        known = [c for c in memory.conditions if c in self._store.conditions]
        about = self._store.condition(known[0]) if known else None
        topics = [TOPIC_OF_INTENT[guess.intent] for guess in turn.nearest if guess.intent in TOPIC_OF_INTENT][
            :_GUESSES
        ]
        wording = self._phrases.wording
        if not topics:
            return self._with_choices(wording.fallback_no_guess, turn)
        draft = Draft(
            blocks=[Paragraph(wording.fallback)],
            suggestions=[
                Suggestion(self._phrases.question(topic, about), payload(topic, (about.id,) if about else ()))
                for topic in topics
            ],
        )
        draft.blocks.append(Listing(tuple(suggestion.title for suggestion in draft.suggestions)))
        return draft, memory

    def _best_topics(self, turn: Turn) -> Turn | None:
        """The turn as if it asked the likeliest topics, where they are more than a shot in the dark."""
        guesses = [
            guess
            for guess in turn.nearest
            if guess.intent in TOPIC_OF_INTENT and guess.confidence >= WORTH_ANSWERING
        ][:_GUESSES]
        if not guesses:
            return None
        questions = turn.questions or tuple(Question(TOPIC_OF_INTENT[guess.intent]) for guess in guesses)
        return replace(turn, guess=guesses[0], questions=questions)

    def _with_choices(self, text: str, turn: Turn) -> tuple[Draft, Memory]:
        return Draft(blocks=[Paragraph(text)], suggestions=self._answerer.choices()), turn.memory
