"""What the encoder learned of skin is added to the published weights, and to no others."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from adaptation.noise import typed
from skinfo.encoder.adaptation import Adaptation, AdaptationRejected
from skinfo.encoder.build import CHECKSUMS, build_encoder, published_weights
from skinfo.encoder.built import ADAPTATION, checksum, is_built, record_build

QUERY = "encoder.layer.0.attention.self.query.weight"
UP, DOWN = np.array([[2.0], [0.0]], dtype=np.float32), np.array([[1.0, -1.0, 0.5]], dtype=np.float32)


@pytest.fixture
def adaptation() -> Adaptation:
    return Adaptation("a" * 64, {QUERY: (UP, DOWN)}, {"examples": "12"})


def test_the_change_is_added_to_the_matrix_it_names_and_to_no_other(adaptation: Adaptation) -> None:
    other = np.ones((2, 3), dtype=np.float32)
    changed = adaptation.apply({QUERY: np.ones((2, 3), dtype=np.float32), "another": other})
    np.testing.assert_array_equal(changed[QUERY], [[3.0, -1.0, 2.0], [1.0, 1.0, 1.0]])
    np.testing.assert_array_equal(changed["another"], other)


def test_what_is_saved_is_read_again(adaptation: Adaptation, tmp_path: Path) -> None:
    adaptation.save(tmp_path / "adaptation.safetensors")
    read = Adaptation.read(tmp_path / "adaptation.safetensors")
    assert (read.base, read.notes) == (adaptation.base, adaptation.notes)
    for saved, wanted in zip(read.changes[QUERY], (UP, DOWN), strict=True):
        np.testing.assert_array_equal(saved, wanted)


def test_the_mean_of_two_changes_changes_half_as_much_as_both_together(
    adaptation: Adaptation, tmp_path: Path
) -> None:
    other = Adaptation("a" * 64, {QUERY: (UP[::-1].copy(), 3 * DOWN)}, {"examples": "20"})
    adaptation.averaged(other).save(tmp_path / "mean.safetensors")
    mean = Adaptation.read(tmp_path / "mean.safetensors")
    weights = {QUERY: np.zeros((2, 3), dtype=np.float32)}

    both = (one.apply(weights)[QUERY] for one in (adaptation, other))
    np.testing.assert_allclose(mean.apply(weights)[QUERY], sum(both) / 2)
    assert mean.notes == {"examples": "12 and 20"}


def test_a_mean_of_two_counts_twice_as_much_as_a_third(adaptation: Adaptation) -> None:
    nothing = Adaptation("a" * 64, {QUERY: (0 * UP, DOWN)}, {"examples": "20"})
    weights = {QUERY: np.zeros((2, 3), dtype=np.float32)}

    mean = adaptation.averaged(nothing, share=1 / 3).apply(weights)[QUERY]
    np.testing.assert_allclose(mean, adaptation.apply(weights)[QUERY] * 2 / 3, rtol=1e-6)


def test_a_change_brought_to_its_own_rank_stays_what_it_is_and_to_a_lower_one_nearly() -> None:
    chance = np.random.default_rng(7)
    main = (chance.normal(size=(6, 2)), chance.normal(size=(2, 5)))
    little = (0.01 * chance.normal(size=(6, 1)), chance.normal(size=(1, 5)))
    up, down = np.hstack([main[0], little[0]]), np.vstack([main[1], little[1]])
    change = Adaptation("a" * 64, {QUERY: (up.astype(np.float32), down.astype(np.float32))}, {})

    for rank, off in ((3, 1e-5), (2, 0.2)):
        left, right = change.of_rank(rank).changes[QUERY]
        assert left.shape == (6, rank)
        assert np.abs(left @ right - up @ down).max() < off


def test_changes_to_other_weights_are_not_averaged(adaptation: Adaptation) -> None:
    with pytest.raises(AdaptationRejected, match="different weights"):
        adaptation.averaged(Adaptation("b" * 64, adaptation.changes, {}))


@pytest.mark.parametrize(
    "weights", [{}, {QUERY: np.ones((3, 3), dtype=np.float32)}], ids=["no such matrix", "another shape"]
)
def test_a_change_that_does_not_fit_the_weights_is_refused(
    adaptation: Adaptation, weights: dict[str, np.ndarray]
) -> None:
    with pytest.raises(AdaptationRejected, match="no matrix"):
        adaptation.apply(weights)


@pytest.mark.parametrize(
    "content", [None, b"", b"not a change of weights"], ids=["missing", "empty", "other"]
)
def test_a_file_that_cannot_be_read_is_refused_with_the_mend(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "adaptation.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(AdaptationRejected, match="restore it from git"):
        Adaptation.read(file)


def test_a_change_to_other_weights_is_refused(adaptation: Adaptation, tmp_path: Path) -> None:
    adaptation.save(tmp_path / "adaptation.safetensors")
    with pytest.raises(AdaptationRejected, match="other weights"):
        build_encoder(published_weights(), tmp_path / "encoder", tmp_path / "adaptation.safetensors")
    assert not (tmp_path / "encoder").exists()


def test_the_encoder_is_built_anew_when_the_adaptation_changes(tmp_path: Path) -> None:
    change = tmp_path / "adaptation.safetensors"
    change.write_bytes(b"one")
    assert not is_built(tmp_path, change)
    (tmp_path / "model.onnx").write_bytes(b"graph")
    assert not is_built(tmp_path, change)
    record_build(tmp_path, change)
    assert is_built(tmp_path, change)
    change.write_bytes(b"another")
    assert not is_built(tmp_path, change)


def test_the_adaptation_that_is_kept_belongs_to_the_published_weights() -> None:
    kept = Adaptation.read(ADAPTATION)
    assert kept.base == CHECKSUMS["model.safetensors"]
    assert checksum(published_weights() / "model.safetensors") == kept.base
    assert all(int(learning) > 30_000 for learning in kept.notes["examples"].split(" and "))
    assert all(np.isfinite(up).all() and np.isfinite(down).all() for up, down in kept.changes.values())


def test_texts_are_typed_worse_but_can_still_be_read() -> None:
    text = "Can I squeeze the milia under my eyes, or will that leave a mark?"
    seen = {typed(text, random.Random(seed)) for seed in range(40)}
    assert text in seen
    assert text.lower() in seen
    assert len(seen) > 5
    assert all(len(set(one.lower().split()) & set(text.lower().split())) >= 7 for one in seen)
