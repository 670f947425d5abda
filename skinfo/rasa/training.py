"""Building and training what the bot needs, only when its inputs have changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from skinfo.paths import encoder_folder, language_folder, models_folder, project_folder

#: Told what is going on, one line a step.
Progress = Callable[[str], None]

MODEL_NAME = "skinfo"
_INPUTS = ("config.yml", "domain.yml", "data", "skinfo/rasa/components", "skinfo/language", "skinfo/encoder")


class TrainingFailed(RuntimeError):
    """Rasa could not train; its own messages stand above."""


@dataclass(frozen=True)
class Prepared:
    """What is needed to start."""

    model: Path
    trained: bool


def model_file() -> Path:
    """The trained Rasa model."""
    return models_folder() / f"{MODEL_NAME}.tar.gz"


def inputs_fingerprint() -> str:
    """A hash of every file that training reads."""
    digest = hashlib.sha256()
    for file in _input_files():
        digest.update(str(file.relative_to(project_folder())).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_trained() -> bool:
    """Whether there is a model, and it was trained from the files as they are now."""
    record = _record_file()
    if not (model_file().is_file() and record.is_file()):
        return False
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return False
    return known.get("inputs") == inputs_fingerprint()


def prepare(say: Progress, *, anew: bool = False) -> Prepared:
    """Build the encoder and the spaCy pipeline, and train, each only if needed.

    Args:
        say: told of each step.
        anew: train even when nothing has changed.

    Raises:
        TrainingFailed: Rasa could not train.
        ContentError: a mistake in ``facts/``.
    """
    prepare_encoder(say)
    prepare_language(say)
    if is_trained() and not anew:
        return Prepared(model_file(), trained=False)
    train(say)
    return Prepared(model_file(), trained=True)


def prepare_encoder(say: Progress) -> None:
    """Build the sentence encoder when it is not there."""
    if (encoder_folder() / "model.onnx").is_file() or "SKINFO_ENCODER" in os.environ:
        return
    say("Building the sentence encoder (once, some seconds)")
    from skinfo.encoder.build import build_encoder, published_weights

    build_encoder(published_weights(), encoder_folder())


def prepare_language(say: Progress) -> None:
    """Save the spaCy pipeline when it is not there."""
    if (language_folder() / "meta.json").is_file():
        return
    say("Building the spaCy pipeline")
    from skinfo.language import build_language

    build_language(language_folder())


def train(say: Progress) -> None:
    """Train the Rasa model.

    Raises:
        TrainingFailed: see Rasa's messages.
    """
    say("Training the Rasa model (a minute or two)")
    fingerprint = inputs_fingerprint()
    from rasa.model_training import train as rasa_train

    root = project_folder()
    # Rasa reads the pipeline's `models/language` relative to where it runs.
    before = Path.cwd()
    os.chdir(root)
    try:
        result = rasa_train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data")],
            output=str(models_folder()),
            fixed_model_name=MODEL_NAME,
            force_training=True,
        )
    finally:
        os.chdir(before)
    if result.code != 0 or not result.model:
        raise TrainingFailed("Rasa could not train; its messages above say why")
    _record_file().write_text(json.dumps({"inputs": fingerprint}), encoding="utf-8")


def _record_file() -> Path:
    return models_folder() / f"{MODEL_NAME}.json"


def _input_files() -> Iterable[Path]:
    for name in _INPUTS:
        path = project_folder() / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in (".py", ".yml"))
        else:
            yield path
