"""Counts of what happened in this process, for monitoring; none holds a word that anybody wrote."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

_registry = CollectorRegistry()
turns = Counter("skinfo_turns", "Turns answered, apologies among them.", registry=_registry)
failures = Counter(
    "skinfo_failures",
    "What failed in turns, by kind; each ended in an apology.",
    ["kind"],
    registry=_registry,
)
refusals = Counter("skinfo_refusals", "Requests refused, by reason.", ["reason"], registry=_registry)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def failure_count(kind: str) -> int:
    """How often a kind of failure happened in this process."""
    return int(failures.labels(kind)._value.get())


def exposition() -> str:
    """All figures in Prometheus' text format."""
    return generate_latest(_registry).decode("utf-8")
