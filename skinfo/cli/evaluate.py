"""``skinfo evaluate``: the whole bot scored on labelled messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from skinfo.cli.ask import load_bot
from skinfo.cli.errors import Unusable
from skinfo.cli.train import prepare
from skinfo.evaluation import Case, Result, read_cases, score
from skinfo.evaluation.red_flags import (
    read_red_flag_cases,
    red_flag_data,
    red_flag_markdown,
    red_flag_rows,
    run_red_flags,
)
from skinfo.evaluation.report import MEASURES, compare, markdown, report_data, rows_by
from skinfo.evaluation.typos import with_typos
from skinfo.facts import FactStore
from skinfo.language import NameFinder
from skinfo.paths import facts_folder, models_folder
from skinfo.red_flags import load_red_flags

console = Console(emoji=False, highlight=False)
notices = Console(emoji=False, highlight=False, stderr=True)


def evaluate(
    paths: Annotated[list[Path], typer.Argument(help="Labelled JSON lines: see docs/evaluation.md.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("var/evaluation"),
    model: Annotated[Path | None, typer.Option(help="Another trained model than the bot's own.")] = None,
    against: Annotated[
        Path | None, typer.Option("--compare", help="The report.json of another run to compare with.")
    ] = None,
    typos: Annotated[
        int | None, typer.Option(help="Put a random typo in a quarter of the words; the number is the seed.")
    ] = None,
    red_flags: Annotated[
        bool, typer.Option("--red-flags", help="Score the finding of red flags: see docs/safety.md.")
    ] = False,
) -> None:
    """Score the whole bot on labelled messages and write a report with plots."""
    if red_flags:
        _evaluate_red_flags(paths, out)
        return
    store = FactStore.load(facts_folder())
    sets = [(path, read_cases(path, frozenset(store.conditions))) for path in paths]
    if model is not None and not model.is_file():
        raise Unusable(f"{model}: there is no such model")
    cases = [case for _, read in sets for case in read]
    turns = asyncio.run(_hold(load_bot(model), cases, typos))
    names = NameFinder.from_store(store, facts_folder())
    results = [score(case, turn, names) for case, turn in zip(cases, turns, strict=True)]
    about = {
        "model": str(model or "the bot's own"),
        "files": [{"path": str(path), "cases": len(read)} for path, read in sets],
        "typos": typos,
        "inputs": _fingerprint(model),
    }
    write_report(results, about, out, against)
    _show(results)
    console.print(f"The report is in {out / 'report.md'}", soft_wrap=True)


def _evaluate_red_flags(paths: Sequence[Path], out: Path) -> None:
    from skinfo.evaluation.plots import draw_red_flag_curve
    from skinfo.language import weigh_red_flags

    known = frozenset(flag.id for flag in load_red_flags(facts_folder() / "red_flags").flags)
    sets = [(path, read_red_flag_cases(path, known)) for path in paths]
    prepare()
    results = []
    with Progress(console=notices) as progress:
        cases = [case for _, read in sets for case in read]
        task = progress.add_task("Messages", total=len(cases))
        for case in cases:
            results += run_red_flags([case], weigh_red_flags)
            progress.advance(task)
    about = {"files": [{"path": str(path), "cases": len(read)} for path, read in sets]}
    try:
        out.mkdir(parents=True, exist_ok=True)
        plots = draw_red_flag_curve(results, out)
        data = json.dumps(red_flag_data(results, about), ensure_ascii=False, indent=1)
        (out / "red_flags.json").write_text(data, encoding="utf-8")
        (out / "red_flags.md").write_text(red_flag_markdown(results, about, plots), encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{out}: the report could not be written ({error.strerror})") from None
    table = Table("measure", "over", "share", "95 % interval", "messages", title="Red flags")
    for row in red_flag_rows(results):
        one = row.share
        table.add_row(
            row.measure, row.slice, f"{one.value:.3f}", f"{one.low:.3f}–{one.high:.3f}", str(one.votes)
        )
    console.print(table)
    console.print(f"Every miss and false alarm is in {out / 'red_flags.md'}", soft_wrap=True)


def write_report(
    results: Sequence[Result], about: dict[str, Any], out: Path, against: Path | None = None
) -> None:
    """Write ``report.md``, ``report.json`` and the plots into a folder, made if need be."""
    from skinfo.evaluation.plots import draw_plots

    data = report_data(results, about)
    comparison = compare(data, against) if against else ""
    try:
        out.mkdir(parents=True, exist_ok=True)
        plots = draw_plots(results, out)
        (out / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        (out / "report.md").write_text(markdown(data, results, plots, comparison), encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{out}: the report could not be written ({error.strerror})") from None


async def _hold(bot: Any, cases: Sequence[Case], typos: int | None) -> list[dict[str, Any]]:
    turns = []
    with Progress(console=notices) as progress:
        task = progress.add_task("Conversations", total=len(cases))
        for case in cases:
            said = [text if typos is None else with_typos(text, typos) for text in case.turns]
            turns.append((await bot.converse(said))[-1])
            progress.advance(task)
    return turns


def _fingerprint(model: Path | None) -> str | None:
    record = (model or models_folder() / "skinfo.tar.gz").with_name("skinfo.json")
    if model is not None or not record.is_file():
        return None
    return str(json.loads(record.read_text(encoding="utf-8"))["inputs"])


def _show(results: Sequence[Result]) -> None:
    for title, rows in (
        ("By tier", rows_by(results, lambda case: case.tier)),
        ("By part of the set", rows_by(results, lambda case: case.part or None)),
    ):
        if not rows:
            continue
        table = Table("slice", "measure", "share", "95 % interval", "votes", title=title)
        for row in rows:
            one = row.share
            table.add_row(
                row.name,
                MEASURES[row.measure],
                f"{one.value:.3f}",
                f"{one.low:.3f}–{one.high:.3f}",
                str(one.votes),
            )
        console.print(table)
