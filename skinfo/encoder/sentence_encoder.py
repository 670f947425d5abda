"""Turning a sentence into a vector with onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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


class EncoderMissing(RuntimeError):
    """The encoder's files are not where they should be."""


class SentenceEncoder:
    """Maps a text to a unit vector; texts that mean alike get a high dot product.

    Texts are embedded one at a time, in training and in serving: dynamic int8 quantisation
    depends on the batch, so a batch would give other vectors than a single text.
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

    @classmethod
    @lru_cache(maxsize=2)
    def shared(cls, folder: Path) -> SentenceEncoder:
        """One encoder for the whole process: its session may be used from several places."""
        return cls(folder)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The text's vector, of shape (384,) and length 1.

        The last few are kept: in one turn the same clauses are asked for by several parts.
        """
        kept = self._recent.get(text)
        if kept is None:
            kept = self._recent[text] = self._encode(text)
            while len(self._recent) > _KEPT:
                del self._recent[next(iter(self._recent))]
        return kept

    def _encode(self, text: str) -> NDArray[np.float32]:
        encoding = self._tokenizer.encode(text)
        vector: NDArray[np.float32] = self._session.run(
            ["sentence"],
            {
                "input_ids": np.asarray([encoding.ids], dtype=np.int64),
                "attention_mask": np.asarray([encoding.attention_mask], dtype=np.int64),
            },
        )[0][0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of several texts, of shape (texts, 384); one at a time, see the class."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack([self.encode(text) for text in texts])
