"""The encoder in PyTorch is the one that serves, and learns what it is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from skinfo.encoder import SentenceEncoder
from skinfo.encoder.adaptation import Adaptation
from skinfo.encoder.build import CHECKSUMS, build_encoder, published_weights

torch = pytest.importorskip("torch", reason="PyTorch is needed by `make adapt-encoder` alone")

from safetensors.torch import load_file  # noqa: E402

from adaptation.examples import Example  # noqa: E402
from adaptation.learning import learn  # noqa: E402
from adaptation.model import Encoder, padded  # noqa: E402

ASKING = ("can I pop it", "is it safe to squeeze them", "may I burst this", "should I pick at it")
FEVER = ("he is hot and shivering", "my baby has a temperature", "burning up all night", "she has a fever")
EXAMPLES = [
    *(Example(text, intent="ask_popping", outside=False, flagged=False) for text in ASKING),
    *(Example(text, flagged=True, flags=("fever_rash",), urgency="same_day") for text in FEVER),
    Example("what is on tv tonight", outside=True, flagged=False),
]


@pytest.fixture
def encoder() -> Encoder:
    torch.manual_seed(1)
    return Encoder(load_file(published_weights() / "model.safetensors"), rank=4)


@pytest.fixture
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(published_weights() / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def vectors(encoder: Encoder, tokenizer: Tokenizer, texts: tuple[str, ...]) -> np.ndarray:
    encoder.eval()
    with torch.no_grad():
        return encoder(*padded([tokenizer.encode(text).ids for text in texts])).numpy()


def test_what_was_learned_is_what_is_served(encoder: Encoder, tokenizer: Tokenizer, tmp_path: Path) -> None:
    learn(encoder, tokenizer, EXAMPLES, epochs=20, seed=1, watch=lambda *_: None)
    changes = {name: (up.numpy(), down.numpy()) for name, (up, down) in encoder.changes().items()}
    Adaptation(CHECKSUMS["model.safetensors"], changes, {}).save(tmp_path / "learned.safetensors")
    build_encoder(published_weights(), tmp_path / "encoder", tmp_path / "learned.safetensors")

    served = SentenceEncoder(tmp_path / "encoder").encode_all(ASKING + FEVER)
    learned = vectors(encoder, tokenizer, ASKING + FEVER)

    # Int8 costs a little; a matrix in the wrong place would cost nearly everything.
    assert ((served * learned).sum(axis=1) > 0.97).all()


def test_texts_with_one_label_come_closer(encoder: Encoder, tokenizer: Tokenizer) -> None:
    before = vectors(encoder, tokenizer, ASKING + FEVER)
    losses: list[float] = []
    learn(encoder, tokenizer, EXAMPLES, epochs=200, seed=1, watch=lambda _, __, loss: losses.append(loss))
    after = vectors(encoder, tokenizer, ASKING + FEVER)

    assert min(losses) < losses[0]
    assert _gap(after) > _gap(before) + 0.1


def _gap(found: np.ndarray) -> float:
    """How much more alike texts of one kind are than texts of two."""
    likeness = found @ found.T
    half = len(ASKING)
    within = (likeness[:half, :half].mean() + likeness[half:, half:].mean()) / 2
    return float(within - likeness[:half, half:].mean())
