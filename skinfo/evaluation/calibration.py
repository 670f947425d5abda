"""Whether a confidence is as often right as it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skinfo.evaluation.cases import Kind
from skinfo.evaluation.scoring import Result

_BINS = 10


@dataclass(frozen=True)
class Bin:
    """Cases of like confidence.

    Attributes:
        said: their mean confidence.
        right: the share of them whose topic was right.
        count: how many they are.
    """

    said: float
    right: float
    count: int


@dataclass(frozen=True)
class Calibration:
    """Confidence against what was right.

    Attributes:
        bins: ten of equal width, without the empty ones.
        error: the expected calibration error (Naeini et al., 2015): the mean of |said - right|, each
            bin counting by its cases.
    """

    bins: tuple[Bin, ...]
    error: float


def single_questions(results: Sequence[Result]) -> list[Result]:
    """The cases that ask one thing about the store's conditions or about a described bump."""
    return [
        result
        for result in results
        if result.case.kind in (Kind.IN_STORE, Kind.DESCRIBED) and len(result.case.parts) == 1
    ]


def topic_right(result: Result) -> bool:
    """Whether one of the answers was on a labelled topic."""
    topics = result.case.parts[0].topics
    return any(not topics or topic in topics for _, topic in result.answered)


def calibration(results: Sequence[Result]) -> Calibration:
    """The calibration over some single questions.

    A question that a red flag left unanswered says nothing of the confidence, and is left out.
    """
    judged = [result for result in results if result.answered]
    if not judged:
        return Calibration((), 0.0)
    confidence = np.array([result.confidence for result in judged])
    right = np.array([topic_right(result) for result in judged])
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins = tuple(
        Bin(float(confidence[mask].mean()), float(right[mask].mean()), int(mask.sum()))
        for mask in (places == number for number in range(_BINS))
        if mask.any()
    )
    error = sum(one.count * abs(one.said - one.right) for one in bins) / len(judged)
    return Calibration(bins, error)
