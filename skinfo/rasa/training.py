"""Building and training what the bot needs, only when its inputs have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

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
from skinfo.rasa.encoding_ahead import encode_ahead, known_vectors
from skinfo.rasa.trained_files import check_trained, read_record, record_training
from skinfo.red_flags import (
    LabelledMessage,
    LearnedDetector,
    RedFlagDetector,
    RedFlagRules,
    load_red_flags,
    read_messages,
)

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
    "skinfo/rasa/graph_training.py",
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
    """Rasa could not train; it says why."""


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
    new_flags = anew or not _is_current(red_flag_model(), _RED_FLAG_INPUTS)
    new_model = anew or not _is_current(model_file(), _INPUTS)
    if not (new_flags or new_model):
        return Prepared(model_file(), trained=False)
    with (
        ProcessPoolExecutor(max_workers=_processes(), mp_context=get_context("spawn")) as beside,
        TemporaryDirectory(dir=models_folder()) as scratch,
    ):
        say("Encoding what is learned from (about a minute)")
        vectors = Path(scratch) / "vectors.npz"
        encode_ahead(_to_encode(new_flags, new_model), beside, vectors)
        learning = None
        if new_flags:
            say("Learning red flags (about a minute)")
            learning = beside.submit(_learn_red_flags_knowing, vectors)
        if new_model:
            with known_vectors(vectors):
                train(say)
        if learning is not None:
            learning.result()
    return Prepared(model_file(), trained=True)


def _processes() -> int:
    """One a core; beyond a few, starting them takes as long as they save."""
    return min(os.cpu_count() or 1, 4)


def _to_encode(flags: bool, model: bool) -> list[str]:
    """The texts that red flags are learned from, those that the Rasa model is trained on, or both."""
    asked = questions() if model else everyday_questions()
    return [text for text, _ in asked] + ([message.text for message in _messages()] if flags else [])


def _learn_red_flags_knowing(vectors: Path) -> None:
    with known_vectors(vectors):
        learn_red_flags()


def learn_red_flags() -> None:
    """Learn red flags from ``data/red_flags/``.

    Raises:
        ContentError: a mistake in the messages or in the rules.
    """
    fingerprint = inputs_fingerprint(_RED_FLAG_INPUTS)
    messages = _messages()
    detector = RedFlagDetector(_rules())
    found = [detector.detect_text(message.text) for message in messages]
    encode = SentenceEncoder.shared(encoder_folder()).encode
    everyday = [text for text in _learned_from(everyday_questions()) if not _raises(detector, text)]
    LearnedDetector.train(messages, found, everyday, encode).save(red_flag_model())
    record_training(red_flag_model(), fingerprint)


def _rules() -> RedFlagRules:
    return load_red_flags(facts_folder() / "red_flags")


def _messages() -> Sequence[LabelledMessage]:
    known = frozenset(flag.id for flag in _rules().flags)
    return read_messages(sorted((project_folder() / "data" / "red_flags").glob("*.yml")), known)


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
        TrainingFailed: Rasa's reason is in it.
    """
    say("Training the Rasa model (a minute or two)")
    fingerprint = inputs_fingerprint()
    from rasa.shared.exceptions import RasaException

    from skinfo.rasa.graph_training import train_graph

    root = project_folder()
    # Rasa reads the pipeline's `models/language` relative to where it runs.
    before = Path.cwd()
    os.chdir(root)
    try:
        data = [root / folder for folder in _RASA_DATA]
        train_graph(root / "config.yml", root / "domain.yml", data, model_file())
    except RasaException as error:
        raise TrainingFailed(f"Rasa could not train: {error}") from error
    finally:
        os.chdir(before)
    record_training(model_file(), fingerprint)


#: People who tell or ask about their own skin may name a sign that the rules miss.
_NOT_EVERYDAY = frozenset({"report_symptom", "ask_identify", "ask_see_doctor"})
#: Other illnesses, some of them urgent, and pleas for help.
_MAY_BE_URGENT = "out_of_scope_urgent.yml"
#: Of questions about skin one in so many is learned from: more of them change nothing but the time it takes.
_EVERYDAY_STEP = 4


def questions() -> list[tuple[str, str]]:
    """The examples of ``data/nlu`` and the intent of each."""
    return [example for file in _question_files() for example in _examples(file)]


def everyday_questions() -> list[tuple[str, str]]:
    """Those in which no red flag is to be expected."""
    files = [file for file in _question_files() if file.name != _MAY_BE_URGENT]
    return [
        (text, intent) for file in files for text, intent in _examples(file) if intent not in _NOT_EVERYDAY
    ]


def _question_files() -> list[Path]:
    return sorted((project_folder() / "data" / "nlu").glob("*.yml"))


def _examples(file: Path) -> list[tuple[str, str]]:
    return [
        (text, entry["intent"])
        for entry in read_yaml(file).data["nlu"]
        for line in entry["examples"].splitlines()
        if (text := line.strip().removeprefix("- "))
    ]


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
