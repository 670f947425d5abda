"""Texts become vectors: one by one as they come, many at once before training, to the same effect."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from skinfo.encoder import DIMENSIONS, SentenceEncoder
from skinfo.paths import encoder_folder
from skinfo.rasa.encoding_ahead import encode_ahead, known_vectors

TEXTS = [
    "can I pop it",
    "is it safe to squeeze them",
    "what is on tv tonight",
    "my baby has tiny white dots on the nose and they do not go away, what are they",
    "can I pop it",
]


@pytest.fixture
def encoder() -> SentenceEncoder:
    return SentenceEncoder(encoder_folder())


def test_many_at_once_are_as_each_alone_but_for_the_rounding(encoder: SentenceEncoder) -> None:
    together = encoder.encode_all(TEXTS)
    alone = np.stack([encoder.encode(text) for text in TEXTS])

    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert ((together * alone).sum(axis=1) > 0.97).all()


def test_nothing_to_encode_gives_nothing(encoder: SentenceEncoder) -> None:
    assert encoder.encode_all([]).shape == (0, DIMENSIONS)


def test_what_means_alike_is_near(encoder: SentenceEncoder) -> None:
    pop, squeeze, tv = encoder.encode_all(TEXTS[:3])

    assert pop @ squeeze > pop @ tv + 0.3


def test_vectors_that_are_known_are_given_and_others_are_made(encoder: SentenceEncoder) -> None:
    known = np.zeros(DIMENSIONS, dtype=np.float32)
    made = encoder.encode(TEXTS[1])
    encoder.know(TEXTS[:1], known[np.newaxis])

    np.testing.assert_array_equal(encoder.encode(TEXTS[0]), known)
    np.testing.assert_array_equal(encoder.encode(TEXTS[1]), made)


def test_vectors_made_by_other_processes_are_those_of_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: SentenceEncoder
) -> None:
    # Its own encoder, or the other tests' would know these vectors from here on.
    monkeypatch.setattr(SentenceEncoder, "shared", lambda folder: encoder)
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        encode_ahead(TEXTS, pool, tmp_path / "vectors.npz")
    wanted = dict(zip(TEXTS, encoder.encode_all(TEXTS), strict=True))

    with known_vectors(tmp_path / "vectors.npz"):
        known = {text: encoder.encode(text) for text in TEXTS}
    with np.load(tmp_path / "vectors.npz") as stored:
        written = stored["vectors"]

    assert len(written) == len(set(TEXTS))
    for text, vector in wanted.items():
        assert known[text] @ vector > 0.97, text
        assert any((known[text] == one).all() for one in written), "it was encoded again"


def test_known_vectors_are_forgotten_afterwards(encoder: SentenceEncoder) -> None:
    made = encoder.encode(TEXTS[0])
    encoder.know(TEXTS[:1], np.zeros((1, DIMENSIONS), dtype=np.float32))
    encoder.forget()

    np.testing.assert_array_equal(encoder.encode(TEXTS[0]), made)
