"""The vectors of all that is learned from, made before, on every core.

The two trainings that run side by side learn from many of the same texts, and encoding is most of their time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skinfo.encoder import SentenceEncoder
from skinfo.paths import encoder_folder

#: Texts that one process is given at a time: enough to be put together by length, and so few that none waits.
_AT_A_TIME = 1000


def encode_ahead(texts: Iterable[str], pool: ProcessPoolExecutor, file: Path) -> None:
    """Encode texts and write their vectors, for `known_vectors`.

    Args:
        texts: each is encoded once, however often it comes.
        pool: its processes share the work.
        file: the ``.npz`` to write.
    """
    different = sorted(set(texts))
    parts = range(-(-len(different) // _AT_A_TIME))
    # Dealt out like cards, so that no process gets all the long ones.
    shares = [different[part :: len(parts)] for part in parts]
    vectors = np.concatenate(list(pool.map(_encode, shares)))
    texts_in_order = json.dumps([text for share in shares for text in share])
    np.savez(file, texts=np.array(texts_in_order), vectors=vectors)


@contextmanager
def known_vectors(file: Path) -> Iterator[None]:
    """While it lasts this process's encoder gives the vectors that `encode_ahead` wrote."""
    encoder = SentenceEncoder.shared(encoder_folder())
    with np.load(file, allow_pickle=False) as stored:
        encoder.know(json.loads(str(stored["texts"])), stored["vectors"])
    try:
        yield
    finally:
        # Some 90 MB, in a process that may go on to serve.
        encoder.forget()


def _encode(texts: list[str]) -> NDArray[np.float32]:
    return SentenceEncoder.shared(encoder_folder()).encode_all(texts)
