"""Finding names in a text: longest match first, with simple plurals and small spelling slips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from rapidfuzz.distance import OSA

from skinfo.language.frequent_words import FrequentWords

#: One slip is forgiven in names of this many letters, two in longer ones.
ONE_SLIP_FROM = 6
TWO_SLIPS_FROM = 10
#: A word that is no ordinary one is taken for the word of a name that is one slip away, from so many letters.
SLIP_OF_UNKNOWN_FROM = 4
#: Within a name whose other words are there, shorter ones may hold a slip too.
SLIP_WITHIN_NAME_FROM = 3
_MOST_REMEMBERED = 16384


@dataclass(frozen=True)
class Match:
    """A name found among the words ``start`` to ``end`` (end excluded)."""

    start: int
    end: int
    entry: str
    exact: bool


def plain_words(text: str) -> list[str]:
    """Lower case, apostrophes dropped, other punctuation as spaces."""
    cleaned = "".join(
        character if character.isalnum() else ("" if character in "'’`" else " ")
        for character in text.casefold()
    )
    return cleaned.split()


def singular(word: str) -> str:
    """The word without a simple English plural ending."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def stems(words: Iterable[str]) -> list[str]:
    """Plain words without simple plural endings."""
    return [singular(word) for word in words]


class _Likeness(IntEnum):
    """How surely a word of a text is the word of a name."""

    #: One slip away, but it may well be another word: one such counts within a name of several words.
    DOUBTFUL = 0
    #: One slip away and known to nobody, but short: two such count within a name ("mlk spt").
    SHORT_SLIP = 1
    #: One slip away, and nobody knows such a word.
    SLIP = 2
    SAME = 3


#: How much doubt a word brings into the name it may be part of, and how much a name of several words bears.
_DOUBTS = {_Likeness.DOUBTFUL: 2, _Likeness.SHORT_SLIP: 1}
_MOST_DOUBTS = 2


@dataclass(frozen=True)
class _Begun:
    """The beginning of a name, as far as it was followed in a text."""

    words: tuple[str, ...] = ()
    slips: int = 0
    doubts: int = 0

    def with_word(self, word: str, likeness: _Likeness) -> _Begun:
        return _Begun(
            (*self.words, word),
            self.slips + (likeness is not _Likeness.SAME),
            self.doubts + _DOUBTS.get(likeness, 0),
        )

    @property
    def is_sure(self) -> bool:
        """There is no doubt, or little of it and more than one word to bear each other out."""
        return not self.doubts or (self.doubts <= _MOST_DOUBTS and len(self.words) > 1)


def _is_one_slip(word: str, name: str) -> bool:
    """Whether a stem is one slip away from the word of a name.

    The slip may have made an ending of a word's own look like a plural's ("keratosks", "sebaceos"), or a
    plural too short to be taken for one ("skin tgs").
    """
    if OSA.distance(word, name, score_cutoff=1) <= 1:
        return True
    if word.endswith("s") and len(word) == len(name):
        return OSA.distance(word, name + "s", score_cutoff=1) <= 1
    return _keeps_its_ending(name) and OSA.distance(word + "s", name, score_cutoff=1) <= 1


def _keeps_its_ending(word: str) -> bool:
    return len(word) >= ONE_SLIP_FROM and word.endswith("s")


