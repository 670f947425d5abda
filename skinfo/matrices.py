"""Small sparse matrices put together by hand.

SciPy's ``hstack`` and ``vstack`` check and convert every part. On the one message of a turn that takes longer
than everything that is then computed with the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, spmatrix


def stacked(rows: Sequence[spmatrix]) -> csr_matrix:
    """Sparse matrices of one row and the same width under each other, in double precision."""
    entries = [row.tocsr(copy=False) for row in rows]
    matrix = _matrix(
        np.concatenate([entry.data for entry in entries]).astype(np.float64),
        np.concatenate([entry.indices for entry in entries]),
        np.cumsum([0, *(len(entry.data) for entry in entries)]),
        rows[0].shape[1],
    )
    matrix.sort_indices()
    return matrix


def side_by_side(sparse: Sequence[csr_matrix], dense: NDArray[Any]) -> csr_matrix:
    """The columns of some matrices of as many rows next to each other, those of a dense one last.

    Zeros of the dense one are left out.
    """
    rows, width = dense.shape
    offsets = np.cumsum([0, *(part.shape[1] for part in sparse)])
    places = np.arange(offsets[-1], offsets[-1] + width, dtype=np.int32)
    indices: list[NDArray[np.int32]] = []
    data: list[NDArray[Any]] = []
    lengths = [0]
    for row in range(rows):
        for part, offset in zip(sparse, offsets, strict=False):
            own = slice(part.indptr[row], part.indptr[row + 1])
            indices.append(part.indices[own] + np.int32(offset))
            data.append(part.data[own])
        there = dense[row].nonzero()[0]
        indices.append(places[there])
        data.append(dense[row, there])
        lengths.append(sum(map(len, data[-len(sparse) - 1 :])))
    return _matrix(
        np.concatenate(data), np.concatenate(indices), np.cumsum(lengths), int(offsets[-1]) + width
    )


def _matrix(data: NDArray[Any], indices: NDArray[Any], starts: NDArray[Any], width: int) -> csr_matrix:
    return csr_matrix(
        (data, indices.astype(np.int32, copy=False), starts.astype(np.int32)),
        shape=(len(starts) - 1, width),
    )
