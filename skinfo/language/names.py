"""What a message names: conditions, kinds of milia, other conditions, places, stages of life."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from skinfo.content import Record, read_yaml
from skinfo.facts import ConditionId, Context, FactStore
from skinfo.language.common_words import everyday_words, rarer_words
from skinfo.language.descriptions import Descriptions
from skinfo.language.frequent_words import FrequentWords
from skinfo.language.likening import is_compared, is_ruled_out
from skinfo.language.slips import shared_mender
from skinfo.language.vocabulary import Match, Vocabulary, plain_words, stems

_FOLLOW_UP_OPENING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|hmm|well|thanks|great)\W+)?"
    r"(?:and\b|what about|how about|what if\b|wat about|same (?:question )?for|or\b|but\b|no\b|nope\b"
    r"|actually\b)",
    re.IGNORECASE,
)
_FOLLOW_UP_CLOSING = re.compile(r"\b(?:too|as well|either|the same)\W*$", re.IGNORECASE)
#: "Same for my wife?" asks the same again even where it names nothing that the store knows.
_THE_SAME = re.compile(r"^\W*(?:(?:is|are|and|does|do)\W+)?(?:it |that )?(?:the )?same\b", re.IGNORECASE)
#: "Hers too?", "and mine?"
_WHOSE = re.compile(
    r"^\W*(?:(?:and|or|so|but|what about|how about|is|are)\W+)*(?:hers|his|theirs|mine|ours)\b"
    r"(?:\W+(?:too|as well|also|the same))*\W*$",
    re.IGNORECASE,
)
#: Around such a question something may be told: "same for my niece? she only has two spots".
_LONGEST_TOLD = 25
_TOLD_OR_ASKED = re.compile(r"(?<=[.?!])\s+|[,;]\s+|\n+")
#: "And what about milia?" asks what was asked before, and nothing of its own.
_WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and|but|also|ok|so)\W+)*(?:what|how|wat|hows|whats) about\b", re.IGNORECASE
)
_ASKS_BY_ITSELF = re.compile(r"\b(?:how|why)\b(?! (?:about|is it (?:on|in)))", re.IGNORECASE)
#: "Is it milia?" asks whether it is.
_POINTING = re.compile(r"\b(?:it|its|this|that|these|those|they|i|im|ive|mine)\b", re.IGNORECASE)
_LONGEST_FOLLOW_UP = 9
_LONGEST_POINTING = 9
_LONGEST_ABBREVIATION = 4
#: Two names so near each other are set against each other: "a stye or rather a chalazion".
_MOST_WORDS_BETWEEN = 4
#: A slip in a misspelling that is listed ("coldsore"), or in a word of wide meaning, counts from so
#: many letters.
_LONG_WORD = 7


class SkinWords(Record):
    """``skin_words.yml``."""

    skin: tuple[str, ...]
    pointing: tuple[str, ...]


class EverydayWords(Record):
    """Words that are no names; the file says what each list is for."""

    never_a_slip: tuple[str, ...]
    around_a_follow_up: tuple[str, ...]
    joining_names: tuple[str, ...]
    of_danger: tuple[str, ...]
    of_products: tuple[str, ...]


@dataclass(frozen=True)
class NamesFound:
    """The names in one message; see `Reading` for what each means."""

    conditions: tuple[ConditionId, ...] = ()
    subtype: str | None = None
    shared: tuple[ConditionId, ...] = ()
    implied: tuple[ConditionId, ...] = ()
    kinds: tuple[ConditionId, ...] = ()
    signposts: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()
    follow_up: bool = False
    only_names: bool = False
    what_about: bool = False
    about_skin: bool = False
    abbreviated: bool = False
    two_names: tuple[ConditionId, ...] = ()
    of_danger: bool = False
    of_products: bool = False

    @property
    def named(self) -> tuple[ConditionId, ...]:
        """Every condition of the store that is named, or that a shared name may mean."""
        return tuple(dict.fromkeys((*self.conditions, *self.shared)))


class SkinTalk:
    """Whether a message speaks of skin at all."""

    def __init__(self, skin: Vocabulary, pointing: frozenset[str]) -> None:
        self._skin = skin
        self._pointing = pointing

    def is_in(self, words: list[str]) -> bool:
        """A word of skin, or in a short message one that points ("does it hurt?")."""
        if self._skin.find(words):
            return True
        return len(words) <= _LONGEST_POINTING and not self._pointing.isdisjoint(words)


class NameFinder:
    """Finds names by the store's vocabulary; the longest match wins across all kinds."""

    def __init__(self, words: _Words) -> None:
        self._words = words
        self._follow_up_words = frozenset(words.everyday.around_a_follow_up)
        self._joining_words = frozenset(words.everyday.joining_names)

    @classmethod
    def from_store(cls, store: FactStore, folder: Path) -> NameFinder:
        """The finder for a store, with the word lists of its folder."""
        everyday = read_yaml(folder / "everyday_words.yml").parse(EverydayWords)
        ordinary = FrequentWords(stems([*everyday_words(), *everyday.never_a_slip]))
        rarer = frozenset(word for word in stems(rarer_words()) if word not in ordinary)
        things, generic, remedies, contexts = (
            Vocabulary(),
            Vocabulary(),
            Vocabulary(),
            _read_contexts(folder),
        )
        for vocabulary in (things, generic, remedies, contexts):
            vocabulary.leave_alone(ordinary, rarer)
        for condition in store.conditions.values():
            for name in condition.names:
                things.add(name, f"condition:{condition.id}")
            for name in condition.misspellings:
                things.add(name, f"condition:{condition.id}", slips=_is_long_word(name))
            for name in condition.weak_names:
                generic.add(name, f"condition:{condition.id}", slips=_is_long_word(name))
        for index, entry in enumerate(store.shared_names):
            for name in entry.names:
                things.add(name, f"shared:{index}")
            for name in entry.misspellings:
                things.add(name, f"shared:{index}", slips=False)
        for condition in store.conditions.values():
            for kind in condition.subtypes:
                for name in kind.names:
                    things.add(name, f"subtype:{condition.id}:{kind.id}", slips=False)
        for signpost in store.signposts.values():
            vocabulary = generic if signpost.generic else things
            for name in (signpost.name, *signpost.names):
                vocabulary.add(
                    name, f"signpost:{signpost.id}", slips=not signpost.generic or _is_long_word(name)
                )
            for name in signpost.misspellings:
                vocabulary.add(name, f"signpost:{signpost.id}", slips=_is_long_word(name))
        for index, remedy in enumerate(store.remedies):
            for name in remedy.names:
                remedies.add(name, str(index))
        skin_words = read_yaml(folder / "skin_words.yml").parse(SkinWords)
        skin, danger, products = Vocabulary(), Vocabulary(), Vocabulary()
        for word in skin_words.skin:
            skin.add(word, "skin", slips=False)
        for words in everyday.of_danger:
            danger.add(words, "danger", slips=False)
        for words in everyday.of_products:
            products.add(words, "product", slips=False)
        return cls(
            _Words(
                store=store,
                things=things,
                generic=generic,
                remedies=remedies,
                contexts=contexts,
                everyday=everyday,
                skin=SkinTalk(skin, frozenset(skin_words.pointing)),
                danger=danger,
                products=products,
                descriptions=Descriptions(store.descriptions, contexts, ordinary, rarer),
            )
        )

    def find(self, text: str) -> NamesFound:
        """The names in a message."""
        words = plain_words(text)
        word_stems = stems(words)
        places = self._words.contexts.find_stems(word_stems)
        contexts = tuple(dict.fromkeys(Context(match.entry) for match in places))
        matches = [
            match for match in self._words.things.find_stems(word_stems) if not is_ruled_out(words, match)
        ]
        found = _Found(contexts, self._words.store)
        straight = [match for match in matches if not is_compared(words, match)]
        for match in straight or matches:
            found.add(match.entry)
        # "Scars" or "a breakout" is meant only when nothing else is named: "acne scars" is about acne.
        vague = self._words.generic.find_stems(word_stems) if found.is_empty else []
        for match in vague:
            if match.entry.startswith("condition:"):
                found.add(match.entry)
        meant = text if matches else shared_mender().mend(text)
        described = None
        if not (found.conditions or found.shared):
            described = self._words.descriptions.find(text)
            if described is None and meant != text:
                described = self._words.descriptions.find(meant)
        if described is None or not described.kinds:
            # A bump that is described is what the message is about, not the scar it may leave.
            for match in vague:
                found.add(match.entry)
        if described is not None and described.signpost and found.is_empty:
            found.add(f"signpost:{described.signpost}")
        remedies = self._words.remedies.find_stems(word_stems)
        implied: dict[ConditionId, None] = {}
        if found.is_empty:
            for match in remedies:
                implied.update(dict.fromkeys(self._words.store.remedies[int(match.entry)].conditions))
        return NamesFound(
            conditions=tuple(found.conditions),
            subtype=found.subtype,
            shared=tuple(found.shared) if not set(found.shared) & set(found.conditions) else (),
            implied=tuple(implied),
            kinds=described.kinds if described is not None else (),
            signposts=tuple(found.signposts),
            contexts=contexts,
            follow_up=self._is_follow_up(text, words, [*matches, *places]),
            only_names=self._has_only_names(text, words, matches),
            what_about=bool(_WHAT_ABOUT.match(text)),
            about_skin=bool(matches or found.signposts or remedies)
            or self._words.skin.is_in(words)
            or (meant != text and self._words.skin.is_in(plain_words(meant))),
            two_names=_under_two_names(words, straight),
            abbreviated=bool(matches) and all(_is_abbreviation(words, match) for match in matches),
            # "Skin cancer" is a name, and so is "oil seeds".
            of_danger=bool(self._words.danger.find_stems(_around(matches, word_stems))),
            of_products=bool(remedies or self._words.products.find_stems(_around(matches, word_stems))),
        )

    def _has_only_names(self, text: str, words: list[str], matches: list[Match]) -> bool:
        """Whether little words are all that stands around the names ("and does a cold sore?")."""
        if not matches or _ASKS_BY_ITSELF.search(text) or _POINTING.search(text):
            return False
        return self._follow_up_words.issuperset(_around(matches, words))

    def _is_follow_up(self, text: str, words: list[str], matches: list[Match]) -> bool:
        if self._asks_the_same_of_another(text, words):
            return True
        if not words or len(words) > _LONGEST_FOLLOW_UP:
            return False
        rest = _around(matches, words)
        the_same = bool(_THE_SAME.match(text))
        if not (matches or the_same):
            return False
        if matches and self._joining_words.issuperset(rest):
            return True
        if _ASKS_BY_ITSELF.search(text):
            return False
        opens = _FOLLOW_UP_OPENING.match(text) or _FOLLOW_UP_CLOSING.search(text)
        return bool(the_same or opens) and self._follow_up_words.issuperset(rest)

    def _asks_the_same_of_another(self, text: str, words: list[str]) -> bool:
        """Whether "hers too?" or "same for my niece?" is all that is asked, whatever is told beside it."""
        if not words or len(words) > _LONGEST_TOLD or _ASKS_BY_ITSELF.search(text):
            return False
        parts = [part for part in _TOLD_OR_ASKED.split(text.strip()) if part]
        asked = [part for part in parts if part.endswith("?")] or parts[-1:]
        return len(asked) == 1 and bool(
            _WHOSE.match(asked[0])
            or (_THE_SAME.match(asked[0]) and self._follow_up_words.issuperset(plain_words(asked[0])))
        )


