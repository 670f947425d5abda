"""``make adapt-encoder``: learn anew from ``data/`` and write ``skinfo/encoder/adaptation.safetensors``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from skinfo.encoder.adaptation import Adaptation
from skinfo.encoder.build import CHECKSUMS, check_weights, published_weights
from skinfo.encoder.built import ADAPTATION

console = Console(emoji=False, highlight=False)


def adapt(
    out: Annotated[Path, typer.Option(help="The file to write.")] = ADAPTATION,
    epochs: Annotated[int, typer.Option(help="How often each example is seen.", min=1)] = 4,
    rank: Annotated[int, typer.Option(help="Rank of the change of each matrix.", min=1)] = 16,
    seed: Annotated[int, typer.Option(help="Of the order and the slips of typing.")] = 7,
    go_on_from: Annotated[
        Path | None, typer.Option(help="What was learned before: learn on from there, at half the rate.")
    ] = None,
    stress: Annotated[
        str | None, typer.Option(help="Files of data/red_flags that count thrice, such as batch_zz[u-x].yml.")
    ] = None,
    average_with: Annotated[
        Path | None, typer.Option(help="What was learned before: the mean of the two is written.")
    ] = None,
    share: Annotated[
        float, typer.Option(help="How much the new learning counts in that mean.", min=0.0, max=1.0)
    ] = 0.5,
    mean_rank: Annotated[int, typer.Option(help="Rank that the mean is brought to.", min=1)] = 32,
) -> None:
    """Teach the encoder the examples of ``data/``; about ten minutes an epoch on two cores."""
    try:
        import torch
    except ImportError:
        raise SystemExit("error: PyTorch is not installed\n  mend: run `make adapt-encoder`") from None
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from adaptation.examples import read_examples
    from adaptation.learning import GOING_ON_RATE, RATE, learn
    from adaptation.model import Encoder

    weights = published_weights()
    check_weights(weights)
    torch.manual_seed(seed)
    encoder = Encoder(load_file(weights / "model.safetensors"), rank)
    if go_on_from is not None:
        before = Adaptation.read(go_on_from)
        encoder.begin_from(
            {name: (torch.tensor(up), torch.tensor(down)) for name, (up, down) in before.changes.items()}
        )
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.no_padding()
    examples = read_examples(stress)
    console.print(f"[bold]•[/bold] Learning from {len(examples):,} examples, {epochs} times …")
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("batches", total=None, loss=float("nan"))

        def watch(done: int, total: int, loss: float) -> None:
            progress.update(task, completed=done, total=total, loss=loss)
            # Where no bar can move (a log), a line now and then.
            if not console.is_terminal and done % max(1, total // 40) == 0:
                console.print(f"{done:,} of {total:,} batches, loss {loss:.3f}")

        rate = RATE if go_on_from is None else GOING_ON_RATE
        learn(encoder, tokenizer, examples, epochs=epochs, seed=seed, watch=watch, rate=rate)
    changes = {name: (up.numpy(), down.numpy()) for name, (up, down) in encoder.changes().items()}
    notes = {
        "examples": str(len(examples)),
        "epochs": str(epochs),
        "seed": str(seed),
        "learned": datetime.now(UTC).date().isoformat(),
    }
    if go_on_from is not None:
        notes = {key: f"{before.notes.get(key)} and {value}" for key, value in notes.items()}
    learned = Adaptation(CHECKSUMS["model.safetensors"], changes, notes)
    if average_with is not None:
        learned = Adaptation.read(average_with).averaged(learned, share).of_rank(mean_rank)
    learned.save(out)
    console.print(f"Written to {out} ({out.stat().st_size / 1e6:.1f} MB).")


if __name__ == "__main__":
    typer.run(adapt)
