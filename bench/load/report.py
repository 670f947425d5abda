"""What was measured, as tables, ratios beside their aims, and JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.load.replay import Level, Session

OURS, STOCK = "ours", "stock"
_LEAST_THROUGHPUT = 3.0
_MOST_P95 = 0.4
_MOST_GROWTH = 1.2


@dataclass(frozen=True)
class Measured:
    """One configuration's figures.

    Attributes:
        ready: seconds from the start to the first answer.
        session: None when no long session was asked for.
    """

    name: str
    about: str
    ready: float
    levels: Sequence[Level]
    session: Session | None


@dataclass(frozen=True)
class Ratio:
    """One of our figures over another one.

    Attributes:
        value: None where one of both was not measured.
        aim: what it should be, in words; empty where there is none.
        met: whether it is; None where there is no aim or no value.
    """

    measure: str
    value: float | None
    aim: str = ""
    met: bool | None = None


def ratios(found: Sequence[Measured]) -> list[Ratio]:
    """Ours over each of the others, and how a turn's time grows over a session, with the aims."""
    by_name = {one.name: one for one in found}
    rows: list[Ratio] = []
    ours = by_name.get(OURS)
    for other in found:
        if ours is not None and other is not ours:
            rows += _ours_over(ours, other)
    for one in found:
        rows += _growth(one)
    return rows


def print_report(found: Sequence[Measured], settings: Mapping[str, Any], console: Console) -> None:
    """Print the tables."""
    for one in found:
        console.print(f"[bold]{one.name}[/bold]: {one.about}; ready after {one.ready:.0f} s")
    console.print(
        f"Epochs that stock's neural parts were trained for: {settings['epochs']}. "
        "The time of a turn is that of fully trained ones; their understanding is not."
    )
    console.print(_load_table(found))
    if any(one.session for one in found):
        console.print(_session_table(found))
    rows = ratios(found)
    if rows:
        table = Table("ratio", "value", "aim", "met", title="Ratios")
        for row in rows:
            met = "" if row.met is None else "yes" if row.met else "[red]no[/red]"
            table.add_row(row.measure, _number(row.value, ".2f"), row.aim, met)
        console.print(table)


def write_report(found: Sequence[Measured], settings: Mapping[str, Any], folder: Path) -> Path:
    """Write ``report.json``: settings, machine, every configuration's figures, the ratios."""
    values = {
        "measured": datetime.now().astimezone().isoformat(timespec="seconds"),
        "settings": dict(settings),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
            "rasa": version("rasa"),
            "locust": version("locust"),
        },
        "configurations": [asdict(one) for one in found],
        "ratios": [asdict(ratio) for ratio in ratios(found)],
    }
    file = folder / "report.json"
    file.write_text(json.dumps(values, indent=1), encoding="utf-8")
    return file


def _ours_over(ours: Measured, other: Measured) -> Iterator[Ratio]:
    aimed = other.name == STOCK
    for level in ours.levels:
        theirs = next((one for one in other.levels if one.sessions == level.sessions), None)
        if theirs is None:
            continue
        where = f"ours / {other.name}, {_people(level.sessions)}"
        throughput = _over(level.per_second, theirs.per_second)
        yield _aimed_at_least(f"messages/s: {where}", throughput, _LEAST_THROUGHPUT if aimed else None)
        p95 = _over(level.p95, theirs.p95)
        yield _aimed_at_most(f"p95: {where}", p95, _MOST_P95 if aimed else None)
        if level.memory is not None:
            yield Ratio(f"peak memory: {where}", _over(level.memory, theirs.memory))


def _growth(one: Measured) -> Iterator[Ratio]:
    if one.session is None or len(one.session.medians) < 2:
        return
    first, *later = sorted(one.session.medians)
    for mark in sorted({_aimed_mark(later), later[-1]}):
        value = _over(one.session.medians[mark], one.session.medians[first])
        aimed = one.name == OURS
        yield _aimed_at_most(
            f"time of turn {mark} / turn {first}: {one.name}", value, _MOST_GROWTH if aimed else None
        )


def _aimed_mark(marks: Sequence[int]) -> int:
    """Turn 500, or the last one of a shorter session."""
    return max((mark for mark in marks if mark <= 500), default=marks[0])


def _aimed_at_least(measure: str, value: float | None, aim: float | None) -> Ratio:
    if aim is None:
        return Ratio(measure, value)
    return Ratio(measure, value, f"≥ {aim:g}", None if value is None else value >= aim)


def _aimed_at_most(measure: str, value: float | None, aim: float | None) -> Ratio:
    if aim is None:
        return Ratio(measure, value)
    return Ratio(measure, value, f"≤ {aim:g}", None if value is None else value <= aim)


def _load_table(found: Sequence[Measured]) -> Table:
    table = Table(title="People at once, each saying the next thing as soon as the reply is there")
    table.add_column("")
    for column in (
        "sessions", "messages/s", "p50 (ms)", "p95 (ms)", "p99 (ms)", "errors", "with facts",
        "peak memory (MiB)", "cores for the people",
    ):  # fmt: skip
        table.add_column(column, justify="right")
    for one in found:
        for level in one.levels:
            table.add_row(
                one.name,
                str(level.sessions),
                f"{level.per_second:.1f}",
                *(_number(time, ".0f") for time in (level.p50, level.p95, level.p99)),
                _told(level.errors),
                f"{100 * level.facts:.0f} %",
                _number(level.memory, ".0f"),
                f"{level.generator:.2f}",
            )
    return table


def _session_table(found: Sequence[Measured]) -> Table:
    marks = sorted({mark for one in found if one.session for mark in one.session.medians})
    table = Table(title="Time of a turn as one session gets longer (ms, median around the turn)")
    table.add_column("")
    for mark in marks:
        table.add_column(f"turn {mark}", justify="right")
    table.add_column("errors", justify="right")
    for one in found:
        if one.session is not None:
            cells = (_number(one.session.medians.get(mark), ".0f") for mark in marks)
            table.add_row(one.name, *cells, _told(one.session.errors))
    return table


def _over(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs else None


def _people(sessions: int) -> str:
    return "1 session" if sessions == 1 else f"{sessions} sessions"


def _told(errors: Mapping[str, int]) -> str:
    return ", ".join(f"{count} × {problem}" for problem, count in errors.items()) or "0"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
