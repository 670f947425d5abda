"""Training any configuration on our data, in the process that calls; nothing of it is cached."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path


def train(config: Path, model: Path, more: Sequence[Path] = ()) -> float:
    """Train one configuration.

    Args:
        config: Rasa's ``config.yml``, its paths relative to the project's folder, where this runs.
        model: the file to write, ``<name>.tar.gz``.
        more: training files beside ours.

    Returns:
        How long it took (s), importing Rasa aside.

    Raises:
        RasaException: Rasa could not train.
    """
    from skinfo.rasa.process import prepare_process

    prepare_process(config)
    from skinfo.rasa.graph_training import train_graph

    began = time.perf_counter()
    train_graph(config, Path("domain.yml"), [Path("data/nlu"), Path("data/rules"), *more], model)
    return time.perf_counter() - began
