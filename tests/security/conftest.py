"""A server with every way in, small limits, and a place where all it writes can be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from skinfo.cli.serve import Running, free_port, running_servers
from tests.conftest import REST_TOKEN

ORIGIN = "https://www.example.org"
LIMITS = {
    "SKINFO_MESSAGES_PER_MINUTE": "20",
    "SKINFO_ADDRESS_MESSAGES_PER_MINUTE": "30",
    "SKINFO_ADDRESS_CONVERSATIONS_PER_MINUTE": "6",
    "SKINFO_OPEN_CONVERSATIONS_PER_ADDRESS": "4",
    # Each test comes from an address of its own.
    "SKINFO_PROXIES": "1",
}


@pytest.fixture(scope="package")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="package")
def servers(state: Path) -> Iterator[Running]:
    temporary = state / "tmp"
    temporary.mkdir()
    settings = {
        **LIMITS,
        "SKINFO_REST_TOKEN": REST_TOKEN,
        "SKINFO_ALLOWED_ORIGINS": f"{ORIGIN}, https://other.example.org",
        "SKINFO_PATIENCE": "2",
        "TMPDIR": str(temporary),
        "HOME": str(temporary),
    }
    with running_servers(free_port(), state, settings) as running:
        yield running


_numbers = iter(range(1, 250))

Visit = Callable[[], httpx.Client]


@pytest.fixture
def visit(servers: Running) -> Iterator[Visit]:
    """Come from a new address."""
    clients: list[httpx.Client] = []

    def come() -> httpx.Client:
        headers = {"X-Forwarded-For": f"192.0.2.{next(_numbers)}"}
        clients.append(httpx.Client(base_url=servers.address, timeout=30, headers=headers))
        return clients[-1]

    yield come
    for client in clients:
        client.close()


def opened(client: httpx.Client, country: str = "GB") -> dict[str, str]:
    """The headers of a new conversation."""
    started = client.post("/api/conversations", json={"country": country})
    assert started.status_code == 201, started.text
    return {"Authorization": f"Bearer {started.json()['token']}"}
