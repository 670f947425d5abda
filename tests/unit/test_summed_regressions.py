"""Parts of the features are learned from apart, and what they say is added up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from skinfo.summed_regressions import Part, fit_summed

LABELS = ["a", "a", "b", "b", "c", "c"]
#: Tells every text apart.
SURE = np.kron(np.eye(3), np.ones((2, 1)))
#: Tells some: two texts in three hold the word of their label.
WORDS = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=float)
MATRIX = csr_matrix(np.hstack([WORDS, SURE]))


def test_the_log_odds_of_the_parts_are_added_up() -> None:
    labels, weights, bias = fit_summed(MATRIX, LABELS, [Part(3, C=1.0), Part(3, C=1.0, dense=True)])
    _, of_words, words_bias = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0)])
    _, of_sure, sure_bias = fit_summed(csr_matrix(SURE), LABELS, [Part(3, C=1.0, dense=True)])
    assert labels == ["a", "b", "c"]
    np.testing.assert_allclose(weights, np.hstack([of_words, of_sure]))
    np.testing.assert_allclose(bias, words_bias + sure_bias)


def test_a_part_learns_as_much_beside_one_that_knows_everything() -> None:
    _, weak, _ = fit_summed(MATRIX, LABELS, [Part(3, C=1.0), Part(3, C=1.0)])
    _, strong, _ = fit_summed(MATRIX, LABELS, [Part(3, C=1.0), Part(3, C=1e4)])
    np.testing.assert_allclose(weak[:, :3], strong[:, :3])


def test_a_share_scales_what_a_part_says() -> None:
    _, whole, whole_bias = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0)])
    _, half, half_bias = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0, share=0.5)])
    np.testing.assert_allclose(half, whole / 2)
    np.testing.assert_allclose(half_bias, whole_bias / 2)


def test_two_labels_have_one_row_for_the_second() -> None:
    labels, weights, bias = fit_summed(csr_matrix(WORDS[:4]), LABELS[:4], [Part(3, C=1.0)])
    assert labels == ["a", "b"]
    assert (weights.shape, bias.shape) == ((1, 3), (1,))
    odds = WORDS[:4] @ weights[0] + bias
    assert odds[0] < 0 < odds[2]


def test_a_part_without_columns_says_nothing() -> None:
    _, alone, _ = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0)])
    _, beside, _ = fit_summed(csr_matrix(WORDS), LABELS, [Part(0, C=1.0), Part(3, C=1.0)])
    np.testing.assert_allclose(alone, beside)


def test_what_is_seen_too_rarely_gets_no_weight() -> None:
    _, weights, _ = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0, least_seen=2)])
    assert not weights[:, 0].any()
    assert weights[:, 1:].all()
    with pytest.raises(ValueError, match="seen in 4 texts"):
        fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0, least_seen=4)])


def test_parts_that_leave_columns_out_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        fit_summed(MATRIX, LABELS, [Part(3, C=1.0)])


def test_a_column_that_no_text_has_gets_no_weight_and_changes_no_other() -> None:
    _, alone, _ = fit_summed(csr_matrix(WORDS), LABELS, [Part(3, C=1.0)])
    wider = csr_matrix(np.insert(WORDS, 1, 0, axis=1))
    _, beside, _ = fit_summed(wider, LABELS, [Part(4, C=1.0)])
    np.testing.assert_allclose(np.delete(beside, 1, axis=1), alone)
    np.testing.assert_array_equal(beside[:, 1], 0)
