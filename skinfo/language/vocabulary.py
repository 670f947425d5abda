"""Finding names in a text: longest match first, with simple plurals and small spelling slips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

#: One slip is forgiven in names of this many letters, two in longer ones.
ONE_SLIP_FROM = 6
TWO_SLIPS_FROM = 10
#: A word that is no ordinary one is taken for the word of a name that is one slip away, from so many
#: letters; from some more the slip may be the first letter.
SLIP_OF_UNKNOWN_FROM, ANY_LETTER_FROM = 4, 5
_MOST_MENDED = 4096


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


@dataclass
class Vocabulary:
    """Names of one or several words, each standing for an entry."""

    _names: dict[tuple[str, ...], str] = field(default_factory=dict)
    #: The length in words of the longest name that begins with a word.
    _longest_by_first: dict[str, int] = field(default_factory=dict)
    _slippery: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The words of names by their length: what a word that nobody knows may be a slip of.
    _name_words: dict[int, set[str]] = field(default_factory=dict)
    _mended: dict[str, str] = field(default_factory=dict)
    _ordinary: frozenset[str] = frozenset()

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
        self._longest_by_first[words[0]] = max(self._longest_by_first.get(words[0], 0), len(words))
        if slips:
            for word in words:
                if len(word) >= SLIP_OF_UNKNOWN_FROM:
                    self._name_words.setdefault(len(word), set()).add(word)
        if slips and len(words) == 1 and len(words[0]) >= ONE_SLIP_FROM:
            self._slippery.setdefault(words[0][0], {}).setdefault(words[0], entry)

    def leave_alone(self, words: Iterable[str]) -> None:
        """Ordinary words that must never count as a slip of a name.

        Where they are known, any other word is taken for the word of a name that is one slip away:
        "nilia", "cold sroes".
        """
        self._ordinary = self._ordinary | {singular(word) for word in words}
        self._mended.clear()

    def find(self, words: Sequence[str]) -> list[Match]:
        """The names among plain words, left to right, the longest winning over what it overlaps."""
        return self.find_stems(stems(words))

    def find_stems(self, stems: Sequence[str]) -> list[Match]:
        """As `find`, in words whose plural ending was taken off, which spares doing it again."""
        if self._ordinary:
            stems = [self._mend(stem) for stem in stems]
        if not self._slippery and self._longest_by_first.keys().isdisjoint(stems):
            return []
        found: list[Match] = []
        place = 0
        while place < len(stems):
            match = self._longest_from(stems, place) or self._slip_at(stems, place)
            if match is None:
                place += 1
            else:
                found.append(match)
                place = match.end
        return found

    def _mend(self, word: str) -> str:
        known = self._mended.get(word)
        if known is None:
            known = self._mended[word] = self._nearest(word)
            if len(self._mended) > _MOST_MENDED:
                self._mended.clear()
        return known

    def _nearest(self, word: str) -> str:
        """The one word of a name that is a slip away; the word itself where there is none, or two."""
        length = len(word)
        if (
            length < SLIP_OF_UNKNOWN_FROM
            or not word.isalpha()
            or word in self._ordinary
            or word in self._name_words.get(length, ())
        ):
            return word
        near = {
            name
            for other in (length - 1, length, length + 1)
            for name in self._name_words.get(other, ())
            # In a short word the first letter is mostly right.
            if (name[0] == word[0] or other >= ANY_LETTER_FROM)
            and OSA.distance(word, name, score_cutoff=1) <= 1
        }
        return near.pop() if len(near) == 1 else word

    def _longest_from(self, stems: Sequence[str], place: int) -> Match | None:
        longest = self._longest_by_first.get(stems[place], 0)
        for length in range(min(longest, len(stems) - place), 0, -1):
            entry = self._names.get(tuple(stems[place : place + length]))
            if entry is not None:
                return Match(place, place + length, entry, exact=True)
        return None

    def _slip_at(self, stems: Sequence[str], place: int) -> Match | None:
        word = stems[place]
        if len(word) < ONE_SLIP_FROM - 1 or word in self._ordinary:
            return None
        best: tuple[int, str] | None = None
        for name, entry in self._slippery.get(word[0], {}).items():
            allowed = 2 if len(name) >= TWO_SLIPS_FROM else 1
            distance = OSA.distance(word, name, score_cutoff=allowed)
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, entry)
        return Match(place, place + 1, best[1], exact=False) if best else None
