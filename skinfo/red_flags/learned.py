"""Red flags as learned from messages: logistic regressions on words, rule evidence and sentence vectors.

Three questions are asked of a message, each by a model of its own: does it hold a red flag, rather than
something that only sounds like one or an everyday question; which flags; and how urgent. The model is
plain numbers in one ``.npz`` file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from skinfo.encoder import DIMENSIONS
from skinfo.facts import Urgency
from skinfo.matrices import side_by_side
from skinfo.red_flags.detecting import RedFlagMention, Status
from skinfo.red_flags.messages import LabelledMessage
from skinfo.summed_regressions import Part, fit_summed

Floats = NDArray[np.float32]
#: Turns a text into a unit vector.
Encode = Callable[[str], Floats]
#: Puts what is likely meant in place of slips of spelling.
Mend = Callable[[str], str]

#: Hashed n-grams need no vocabulary to store; collisions at this size cost nothing that was measurable.
_HASHED = 2**16
_STATUSES: tuple[Status, ...] = ("present", "denied", "hypothetical", "past", "other_person", "figurative")
_URGENCIES = (Urgency.SEE_DOCTOR, Urgency.SAME_DAY, Urgency.EMERGENCY)
#: Weights of the parts beside a sentence vector of length 1.
_NGRAM_SCALE, _RULE_SCALE = 0.7, 0.3
#: Inverse of the strength of regularisation, for words with rule evidence and for sentence vectors.
_C, _VECTOR_C = 10.0, 1.0
#: How much words count beside sentence vectors; chosen on the tuning set (`skinfo.red_flags.weighing`).
_WORDS_SHARE = 0.5
#: With 34 classes a step takes a second; three times as many find the likeliest flag no oftener.
_WHICH_STEPS, _ANY_STEPS = 20, 60
#: Words and n-grams of fewer texts teach nothing either.
_LEAST_SEEN = 5


@dataclass(frozen=True)
class Scores:
    """What was learned says of a text.

    Attributes:
        any_flag: log-odds that it holds a red flag.
        flags: probability of each flag, if one is present; they sum to 1.
        urgencies: probability of each urgency, if a flag is present.
    """

    any_flag: float
    flags: Mapping[str, float]
    urgencies: Mapping[Urgency, float]


class LearnedDetector:
    """Scores texts; `skinfo.red_flags.weighing` decides by the scores."""

    def __init__(
        self, flags: Sequence[str], arrays: Mapping[str, Floats], encode: Encode, mend: Mend = str
    ) -> None:
        self._flags = tuple(flags)
        self._mend = mend
        self._arrays = dict(arrays)
        # The three models side by side: one product with a sparse text serves them all. Row by row, or
        # every product would first copy the whole matrix.
        self._weights = np.ascontiguousarray(
            np.hstack(
                [arrays["any_weights"][:, np.newaxis], arrays["flag_weights"], arrays["urgency_weights"]]
            )
        )
        self._bias = np.concatenate(
            [np.atleast_1d(arrays["any_bias"]), arrays["flag_bias"], arrays["urgency_bias"]]
        )
        self._features = _Features(self._flags, encode, arrays["idf"])

    def scores(self, texts: Sequence[str], rules: Sequence[Sequence[RedFlagMention]]) -> list[Scores]:
        """The scores of some texts.

        Args:
            texts: messages or clauses.
            rules: what the rules found in each.
        """
        if not texts:
            return []
        logits = self._features([self._mend(text) for text in texts], rules) @ self._weights + self._bias
        flags = _probabilities(logits[:, 1 : 1 + len(self._flags)])
        urgencies = _probabilities(logits[:, 1 + len(self._flags) :])
        return [
            Scores(
                any_flag,
                dict(zip(self._flags, of_flags, strict=True)),
                dict(zip(_URGENCIES, of_urgencies, strict=True)),
            )
            for any_flag, of_flags, of_urgencies in zip(
                logits[:, 0].tolist(), flags.tolist(), urgencies.tolist(), strict=True
            )
        ]

    @classmethod
    def train(
        cls,
        messages: Sequence[LabelledMessage],
        rules: Sequence[Sequence[RedFlagMention]],
        everyday: Sequence[str],
        encode: Encode,
    ) -> LearnedDetector:
        """Learn from labelled messages.

        Args:
            messages: of both sides, with every flag.
            rules: what the rules found in each message.
            everyday: questions with no red flag, in which the rules find none.
            encode: the sentence encoder.
        """
        flags = tuple(sorted({flag for message in messages for flag in message.flags}))
        texts = [message.text for message in messages]
        features = _Features(flags, encode, None)
        matrix = features([*texts, *everyday], [*rules, *([()] * len(everyday))])
        present = np.array([bool(message.flags) for message in messages] + [False] * len(everyday))
        any_flag = _fit(matrix, present)
        # A message with two flags is learned from twice, once for each.
        pairs = [(row, flag) for row, message in enumerate(messages) for flag in sorted(message.flags)]
        which = _fit_many(matrix[[row for row, _ in pairs]], [flag for _, flag in pairs], flags)
        urgent = [message.urgency.value for message in messages if message.flags]
        urgency = _fit_many(matrix[present], urgent, [level.value for level in _URGENCIES])
        arrays = {
            "idf": features.idf,
            "any_weights": any_flag[0],
            "any_bias": any_flag[1],
            "flag_weights": which[0],
            "flag_bias": which[1],
            "urgency_weights": urgency[0],
            "urgency_bias": urgency[1],
        }
        return cls(flags, {name: array.astype(np.float32) for name, array in arrays.items()}, encode)

    def save(self, file: Path) -> None:
        """Write the model; no pickles, so loading it runs no code."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"partial_{file.name}")
        np.savez(partial, flags=np.array(json.dumps(self._flags)), **self._arrays)
        partial.replace(file)

    @classmethod
    def load(cls, file: Path, encode: Encode, mend: Mend = str) -> LearnedDetector:
        """Read a model that `save` wrote."""
        with np.load(file, allow_pickle=False) as stored:
            flags = json.loads(str(stored["flags"]))
            arrays = {name: stored[name] for name in stored.files if name != "flags"}
        return cls(flags, arrays, encode, mend)


