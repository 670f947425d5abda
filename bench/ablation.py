"""What each lever of the understanding brings: ``python -m bench.ablation`` (about half an hour).

Each row is the whole bot trained anew on the same data with one lever taken away, asked the same
labelled questions. Prints Markdown for ``docs/understanding.md``.
"""

from __future__ import annotations

import json
import os
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


def _everything(pipeline: Pipeline) -> Pipeline:
    return pipeline


LEVERS: dict[str, Callable[[Pipeline], Pipeline]] = {
    "everything": _everything,
    "without clauses": _without("ClauseSplitter", "ClauseGatherer"),
    "without mending slips": _without("SlipMender"),
    "without a classifier of scope": _one_classifier,
    "without the sentence encoder": _without("SentenceEncoderFeaturizer"),
    "without n-grams": _without("SentenceCountsFeaturizer"),
}
UNADAPTED = "without the adaptation of the encoder"


def main(paths: list[Path]) -> None:
    """Train and measure each variant, then print the table."""
    measured: dict[str, dict[str, Any]] = {}
    config = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    for name, change in {**LEVERS, UNADAPTED: _everything}.items():
        with tempfile.TemporaryDirectory() as folder:
            variant = Path(folder) / "config.yml"
            pipeline = change(config["pipeline"])
            variant.write_text(yaml.safe_dump({**config, "pipeline": pipeline}), encoding="utf-8")
            out = Path(folder) / "measured.json"
            command = [sys.executable, "-m", "bench.understanding", "--one", str(variant), folder, str(out)]
            environment = dict(os.environ)
            if name == UNADAPTED:
                environment |= _home_without_adaptation(Path(folder) / "home")
            home = environment.get("SKINFO_HOME", ".")
            subprocess.run(
                [*command, *map(str, paths)], check=True, stdout=sys.stderr, env=environment, cwd=home
            )
            measured[name] = json.loads(out.read_text(encoding="utf-8"))
    columns = [name for name, value in measured["everything"].items() if isinstance(value, float)]
    print("| lever | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name, row in measured.items():
        print(f"| {name} | " + " | ".join(f"{row[column]:.3g}" for column in columns) + " |")


def _home_without_adaptation(home: Path) -> dict[str, str]:
    """A copy of the project with the encoder as published, and red flags learned with that.

    Returns:
        The environment in which it is used.
    """
    from skinfo.encoder.adaptation import Adaptation
    from skinfo.encoder.build import CHECKSUMS, build_encoder, published_weights
    from skinfo.paths import language_folder, project_folder

    (home / "models").mkdir(parents=True)
    for part in ("actions", "bench", "config.yml", "data", "domain.yml", "facts", "skinfo", "tests"):
        (home / part).symlink_to(project_folder() / part)
    (home / "models" / "language").symlink_to(language_folder())
    unchanged = home / "unchanged.safetensors"
    Adaptation(CHECKSUMS["model.safetensors"], {}, {}).save(unchanged)
    build_encoder(published_weights(), home / "models" / "encoder", unchanged)
    environment = {"SKINFO_HOME": str(home), "SKINFO_ENCODER": str(home / "models" / "encoder")}
    learn = "from skinfo.rasa.training import learn_red_flags; learn_red_flags()"
    subprocess.run([sys.executable, "-c", learn], check=True, env={**os.environ, **environment})
    return environment


if __name__ == "__main__":
    main([Path(file) for file in sys.argv[1:]] or [TEST])
