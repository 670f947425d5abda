"""``skinfo build`` and ``skinfo train``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from skinfo.cli.errors import Unusable
from skinfo.facts import FactStore
from skinfo.paths import facts_folder
from skinfo.rasa.process import prepare_process

console = Console(emoji=False, highlight=False)


def say(step: str) -> None:
    """Show one step of long work."""
    console.print(f"[bold]•[/bold] {step} …")


def build() -> None:
    """Build the sentence encoder and the spaCy pipeline, if they are not there."""
    from skinfo.rasa import training

    training.prepare_encoder(say)
    training.prepare_language(say)
    console.print("The encoder and the spaCy pipeline are ready.")


def train(
    anew: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False,
) -> None:
    """Train the Rasa model, if its inputs have changed."""
    prepared = prepare(anew=anew)
    console.print("The model is trained." if prepared else "Nothing has changed; the model is up to date.")


def prepare(*, anew: bool = False) -> bool:
    """Everything a start needs; true when the model was trained just now."""
    prepare_process()
    FactStore.load(facts_folder())
    from rasa.shared.exceptions import RasaException

    from skinfo.encoder.adaptation import AdaptationRejected
    from skinfo.encoder.build import WeightsRejected
    from skinfo.rasa import training

    try:
        return training.prepare(say, anew=anew).trained
    except (AdaptationRejected, WeightsRejected, training.TrainingFailed, RasaException) as error:
        raise Unusable(str(error)) from error
