"""Our configuration beside the one that ``rasa init`` proposes: ``make bench-understanding``.

Both are trained in this run, one after the other, each in a process of its own, and asked the same
labelled questions. Prints what each understands with 95 % intervals, training time, time to
understand one message on one core, size of the model and peak memory, with the ratio of the two.
An epoch of the stock DIET classifier takes minutes on this data, and it asks for a hundred:
``--stock-epochs 7`` gives it fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.training import train

TEST = Path("tests/understanding/own_test.jsonl")
OURS, STOCK = Path("config.yml"), Path("bench/stock/config.yml")
_PARSED = 200
#: Seed of the slips of typing.
_SLIPS = 7
_MEASURED_WITH_SLIPS = ("right_fact", "every_part")


def main(paths: list[Path], stock_epochs: int | None = None) -> None:
    """Measure both and print a table.

    Args:
        paths: labelled questions.
        stock_epochs: of the stock classifier, when not as many as its configuration says.
    """
    found = {}
    for name, config in (("ours", OURS), ("stock", STOCK)):
        with tempfile.TemporaryDirectory() as folder:
            if name == "stock" and stock_epochs is not None:
                config = _with_epochs(config, stock_epochs, Path(folder) / "config.yml")
            out = Path(folder) / "measured.json"
            command = [sys.executable, "-m", "bench.understanding", "--one", str(config), folder, str(out)]
            subprocess.run([*command, *map(str, paths)], check=True)
            found[name] = json.loads(out.read_text(encoding="utf-8"))
    table = Table("measure", "ours", "stock (rasa init)", "ratio", title="Understanding")
    for measure, ours in found["ours"].items():
        stock = found["stock"].get(measure)
        if not isinstance(ours, float) or not isinstance(stock, float):
            continue
        ratio = f"{ours / stock:.2f}" if stock else "–"
        intervals = (found[name]["intervals"].get(measure, f"{found[name][measure]:.3f}") for name in found)
        table.add_row(measure, *intervals, ratio)
    Console(highlight=False, width=140).print(table)


def _with_epochs(config: Path, epochs: int, changed: Path) -> Path:
    """A copy of a configuration whose DIET classifier learns for so many epochs."""
    read = yaml.safe_load(config.read_text(encoding="utf-8"))
    for part in read["pipeline"]:
        if part["name"] == "DIETClassifier":
            part["epochs"] = epochs
    changed.write_text(yaml.safe_dump(read), encoding="utf-8")
    return changed


def measure_one(config: Path, folder: Path, out: Path, paths: list[Path]) -> None:
    """Train one configuration, ask it everything, and write what was measured."""
    model = folder / "measured.tar.gz"
    trained = train(config, model)
    measured: dict[str, Any] = {"training (s)": trained, "model (MB)": model.stat().st_size / 1e6}
    from skinfo.evaluation import read_cases, score
    from skinfo.evaluation.report import rows_by
    from skinfo.evaluation.typos import with_typos
    from skinfo.facts import FactStore
    from skinfo.language import NameFinder
    from skinfo.paths import facts_folder
    from skinfo.rasa.bot import Bot

    store = FactStore.load(facts_folder())
    names = NameFinder.from_store(store, facts_folder())
    bot = Bot.load(model)
    cases = [case for path in paths for case in read_cases(path, frozenset(store.conditions))]

    async def ask() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[float]]:
        turns = [(await bot.converse(list(case.turns)))[-1] for case in cases]
        slipped = [
            (await bot.converse([with_typos(text, _SLIPS) for text in case.turns]))[-1] for case in cases
        ]
        times = []
        for case in cases[:_PARSED]:
            start = time.perf_counter()
            await bot.understand(case.text)
            times.append(1000 * (time.perf_counter() - start))
        return turns, slipped, times

    turns, slipped, times = asyncio.run(ask())
    intervals: dict[str, str] = {}
    for note, answered in (("", turns), (", with slips", slipped)):
        results = [score(case, turn, names) for case, turn in zip(cases, answered, strict=True)]
        for row in rows_by(results, lambda case: case.tier):
            if not note or row.measure in _MEASURED_WITH_SLIPS:
                measured[f"{row.name}: {row.measure}{note}"] = row.share.value
                intervals[f"{row.name}: {row.measure}{note}"] = str(row.share)
    measured["understanding one message, p50 (ms)"] = statistics.median(times)
    measured["peak memory (MiB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured["intervals"] = intervals
    out.write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        config, folder, out, *files = sys.argv[2:]
        measure_one(Path(config), Path(folder), Path(out), [Path(file) for file in files])
    else:
        arguments = argparse.ArgumentParser(description="Measure our configuration beside the stock one.")
        arguments.add_argument("paths", nargs="*", type=Path, default=[TEST])
        arguments.add_argument("--stock-epochs", type=int)
        asked = arguments.parse_args()
        main(asked.paths, asked.stock_epochs)