def _around(matches: Sequence[Match], words: Sequence[str]) -> list[str]:
    """The words that belong to none of the matches."""
    covered = {place for match in matches for place in range(match.start, match.end)}
    return [word for place, word in enumerate(words) if place not in covered]


def _under_two_names(words: Sequence[str], matches: Sequence[Match]) -> tuple[ConditionId, ...]:
    """Conditions that are named twice, close together, by different names ("a stye or a chalazion")."""
    two_names: dict[ConditionId, None] = {}
    for first, second in pairwise(matches):
        near = second.start - first.end <= _MOST_WORDS_BETWEEN
        kind, _, condition = first.entry.partition(":")
        names = {tuple(stems(words[match.start : match.end])) for match in (first, second)}
        if near and kind == "condition" and first.entry == second.entry and len(names) > 1:
            two_names[ConditionId(condition)] = None
    return tuple(two_names)


def _is_long_word(name: str) -> bool:
    return len(name) >= _LONG_WORD and " " not in name


def _is_abbreviation(words: list[str], match: Match) -> bool:
    """Letters such as KP and BCC stand for other things too."""
    return match.end - match.start == 1 and len(words[match.start]) <= _LONGEST_ABBREVIATION


@dataclass(frozen=True)
class _Words:
    """The vocabularies that names are looked up in."""

    store: FactStore
    things: Vocabulary
    generic: Vocabulary
    remedies: Vocabulary
    contexts: Vocabulary
    everyday: EverydayWords
    skin: SkinTalk
    danger: Vocabulary
    products: Vocabulary
    descriptions: Descriptions


