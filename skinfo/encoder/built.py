"""Whether the encoder in a folder is the one that would be built now."""

from __future__ import annotations

import hashlib
from pathlib import Path

#: What the encoder learned of how people write about skin; see `skinfo.encoder.adaptation`.
ADAPTATION = Path(__file__).with_name("adaptation.safetensors")
_RECORD = "adaptation.sha256"


def record_build(folder: Path, adaptation: Path = ADAPTATION) -> None:
    """Write, beside an encoder, which adaptation it was built with."""
    (folder / _RECORD).write_text(checksum(adaptation), encoding="utf-8")


def is_built(folder: Path, adaptation: Path = ADAPTATION) -> bool:
    """Whether a folder holds an encoder that was built with this adaptation."""
    record = folder / _RECORD
    return (
        (folder / "model.onnx").is_file()
        and record.is_file()
        and record.read_text(encoding="utf-8") == checksum(adaptation)
    )


def checksum(file: Path) -> str:
    """The sha256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    return hashlib.sha256(file.read_bytes()).hexdigest()
