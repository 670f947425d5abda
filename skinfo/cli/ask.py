"""``skinfo ask``: one question, or a file of conversations, through the whole bot."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from skinfo.cli.errors import Unusable
from skinfo.cli.train import prepare
from skinfo.rasa.process import prepare_process

console = Console(emoji=False, highlight=False)
notices = Console(emoji=False, highlight=False, stderr=True)


def ask(
    question: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the machine-readable turn.")] = False,
    country: Annotated[str | None, typer.Option(help="Two letters, for helplines: GB, US, …")] = None,
    batch: Annotated[
        Path | None, typer.Option(help='Conversations to hold: JSON lines {"id", "turns" or "text"}.')
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the batch's answers go.")] = None,
) -> None:
    """Ask one question, or hold every conversation of a file."""
    if (question is None) == (batch is None):
        raise Unusable('give a question (skinfo ask "can I pop it?") or --batch FILE --out FILE')
    if batch is not None:
        if out is None:
            raise Unusable("--batch needs --out FILE for the answers")
        _batch(_read_batch(batch), out)
        return
    if out is not None:
        raise Unusable("--out goes with --batch")
    assert question is not None
    if not question.strip():
        raise Unusable("the question is empty")
    (turn,) = asyncio.run(_converse_once([question], country))
    if as_json:
        print(json.dumps(turn, ensure_ascii=False, indent=2))
    else:
        console.print(turn["text"], markup=False)


async def _converse_once(turns: list[str], country: str | None) -> list[dict[str, Any]]:
    answered: list[dict[str, Any]] = await load_bot().converse(turns, country)
    return answered


def load_bot(model: Path | None = None) -> Any:
    """The whole bot in this process, trained first if need be; `model` is another trained model."""
    prepare_process()
    prepare()
    from skinfo.rasa.bot import Bot
    from skinfo.rasa.trained_files import ModelRejected
    from skinfo.rasa.training import model_file

    try:
        return Bot.load(model or model_file())
    except ModelRejected as error:
        raise Unusable(str(error)) from None


def _read_batch(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unusable(f"{file}: not UTF-8 text") from None
    conversations = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise Unusable(f"{file}:{number}: not JSON ({error.msg})") from None
        turns = entry.get("turns", [entry.get("text")]) if isinstance(entry, dict) else None
        if (
            turns is None
            or "id" not in entry
            or not isinstance(turns, list)
            or not turns
            or not all(isinstance(turn, str) for turn in turns)
        ):
            raise Unusable(
                f'{file}:{number}: expected {{"id": "...", "turns": ["...", ...]}} or "text" for one turn'
            )
        conversations.append({"id": entry["id"], "turns": turns, "country": entry.get("country")})
    if not conversations:
        raise Unusable(f"{file}: there is no conversation in it")
    return conversations


def _batch(conversations: list[dict[str, Any]], out: Path) -> None:
    if not out.parent.is_dir():
        raise Unusable(f"{out.parent} is not a folder; make it first")
    bot = load_bot()

    async def hold_all() -> None:
        partial = out.with_name(out.name + ".part")
        with partial.open("w", encoding="utf-8") as file, Progress(console=notices) as progress:
            task = progress.add_task("Conversations", total=len(conversations))
            for entry in conversations:
                turns = await bot.converse(entry["turns"], entry["country"])
                file.write(json.dumps({"id": entry["id"], "turns": turns}, ensure_ascii=False) + "\n")
                progress.advance(task)
        partial.replace(out)

    asyncio.run(hold_all())
    notices.print(f"{len(conversations)} conversations written to {out}")
