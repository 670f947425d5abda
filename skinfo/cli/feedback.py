"""``skinfo feedback``: which answers people found helpful."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from skinfo.cli.conversations import open_conversations


def feedback(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """How often people found each fact helpful, what helped least first."""
    from skinfo.rasa.process import prepare_process

    prepare_process()
    from skinfo.rasa.feedback import Votes

    tallies = Votes(open_conversations().engine).tallies()
    console = Console(emoji=False, highlight=False)
    if as_json:
        for tally in tallies:
            print(json.dumps(asdict(tally)))
        return
    if not tallies:
        console.print("Nobody has voted yet.")
        return
    table = Table("answers about", "helpful", "not helpful")
    for tally in tallies:
        table.add_row(tally.about, str(tally.helpful), str(tally.not_helpful))
    console.print(table)
