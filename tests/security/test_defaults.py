"""What holds when nothing is set, and what a wrong setting says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from skinfo.cli.errors import Unusable
from skinfo.cli.serve import free_port, running_servers
from skinfo.paths import project_folder
from skinfo.rasa.settings import Settings, SettingsError, variable_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        running_servers(free_port(), tmp_path_factory.mktemp("state")) as running,
        httpx.Client(base_url=running.address, timeout=30) as client,
    ):
        yield client


def test_the_rest_channel_is_off(client: httpx.Client) -> None:
    for path in ("/webhooks/rest/webhook", "/webhooks/rest/", "/webhooks/rest"):
        assert client.post(path, json={"sender": "a", "message": "hi"}).status_code == 404
        assert client.get(path).status_code == 404


def test_no_other_origin_is_answered(client: httpx.Client) -> None:
    answer = client.post("/api/conversations", json={}, headers={"Origin": "https://www.example.org"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.options("/api/messages", headers={"Origin": "https://a.example"}).status_code == 405


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SKINFO_ALLOWED_ORIGINS", "*"),
        ("SKINFO_ALLOWED_ORIGINS", "www.example.org"),
        ("SKINFO_ALLOWED_ORIGINS", "https://a.example/path"),
        ("SKINFO_REST_TOKEN", "short"),
        ("SKINFO_SECRET", "short"),
        ("SKINFO_PATIENCE", "soon"),
        ("SKINFO_PATIENCE", "300"),
        ("SKINFO_MESSAGES_PER_MINUTE", "0"),
        ("SKINFO_RETENTION_DAYS", "-1"),
        ("SKINFO_DATABASE_URL", "nowhere"),
        ("SKINFO_DATABASE_URL", "mysql://host/db"),
        ("SKINFO_REDIS_URL", "nowhere"),
        ("SANIC_WORKERS", "two"),
        ("SANIC_WORKERS", "2"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})
    with pytest.raises(Unusable, match=name), running_servers(free_port(), tmp_path, {name: value}):
        pass


@pytest.mark.parametrize(
    "url", ["postgresql://someone:opensesame@127.0.0.1:1/none", "sqlite:////proc/nowhere/conversations.db"]
)
def test_a_database_that_cannot_be_used_stops_the_start_and_says_what_to_do(url: str, tmp_path: Path) -> None:
    wrong = {"SKINFO_DATABASE_URL": url}
    with (
        pytest.raises(Unusable, match=r"mend: .*SKINFO_DATABASE_URL") as refused,
        running_servers(free_port(), tmp_path, wrong),
    ):
        pass
    assert "opensesame" not in str(refused.value)


def test_every_setting_is_in_the_operators_table() -> None:
    page = (project_folder() / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))

    assert {variable_of(name) for name in Settings.__fields__} <= named


def test_telemetry_is_off() -> None:
    import os

    from skinfo.rasa.process import prepare_process

    prepare_process()
    from rasa import telemetry

    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert not telemetry.is_telemetry_enabled()
