"""The web channel does what its OpenAPI description says, whatever is thrown at it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from bench.hostile_inputs import UNLIMITED
from skinfo.cli.serve import free_port, running_servers
from skinfo.replies import is_complete_turn


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_servers(free_port(), tmp_path_factory.mktemp("state"), UNLIMITED) as running:
        yield running.address


@pytest.fixture(scope="module")
def web_api(address: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/api/openapi.json")


schema = schemathesis.pytest.from_fixture("web_api")


@schema.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_as_described(case: schemathesis.Case, address: str) -> None:
    token = httpx.post(f"{address}/api/conversations", json={}).json()["token"]
    given = {str(name).lower(): value for name, value in (case.headers or {}).items()}
    headers = {} if "authorization" in given else {"Authorization": f"Bearer {token}"}

    answer = case.call_and_validate(headers=headers, timeout=30)

    if case.operation.path == "/api/messages" and answer.status_code == 200:
        assert is_complete_turn(answer.json())
