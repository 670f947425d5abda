"""Sparse n-gram counts and dense sentence vectors as one matrix in which neither swamps the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize

Floats = NDArray[np.float64]


def inverse_frequencies(messages: Sequence[Message]) -> Floats:
    """The smoothed inverse document frequency of each n-gram, of shape (n-grams,)."""
    counts = _counts(messages)
    if counts is None:
        return np.zeros(0)
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    weights: Floats = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    return weights


def balanced_features(messages: Sequence[Message], idf: Floats) -> csr_matrix:
    """One row a message, of shape (messages, n-grams + 384).

    Counts become TF-IDF with sublinear term frequency; both parts are brought to length 1.
    Rasa's own LogisticRegressionClassifier adds raw counts to a unit vector, which they swamp.
    A pipeline may have only one of the two.

    Raises:
        RasaException: the pipeline has neither a CountVectorsFeaturizer nor a sentence encoder.
    """
    parts = []
    counts = _counts(messages)
    if counts is not None:
        counts.data = 1 + np.log(counts.data)
        parts.append(normalize(counts.multiply(idf).tocsr()))
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    if dense[0] is not None:
        parts.append(csr_matrix(np.vstack([vector.features for vector in dense])))
    if not parts:
        raise RasaException("The classifier needs a CountVectorsFeaturizer or a sentence encoder before it.")
    # Half the bytes, and so nearly half the training time, of double precision.
    return hstack(parts, format="csr", dtype=np.float32)


def _counts(messages: Sequence[Message]) -> csr_matrix | None:
    rows = [message.get_sparse_features(TEXT)[1] for message in messages]
    if rows[0] is None:
        return None
    return vstack([csr_matrix(row.features, dtype=np.float64) for row in rows]).tocsr()
