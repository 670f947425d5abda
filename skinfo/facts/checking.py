"""Checks on the content that go beyond its form: reading age, wording, freshness, repetition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import textstat

from skinfo.content import Record, read_yaml
from skinfo.facts.models import Condition, Fact
from skinfo.facts.store import FactStore

#: Flesch-Kincaid grades (Kincaid et al., 1975): above the first a warning, above the second an error.
HARD_TO_READ = 8.0
TOO_HARD_TO_READ = 10.0
LONGEST_FACT = 600


class ForbiddenWording(Record):
    """A way of putting things that the bot must not use."""

    pattern: str
    why: str


@dataclass(frozen=True)
class Finding:
    """Something to mend, and where."""

    level: Literal["error", "warning"]
    file: Path
    line: int | None
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.level}: {self.problem}\n  mend: {self.mend}"


def check_facts(folder: Path, today: date) -> Iterator[Finding]:
    """Findings in a ``facts/`` folder that loads.

    Raises:
        ContentError: it does not load.
    """
    FactStore.load(folder)
    forbidden = read_yaml(folder / "forbidden_wording.yml").parse_list(ForbiddenWording)
    seen: dict[str, str] = {}
    for file in [*sorted((folder / "conditions").glob("*.yml")), folder / "any_bump.yml"]:
        document = read_yaml(file)
        if file.parent.name == "conditions":
            facts = document.parse(Condition).facts
        else:
            facts = document.parse_list(Fact, at=("facts",))
        for index, fact in enumerate(facts):
            line = document.line_of(("facts", index, "text"))
            for level, problem, mend in _findings(fact, forbidden, today):
                yield Finding(level, file, line, f"{fact.id}: {problem}", mend)
            twin = seen.setdefault(fact.text, fact.id)
            if twin != fact.id:
                yield Finding(
                    "error", file, line, f"{fact.id} says the same as {twin}", "word it for its own condition"
                )


def _findings(
    fact: Fact, forbidden: tuple[ForbiddenWording, ...], today: date
) -> Iterator[tuple[Literal["error", "warning"], str, str]]:
    for rule in forbidden:
        if re.search(rule.pattern, fact.text, re.IGNORECASE):
            yield "error", f"says {rule.pattern!r}: {rule.why}", "word it another way"
    if fact.is_served and fact.next_check < today:
        yield "error", f"was to be checked by {fact.next_check}", "check it against its sources again"
    if len(fact.text) > LONGEST_FACT:
        yield "error", f"has {len(fact.text)} characters", f"keep it under {LONGEST_FACT}"
    sentences = re.split(r"(?<=[.!?])\s+", fact.text.strip())
    for sentence in dict.fromkeys(sentences):
        if sentences.count(sentence) > 1:
            yield "error", f"says {sentence!r} more than once", "say it once"
    grade = textstat.flesch_kincaid_grade(fact.text)
    if grade > TOO_HARD_TO_READ and not fact.hard_words_because:
        yield (
            "error",
            f"reads at grade {grade:.1f}",
            "use shorter words and sentences, or give `hard_words_because`",
        )
    elif grade > HARD_TO_READ and not fact.hard_words_because:
        yield "warning", f"reads at grade {grade:.1f}", "use shorter words and sentences"