@dataclass
class Vocabulary:
    """Names of one or several words, each standing for an entry."""

    _names: dict[tuple[str, ...], str] = field(default_factory=dict)
    #: What may follow in a name after its first words.
    _next: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    #: The names whose words may hold slips.
    _forgiving: set[tuple[str, ...]] = field(default_factory=set)
    _slippery: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The words of names by their length: what a word that nobody knows may be a slip of.
    _name_words: dict[int, set[str]] = field(default_factory=dict)
    _alike: dict[str, tuple[tuple[str, _Likeness], ...]] = field(default_factory=dict)
    _begins: dict[str, bool] = field(default_factory=dict)
    _everyday: FrequentWords = field(default_factory=FrequentWords)
    _rarer: frozenset[str] = frozenset()

    def add(self, name: str, entry: str, *, slips: bool = True) -> None:
        """Let `name` stand for `entry`; the first entry to claim a name keeps it.

        Args:
            name: one or several words.
            entry: what is reported when the name is found.
            slips: whether misspellings of its words count too.
        """
        words = tuple(singular(word) for word in plain_words(name))
        if not words:
            return
        self._names.setdefault(words, entry)
        for place, word in enumerate(words):
            self._next.setdefault(words[:place], set()).add(word)
            if slips and len(word) >= SLIP_WITHIN_NAME_FROM:
                self._name_words.setdefault(len(word), set()).add(word)
        if slips:
            self._forgiving.add(words)
        if slips and len(words) == 1 and len(words[0]) >= ONE_SLIP_FROM:
            self._slippery.setdefault(words[0][0], {}).setdefault(words[0], entry)
        self._forget()

    def leave_alone(self, everyday: FrequentWords, rarer: frozenset[str] = frozenset()) -> None:
        """Ordinary words that must not count as a slip of a name.

        Where they are known, any other word is taken for the word of a name that is one slip away:
        "nilia", "cold sroes"; but not where it may as well be a slip of a more frequent word ("waht" is
        "what", not "wart").

        Args:
            everyday: are never a slip of anything. Without plural endings, as `stems` gives them.
            rarer: are a slip only within a name whose other words are there: "a cold ore".
        """
        self._everyday = everyday
        self._rarer = rarer
        self._forget()

    def _forget(self) -> None:
        self._alike.clear()
        self._begins.clear()

    def find(self, words: Sequence[str]) -> list[Match]:
        """The names among plain words, left to right, the longest winning over what it overlaps."""
        return self.find_stems(stems(words))

    def find_stems(self, stems: Sequence[str]) -> list[Match]:
        """As `find`, in words whose plural ending was taken off, which spares doing it again."""
        if not self._slippery and not self._everyday and self._next.get((), set()).isdisjoint(stems):
            return []
        found: list[Match] = []
        place = 0
        while place < len(stems):
            if not self._may_begin(stems[place]):
                place += 1
                continue
            match = self._longest_from(stems, place) or self._slip_at(stems, place)
            if match is None:
                place += 1
            else:
                found.append(match)
                place = match.end
        return found

    def meant_by(self, stem: str) -> str:
        """The word of a name that a stem surely is a slip of; the stem itself where it is of none."""
        surely = (word for word, likeness in self._words_like(stem)[1:] if likeness is _Likeness.SLIP)
        return next(surely, stem)

    def may_be(self, stem: str) -> list[str]:
        """The words of names that a stem may be a slip of, though it is short or as likely another word's."""
        return [word for word, likeness in self._words_like(stem)[1:] if likeness is not _Likeness.SLIP]

    def _may_begin(self, stem: str) -> bool:
        """Whether a name begins with the stem, or with what it may be a slip of: most do not."""
        known = self._begins.get(stem)
        if known is None:
            if len(self._begins) > _MOST_REMEMBERED:
                self._begins.clear()
            beginnings = self._next.get((), ())
            known = self._begins[stem] = (
                any(word in beginnings for word, _ in self._words_like(stem))
                or self._slip_at([stem], 0) is not None
            )
        return known

    def _longest_from(self, stems: Sequence[str], place: int) -> Match | None:
        best: Match | None = None
        begun = [_Begun()]
        for end in range(place, len(stems)):
            alike = self._words_like(stems[end])
            begun = [
                one.with_word(word, likeness)
                for one in begun
                if (following := self._next.get(one.words))
                for word, likeness in alike
                if word in following
            ]
            if not begun:
                break
            best = self._best_of(begun, place, end + 1) or best
        return best

    def _best_of(self, begun: Sequence[_Begun], start: int, end: int) -> Match | None:
        """The name with the fewest slips; none where two are as near and stand for different things."""
        whole = [one for one in begun if one.words in self._names and one.is_sure]
        whole = [one for one in whole if not one.slips or one.words in self._forgiving]
        if not whole:
            return None
        fewest = min(one.slips for one in whole)
        entries = {self._names[one.words] for one in whole if one.slips == fewest}
        return Match(start, end, entries.pop(), exact=not fewest) if len(entries) == 1 else None

    def _words_like(self, word: str) -> tuple[tuple[str, _Likeness], ...]:
        """The words of names that a word of a text may be, itself first."""
        known = self._alike.get(word)
        if known is None:
            if len(self._alike) > _MOST_REMEMBERED:
                self._alike.clear()
            known = self._alike[word] = ((word, _Likeness.SAME), *self._slips_of(word))
        return known

    def _slips_of(self, word: str) -> list[tuple[str, _Likeness]]:
        length = len(word)
        if (
            not self._everyday
            or length < SLIP_WITHIN_NAME_FROM
            or not word.isalpha()
            or word in self._everyday
            or word in self._name_words.get(length, ())
        ):
            return []
        return [
            (name, self._likeness(word, name))
            for other in range(length - 1, length + 3)
            for name in sorted(self._name_words.get(other, ()))
            if _is_one_slip(word, name)
        ]

    def _likeness(self, word: str, name: str) -> _Likeness:
        if word in self._rarer or self._may_be_commoner(word, name):
            return _Likeness.DOUBTFUL
        short = min(len(word), len(name)) < SLIP_OF_UNKNOWN_FROM
        return _Likeness.SHORT_SLIP if short else _Likeness.SLIP

    def _may_be_commoner(self, word: str, name: str) -> bool:
        """Whether a slip of `name` may as well be one of an everyday word that is more frequent."""
        rank = self._everyday.rank(name)
        return any(self._everyday.rank(other) < rank for other in self._everyday.within(word, 1))

    def _slip_at(self, stems: Sequence[str], place: int) -> Match | None:
        word = stems[place]
        if len(word) < ONE_SLIP_FROM - 1 or word in self._everyday or word in self._rarer:
            return None
        best: tuple[int, str] | None = None
        for name, entry in self._slippery.get(word[0], {}).items():
            allowed = 2 if len(name) >= TWO_SLIPS_FROM else 1
            distance = OSA.distance(word, name, score_cutoff=allowed)
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, entry)
        return Match(place, place + 1, best[1], exact=False) if best else None
