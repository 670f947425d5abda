"""What a process loads: TensorFlow only where config.yml has a use for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OURS = Path("config.yml")
SCRIPT = """
import sys
from pathlib import Path
from skinfo.rasa.process import prepare_process
prepare_process(Path(sys.argv[1]))
import rasa.core.agent
import rasa.engine.recipes.default_components
import tensorflow
print("loaded" if hasattr(tensorflow, "__version__") else "absent")
"""


def tensorflow_with(config: Path) -> str:
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(config)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_our_bot_does_without_tensorflow() -> None:
    assert tensorflow_with(OURS) == "absent"


@pytest.mark.parametrize("more", ["DIETClassifier", "some.component.of.TheirOwn"])
def test_a_pipeline_that_may_need_tensorflow_keeps_it(more: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    text = OURS.read_text(encoding="utf-8")
    config.write_text(text.replace("pipeline:", f"pipeline:\n  - name: {more}", 1), encoding="utf-8")

    assert tensorflow_with(config) == "loaded"


def test_what_would_compute_with_it_says_what_is_wrong() -> None:
    script = """
from skinfo.rasa.process import prepare_process
prepare_process()
from skinfo.rasa.without_tensorflow import TensorFlowAbsent
import tensorflow as tf
class Model(tf.keras.Model):
    pass
try:
    Model(3)
except TensorFlowAbsent as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert "config.yml" in run.stdout, run.stderr
