"""What training wrote: loaded only when it is still what training recorded."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from skinfo.paths import encoder_folder, language_folder

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20


class ModelRejected(RuntimeError):
    """A model file is not the one that training recorded."""


def record_file(model: Path) -> Path:
    """Where training's record of a model stands: beside it."""
    return model.with_name(f"{model.name.split('.')[0]}.json")


def read_record(model: Path) -> Mapping[str, Any]:
    """Training's record of a model; empty when there is none that can be read."""
    try:
        record = json.loads(record_file(model).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def record_training(model: Path, inputs: str) -> None:
    """Write what a model was trained from, and the checksums of all that is loaded with it.

    Args:
        model: what training wrote.
        inputs: the fingerprint of what it read.
    """
    checksums = {name: _checksum(file) for name, file in _loaded_with(model)}
    record_file(model).write_text(json.dumps({"inputs": inputs, "sha256": checksums}), encoding="utf-8")


def check_trained(model: Path) -> None:
    """See that a model and what is loaded with it are what training recorded.

    A record from before checksums were kept names none: that is said in the log, and the next
    training records them.

    Raises:
        ModelRejected: a file is missing or another one.
    """
    recorded = read_record(model).get("sha256")
    if recorded is None:
        logger.warning(
            "No checksum of %s was recorded, so it is loaded unchecked; `skinfo train --anew` records it.",
            model.name,
        )
        return
    files = dict(_loaded_with(model))
    for name in recorded:
        file = files.get(name)
        if file is None or _checksum(file) != recorded[name]:
            raise ModelRejected(
                f"{file or model.with_name(name)}: not the file that training recorded\n"
                "  mend: find out who changed it; then train again with `skinfo train --anew`"
            )


def _loaded_with(model: Path) -> Iterable[tuple[str, Path]]:
    yield model.name, model
    for file in ("model.onnx", "tokenizer.json"):
        yield f"encoder/{file}", encoder_folder() / file
    if model.name.endswith(".tar.gz"):
        for path in sorted(language_folder().rglob("*")):
            if path.is_file():
                yield f"language/{path.relative_to(language_folder())}", path


def _checksum(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return "missing"
    return digest.hexdigest()
