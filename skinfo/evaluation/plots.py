"""Plots of an evaluation, as PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

from skinfo.evaluation.calibration import calibration, single_questions
from skinfo.evaluation.red_flags import RedFlagResult
from skinfo.evaluation.scoring import Result
from skinfo.facts import Topic, Urgency

_LENGTHS = (0, 5, 10, 15, 25, 50, 100, 10_000)
#: Fewer cases than this make no bar: their share would be noise.
_FEWEST = 5


def draw_plots(results: Sequence[Result], folder: Path) -> tuple[Path, ...]:
    """Draw what the results allow.

    Args:
        results: the judged cases.
        folder: where the files go; it exists.

    Returns:
        The files drawn: ``topics.png`` (confusion matrix), ``threshold.png`` (coverage against
        accuracy), ``calibration.png`` and ``length.png``.
    """
    asked = single_questions(results)
    if not asked:
        return ()
    files = []
    for name, draw in (
        ("topics", _topics),
        ("threshold", _threshold),
        ("calibration", _calibration),
        ("length", _length),
    ):
        figure = draw(asked)
        file = folder / f"{name}.png"
        figure.savefig(file, dpi=110, bbox_inches="tight")
        pyplot.close(figure)
        files.append(file)
    return tuple(files)


def draw_red_flag_curve(results: Sequence[RedFlagResult], folder: Path) -> tuple[Path, ...]:
    """Draw sensitivity against false alarms as the threshold moves: ``red_flags.png``.

    Nothing is drawn when there was no learned model, or no message of one of both sides.
    """
    scored = [one for one in results if one.log_odds is not None]
    sides: dict[str, list[RedFlagResult]] = {
        "emergency": [one for one in scored if one.case.urgency is Urgency.EMERGENCY],
        "any red flag": [one for one in scored if one.case.urgency is not Urgency.NONE],
    }
    negative = np.array([one.log_odds for one in scored if one.case.urgency is Urgency.NONE], dtype=float)
    if not (negative.size and sides["any red flag"]):
        return ()
    figure, axes = pyplot.subplots(figsize=(7, 5))
    thresholds = np.linspace(-6, 8, 281)
    alarms = [float((negative >= threshold).mean()) for threshold in thresholds]
    for name, chosen in sides.items():
        if chosen:
            odds = np.array([one.log_odds for one in chosen], dtype=float)
            axes.plot(alarms, [float((odds >= threshold).mean()) for threshold in thresholds], label=name)
    axes.set(
        xlabel="false alarms (share of messages with no red flag)",
        ylabel="sensitivity",
        title="As the threshold moves",
        xlim=(0, 0.3),
        ylim=(0.6, 1.005),
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    file = folder / "red_flags.png"
    figure.savefig(file, dpi=110, bbox_inches="tight")
    pyplot.close(figure)
    return (file,)


def _topics(asked: Sequence[Result]) -> Figure:
    names = [topic.value for topic in Topic]
    columns = [*names, "no answer"]
    counts = np.zeros((len(names), len(columns)))
    for result in asked:
        topics = result.case.parts[0].topics
        if not topics:
            continue
        said = [topic for _, topic in result.answered]
        # A right one among several answers counts as what was said.
        answered = next((topic for topic in said if topic in topics), said[0] if said else "no answer")
        wanted = answered if answered in topics else topics[0]
        counts[names.index(wanted), columns.index(answered)] += 1
    figure, axes = pyplot.subplots(figsize=(9, 8))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        axes.text(
            column,
            row,
            int(counts[row, column]),
            ha="center",
            va="center",
            fontsize=7,
            color="white" if shares[row, column] > 0.6 else "black",
        )
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answered", ylabel="asked", title="Topics asked and answered")
    return figure


def _threshold(asked: Sequence[Result]) -> Figure:
    confidence = np.array([result.confidence for result in asked])
    right = np.array([result.right for result in asked])
    thresholds = np.linspace(0, 0.99, 100)
    kept = [confidence >= threshold for threshold in thresholds]
    coverage = [float(mask.mean()) for mask in kept]
    accuracy = [float(right[mask].mean()) if mask.any() else np.nan for mask in kept]
    figure, axes = pyplot.subplots(figsize=(7, 5))
    axes.plot(coverage, accuracy, color="tab:blue")
    for mark in (0.2, 0.3, 0.5, 0.7, 0.9):
        place = int(mark * 100)
        axes.annotate(f"{mark:.1f}", (coverage[place], accuracy[place]), fontsize=8)
    axes.set(
        xlabel="share of questions answered",
        ylabel="share of those answered rightly",
        title="As the fallback threshold (marked) moves",
        xlim=(0, 1.02),
    )
    axes.grid(alpha=0.3)
    return figure


def _calibration(asked: Sequence[Result]) -> Figure:
    found = calibration(asked)
    figure, axes = pyplot.subplots(figsize=(6, 6))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot([one.said for one in found.bins], [one.right for one in found.bins], marker="o")
    for one in found.bins:
        place = (one.said, one.right)
        axes.annotate(f"n={one.count}", place, fontsize=7, textcoords="offset points", xytext=(4, -9))
    axes.set(
        xlabel="confidence of the intent",
        ylabel="share with a right topic",
        title=f"Calibration (expected error {found.error:.3f})",
        xlim=(0, 1),
        ylim=(0, 1.03),
    )
    axes.grid(alpha=0.3)
    return figure


def _length(asked: Sequence[Result]) -> Figure:
    words = np.array([len(result.case.text.split()) for result in asked])
    wrong = np.array([not result.right for result in asked])
    labels, shares, counts = [], [], []
    for low, high in pairwise(_LENGTHS):
        mask = (words > low) & (words <= high)
        if mask.sum() < _FEWEST:
            continue
        labels.append(f"{low + 1}–{high}" if high < _LENGTHS[-1] else f"over {low}")
        shares.append(float(wrong[mask].mean()))
        counts.append(int(mask.sum()))
    figure, axes = pyplot.subplots(figsize=(7, 4))
    bars = axes.bar(labels, shares, color="tab:orange")
    axes.bar_label(bars, [f"n={count}" for count in counts], fontsize=8)
    axes.set(
        xlabel="words in the message", ylabel="share answered wrongly", title="Errors by length", ylim=(0, 1)
    )
    return figure
