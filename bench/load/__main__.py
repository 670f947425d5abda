"""Our configuration beside stock Rasa and the bare floor, under load: ``make bench-load``.

Locust replays the conversations of ``tests/conversations/``, for each configuration with 1, 8 and 32
people at once; then one person talks on for hundreds of turns. Configurations are measured one after
another in the same run, each alone on the machine; whatever else runs there changes the figures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bench.load.baselines import BaselineUnusable
from bench.load.configurations import CONFIGURATIONS, USUAL, Configuration
from bench.load.plots import draw
from bench.load.replay import (
    ReplayFailed,
    Script,
    measure_level,
    measure_session,
    script_of_questions,
    script_of_suites,
)
from bench.load.report import Measured, print_report, write_report
from skinfo.cli.errors import Unusable
from skinfo.paths import project_folder

#: Seconds that somebody talks to a bot before it is measured.
_FAMILIAR = 20
MARKS = (10, 50, 100, 200, 360, 500, 1000)
console = Console(highlight=False, width=140)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; the exit code is 2 when something could not be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=list(CONFIGURATIONS), default=list(USUAL), help="what to measure"
    )
    parser.add_argument(
        "--sessions", nargs="+", type=int, default=[1, 8, 32], metavar="N", help="how many people at once"
    )
    parser.add_argument("--seconds", type=int, default=60, help="how long each number of people is measured")
    parser.add_argument(
        "--turns", type=int, default=500, help="the longest session (ours talks twice as long); 0 for none"
    )
    parser.add_argument(
        "--epochs", type=int, default=2, help="how long the stock configurations' neural parts learn"
    )
    parser.add_argument("--out", type=Path, default=project_folder() / "var" / "bench-load")
    options = parser.parse_args(arguments)
    if min(options.sessions) < 1 or options.seconds < 1 or options.turns < 0 or options.epochs < 1:
        parser.error("numbers must be positive")
    settings = {name: getattr(options, name) for name in ("only", "sessions", "seconds", "turns", "epochs")}
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = [CONFIGURATIONS[name] for name in options.only]
    script = script_of_suites(project_folder() / "tests" / "conversations")
    try:
        for configuration in chosen:
            console.print(f"[bold]•[/bold] Preparing {configuration.name} …")
            configuration.prepare(options.epochs)
        found = [_measure(configuration, script, options) for configuration in chosen]
    except (BaselineUnusable, ReplayFailed, Unusable) as error:
        console.print(f"error: {error}", style="red", markup=False)
        return 2
    print_report(found, settings, console)
    console.print(f"{write_report(found, settings, options.out)}, {draw(found, options.out)}")
    return 0


def _measure(configuration: Configuration, script: Script, options: argparse.Namespace) -> Measured:
    with (
        tempfile.TemporaryDirectory(prefix="bench-load-") as state,
        configuration.run(options.epochs, Path(state)) as bot,
    ):
        # TensorFlow compiles for each new length of message, for seconds: not what a running server is like.
        measure_level(bot.address, bot.channel, script, 1, min(options.seconds, _FAMILIAR))
        levels = []
        for sessions in options.sessions:
            console.print(f"[bold]•[/bold] {configuration.name}: {sessions} at once …")
            level = measure_level(bot.address, bot.channel, script, sessions, options.seconds)
            levels.append(replace(level, memory=bot.memory()))
        session = None
        if options.turns:
            marks = _marks(options.turns * configuration.longest)
            console.print(f"[bold]•[/bold] {configuration.name}: {marks[-1]} turns of one session …")
            session = measure_session(bot.address, bot.channel, script_of_questions(), marks)
        return Measured(configuration.name, configuration.about, bot.ready, levels, session)


def _marks(turns: int) -> list[int]:
    return sorted({*(mark for mark in MARKS if mark <= turns), turns})


if __name__ == "__main__":
    raise SystemExit(main())
