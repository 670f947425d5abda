"""Start-up time, peak memory and time per turn of the running servers: ``make bench``.

One client asks one question after another over HTTP, each conversation of six turns. Times depend
on the machine; the questions, their number and the order are always the same.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skinfo.cli.serve import free_port, running_servers
from skinfo.rasa.settings import NO_LIMITS

CONVERSATIONS = 40
QUESTIONS = (
    "what is milia",
    "can I pop it?",
    "what about cold sores",
    "what are they and can I pop them?",
    "the bumps hurt and there is pus",
    "I have had small hard white dots under both eyes since a peel in spring. How do I get rid of them?",
)


def main() -> None:
    """Measure and print a table."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as state:
        began = time.perf_counter()
        with running_servers(free_port(), Path(state), NO_LIMITS) as servers:
            ready = time.perf_counter() - began
            times = [
                seconds
                for _ in track(range(CONVERSATIONS), description="Conversations", transient=True)
                for seconds in _conversation(servers.address)
            ]
            memory = {server.name: peak_memory(server.pid) for server in (servers.rasa, servers.actions)}
    milliseconds = sorted(1000 * seconds for seconds in times)
    cuts = statistics.quantiles(milliseconds, n=100)
    table = Table("measure", "value", title=f"{len(times)} turns over HTTP, one client")
    table.add_row("ready after start", f"{ready:.1f} s")
    table.add_row("time per turn, p50", f"{cuts[49]:.0f} ms")
    table.add_row("time per turn, p95", f"{cuts[94]:.0f} ms")
    for name, megabytes in memory.items():
        table.add_row(f"peak memory of the {name}", f"{megabytes:.0f} MiB")
    table.add_row("peak memory in all", f"{sum(memory.values()):.0f} MiB")
    console.print(table)


def peak_memory(pid: int) -> float:
    """The most memory a process has held (MiB): ``VmHWM`` of proc(5)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not report peak memory")


def _conversation(address: str) -> list[float]:
    times = []
    with httpx.Client(base_url=address, timeout=60) as client:
        token = client.post("/api/conversations", json={}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for question in QUESTIONS:
            began = time.perf_counter()
            client.post("/api/messages", json={"text": question}).raise_for_status()
            times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    main()
