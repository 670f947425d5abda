"""Checks on red flags that go beyond their form: sources, and whether a check is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from skinfo.content import read_yaml
from skinfo.facts import FactStore
from skinfo.facts.checking import Finding
from skinfo.red_flags.rules import RULE_FILES, RedFlag


def check_red_flags(folder: Path, store: FactStore, today: date) -> Iterator[Finding]:
    """Findings in a ``facts/red_flags/`` folder that loads.

    Args:
        folder: the folder.
        store: whose sources the flags cite.
        today: the day to judge due checks by.
    """
    for file in sorted(set(folder.glob("*.yml")) - {folder / name for name in RULE_FILES}):
        document = read_yaml(file)
        for index, flag in enumerate(document.parse_list(RedFlag)):
            for place, source in enumerate(flag.sources):
                if source not in store.sources:
                    yield Finding(
                        "error",
                        file,
                        document.line_of((index, "sources", place)),
                        f"{flag.id} cites {source}, which is not in sources.yml",
                        "add it there, or correct the id",
                    )
            if flag.advice_status == "served" and not store.sources_of(
                source for source in flag.sources if source in store.sources
            ):
                yield Finding(
                    "error",
                    file,
                    document.line_of((index, "sources")),
                    f"the advice of {flag.id} is served but none of its sources was read",
                    "read one, or set `advice_status: draft`",
                )
            if flag.next_check < today:
                yield Finding(
                    "error",
                    file,
                    document.line_of((index, "next_check")),
                    f"red flag {flag.id} was to be checked by {flag.next_check}",
                    "check it against its sources again",
                )
