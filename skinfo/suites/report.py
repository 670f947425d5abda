"""Conversations shown to people: as text for a terminal, and as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from skinfo.suites.holding import Exchange, Held

_TEMPLATE = Path(__file__).with_name("report_page.html.jinja")
_WIDTH = 100
#: So many lines of a reply tell what it is; the page shows all.
_MOST_LINES = 14
_MARKS = {"kept": "✓", "broken": "✗", "not checked": "–"}


def as_text(held: Held) -> str:
    """A conversation up to its end, with what was claimed and what was said instead."""
    parts = [f"{held.case.file}:{held.case.line}", f"  {held.case.name}", ""]
    for exchange in held.exchanges:
        if exchange.user or exchange.broken:
            parts += _exchange(exchange)
    return "\n".join(parts)


def _exchange(exchange: Exchange) -> list[str]:
    who = exchange.person or "You"
    said = f"[{exchange.user}]" if exchange.pressed else exchange.user
    lines = [_wrapped(f"{who}: {said}", "  ", "       ")] if exchange.user else []
    reply = exchange.said.text.strip() or "(nothing)"
    if not exchange.broken:
        reply = textwrap.shorten(reply, 2 * _WIDTH, placeholder=" …")
    lines += _shortened(_wrapped(f"Bot: {reply}", "  ", "       "))
    if exchange.broken:
        lines.append("")
        for check in exchange.checks:
            # A promise that was kept goes without saying; a claim shows what the case is about.
            if check.outcome == "kept" and check.line is None:
                continue
            mark = _MARKS[check.outcome]
            where = f" (line {check.line})" if check.line else " (standing promise)"
            lines.append(f"   {mark} {check.claim}{where}")
            if check.problem:
                lines.append(_wrapped(check.problem, "       ", "       "))
    return [*lines, ""]


def _wrapped(text: str, first: str, rest: str) -> str:
    lines = []
    for number, line in enumerate(text.splitlines() or [""]):
        lines.append(
            textwrap.fill(
                line,
                _WIDTH,
                initial_indent=rest if number else first,
                subsequent_indent=rest,
                break_long_words=False,
            )
        )
    return "\n".join(line for line in lines if line.strip())


def _shortened(text: str) -> list[str]:
    lines = text.splitlines()
    if len(lines) <= _MOST_LINES:
        return lines
    head, tail = _MOST_LINES - 4, 3
    return [*lines[:head], f"       … {len(lines) - head - tail} more lines …", *lines[-tail:]]


def as_page(
    held: Sequence[Mapping[str, Any]], not_held: Sequence[Mapping[str, Any]], root: Path, target: str
) -> str:
    """A self-contained HTML page that shows each conversation as it looked.

    Args:
        held: conversations as `Held.to_dict` gives them.
        not_held: cases that were skipped: name, file, line and why.
        root: folder that file names are shown relative to.
        target: whom the cases were held with.
    """
    files: dict[str, list[dict[str, Any]]] = {}
    for number, conversation in enumerate(held):
        broken = any(
            check["outcome"] == "broken"
            for exchange in conversation["exchanges"]
            for check in exchange["checks"]
        )
        expected = conversation["known_failure"] is not None
        state = ("known" if expected else "failed") if broken else ("surprise" if expected else "passed")
        entry = {**conversation, "state": state, "anchor": f"c{number}"}
        files.setdefault(_relative(conversation["file"], root), []).append(entry)
    skipped: dict[str, list[dict[str, Any]]] = {}
    for one in not_held:
        skipped.setdefault(_relative(one["file"], root), []).append({**one})
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for file in sorted(files):
        folder = Path(file).parent.name.replace("_", " ") or "suite"
        groups.setdefault(folder, {})[file] = files[file]
    states = [entry["state"] for entries in files.values() for entry in entries]
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        groups=groups,
        skipped=skipped,
        counts={state: states.count(state) for state in ("passed", "failed", "known", "surprise")},
        turns=sum(bool(e["user"]) for entries in files.values() for c in entries for e in c["exchanges"]),
        target=target,
    )


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return str(path.relative_to(root)) if path.is_relative_to(root) else file
