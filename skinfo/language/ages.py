"""Ages and lengths of pregnancy that a message gives, in days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import Field
from text_to_num.transforms import alpha2digit

from skinfo.content import Record, read_yaml
from skinfo.language.vocabulary import plain_words, singular

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: "6w", "10d", "38w4d": a number with its unit's letter.
_LETTERED = re.compile(r"(\d+)([a-z])(?![a-z])")
#: A bare number is an answer only in a message as short as this.
_SHORT = 5


class Unit(Record):
    """A unit of time."""

    words: tuple[str, ...] = Field(..., description="Singular.")
    days: float


class Stage(Record):
    """A time said without a number."""

    phrases: tuple[str, ...]
    days: float


class AgeWords(Record):
    """``ages.yml``."""

    units: tuple[Unit, ...]
    letters: Mapping[str, float]
    stages: tuple[Stage, ...]


class AgeReader:
    """Finds how old somebody is said to be."""

    def __init__(self, words: AgeWords) -> None:
        self._days = {word: unit.days for unit in words.units for word in unit.words}
        self._letters = dict(words.letters)
        self._stages = [
            (tuple(plain_words(phrase)), stage.days) for stage in words.stages for phrase in stage.phrases
        ]

    @classmethod
    def load(cls, folder: Path) -> AgeReader:
        """The reader over ``ages.yml`` of a ``facts/`` folder.

        Raises:
            ContentError: a mistake in the file.
        """
        return cls(read_yaml(folder / "ages.yml").parse(AgeWords))

    def age(self, text: str, unit: str) -> float | None:
        """As `days`, counted in a unit, in which a number alone counts too."""
        days = self.days(text, unit)
        return None if days is None else days / self._days[unit]

    def days(self, text: str, bare_unit: str | None = None) -> float | None:
        """The age, or the length of a pregnancy, that a text gives.

        Args:
            text: what was written.
            bare_unit: the unit that a number alone counts in ("28" of weeks); it is an answer only in a
                short message.

        Returns:
            Days; the first said where there are several; None where none is said.
        """
        # "twenty-eight weeks" becomes "28 weeks".
        digits = alpha2digit(re.sub(r"(?<=\w)-(?=\w)", " ", text.casefold()), "en", ordinal_threshold=10**9)
        lettered = _lettered(digits, self._letters)
        if lettered is not None:
            return lettered
        words = [word if "." in word else "".join(plain_words(word)) for word in _with_decimals(digits)]
        words = [word for word in words if word]
        for place, word in enumerate(words):
            unit = self._days.get(singular(word))
            if unit is None:
                continue
            number = _number_before(words, place)
            if number is not None:
                return number * unit
        plain = plain_words(digits)
        for phrase, days in self._stages:
            if _holds(plain, phrase):
                return days
        numbers = _NUMBER.findall(digits)
        if bare_unit is not None and len(numbers) == 1 and len(plain) <= _SHORT:
            return float(numbers[0]) * self._days[bare_unit]
        return None


def _with_decimals(text: str) -> list[str]:
    return re.findall(r"\d+\.\d+|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*", text)


def _number_before(words: Sequence[str], place: int) -> float | None:
    """The number that counts a unit: straight before it, or with "and a half" between."""
    half = words[place - 3 : place] == ["and", "a", "half"]
    before = place - 4 if half else place - 1
    if before >= 0 and _NUMBER.fullmatch(words[before]):
        return float(words[before]) + (0.5 if half else 0)
    if before >= 0 and words[before] in ("a", "one"):
        return 1.5 if half else 1.0
    return None


def _lettered(text: str, letters: Mapping[str, float]) -> float | None:
    found = [
        (int(number), letters[letter]) for number, letter in _LETTERED.findall(text) if letter in letters
    ]
    return sum(number * days for number, days in found) if found else None


def _holds(words: Sequence[str], phrase: Iterable[str]) -> bool:
    wanted = list(phrase)
    return any(list(words[at : at + len(wanted)]) == wanted for at in range(len(words) - len(wanted) + 1))
