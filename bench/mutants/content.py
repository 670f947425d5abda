"""Mutants of the content: somebody edits a YAML file under ``facts/`` and gets it wrong.

Each is applied to a copy, and the suites are read against that copy too: as in life, where the tests
run on the edited checkout. A mutant whose words are no longer in the file fails loudly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[Path], None]


class DoesNotApply(Exception):
    """The content has changed so that a mutant has nothing to break; mend the mutant."""


def replaced(file: str, old: str, new: str, *, every: bool = False) -> Edit:
    """Some words become others."""

    def edit(facts: Path) -> None:
        path = facts / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise DoesNotApply(f"{file} does not hold {old!r}")
        path.write_text(text.replace(old, new, -1 if every else 1), encoding="utf-8")

    return edit


def _entry(text: str, id_: str, file: str) -> re.Match[str]:
    """A list entry from its ``- id:`` to the next entry of the same depth or the end."""
    found = re.search(
        rf"^(?P<indent> *)- id: {re.escape(id_)}\n(?:(?!(?P=indent)- |\S).*\n|\n)*", text, re.MULTILINE
    )
    if found is None:
        raise DoesNotApply(f"{file} has no entry {id_}")
    return found


def dropped(file: str, *ids: str) -> Edit:
    """Entries are gone."""

    def edit(facts: Path) -> None:
        path = facts / file
        text = path.read_text(encoding="utf-8")
        for id_ in ids:
            found = _entry(text, id_, file)
            text = text[: found.start()] + text[found.end() :]
        path.write_text(text, encoding="utf-8")

    return edit


def in_entry(file: str, id_: str, old: str, new: str) -> Edit:
    """Inside one entry, what a pattern finds becomes something else."""

    def edit(facts: Path) -> None:
        path = facts / file
        text = path.read_text(encoding="utf-8")
        found = _entry(text, id_, file)
        entry, count = re.subn(old, lambda _: new, found.group(), count=1, flags=re.MULTILINE)
        if not count:
            raise DoesNotApply(f"{file}: {id_} does not hold {old!r}")
        path.write_text(text[: found.start()] + entry + text[found.end() :], encoding="utf-8")

    return edit


_TEXT = r"^    text: >-\n(?:      .*\n)+"


def swapped_texts(file: str, one: str, other: str) -> Edit:
    """Two facts have each other's text."""

    def edit(facts: Path) -> None:
        path = facts / file
        text = path.read_text(encoding="utf-8")
        first, second = (
            re.search(_TEXT, _entry(text, id_, file).group(), re.MULTILINE) for id_ in (one, other)
        )
        if first is None or second is None:
            raise DoesNotApply(f"{file}: {one} or {other} has no text")
        hole = "\0"
        text = text.replace(first.group(), hole, 1).replace(second.group(), first.group(), 1)
        path.write_text(text.replace(hole, second.group(), 1), encoding="utf-8")

    return edit


def new_text(file: str, id_: str, text: str) -> Edit:
    """A fact says something else."""
    return in_entry(file, id_, _TEXT, f"    text: >-\n      {text}\n")
