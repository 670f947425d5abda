"""What is asked back about a red flag, and taking the answer: an age, the country, "I have got help"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from skinfo.content import Record, read_yaml
from skinfo.conversation.memory import Memory
from skinfo.conversation.turn import GOT_HELP, TOPIC_OF_INTENT, Turn
from skinfo.facts import Urgency
from skinfo.language import AgeReader, FlagMention, Vocabulary, plain_words
from skinfo.red_flags import AgeAnswer, AgeQuestion, RedFlag
from skinfo.replies import Draft, Paragraph, Phrasebook

AGE, COUNTRY = "age", "country"
#: A message this short that names a country answers the question for it and asks nothing else.
_SHORT = 7
#: "I am in Ireland" says where somebody is, asked or not.
_BEING_IN = re.compile(r"\b(?:im|am|live|living|here|based|were|are) in(?: the)?$")


class HelpWords(Record):
    """``got_help.yml``."""

    said: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """A message with what it answers taken out of it.

    Attributes:
        turn: the turn; its memory knows the answer, its red flags have the urgency that follows.
        draft: what is said about the answer; None when the message says more than the answer, and
            is to be answered as any other.
        says: for flags by id, the part of the advice that the answer makes apply.
    """

    turn: Turn
    draft: Draft | None = None
    says: Mapping[str, str] | None = None


class AskingBack:
    """Asks the one thing that changes what is advised, once, and takes the answer."""

    def __init__(
        self,
        flags: Mapping[str, RedFlag],
        phrases: Phrasebook,
        ages: AgeReader,
        help_words: HelpWords,
    ) -> None:
        self._flags = flags
        self._phrases = phrases
        self._ages = ages
        self._help = _names(dict.fromkeys(help_words.said, "said"))
        self._no_help = _names(dict.fromkeys(help_words.unless, "unless"))
        self._countries = _names(phrases.countries)

    @classmethod
    def load(cls, folder: Path, flags: Mapping[str, RedFlag], phrases: Phrasebook) -> AskingBack:
        """Read ``ages.yml`` and ``got_help.yml``.

        Raises:
            ContentError: a mistake in them.
        """
        words = read_yaml(folder / "got_help.yml").parse(HelpWords)
        return cls(flags, phrases, AgeReader.load(folder), words)

    def take(self, turn: Turn) -> Taken:
        """Take from a message what the bot had asked back, or what it would ask."""
        if turn.guess.intent == GOT_HELP or (turn.memory.unhelped and self._says_help_is_there(turn)):
            return self._help_is_there(turn)
        turn = self._with_country(turn)
        memory = turn.memory
        asked = self._age_question(memory.escalated) if AGE in memory.awaits else None
        if asked is not None:
            flag, question = asked
            age = self._ages.age(turn.text, question.unit)
            if age is not None:
                return self._age_is_known(turn, flag, question.answer(age))
        if COUNTRY in memory.awaits and memory.country and self._only_names_a_country(turn):
            draft = Draft(blocks=[Paragraph(self._country_known(memory.country))])
            again = replace(turn.reading, red_flags=turn.reading.red_flags or memory.escalated)
            return Taken(replace(turn, reading=again), draft)
        return Taken(turn)

    def questions(self, flags: tuple[FlagMention, ...], memory: Memory, text: str) -> tuple[str, ...]:
        """What to ask back about the red flags of a message: `AGE`, `COUNTRY`, both or nothing."""
        if not flags:
            return ()
        wanted = []
        if self._age_question(flags) is not None and self._ages.days(text) is None:
            wanted.append(AGE)
        if memory.country is None and any(flag.urgency is not Urgency.SEE_DOCTOR for flag in flags):
            wanted.append(COUNTRY)
        return tuple(one for one in wanted if one not in memory.asked)

    def wording(self, questions: tuple[str, ...], flags: tuple[FlagMention, ...]) -> tuple[str, ...]:
        """The sentences that ask them."""
        sentences = []
        age = self._age_question(flags)
        if AGE in questions and age is not None:
            sentences.append(age[1].text)
        if COUNTRY in questions:
            sentences.append(self._phrases.wording.which_country)
        return tuple(sentences)

    def _age_question(self, flags: tuple[FlagMention, ...]) -> tuple[str, AgeQuestion] | None:
        """The most urgent flag, if an age changes what is advised, with the question for it."""
        first = max(flags, key=lambda flag: flag.urgency.rank, default=None)
        rule = self._flags.get(first.id) if first is not None else None
        return (rule.id, rule.asks) if rule is not None and rule.asks is not None else None

    def _says_help_is_there(self, turn: Turn) -> bool:
        words = plain_words(turn.text)
        return bool(self._help.find(words)) and not self._no_help.find(words)

    def _help_is_there(self, turn: Turn) -> Taken:
        known = {flag.id for flag in turn.memory.escalated}
        new = tuple(flag for flag in turn.reading.red_flags if flag.id not in known)
        memory = replace(turn.memory, unhelped=False, awaits=(), red_flags=(), escalated=())
        turn = replace(turn, memory=memory, reading=replace(turn.reading, red_flags=new))
        return Taken(turn, Draft(blocks=[Paragraph(self._phrases.wording.got_help)]))

    def _with_country(self, turn: Turn) -> Turn:
        country = self._country_in(turn)
        if country is None:
            return turn
        return replace(turn, memory=replace(turn.memory, country=country))

    def _country_in(self, turn: Turn) -> str | None:
        words = plain_words(turn.text)
        for match in self._countries.find(words):
            there = _BEING_IN.search(" ".join(words[: match.start]))
            if there or (COUNTRY in turn.memory.awaits and len(words) <= _SHORT):
                return match.entry
        return None

    def _only_names_a_country(self, turn: Turn) -> bool:
        return len(plain_words(turn.text)) <= _SHORT and self._country_in(turn) is not None

    def _country_known(self, country: str) -> str:
        line = self._phrases.helpline(country)
        return line.fill(self._phrases.wording.country_known.replace("{country}", line.name))

    def _age_is_known(self, turn: Turn, flag: str, answer: AgeAnswer) -> Taken:
        others = tuple(one for one in turn.reading.red_flags if one.id != flag)
        reading = replace(turn.reading, red_flags=(FlagMention(flag, answer.urgency), *others))
        turn = replace(turn, reading=reading)
        asks_more = bool(turn.questions) or (
            turn.guess.intent in TOPIC_OF_INTENT and len(plain_words(turn.text)) > _SHORT
        )
        draft = None if asks_more else Draft(blocks=[Paragraph(self._phrases.wording.thanks_for_answer)])
        return Taken(turn, draft, {flag: answer.says} if answer.says else None)


def _names(entries: Mapping[str, str]) -> Vocabulary:
    names = Vocabulary()
    for name, entry in entries.items():
        names.add(name, entry, slips=False)
    return names
