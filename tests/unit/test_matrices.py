"""Matrices put together by hand are those that SciPy puts together."""

import numpy as np
from scipy.sparse import csr_matrix, hstack, random, vstack

from skinfo.matrices import side_by_side, stacked


def test_side_by_side_is_what_scipys_hstack_makes() -> None:
    parts = [random(4, width, density=0.3, format="csr", random_state=width) for width in (7, 1, 12)]
    dense = np.array([[0.0, 1.5], [2.0, 0.0], [0.0, 0.0], [3.0, 4.0]])
    ours, theirs = side_by_side(parts, dense), hstack([*parts, csr_matrix(dense)], format="csr")
    assert (ours != theirs).nnz == 0
    assert ours.shape == theirs.shape
    assert ours.nnz == theirs.nnz


def test_nothing_sparse_leaves_the_dense_part() -> None:
    dense = np.array([[0.0, 1.5], [2.0, 0.0]])
    assert np.array_equal(side_by_side([], dense).toarray(), dense)


def test_stacked_is_what_scipys_vstack_makes() -> None:
    kinds = ("csr", "coo", "csr", "coo")
    rows = [random(1, 9, density=0.3, format=kind, random_state=seed) for seed, kind in enumerate(kinds)]
    ours, theirs = stacked(rows), vstack(rows, format="csr")
    assert ours.shape == theirs.shape
    assert (ours != theirs).nnz == 0