def _fit(matrix: csr_matrix, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    _, weights, bias = fit_summed(matrix, present.tolist(), _parts(matrix, _ANY_STEPS))
    return weights[0].astype(np.float32), bias.astype(np.float32)


def _fit_many(matrix: csr_matrix, labels: Sequence[str], order: Sequence[str]) -> tuple[Floats, Floats]:
    """The weights, of shape (features, labels), and the biases, in the order given."""
    classes, weights, bias = fit_summed(matrix, labels, _parts(matrix, _WHICH_STEPS))
    if len(classes) == 2:
        # scikit-learn keeps one row for two classes: the log-odds of the second.
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    rows = [classes.index(label) for label in order]
    return weights[rows].T.astype(np.float32), bias[rows].astype(np.float32)


def _parts(matrix: csr_matrix, steps: int) -> list[Part]:
    """Words and rule evidence, then sentence vectors; see `_Features`."""
    words = Part(matrix.shape[1] - DIMENSIONS, C=_C, share=_WORDS_SHARE, steps=steps, least_seen=_LEAST_SEEN)
    return [words, Part(DIMENSIONS, C=_VECTOR_C, dense=True)]


def _probabilities(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares


class _Features:
    """One row a text: word and character n-grams as TF-IDF, rule evidence, sentence vector."""

    def __init__(self, flags: Sequence[str], encode: Encode, idf: Floats | None) -> None:
        self._place = {flag: place for place, flag in enumerate(flags)}
        self._encode = encode
        self._idf = idf
        common = {"n_features": _HASHED, "alternate_sign": False, "norm": None}
        self._hashers = (
            HashingVectorizer(analyzer="word", ngram_range=(1, 3), **common),
            HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **common),
        )

    @property
    def idf(self) -> Floats:
        """The weights of the n-grams, learned from the first texts seen."""
        assert self._idf is not None
        return self._idf

    def __call__(self, texts: Sequence[str], rules: Sequence[Sequence[RedFlagMention]]) -> csr_matrix:
        counts = [hasher.transform(texts).astype(np.float32) for hasher in self._hashers]
        if self._idf is None:
            seen = np.concatenate([np.asarray((part > 0).sum(axis=0)).ravel() for part in counts])
            self._idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        parts = []
        for part, idf in zip(counts, np.split(self.idf, len(counts)), strict=True):
            part.data = (1 + np.log(part.data)) * idf[part.indices]
            part = normalize(part, copy=False)
            part.data *= np.float32(_NGRAM_SCALE)
            parts.append(part)
        dense = np.stack([self._encode(text) for text in texts])
        evidence = np.stack([self._evidence(mentions) for mentions in rules]) * np.float32(_RULE_SCALE)
        return side_by_side(parts, np.hstack([evidence, dense]))

    def _evidence(self, mentions: Sequence[RedFlagMention]) -> Floats:
        """Which flags the rules found present, which they found taken back, and how."""
        flags = len(self._place)
        row = np.zeros(2 * flags + len(_STATUSES), dtype=np.float32)
        for mention in mentions:
            place = self._place.get(mention.id)
            if place is not None:
                row[place if mention.status == "present" else flags + place] = 1
            row[2 * flags + _STATUSES.index(mention.status)] = 1
        return row
