"""all-MiniLM-L6-v2 in PyTorch, with a change of low rank to learn beside each of its matrices.

The graph is that of `skinfo.encoder.build`; the change is LoRA (Hu et al., 2021, arXiv:2106.09685).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from skinfo.encoder.build import HEADS, HIDDEN, LAYERS

_DROPOUT = 0.1


class Encoder(nn.Module):
    """Maps word pieces to unit vectors; only the changes of low rank can learn."""

    #: Length of a vector.
    width = HIDDEN

    def __init__(self, weights: Mapping[str, Tensor], rank: int) -> None:
        super().__init__()
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = weights["embeddings.position_embeddings.weight"]
        self._kind = weights["embeddings.token_type_embeddings.weight"][0]
        self._norm = _LayerNorm(weights, "embeddings.LayerNorm")
        self._layers = nn.ModuleList(
            _Layer(weights, f"encoder.layer.{layer}", rank) for layer in range(LAYERS)
        )

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """The vectors, of shape (texts, 384) and length 1, of pieces and mask (texts, length)."""
        state = self._norm(self._words[pieces] + self._places[: pieces.shape[1]] + self._kind)
        state = functional.dropout(state, _DROPOUT, self.training)
        for layer in self._layers:
            state = layer(state, mask[:, None, None, :])
        weight = mask[:, :, None].to(torch.float32)
        mean = (state.to(torch.float32) * weight).sum(1) / weight.sum(1)
        return functional.normalize(mean, dim=-1)

    def changes(self) -> dict[str, tuple[Tensor, Tensor]]:
        """What was learned for each matrix: ``up`` (out, rank) and ``down`` (rank, in)."""
        return {
            part.name: (part.up.detach(), part.down.detach())
            for part in self.modules()
            if isinstance(part, _ChangedLinear)
        }

    def begin_from(self, changes: Mapping[str, tuple[Tensor, Tensor]]) -> None:
        """Take over a change that was learned before, instead of beginning at nothing.

        Args:
            changes: ``up`` and ``down`` for each matrix; its rank may be lower than the encoder's.

        Raises:
            KeyError: a matrix is missing.
            ValueError: its rank is higher.
        """
        for part in self.modules():
            if isinstance(part, _ChangedLinear):
                part.begin_from(*changes[part.name])


class _Layer(nn.Module):
    def __init__(self, weights: Mapping[str, Tensor], prefix: str, rank: int) -> None:
        super().__init__()
        self._query, self._key, self._value = (
            _ChangedLinear(weights, f"{prefix}.attention.self.{part}", rank)
            for part in ("query", "key", "value")
        )
        self._attended = _ChangedLinear(weights, f"{prefix}.attention.output.dense", rank)
        self._norm = _LayerNorm(weights, f"{prefix}.attention.output.LayerNorm")
        self._inner = _ChangedLinear(weights, f"{prefix}.intermediate.dense", rank)
        self._outer = _ChangedLinear(weights, f"{prefix}.output.dense", rank)
        self._last_norm = _LayerNorm(weights, f"{prefix}.output.LayerNorm")

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        texts, length, _ = state.shape

        def heads(value: Tensor) -> Tensor:
            return value.view(texts, length, HEADS, HIDDEN // HEADS).transpose(1, 2)

        joined = functional.scaled_dot_product_attention(
            heads(self._query(state)),
            heads(self._key(state)),
            heads(self._value(state)),
            attn_mask=mask,
            dropout_p=_DROPOUT if self.training else 0.0,
        )
        joined = self._attended(joined.transpose(1, 2).reshape(texts, length, HIDDEN))
        state = self._norm(state + functional.dropout(joined, _DROPOUT, self.training))
        inner = self._outer(functional.gelu(self._inner(state)))
        return self._last_norm(state + functional.dropout(inner, _DROPOUT, self.training))


class _ChangedLinear(nn.Module):
    """A fixed linear map with a change of low rank, which begins at nothing or where an older one ended."""

    def __init__(self, weights: Mapping[str, Tensor], prefix: str, rank: int) -> None:
        super().__init__()
        self.name = f"{prefix}.weight"
        self._weight, self._bias = weights[self.name], weights[f"{prefix}.bias"]
        out, into = self._weight.shape
        self.down = nn.Parameter(torch.randn(rank, into) / math.sqrt(into))
        self.up = nn.Parameter(torch.zeros(out, rank))

    def begin_from(self, up: Tensor, down: Tensor) -> None:
        """Take over a change; what it lacks in rank stays without effect until it is learned."""
        rank = up.shape[1]
        if rank > self.up.shape[1]:
            raise ValueError(f"a change of rank {rank} does not fit into one of rank {self.up.shape[1]}")
        with torch.no_grad():
            self.up[:, :rank] = up
            self.down[:rank] = down

    def forward(self, value: Tensor) -> Tensor:
        changed = functional.dropout(value, _DROPOUT, self.training)
        change = functional.linear(functional.linear(changed, self.down), self.up)
        return functional.linear(value, self._weight, self._bias) + change


class _LayerNorm(nn.Module):
    def __init__(self, weights: Mapping[str, Tensor], prefix: str) -> None:
        super().__init__()
        self._weight, self._bias = weights[f"{prefix}.weight"], weights[f"{prefix}.bias"]

    def forward(self, value: Tensor) -> Tensor:
        weight, bias = self._weight.to(value.dtype), self._bias.to(value.dtype)
        return functional.layer_norm(value, (HIDDEN,), weight, bias, 1e-12)


def padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """The word pieces of some texts and which of them are real, each of shape (texts, longest)."""
    longest = max(len(pieces) for pieces in texts)
    pieces = torch.zeros(len(texts), longest, dtype=torch.long)
    mask = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, one in enumerate(texts):
        pieces[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = True
    return pieces, mask
