"""Counts of what happened, for monitoring; none holds a word that anybody wrote.

Those of this process, or of all workers of one server: they then share files in a folder (see
prometheus_client's "Multiprocess Mode").
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

#: Where workers share their counts; must be set before this module is imported.
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"

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
    registry = _registry
    if os.environ.get(SHARED_COUNTS):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry).decode("utf-8")
