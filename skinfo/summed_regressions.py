"""Logistic regressions on parts of the features, learned apart, their log-odds added up.

The sentence encoder has seen the texts that a classifier is trained on, and tells them apart almost
without a mistake. Beside its vectors n-grams would therefore learn next to nothing, though on new
texts they know much that it does not. Learned apart, each knows what it can (a product of experts;
Hinton, 2002, doi:10.1162/089976602760128018), and both stay one linear map.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Some of the features and how they are learned from.

    Attributes:
        columns: how many, following those of the part before.
        C: inverse of the strength of regularisation.
        share: what its log-odds are multiplied by before they are added.
        steps: the most that are taken; the last ones change nothing that was measurable.
        dense: most of its values are not zero.
        least_seen: what is not zero in fewer texts gets no weight, and takes no time.
    """

    columns: int
    C: float
    share: float = 1.0
    steps: int = 200
    dense: bool = False
    least_seen: int = 1


def fit_summed(
    matrix: csr_matrix, labels: Sequence[object], parts: Sequence[Part]
) -> tuple[list[object], Floats, Floats]:
    """Fit a regression to each part.

    Args:
        matrix: the features, of shape (texts, features).
        labels: of each text; the rare ones count as much as the frequent ones.
        parts: which together take all columns.

    Returns:
        The labels in order; the weights, of shape (rows, features), and the bias, of shape (rows,),
        with one row a label, or a single one (for the second) where there are two.

    Raises:
        ValueError: the parts do not take all columns, there is only one label, or no column of a part is seen
            as often as it wants.
    """
    if sum(part.columns for part in parts) != matrix.shape[1]:
        raise ValueError("the parts do not add up to the features")
    weights, biases, start = [], [], 0
    for part in parts:
        columns = matrix[:, start : start + part.columns]
        start += part.columns
        if not part.columns:
            continue
        model = LogisticRegression(C=part.C, max_iter=part.steps, class_weight="balanced", random_state=7)
        seen = np.flatnonzero(np.bincount(columns.indices, minlength=part.columns) >= part.least_seen)
        if not len(seen):
            raise ValueError(f"no column of a part is seen in {part.least_seen} texts")
        columns = columns[:, seen]
        with warnings.catch_warnings():
            # Stopped early on purpose; see `Part.steps`.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(columns.toarray() if part.dense else columns, labels)
        of_part = np.zeros((len(model.coef_), part.columns))
        of_part[:, seen] = part.share * model.coef_
        weights.append(of_part)
        biases.append(part.share * model.intercept_)
    return list(model.classes_), np.hstack(weights), np.sum(biases, axis=0)
