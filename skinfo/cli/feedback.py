"""``skinfo feedback``: which answers people found helpful."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from skinfo.cli.errors import Unusable
from skinfo.paths import project_folder, state_folder


def feedback(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """How often people found each fact helpful, what helped least first."""
    from skinfo.rasa.quiet import be_quiet

    be_quiet()
    os.environ.setdefault("SKINFO_CONVERSATIONS", str(state_folder() / "conversations.db"))
    # Rasa reads all of endpoints.yml or nothing of it.
    os.environ.setdefault("SKINFO_ACTIONS_URL", "")
    import sqlalchemy as sa
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.core.domain import Domain

    from skinfo.rasa.conversation_store import store_below
    from skinfo.rasa.feedback import Votes

    endpoints = AvailableEndpoints.read_endpoints(str(project_folder() / "endpoints.yml"))
    store = store_below(TrackerStore.create(endpoints.tracker_store, Domain.empty()))
    try:
        tallies = Votes(store.engine).tallies()
    except sa.exc.OperationalError:
        raise Unusable(
            "the votes cannot be read: endpoints.yml names a database that is not there\n"
            "  mend: set SKINFO_STATE or SKINFO_CONVERSATIONS as for the server, or start the server once"
        ) from None
    console = Console(highlight=False)
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
