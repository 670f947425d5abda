"""Stock Rasa and the floor: trained once, started as their users start them (``rasa run``)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import yaml

from bench.training import train
from skinfo.cli.serve import Server, free_port
from skinfo.paths import models_folder, project_folder
from skinfo.rasa.trained_files import read_record, record_training
from skinfo.rasa.training import inputs_fingerprint

#: Seconds until a server that does not answer is given up; stock Rasa needs more than one minute.
_LONGEST_START = 400.0
_LONGEST_STOP = 20.0
#: What a baseline is trained from, beside its configuration and stories.
_INPUTS = ("data/nlu", "data/rules", "domain.yml", "skinfo/language")


class BaselineUnusable(RuntimeError):
    """A baseline could not be trained or started."""


@dataclass(frozen=True)
class Baseline:
    """A bot of Rasa's own parts, with our training data and our actions.

    Attributes:
        config: its ``config.yml``.
        store: where Rasa keeps conversations: its SQL store on SQLite with nothing else set, or, as
            long as nobody configures any, the memory.
        reads: whether our reading of names and red flags stays in, where ``config`` has it. Without,
            actions know the intent alone and say what is true of any bump.
    """

    name: str
    config: Path
    store: Literal["sqlite", "memory"]
    reads: bool = True

    @property
    def folder(self) -> Path:
        """Where what is trained of it is kept."""
        return models_folder() / "bench" / self.name

    def model(self, epochs: int) -> Path:
        """The trained model."""
        return self.folder / f"{self.name}-{epochs}-epochs.tar.gz"


def prepare(baseline: Baseline, epochs: int) -> bool:
    """Train a baseline if what it is trained from has changed; whether it was trained now.

    Args:
        baseline: which.
        epochs: of every neural component. A turn takes as long with few as with many.

    Raises:
        BaselineUnusable: Rasa could not train it.
    """
    model = baseline.model(epochs)
    model.parent.mkdir(parents=True, exist_ok=True)
    config, stories = model.parent / "config.yml", model.parent / "stories.yml"
    _write(config, configuration_of(baseline, epochs))
    _write(stories, _stories())
    own = [str(file.relative_to(project_folder())) for file in (config, stories)]
    fingerprint = inputs_fingerprint([*_INPUTS, *own])
    if model.is_file() and read_record(model).get("inputs") == fingerprint:
        return False
    # In a process of its own, which does or does not load TensorFlow.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as beside:
        try:
            beside.submit(train, config, model, [stories]).result()
        except RuntimeError as error:
            raise BaselineUnusable(str(error)) from None
    record_training(model, fingerprint)
    return True


@contextmanager
def running(baseline: Baseline, epochs: int, state: Path) -> Iterator[tuple[str, Sequence[int]]]:
    """A trained baseline that answers on Rasa's REST channel; stopped at the end of the block.

    Args:
        baseline: which.
        epochs: those that it was trained with.
        state: a folder for its conversations and logs.

    Yields:
        Its address, and the ids of its processes.

    Raises:
        BaselineUnusable: a server did not come up.
    """
    port, actions_port = free_port(), free_port()
    environment = {
        **os.environ,
        "SKINFO_HOME": str(project_folder()),
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "WARNING",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }
    endpoints, credentials = state / "endpoints.yml", state / "credentials.yml"
    _write(endpoints, _endpoints(baseline, state, actions_port))
    _write(credentials, {"rest": None})
    actions = Server("action_server", actions_port, environment, state)
    log = state / "rasa.log"
    command = [
        *(sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)),
        *("--model", str(baseline.model(epochs))),
        *("--endpoints", str(endpoints), "--credentials", str(credentials)),
    ]
    with log.open("ab") as out:
        rasa = subprocess.Popen(
            command,
            cwd=project_folder(),
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        actions.start()
        actions.wait_until_answering()
        _wait_until_answering(rasa, f"http://127.0.0.1:{port}/webhooks/rest/", log)
        yield f"http://127.0.0.1:{port}", (rasa.pid, actions.pid)
    finally:
        rasa.terminate()
        try:
            rasa.wait(_LONGEST_STOP)
        except subprocess.TimeoutExpired:
            rasa.kill()
            rasa.wait()
        actions.stop()


def configuration_of(baseline: Baseline, epochs: int) -> Mapping[str, Any]:
    """What Rasa trains and runs as this baseline: its ``config.yml``, with the epochs filled in."""
    config = yaml.safe_load((project_folder() / baseline.config).read_text(encoding="utf-8"))
    pipeline = [
        part
        for part in config["pipeline"]
        if baseline.reads or not (part["name"] == "SpacyNLP" or part["name"].startswith("skinfo."))
    ]
    return {
        **config,
        "pipeline": _with_epochs(pipeline, epochs),
        "policies": _with_epochs(config["policies"], epochs),
    }


def _with_epochs(parts: Sequence[Mapping[str, Any]], epochs: int) -> list[Mapping[str, Any]]:
    return [{**part, "epochs": epochs} if "epochs" in part else part for part in parts]


def _stories() -> Mapping[str, Any]:
    """Our rules as stories too: policies that learn from stories alone would sit idle otherwise."""
    stories = [
        {"story": rule["rule"], "steps": rule["steps"]}
        for file in sorted((project_folder() / "data" / "rules").glob("*.yml"))
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
    ]
    return {"version": "3.1", "stories": stories}


def _endpoints(baseline: Baseline, state: Path, actions_port: int) -> Mapping[str, Any]:
    endpoints: dict[str, Any] = {"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}
    if baseline.store == "sqlite":
        endpoints["tracker_store"] = {"type": "SQL", "dialect": "sqlite", "db": str(state / "rasa.db")}
    return endpoints


def _write(file: Path, values: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")


def _wait_until_answering(rasa: subprocess.Popen[bytes], url: str, log: Path) -> None:
    started = time.monotonic()
    while rasa.poll() is None and time.monotonic() - started < _LONGEST_START:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    last_words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    raise BaselineUnusable("Rasa did not start; its last words:\n" + "\n".join(last_words))
