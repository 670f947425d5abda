"""What a message names: conditions, kinds of milia, other conditions, places, stages of life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skinfo.content import Record, read_yaml
from skinfo.facts import ConditionId, Context, FactStore, SharedName
from skinfo.language.vocabulary import Match, Vocabulary, plain_words

_FOLLOW_UP_OPENING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|hmm|well|thanks|great)\W+)?"
    r"(?:and\b|what about|how about|what if\b|wat about|same (?:question )?for|or\b|but\b|no\b|nope\b"
    r"|actually\b)",
    re.IGNORECASE,
)
_LONGEST_FOLLOW_UP = 9
_LONGEST_POINTING = 9


class SkinWords(Record):
    """``skin_words.yml``."""

    skin: tuple[str, ...]
    pointing: tuple[str, ...]


class EverydayWords(Record):
    """Words that are no names; the file says what each list is for."""

    never_a_slip: tuple[str, ...]
    around_a_follow_up: tuple[str, ...]
    joining_names: tuple[str, ...]


@dataclass(frozen=True)
class NamesFound:
    """The names in one message; see `Reading` for what each means."""

    conditions: tuple[ConditionId, ...] = ()
    subtype: str | None = None
    shared: tuple[ConditionId, ...] = ()
    signposts: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()
    follow_up: bool = False
    about_skin: bool = False


def _only_likened(words: list[str], match: Match) -> bool:
    """A "pimple-like bump" is no pimple."""
    return match.end < len(words) and words[match.end] in ("like", "looking")


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

    def __init__(
        self,
        things: Vocabulary,
        contexts: Vocabulary,
        shared: Mapping[str, SharedName],
        generic: Vocabulary,
        everyday: EverydayWords,
        skin: SkinTalk,
        part_of: Mapping[str, ConditionId],
    ) -> None:
        self._skin = skin
        self._part_of = part_of
        self._follow_up_words = frozenset(everyday.around_a_follow_up)
        self._joining_words = frozenset(everyday.joining_names)
        self._things = things
        self._contexts = contexts
        self._shared = shared
        self._generic = generic

    @classmethod
    def from_store(cls, store: FactStore, folder: Path) -> NameFinder:
        """The finder for a store, with ``contexts.yml`` and ``everyday_words.yml`` of its folder."""
        everyday = read_yaml(folder / "everyday_words.yml").parse(EverydayWords)
        things = Vocabulary()
        things.leave_alone(everyday.never_a_slip)
        shared: dict[str, SharedName] = {}
        for condition in store.conditions.values():
            for name in condition.names:
                things.add(name, f"condition:{condition.id}")
            for name in condition.misspellings:
                things.add(name, f"condition:{condition.id}", slips=False)
        for index, entry in enumerate(store.shared_names):
            shared[str(index)] = entry
            for name in entry.names:
                things.add(name, f"shared:{index}")
            for name in entry.misspellings:
                things.add(name, f"shared:{index}", slips=False)
        for condition in store.conditions.values():
            for kind in condition.subtypes:
                for name in kind.names:
                    things.add(name, f"subtype:{condition.id}:{kind.id}", slips=False)
        generic = Vocabulary()
        for signpost in store.signposts.values():
            vocabulary = generic if signpost.generic else things
            for name in (signpost.name, *signpost.names):
                vocabulary.add(name, f"signpost:{signpost.id}", slips=not signpost.generic)
        document = read_yaml(folder / "contexts.yml")
        contexts = Vocabulary()
        for key, words in document.data.items():
            try:
                context = Context(key)
            except ValueError:
                raise document.error(
                    f"unknown context {key!r}",
                    at=(key,),
                    mend="use one of: " + ", ".join(value.value for value in Context),
                ) from None
            for word in words:
                contexts.add(str(word), context.value)
        part_of = {post.id: post.part_of for post in store.signposts.values() if post.part_of is not None}
        words = read_yaml(folder / "skin_words.yml").parse(SkinWords)
        skin = Vocabulary()
        for word in words.skin:
            skin.add(word, "skin", slips=False)
        return cls(
            things, contexts, shared, generic, everyday, SkinTalk(skin, frozenset(words.pointing)), part_of
        )

    def find(self, text: str) -> NamesFound:
        """The names in a message."""
        words = plain_words(text)
        contexts = tuple(dict.fromkeys(Context(match.entry) for match in self._contexts.find(words)))
        conditions: dict[ConditionId, None] = {}
        shared: dict[ConditionId, None] = {}
        signposts: dict[str, None] = {}
        subtype: str | None = None
        matches = [match for match in self._things.find(words) if not _only_likened(words, match)]
        for match in matches:
            kind, _, rest = match.entry.partition(":")
            if kind == "condition":
                conditions[ConditionId(rest)] = None
            elif kind == "subtype":
                owner, _, subtype = rest.partition(":")
                conditions[ConditionId(owner)] = None
            elif kind == "shared":
                self._settle(self._shared[rest], contexts, conditions, shared)
            else:
                signposts[rest] = None
                if rest in self._part_of:
                    conditions[self._part_of[rest]] = None
        if not (conditions or shared or signposts):
            # "Scars" or "moles" is named only when nothing else is: "acne scars" is about acne.
            for match in self._generic.find(words):
                signposts[match.entry.partition(":")[2]] = None
        for condition in conditions:
            shared.pop(condition, None)
        return NamesFound(
            conditions=tuple(conditions),
            subtype=subtype,
            shared=tuple(shared) if not set(shared) & set(conditions) else (),
            signposts=tuple(signposts),
            contexts=contexts,
            follow_up=self._is_follow_up(text, words, matches),
            about_skin=bool(matches or signposts) or self._skin.is_in(words),
        )

    @staticmethod
    def _settle(
        name: SharedName,
        contexts: tuple[Context, ...],
        conditions: dict[ConditionId, None],
        shared: dict[ConditionId, None],
    ) -> None:
        meant = [name.by_context[context] for context in contexts if context in name.by_context]
        if meant:
            conditions.update(dict.fromkeys(meant))
        else:
            shared.update(dict.fromkeys(name.conditions))

    def _is_follow_up(self, text: str, words: list[str], matches: list[Match]) -> bool:
        if not words or len(words) > _LONGEST_FOLLOW_UP:
            return False
        covered = {place for match in matches for place in range(match.start, match.end)}
        places = self._contexts.find(words)
        covered |= {place for match in places for place in range(match.start, match.end)}
        rest = [word for place, word in enumerate(words) if place not in covered]
        if not covered:
            return False
        if all(word in self._joining_words for word in rest):
            return True
        return bool(_FOLLOW_UP_OPENING.match(text)) and set(rest) <= self._follow_up_words
