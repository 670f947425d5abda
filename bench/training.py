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
        RuntimeError: Rasa could not train; its own messages say why.
    """
    from skinfo.rasa.process import prepare_process

    prepare_process(config)
    from rasa.model_training import train as rasa_train

    began = time.perf_counter()
    result = rasa_train(
        domain="domain.yml",
        config=str(config),
        training_files=["data/nlu", "data/rules", *map(str, more)],
        output=str(model.parent),
        fixed_model_name=model.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0 or not result.model:
        raise RuntimeError(f"Rasa could not train {config}; its messages above say why")
    return time.perf_counter() - began
