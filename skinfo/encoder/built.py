"""Whether the encoder in a folder is the one that would be built now."""

from __future__ import annotations

import hashlib
from pathlib import Path

#: What the encoder learned of how people write about skin; see `skinfo.encoder.adaptation`.
ADAPTATION = Path(__file__).with_name("adaptation.safetensors")
_BUILDER = Path(__file__).with_name("build.py")
_RECORD = "built_with.sha256"


def record_build(folder: Path, adaptation: Path = ADAPTATION) -> None:
    """Write, beside an encoder, which adaptation it was built with, and how."""
    (folder / _RECORD).write_text(_built_with(adaptation), encoding="utf-8")


def is_built(folder: Path, adaptation: Path = ADAPTATION) -> bool:
    """Whether a folder holds an encoder that was built with this adaptation, as it would be built now."""
    record = folder / _RECORD
    return (
        (folder / "model.onnx").is_file()
        and record.is_file()
        and record.read_text(encoding="utf-8") == _built_with(adaptation)
    )


def _built_with(adaptation: Path) -> str:
    return f"{checksum(adaptation)} {checksum(_BUILDER)}"


def checksum(file: Path) -> str:
    """The sha256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    return hashlib.sha256(file.read_bytes()).hexdigest()
