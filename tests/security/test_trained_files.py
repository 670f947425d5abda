"""A model is loaded only when it is the one that training recorded."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from skinfo.paths import project_folder
from skinfo.rasa.trained_files import ModelRejected, check_trained, record_file, record_training


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (encoder / name).write_bytes(name.encode())
    monkeypatch.setenv("SKINFO_ENCODER", str(encoder))
    model = tmp_path / "skinfo.tar.gz"
    model.write_bytes(b"trained")
    record_training(model, "fingerprint")
    return model


def test_what_training_wrote_is_accepted(model: Path) -> None:
    check_trained(model)
    assert json.loads(record_file(model).read_text())["inputs"] == "fingerprint"


@pytest.mark.parametrize("changed", ["skinfo.tar.gz", "encoder/model.onnx", "encoder/tokenizer.json"])
def test_a_changed_or_missing_file_is_rejected_with_the_mend(model: Path, changed: str) -> None:
    file = model.parent / changed
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(ModelRejected, match="train again"):
        check_trained(model)
    file.unlink()
    with pytest.raises(ModelRejected):
        check_trained(model)


def test_a_record_from_before_checksums_is_said_to_hold_none(
    model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record_file(model).write_text('{"inputs": "fingerprint"}')
    with caplog.at_level(logging.WARNING):
        check_trained(model)
    assert "No checksum" in caplog.text


def test_no_command_loads_a_changed_model(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for entry in project_folder().iterdir():
        if entry.name not in ("models", "var", ".git"):
            (home / entry.name).symlink_to(entry)
    shutil.copytree(project_folder() / "models", home / "models")
    record = home / "models" / "skinfo.json"
    known = json.loads(record.read_text())
    record.write_text(json.dumps({**known, "sha256": {"skinfo.tar.gz": "0" * 64}}))

    for command in (["serve", "--port", "0"], ["ask", "what is milia"]):
        done = subprocess.run(
            [sys.executable, "-m", "skinfo", *command],
            env={**os.environ, "SKINFO_HOME": str(home), "SKINFO_STATE": str(tmp_path / "state")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert "not the file that training recorded" in done.stderr
