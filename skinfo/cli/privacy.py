"""``skinfo privacy``: deleting what people wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from skinfo.cli.conversations import open_conversations
from skinfo.cli.errors import Unusable
from skinfo.rasa.process import prepare_process

app = typer.Typer(help="Delete conversations.", no_args_is_help=True)
console = Console(emoji=False, highlight=False)


@app.command()
def delete(
    conversation: Annotated[
        str | None,
        typer.Argument(help="The conversation's name: the channel, a colon, the sender (rest:anna)."),
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="Or the token that the website's chat holds for it.")
    ] = None,
) -> None:
    """Delete one conversation at a person's request; the website's token for it is refused from then on."""
    if (conversation is None) == (token is None):
        raise Unusable("name the conversation (rest:anna), or give --token TOKEN")
    name = conversation if token is None else _named_by(token)
    assert name is not None
    count = _in_store(lambda store: store.delete(name))
    if not count:
        console.print(f"Nothing was kept of {name}.", markup=False)
        raise typer.Exit(1)
    console.print(f"Deleted: {count} events of {name}.", markup=False)


@app.command()
def purge(
    days: Annotated[
        int | None,
        typer.Option(min=0, help="Keep what is younger.", show_default="SKINFO_RETENTION_DAYS, or 30"),
    ] = None,
) -> None:
    """Delete what is older than the retention time; the server does so by itself once a day."""
    from skinfo.rasa.settings import Settings, SettingsError

    try:
        kept = Settings.shared().retention_days if days is None else days
    except SettingsError as error:
        raise Unusable(str(error)) from None
    count = _in_store(lambda store: store.purge(kept))
    console.print(f"Deleted: {count} events older than {kept} days.")


def _named_by(token: str) -> str:
    from skinfo.rasa.channels.web.tokens import Tokens
    from skinfo.rasa.refusals import Refused
    from skinfo.rasa.secret import server_secret

    try:
        return Tokens(server_secret()).read(token)
    except Refused:
        raise Unusable(
            "this token names no conversation here: it was changed, has expired, or SKINFO_SECRET differs"
        ) from None


def _in_store(work: Callable[[Any], Awaitable[int]]) -> int:
    prepare_process()
    from sqlalchemy.exc import SQLAlchemyError

    store = open_conversations()
    try:
        return asyncio.run(_awaited(work(store)))
    except SQLAlchemyError as error:
        raise Unusable(f"the conversations could not be reached ({type(error).__name__})") from None


async def _awaited(work: Awaitable[int]) -> int:
    return await work