class _Found:
    """What a message's matches stand for, gathered in order."""

    def __init__(self, contexts: tuple[Context, ...], store: FactStore) -> None:
        self.conditions: dict[ConditionId, None] = {}
        self.shared: dict[ConditionId, None] = {}
        self.signposts: dict[str, None] = {}
        self.subtype: str | None = None
        self._contexts = contexts
        self._store = store

    @property
    def is_empty(self) -> bool:
        """Whether nothing was named."""
        return not (self.conditions or self.shared or self.signposts)

    def add(self, entry: str) -> None:
        """Take in what a vocabulary's entry stands for, as the places named settle it."""
        kind, _, rest = entry.partition(":")
        if kind == "condition":
            self.conditions[ConditionId(rest)] = None
        elif kind == "subtype":
            owner, _, self.subtype = rest.partition(":")
            self.conditions[ConditionId(owner)] = None
        elif kind == "shared":
            name = self._store.shared_names[int(rest)]
            self._settle(name.by_context, name.conditions)
        else:
            signpost = self._store.signposts[rest]
            if self._settle(signpost.in_context, ()):
                return
            self.signposts[rest] = None
            if signpost.part_of is not None:
                self.conditions[signpost.part_of] = None

    def _settle(self, by_context: Mapping[Context, ConditionId], otherwise: tuple[ConditionId, ...]) -> bool:
        meant = [by_context[context] for context in self._contexts if context in by_context]
        self.conditions.update(dict.fromkeys(meant))
        if not meant:
            self.shared.update(dict.fromkeys(otherwise))
        return bool(meant)


def _read_contexts(folder: Path) -> Vocabulary:
    document = read_yaml(folder / "contexts.yml")
    contexts = Vocabulary()
    for key, words in document.data.items():
        if key not in set(Context):
            raise document.error(
                f"unknown context {key!r}", at=(key,), mend="use one of: " + ", ".join(Context)
            )
        for word in words:
            contexts.add(str(word), key)
    return contexts
