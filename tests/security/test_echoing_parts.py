"""Parts that repeat what a person wrote in their errors put it into no log."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from skinfo.cli.serve import free_port, running_servers
from skinfo.replies import is_complete_turn

from .conftest import opened

SECRET = "zebracorn"


class Echo(BaseHTTPRequestHandler):
    """An action server that answers with what it was asked, in one wrong way after another."""

    asked = 0

    def do_GET(self) -> None:
        self._send(200, b'{"status": "ok"}')

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))["tracker"]["latest_message"]
        assert SECRET in said["text"]
        Echo.asked += 1
        answers: list[tuple[int, Any]] = [
            (200, {"events": said["text"], "responses": []}),
            (200, {"events": [{"event": said["text"]}], "responses": []}),
            (200, {"events": [], "responses": [{"text": said["text"]}]}),
            (500, {"error": said["text"]}),
            (400, {"action_name": "x", "error": said["text"]}),
            (400, said["text"]),
            (200, said["text"]),
        ]
        status, answer = answers[Echo.asked % len(answers)]
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def echoing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/webhook"
    server.shutdown()
    server.server_close()


def test_an_action_server_that_echoes(tmp_path: Path, echoing: str) -> None:
    with (
        running_servers(free_port(), tmp_path, {"SKINFO_ACTIONS_URL": echoing}) as servers,
        httpx.Client(base_url=servers.address, timeout=30) as client,
    ):
        headers = opened(client)
        for _ in range(8):
            turn = client.post(
                "/api/messages", json={"text": f"what is milia {SECRET}"}, headers=headers
            ).json()
            assert is_complete_turn(turn)
            assert SECRET not in turn["text"]
        assert SECRET not in client.get("/metrics").text
    logged = (tmp_path / "server.log").read_text(encoding="utf-8")

    assert "A turn failed (TurnWithoutReply)" in logged
    assert "ValidationError at" in logged
    assert SECRET not in logged


BABBLING = """
import asyncio, logging, sys, threading
from skinfo.rasa.process import prepare_process
prepare_process()
from skinfo.rasa.discreet_logs import be_discreet
import structlog
be_discreet()
library = logging.getLogger("library.part")
library.error("could not store %s", "zebracorn")
library.error(f"could not store zebracorn")
logging.getLogger().error("zebracorn")
structlog.get_logger().error("processor.failed", text="zebracorn")
structlog.get_logger().error("it was zebracorn", text="zebracorn")
try:
    raise ValueError("zebracorn")
except ValueError:
    library.exception("failed: zebracorn")
    logging.getLogger("skinfo.part").exception("ours, without text")
    structlog.get_logger().exception("processor.exploded", text="zebracorn")
def fail():
    zebracorn = "zebracorn"
    raise KeyError(zebracorn)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
async def late():
    asyncio.get_running_loop().create_task(later())
    await asyncio.sleep(0.01)
async def later():
    raise RuntimeError("zebracorn")
asyncio.run(late())
import gc
gc.collect()
raise SystemError("zebracorn")
"""


def test_whatever_is_logged_says_where_and_what_kind_and_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BABBLING], capture_output=True, text=True, check=False, cwd=Path.cwd()
    )

    assert SECRET not in done.stdout + done.stderr
    for kind in ("ValueError at", "KeyError at", "RuntimeError at", "SystemError at", "processor.exploded"):
        assert kind in done.stderr, done.stderr
    assert "ours, without text" in done.stderr
