"""From a turn to a whole reply: which part of the conversation answers which intent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from skinfo.conversation.answering import Answerer
from skinfo.conversation.asking_back import AskingBack
from skinfo.conversation.memory import Memory
from skinfo.conversation.small_talk import SmallTalker
from skinfo.conversation.turn import Turn
from skinfo.facts import FactStore
from skinfo.language import Reading
from skinfo.paths import facts_folder
from skinfo.red_flags import load_red_flags
from skinfo.replies import Composer, Draft, Intent, Paragraph, Phrasebook, Reply

#: Drafts the answer to a turn and says what to remember.
Drafter = Callable[[Turn], tuple[Draft, Memory]]


class Responder:
    """The conversation: everything the bot can do in one turn."""

    def __init__(
        self, store: FactStore, phrases: Phrasebook, composer: Composer, asking_back: AskingBack
    ) -> None:
        self.phrases = phrases
        self._composer = composer
        self._asking_back = asking_back
        self.answerer = Answerer(store, phrases)
        self.small_talk = SmallTalker(store, phrases, self.answerer)

    @classmethod
    def load(cls, folder: Path) -> Responder:
        """The responder over a ``facts/`` folder.

        Raises:
            ContentError: the first mistake in the content, with file, line and mend.
        """
        store = FactStore.load(folder)
        phrases = Phrasebook.load(folder)
        rules = load_red_flags(folder / "red_flags")
        flags = {flag.id: flag for flag in rules.flags}
        asking_back = AskingBack.load(folder, flags, phrases)
        return cls(store, phrases, Composer(store, rules, phrases), asking_back)

    @classmethod
    @lru_cache(maxsize=1)
    def shared(cls) -> Responder:
        """The responder over the project's own facts, loaded once in a process."""
        return cls.load(facts_folder())

    def reply(self, turn: Turn, draft_turn: Drafter) -> tuple[Reply, Memory]:
        """The whole reply to a turn, and what to remember.

        Args:
            turn: the message.
            draft_turn: drafts the answer; red flags, sources and disclaimer are added here.
        """
        taken = self._asking_back.take(turn)
        turn = taken.turn
        if taken.draft is None:
            draft, memory = draft_turn(turn)
        else:
            draft, memory = taken.draft, turn.memory
        flags = turn.reading.red_flags
        questions = self._asking_back.questions(flags, memory, turn.text)
        before = turn.memory
        memory = memory.after_flags(turn.reading)
        reply = self._composer.compose(
            draft,
            flags=flags,
            answered_before=tuple(flag for flag in before.red_flags if flag in memory.red_flags),
            country=memory.country,
            intent=Intent(turn.guess.intent, turn.guess.confidence),
            says=taken.says,
            asks_back=self._asking_back.wording(questions, flags),
            unhelped=before.unhelped and memory.unhelped,
            past_crisis=turn.reading.past_crisis,
        )
        offer = reply.suggestions[0].payload if reply.suggestions else None
        asked = tuple(dict.fromkeys((*memory.asked, *questions)))
        return reply, replace(memory, offer=offer, awaits=questions, asked=asked)

    def welcome(self, country: str | None = None) -> Reply:
        """The first words in a new conversation, before anything was asked."""
        draft = Draft(
            blocks=[Paragraph(self.phrases.wording.welcome)],
            suggestions=self.answerer.choices(),
        )
        return self._composer.compose(draft, country=country)

    def apology(self, reading: Reading, country: str | None = None) -> Reply:
        """What is said when answering failed: red flags still come first."""
        draft = Draft(blocks=[Paragraph(self.phrases.helpline(country).fill(self.phrases.wording.apology))])
        return self._composer.compose(draft, flags=reading.red_flags, country=country)

    def refusal(self, reason: str, country: str | None = None) -> Reply:
        """What is said on a platform when a message cannot be taken."""
        draft = Draft(blocks=[Paragraph(self.phrases.wording.refusals[reason])])
        return self._composer.compose(draft, country=country)
