"""Sparse n-gram counts and dense sentence vectors as one matrix in which neither swamps the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from skinfo.matrices import side_by_side, stacked

Floats = NDArray[np.float64]


def inverse_frequencies(messages: Sequence[Message]) -> Floats:
    """The smoothed inverse document frequency of each n-gram, of shape (n-grams,)."""
    counts = _counts(messages)
    if counts is None:
        return np.zeros(0)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
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
    counts = _counts(messages)
    dense = _vectors(messages)
    if counts is None and dense is None:
        raise RasaException("The classifier needs a CountVectorsFeaturizer or a sentence encoder before it.")
    sparse = []
    if counts is not None:
        counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
        # Half the bytes, and so nearly half the training time, of double precision.
        sparse.append(normalize(counts, copy=False).astype(np.float32))
    if dense is None:
        dense = np.zeros((len(messages), 0), dtype=np.float32)
    return side_by_side(sparse, dense)


def _counts(messages: Sequence[Message]) -> csr_matrix | None:
    rows = [_sentence_features(message, sparse=True) for message in messages]
    if not rows[0]:
        return None
    counts = [stacked(parts) for parts in zip(*rows, strict=True)]
    return side_by_side(counts, np.zeros((len(messages), 0)))


def _vectors(messages: Sequence[Message]) -> NDArray[np.float32] | None:
    rows = [_sentence_features(message, sparse=False) for message in messages]
    if not rows[0]:
        return None
    return np.concatenate([np.vstack(parts) for parts in zip(*rows, strict=True)], axis=1)


def _sentence_features(message: Message, *, sparse: bool) -> list[Any]:
    """What the featurizers made of the whole text, in their order.

    `Message.get_sparse_features` would copy and join those of every token too, which nobody asks for.
    """
    return [
        one.features
        for one in message.features
        if one.attribute == TEXT and one.type == FEATURE_TYPE_SENTENCE and one.is_sparse() is sparse
    ]
