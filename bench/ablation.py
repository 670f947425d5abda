"""What each lever of the understanding brings: ``python -m bench.ablation`` (about a quarter of an hour).

Each row is the whole bot trained anew on the same data with one lever taken away, asked the same
labelled questions. Prints Markdown for ``docs/understanding.md``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bench.understanding import OURS, TEST

Pipeline = list[dict[str, Any]]


def _without(*names: str) -> Callable[[Pipeline], Pipeline]:
    return lambda pipeline: [part for part in pipeline if not part["name"].endswith(names)]


def _one_classifier(pipeline: Pipeline) -> Pipeline:
    """Out of scope as one intent among the others."""
    return [
        {**part, "leave_out": []} if part["name"].endswith("BalancedIntentClassifier") else part
        for part in _without("ScopeClassifier")(pipeline)
    ]


LEVERS: dict[str, Callable[[Pipeline], Pipeline]] = {
    "everything": lambda pipeline: pipeline,
    "without clauses": _without("ClauseSplitter", "ClauseGatherer"),
    "without a classifier of scope": _one_classifier,
    "without the sentence encoder": _without("SentenceEncoderFeaturizer"),
    "without n-grams": _without("CountVectorsFeaturizer"),
}


def main(paths: list[Path]) -> None:
    """Train and measure each variant, then print the table."""
    measured: dict[str, dict[str, float]] = {}
    config = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    for name, change in LEVERS.items():
        with tempfile.TemporaryDirectory() as folder:
            variant = Path(folder) / "config.yml"
            pipeline = change(config["pipeline"])
            variant.write_text(yaml.safe_dump({**config, "pipeline": pipeline}), encoding="utf-8")
            out = Path(folder) / "measured.json"
            command = [sys.executable, "-m", "bench.understanding", "--one", str(variant), folder, str(out)]
            subprocess.run([*command, *map(str, paths)], check=True, stdout=sys.stderr)
            measured[name] = json.loads(out.read_text(encoding="utf-8"))
    columns = list(measured["everything"])
    print("| lever | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name, row in measured.items():
        print(f"| {name} | " + " | ".join(f"{row[column]:.3g}" for column in columns) + " |")


if __name__ == "__main__":
    main([Path(file) for file in sys.argv[1:]] or [TEST])
