"""Two Rasa servers that share their stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from skinfo.cli.serve import Server
from tests.real_servers import RealPostgres, RealRedis


@dataclass(frozen=True)
class TwoServers:
    """The servers, and what they share.

    Attributes:
        servers: the Rasa servers.
        clients: one for each of them.
        database: the URL of their conversations.
        postgres: where the database is.
        redis: where their locks are.
    """

    servers: Sequence[Server]
    clients: Sequence[httpx.Client]
    database: str
    postgres: RealPostgres
    redis: RealRedis

    def failures(self, kind: str) -> int:
        """How often a kind of failure happened in both since they started."""
        lines = "\n".join(client.get("/metrics").text for client in self.clients).splitlines()
        name = f'skinfo_failures_total{{kind="{kind}"}} '
        return sum(int(float(line.removeprefix(name))) for line in lines if line.startswith(name))

    def assert_health(self, part: str, is_well: bool) -> None:
        """See what both say of a part of theirs: ``conversations`` or ``locks``."""
        assert [client.get("/health").json()[part] for client in self.clients] == [is_well, is_well]

    def restart(self, number: int) -> None:
        """Restart one of the Rasa servers, as an update does."""
        server = self.servers[number]
        server.stop()
        server.start()
        server.wait_until_answering()
