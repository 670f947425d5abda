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
    counts = vstack([_counts(message) for message in messages]).tocsr()
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    weights: Floats = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    return weights


def balanced_features(messages: Sequence[Message], idf: Floats) -> csr_matrix:
    """One row a message, of shape (messages, n-grams + 384).

    Counts become TF-IDF with sublinear term frequency; both parts are brought to length 1.
    Rasa's own LogisticRegressionClassifier adds raw counts to a unit vector, which they swamp.

    Raises:
        RasaException: the pipeline has no CountVectorsFeaturizer or no sentence encoder before.
    """
    counts = vstack([_counts(message) for message in messages]).tocsr()
    counts.data = 1 + np.log(counts.data)
    sparse = normalize(counts.multiply(idf).tocsr())
    dense = csr_matrix(np.vstack([_dense(message) for message in messages]))
    # Half the bytes, and so nearly half the training time, of double precision.
    return hstack([sparse, dense], format="csr", dtype=np.float32)


def _counts(message: Message) -> csr_matrix:
    _, sentence = message.get_sparse_features(TEXT)
    if sentence is None:
        raise RasaException("The classifier needs a CountVectorsFeaturizer before it.")
    return csr_matrix(sentence.features, dtype=np.float64)


def _dense(message: Message) -> NDArray[np.float32]:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise RasaException("The classifier needs the sentence encoder before it.")
    features: NDArray[np.float32] = sentence.features
    return features
