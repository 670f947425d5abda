"""The words a case may use: ids of the fact store, and the nearest one to a word that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from skinfo.content import read_yaml
from skinfo.facts import FactStore, Topic, Urgency

if TYPE_CHECKING:  # both import spaCy, which a suite of a bot that is not Skinfo needs nothing of
    from skinfo.red_flags import RedFlagRules
    from skinfo.replies import Phrasebook

#: Below this likeness (0 to 100) a suggestion would only confuse.
_ALIKE = 55


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, if one is alike at all."""
    found = process.extractOne(
        word, list(known), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_ALIKE
    )
    return str(found[0]) if found else None


def mend(word: str, known: Iterable[str], *, listed: int = 24) -> str:
    """What to write instead of an unknown word."""
    words = list(known)
    close = nearest(word, words)
    shown = ", ".join(words[:listed]) + (", …" if len(words) > listed else "")
    return f"did you mean {close!r}? " * bool(close) + f"known: {shown}"


class Vocabulary:
    """Ids of the project's own content, read when a case first uses one."""

    def __init__(self, facts: Path) -> None:
        self._facts = facts

    @cached_property
    def store(self) -> FactStore:
        """The fact store.

        Raises:
            ContentError: it does not load.
        """
        return FactStore.load(self._facts)

    @cached_property
    def red_flags(self) -> frozenset[str]:
        """Ids of red flags."""
        return frozenset(flag.id for flag in self.red_flag_rules.flags)

    @cached_property
    def red_flag_rules(self) -> RedFlagRules:
        """Everything on red flags.

        Raises:
            ContentError: it does not load.
        """
        from skinfo.red_flags import load_red_flags

        return load_red_flags(self._facts / "red_flags")

    @cached_property
    def phrases(self) -> Phrasebook:
        """The bot's own sentences and the helplines.

        Raises:
            ContentError: they do not load.
        """
        from skinfo.replies import Phrasebook

        return Phrasebook.load(self._facts)

    @cached_property
    def forbidden(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What is never said, each with the reason."""
        from skinfo.facts.checking import ForbiddenWording

        entries = read_yaml(self._facts / "forbidden_wording.yml").parse_list(ForbiddenWording)
        return tuple((re.compile(entry.pattern, re.IGNORECASE), entry.why) for entry in entries)

    def disclaimers(self) -> tuple[str, ...]:
        """The disclaimer as each country reads it."""
        return tuple(sorted(self.phrases.disclaimers()))

    def words_of_facts(self) -> Mapping[str, str]:
        """Each fact's text by its id."""
        return {str(id_): fact.text for id_, fact in self.store.facts.items()}

    def words(self, kind: str) -> list[str]:
        """All ids of a kind: condition, topic, fact, source, urgency, red_flag."""
        if kind == "topic":
            return [topic.value for topic in Topic]
        if kind == "urgency":
            return [urgency.value for urgency in Urgency]
        if kind == "red_flag":
            return sorted(self.red_flags)
        if kind == "condition":
            return [str(id_) for id_ in self.store.conditions]
        if kind == "fact":
            return [str(id_) for id_ in self.store.facts]
        if kind == "source":
            return [str(id_) for id_ in self.store.sources]
        raise KeyError(kind)
