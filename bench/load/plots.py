"""Plots of what was measured, as one PNG file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot
from matplotlib.ticker import FuncFormatter, NullFormatter

from bench.load.replay import AROUND
from bench.load.report import Measured


def draw(found: Sequence[Measured], folder: Path) -> Path:
    """Draw p95 against sessions, and a turn's time against the length of the session: ``load.png``.

    Both in ms on a logarithmic scale, as one bot's times may be ten times another's.
    """
    figure, (people, length) = pyplot.subplots(ncols=2, figsize=(12, 5))
    for one in found:
        slow = [(level.sessions, level.p95) for level in one.levels if level.p95 is not None]
        if slow:
            people.plot(*zip(*slow, strict=True), marker="o", label=one.name)
        if one.session is not None and len(one.session.times) >= AROUND:
            # Each question is in every window as often, so the line shows the length alone.
            windows = np.lib.stride_tricks.sliding_window_view(np.array(one.session.times), AROUND)
            turns = np.arange(len(windows)) + 1 + AROUND // 2
            length.plot(turns, np.median(windows, axis=1), label=one.name)
    sessions = sorted({level.sessions for one in found for level in one.levels})
    people.set(xscale="log", yscale="log", xlabel="sessions at once", ylabel="p95 of a turn (ms)")
    people.set_xticks(sessions, [str(number) for number in sessions], minor=False)
    people.xaxis.set_minor_formatter(NullFormatter())
    people.set_title("Many people at once")
    length.set(yscale="log", xlabel="turns said so far", ylabel="median time of a turn (ms)")
    length.set_title("One long session")
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    for axes in (people, length):
        axes.yaxis.set_major_formatter(plain)
        axes.yaxis.set_minor_formatter(plain)
        axes.grid(alpha=0.3, which="both")
        if axes.lines:
            axes.legend()
    file = folder / "load.png"
    figure.savefig(file, dpi=110, bbox_inches="tight")
    pyplot.close(figure)
    return file
