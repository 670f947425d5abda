"""Generated hostile messages against the running servers: ``python -m bench.hostile_inputs``.

Every one must be answered with one complete turn, or refused with a 4xx and a sentence. Prints how
many of each there were; exit code 1 when anything else happened. The tests run it smaller.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated

import httpx
import typer
from hypothesis import HealthCheck, Phase, given, seed, settings
from rich.console import Console
from rich.table import Table

from skinfo.cli.serve import free_port, running_servers
from skinfo.rasa.settings import NO_LIMITS
from skinfo.replies import is_complete_turn
from tests.hostile import bodies

# What is measured is whether there is an answer, not how soon on a busy machine.
UNLIMITED = {**NO_LIMITS, "SKINFO_PATIENCE": "60"}
#: A conversation's turns slow down as it grows.
_PER_CONVERSATION = 25


def main(
    inputs: Annotated[int, typer.Option(help="How many.")] = 10_000,
    chosen_seed: Annotated[int, typer.Option("--seed", help="The same seed, the same inputs.")] = 1,
) -> None:
    """Send, count, print."""
    with (
        tempfile.TemporaryDirectory() as state,
        running_servers(free_port(), Path(state), UNLIMITED) as servers,
    ):
        outcomes = attack(servers.address, inputs, chosen_seed)
    table = Table(
        "outcome", "inputs", title=f"{sum(outcomes.values())} generated hostile inputs, seed {chosen_seed}"
    )
    for outcome in ("answered", "refused", "server error", "unanswered"):
        table.add_row(outcome, str(outcomes[outcome]))
    Console(highlight=False, width=80).print(table)
    if outcomes["server error"] or outcomes["unanswered"]:
        sys.exit(1)


def attack(address: str, inputs: int, chosen_seed: int) -> Counter[str]:
    """How many inputs were answered, refused, failed, or not answered at all."""
    outcomes: Counter[str] = Counter()
    sent = 0
    with httpx.Client(base_url=address, timeout=60) as client:
        headers: dict[str, str] = {}

        @seed(chosen_seed)
        @settings(
            max_examples=inputs,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(bodies())
        def send(body: bytes) -> None:
            nonlocal headers, sent
            if sent % _PER_CONVERSATION == 0:
                started = client.post("/api/conversations", json={}).json()
                headers = {"Authorization": f"Bearer {started['token']}", "Content-Type": "application/json"}
            sent += 1
            try:
                answer = client.post("/api/messages", content=body, headers=headers)
            except httpx.HTTPError:
                outcomes["unanswered"] += 1
                return
            outcomes[_outcome(answer)] += 1

        send()
    return outcomes


def _outcome(answer: httpx.Response) -> str:
    if answer.status_code >= 500:
        return "server error"
    try:
        said = answer.json()
    except ValueError:
        return "unanswered"
    if answer.status_code == 200:
        # An apology is a reply, but here nothing was broken: it would hide a failure.
        failed = "something went wrong on my side" in said.get("text", "")
        return "answered" if is_complete_turn(said) and not failed else "server error"
    return "refused" if 400 <= answer.status_code < 500 and said["error"]["message"] else "unanswered"


if __name__ == "__main__":
    typer.run(main)
