"""What the encoder learned of how people write about skin: a small change to each of its matrices.

The change is of low rank (Hu et al., 2021, LoRA, arXiv:2106.09685): for a matrix W of shape
(out, in) the file holds ``up`` (out, rank) and ``down`` (rank, in), and W + up · down is used. It is
learned apart, by ``make adapt-encoder``, and kept with the code, so that setting up needs no PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open  # type: ignore[attr-defined]  # its stub lacks the first
from safetensors.numpy import save_file

Matrix = NDArray[np.float32]
#: The name, in the file's notes, of the checksum of the weights that were changed.
_BASE = "changes"


class AdaptationRejected(RuntimeError):
    """The change cannot be read, or is one to other weights."""


@dataclass(frozen=True)
class Adaptation:
    """A change of low rank to some matrices.

    Attributes:
        base: sha256 of the ``model.safetensors`` that it changes.
        changes: ``up`` (out, rank) and ``down`` (rank, in) for each matrix, by its name.
        notes: what it was learned from.
    """

    base: str
    changes: Mapping[str, tuple[Matrix, Matrix]]
    notes: Mapping[str, str]

    def apply(self, weights: Mapping[str, Matrix]) -> dict[str, Matrix]:
        """The weights with the change added.

        Raises:
            AdaptationRejected: a matrix that it changes is not there, or has another shape.
        """
        changed = dict(weights)
        for name, (up, down) in self.changes.items():
            if name not in weights or weights[name].shape != (up.shape[0], down.shape[1]):
                wanted = (up.shape[0], down.shape[1])
                raise AdaptationRejected(f"the weights have no matrix {name} of shape {wanted}")
            changed[name] = weights[name] + up @ down
        return changed

    def averaged(self, other: Adaptation, share: float = 0.5) -> Adaptation:
        """The mean of two changes, of the two ranks together.

        Two learnings from the same weights make different mistakes; their mean makes fewer than either, at
        no cost when running (Wortsman et al., 2022, Model soups, arXiv:2203.05482).

        Args:
            other: is another learning.
            share: how much it counts, from 0 to 1: a third, where this one is the mean of two.

        Raises:
            AdaptationRejected: they change other weights or other matrices.
        """
        if self.base != other.base or self.changes.keys() != other.changes.keys():
            raise AdaptationRejected("the two change different weights; average what changes the same")
        changes = {}
        for name, (up, down) in self.changes.items():
            other_up, other_down = other.changes[name]
            changes[name] = (np.hstack([up * (1 - share), other_up * share]), np.vstack([down, other_down]))
        notes = {key: f"{self.notes.get(key)} and {other.notes.get(key)}" for key in self.notes}
        return Adaptation(self.base, changes, notes)

    def of_rank(self, rank: int) -> Adaptation:
        """The nearest change of a rank no higher (Eckart & Young, 1936, doi:10.1007/BF02288367)."""
        changes = {}
        for name, (up, down) in self.changes.items():
            # Of the small matrix between two orthogonal ones: a hundred times as fast as of up · down.
            (ups, inner_up), (downs, inner_down) = np.linalg.qr(up), np.linalg.qr(down.T)
            left, strengths, right = np.linalg.svd(inner_up @ inner_down.T)
            root = np.sqrt(strengths[:rank])
            changes[name] = (ups @ left[:, :rank] * root, root[:, np.newaxis] * (right[:rank] @ downs.T))
        return Adaptation(self.base, changes, self.notes)

    def save(self, file: Path) -> None:
        """Write it, in half precision: what is lost is far below the noise of int8."""
        arrays = {}
        for name, (up, down) in self.changes.items():
            arrays[f"{name}.up"] = np.ascontiguousarray(up, dtype=np.float16)
            arrays[f"{name}.down"] = np.ascontiguousarray(down, dtype=np.float16)
        save_file(arrays, file, metadata={**self.notes, _BASE: self.base})

    @classmethod
    def read(cls, file: Path) -> Adaptation:
        """Read what `save` wrote.

        Raises:
            AdaptationRejected: the file is missing or damaged.
        """
        opened: Any = safe_open  # its stub tells nothing of what it opens
        try:
            with opened(file, framework="numpy") as stored:
                notes = dict(stored.metadata() or {})
                keys = stored.keys()
                arrays = {key: stored.get_tensor(key).astype(np.float32) for key in keys}
            base = notes.pop(_BASE)
            names = {key.removesuffix(".up") for key in arrays if key.endswith(".up")}
            changes = {name: (arrays[f"{name}.up"], arrays[f"{name}.down"]) for name in sorted(names)}
        except (OSError, KeyError, SafetensorError) as error:
            raise AdaptationRejected(f"{file} cannot be read ({error}); restore it from git") from error
        return cls(base, changes, notes)
