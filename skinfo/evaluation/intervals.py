"""Shares with confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: The normal quantile of a two-sided 95 % interval.
_Z = 1.959964


@dataclass(frozen=True)
class Share:
    """A share of votes with its 95 % interval; all are 0 when there was no vote."""

    value: float
    low: float
    high: float
    votes: int

    def __str__(self) -> str:
        if not self.votes:
            return "–"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f}, n={self.votes})"


def share(judged: Iterable[tuple[str, bool]]) -> Share:
    """The share that is true, one vote a group.

    The interval is Wilson's score interval (Wilson 1927; recommended by Brown, Cai and DasGupta
    2001), with the number of groups as the number of trials; a group that is partly right counts
    for that part.

    Args:
        judged: group and verdict of each case.
    """
    groups: dict[str, list[bool]] = {}
    for group, right in judged:
        groups.setdefault(group, []).append(right)
    votes = len(groups)
    if not votes:
        return Share(0.0, 0.0, 0.0, 0)
    value = sum(sum(members) / len(members) for members in groups.values()) / votes
    spread = _Z * math.sqrt(value * (1 - value) / votes + _Z**2 / (4 * votes**2))
    centre, scale = value + _Z**2 / (2 * votes), 1 + _Z**2 / votes
    return Share(value, max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale), votes)
