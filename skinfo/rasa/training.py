"""Building and training what the bot needs, only when its inputs have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from skinfo.content import read_yaml
from skinfo.encoder import SentenceEncoder
from skinfo.encoder.built import is_built
from skinfo.paths import (
    encoder_folder,
    facts_folder,
    language_folder,
    models_folder,
    project_folder,
    red_flag_model,
)
from skinfo.rasa.trained_files import check_trained, read_record, record_training
from skinfo.red_flags import LearnedDetector, RedFlagDetector, load_red_flags, read_messages

#: Told what is going on, one line a step.
Progress = Callable[[str], None]

MODEL_NAME = "skinfo"
OUT_OF_SCOPE = "out_of_scope"
_RASA_DATA = ("data/nlu", "data/rules")
#: The kinds of files among them that are read.
_READ = (".py", ".yml", ".safetensors")
#: What the Rasa model is trained from.
_INPUTS = (
    "config.yml",
    "domain.yml",
    *_RASA_DATA,
    "skinfo/rasa/components",
    "skinfo/language",
    "skinfo/encoder",
    "skinfo/matrices.py",
    "skinfo/summed_regressions.py",
)
#: What red flags are learned from.
_RED_FLAG_INPUTS = (
    "data/red_flags",
    "data/nlu",
    "facts/red_flags",
    "skinfo/encoder",
    "skinfo/matrices.py",
    "skinfo/summed_regressions.py",
    # Says what of data/nlu is learned from.
    "skinfo/rasa/training.py",
    *(
        f"skinfo/red_flags/{module}.py"
        for module in (
            "context",
            "detecting",
            "indexing",
            "learned",
            "messages",
            "normalising",
            "phrases",
            "rules",
        )
    ),
)


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


def inputs_fingerprint(inputs: Iterable[str] = _INPUTS) -> str:
    """A hash of every file that training reads."""
    digest = hashlib.sha256()
    for file in _input_files(inputs):
        digest.update(str(file.relative_to(project_folder())).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_trained() -> bool:
    """Whether there are models, and they were trained from the files as they are now."""
    return _is_current(model_file(), _INPUTS) and _is_current(red_flag_model(), _RED_FLAG_INPUTS)


def check_models() -> None:
    """See that every model is the one that training recorded; before any of them is loaded.

    Raises:
        ModelRejected: one is not.
    """
    check_trained(model_file())
    if red_flag_model().is_file():
        check_trained(red_flag_model())


def _is_current(model: Path, inputs: Iterable[str]) -> bool:
    return model.is_file() and read_record(model).get("inputs") == inputs_fingerprint(inputs)


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
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as beside:
        learning = None
        if anew or not _is_current(red_flag_model(), _RED_FLAG_INPUTS):
            say("Learning red flags (about a minute)")
            learning = beside.submit(learn_red_flags)
        if anew or not _is_current(model_file(), _INPUTS):
            train(say)
        if learning is not None:
            learning.result()
    return Prepared(model_file(), trained=True)


def learn_red_flags() -> None:
    """Learn red flags from ``data/red_flags/``.

    Raises:
        ContentError: a mistake in the messages or in the rules.
    """
    fingerprint = inputs_fingerprint(_RED_FLAG_INPUTS)
    rules = load_red_flags(facts_folder() / "red_flags")
    known = frozenset(flag.id for flag in rules.flags)
    messages = read_messages(sorted((project_folder() / "data" / "red_flags").glob("*.yml")), known)
    detector = RedFlagDetector(rules)
    found = [detector.detect_text(message.text) for message in messages]
    encode = SentenceEncoder.shared(encoder_folder()).encode
    everyday = [text for text in _learned_from(everyday_questions()) if not _raises(detector, text)]
    LearnedDetector.train(messages, found, everyday, encode).save(red_flag_model())
    record_training(red_flag_model(), fingerprint)


def prepare_encoder(say: Progress) -> None:
    """Build the sentence encoder when it is not there, or was built with another adaptation.

    Raises:
        WeightsRejected: the published weights are missing or changed.
        AdaptationRejected: our change to them is.
    """
    if "SKINFO_ENCODER" in os.environ or is_built(encoder_folder()):
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
            training_files=[str(root / folder) for folder in _RASA_DATA],
            output=str(models_folder()),
            fixed_model_name=MODEL_NAME,
            force_training=True,
        )
    finally:
        os.chdir(before)
    if result.code != 0 or not result.model:
        raise TrainingFailed("Rasa could not train; its messages above say why")
    record_training(model_file(), fingerprint)


#: People who tell or ask about their own skin may name a sign that the rules miss.
_NOT_EVERYDAY = frozenset({"report_symptom", "ask_identify", "ask_see_doctor"})
#: Other illnesses, some of them urgent, and pleas for help.
_MAY_BE_URGENT = "out_of_scope_urgent.yml"
#: Of questions about skin one in so many is learned from: more of them change nothing but the time it takes.
_EVERYDAY_STEP = 4


def everyday_questions() -> list[tuple[str, str]]:
    """The examples of ``data/nlu`` in which no red flag is to be expected, and the intent of each."""
    found: list[tuple[str, str]] = []
    for file in sorted((project_folder() / "data" / "nlu").glob("*.yml")):
        for entry in read_yaml(file).data["nlu"]:
            if entry["intent"] not in _NOT_EVERYDAY and file.name != _MAY_BE_URGENT:
                lines = [line.strip().removeprefix("- ") for line in entry["examples"].splitlines()]
                found += [(line, entry["intent"]) for line in lines if line]
    return found


def _learned_from(questions: Sequence[tuple[str, str]]) -> list[str]:
    """What is out of scope, and some of what is not: people complain of much else in like words."""
    inside = [text for text, intent in questions if intent != OUT_OF_SCOPE]
    outside = [text for text, intent in questions if intent == OUT_OF_SCOPE]
    return [*inside[::_EVERYDAY_STEP], *outside]


def _raises(detector: RedFlagDetector, text: str) -> bool:
    return any(mention.status == "present" for mention in detector.detect_text(text))


def _input_files(inputs: Iterable[str]) -> Iterable[Path]:
    for name in inputs:
        path = project_folder() / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in _READ)
        else:
            yield path
