"""Turning a sentence into a vector with onnxruntime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

#: Length of a sentence vector.
DIMENSIONS = 384

#: Word pieces read of one text; the model was trained on at most 256.
MAX_PIECES = 256
#: Vectors kept, in memory only: about those of one long message.
_KEPT = 64
#: Texts that go through together: more gain nothing.
_BATCH = 16


class EncoderMissing(RuntimeError):
    """The encoder's files are not where they should be."""


class SentenceEncoder:
    """Maps a text to a unit vector; texts that mean alike get a high dot product.

    Dynamic int8 quantisation depends on what goes through together: in a batch a text's vector is
    a little off the one that it has alone, by as much as either is off that of the full weights.
    """

    def __init__(self, folder: Path) -> None:
        """Load the encoder.

        Args:
            folder: holds ``model.onnx`` and ``tokenizer.json``.

        Raises:
            EncoderMissing: a file is not there.
        """
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise EncoderMissing(
                    f"{folder / name} is missing. Run `skinfo build` (or `make chat`, which does it),"
                    " or point SKINFO_ENCODER at a folder with model.onnx and tokenizer.json."
                )
        options = onnxruntime.SessionOptions()
        # One thread: a sentence is too short to share, and the server's other work needs the cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._recent: dict[str, NDArray[np.float32]] = {}
        self._known: dict[str, NDArray[np.float32]] = {}

    @classmethod
    @lru_cache(maxsize=2)
    def shared(cls, folder: Path) -> SentenceEncoder:
        """One encoder for the whole process: its session may be used from several places."""
        return cls(folder)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The text's vector, of shape (384,) and length 1.

        The last few are kept: in one turn the same clauses are asked for by several parts.
        """
        kept = self._known.get(text)
        if kept is None:
            kept = self._recent.get(text)
        if kept is None:
            [kept] = self._encode([self._tokenizer.encode(text).ids])
            self._recent[text] = kept
            while len(self._recent) > _KEPT:
                del self._recent[next(iter(self._recent))]
        return kept

    def encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of many texts, of shape (texts, 384), faster than one by one; see the class."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        in_order = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
        for _, of_one_length in groupby(in_order, key=lambda place: len(pieces[place])):
            for batch in _batched(of_one_length):
                vectors[batch] = self._encode([pieces[place] for place in batch])
        return vectors

    def know(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Give these vectors, of shape (texts, 384), for these texts until `forget`, with no encoding."""
        self._known.update(zip(texts, vectors, strict=True))

    def forget(self) -> None:
        """Encode every text again."""
        self._known.clear()

    def _encode(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The vectors of texts with as many word pieces each."""
        ids = np.asarray(pieces, dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vectors: NDArray[np.float32] = self._session.run(["sentence"], inputs)[0]
        return vectors


def _batched(places: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(places)
    while batch := list(islice(rest, _BATCH)):
        yield batch
