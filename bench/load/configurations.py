"""What is measured side by side, each with its own model and servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.load import baselines
from bench.load.baselines import Baseline
from bench.load.replay import Channel, ReplayFailed
from bench.turns import peak_memory
from bench.understanding import STOCK
from skinfo.cli.serve import free_port, running_servers
from skinfo.rasa.settings import NO_LIMITS


@dataclass(frozen=True)
class RunningBot:
    """A bot that answers.

    Attributes:
        address: without a path.
        processes: the ids of the servers' first processes.
        ready: seconds from the start to the first answer.
    """

    address: str
    channel: Channel
    processes: Sequence[int]
    ready: float

    def memory(self) -> float:
        """The most that all processes have held so far, summed (MiB).

        Raises:
            ReplayFailed: a server has gone.
        """
        try:
            everybody = [
                process
                for first in self.processes
                for process in (psutil.Process(first), *psutil.Process(first).children(recursive=True))
            ]
            return sum(peak_memory(process.pid) for process in everybody)
        except (psutil.NoSuchProcess, OSError, RuntimeError):
            raise ReplayFailed("a server stopped while people were talking to it") from None


@dataclass(frozen=True)
class Configuration:
    """A bot to be measured.

    Attributes:
        about: what it is, for the report.
        prepare: trains what has to be; told the epochs.
        run: starts the servers; told the epochs and a folder for what they write.
        longest: how many times as long its longest session is.
    """

    name: str
    about: str
    prepare: Callable[[int], object]
    run: Callable[[int, Path], AbstractContextManager[RunningBot]]
    longest: int = 1


@contextmanager
def _ours(epochs: int, state: Path) -> Iterator[RunningBot]:
    began = time.perf_counter()
    # An action server elsewhere would not be measured.
    settings = {**NO_LIMITS, "SKINFO_ACTIONS_URL": ""}
    with running_servers(free_port(), state, settings) as servers:
        ready = time.perf_counter() - began
        yield RunningBot(servers.address, "web", (servers.rasa.pid, servers.actions.pid), ready)


def _baseline(baseline: Baseline, about: str) -> Configuration:
    @contextmanager
    def run(epochs: int, state: Path) -> Iterator[RunningBot]:
        began = time.perf_counter()
        with baselines.running(baseline, epochs, state) as (address, processes):
            yield RunningBot(address, "rest", processes, time.perf_counter() - began)

    return Configuration(baseline.name, about, lambda epochs: baselines.prepare(baseline, epochs), run)


_FLOOR = Path("bench/floor/config.yml")

#: Every configuration by its name; those that are measured unless others are named come first.
CONFIGURATIONS: Mapping[str, Configuration] = {
    configuration.name: configuration
    for configuration in (
        Configuration(
            "ours",
            "Skinfo as it is started: its web channel, conversations in SQLite",
            lambda epochs: None,
            _ours,
            longest=2,
        ),
        _baseline(
            Baseline("stock", STOCK, "sqlite"),
            "what rasa init proposes, with our reading of names so that its answers are ours; "
            "REST channel, conversations in SQLite",
        ),
        _baseline(
            Baseline("floor", _FLOOR, "memory"),
            "counted words, logistic regression, rules; answers for any bump, as it knows no names; "
            "REST channel, conversations in memory",
        ),
        _baseline(
            Baseline("stock-bare", STOCK, "memory", reads=False),
            "what rasa init proposes and nothing of ours; answers for any bump, as it knows no names; "
            "REST channel, conversations in memory",
        ),
    )
}
USUAL = ("ours", "stock", "floor")
