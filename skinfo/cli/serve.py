"""``skinfo serve`` and ``skinfo chat``: the servers, started, watched and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from skinfo.cli.errors import Unusable
from skinfo.cli.train import prepare
from skinfo.paths import project_folder, state_folder

console = Console(highlight=False)

PORT = 5005
#: Seconds until a server that does not answer is given up; a cold disk needs most of a minute.
LONGEST_START = 180.0
_LONGEST_STOP = 10.0
_BETWEEN_RESTARTS = 1.0


class Server:
    """A server in a process of its own; its output goes to a log file."""

    def __init__(self, module: str, port: int, environment: Mapping[str, str], state: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._module = module
        self._port = port
        self._environment = dict(environment)
        self.log = state / f"{module}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return self._module.replace("_", " ")

    @property
    def pid(self) -> int:
        """The process, for measuring it or for tests that break it."""
        assert self._process is not None, "start the server first"
        return self._process.pid

    def start(self) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"skinfo.rasa.{self._module}", str(self._port)],
                cwd=project_folder(),
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches us alone; we stop the servers in order.
                start_new_session=True,
            )

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def wait_until_answering(self) -> None:
        """Return when the server answers.

        Raises:
            Unusable: it stopped, or took too long.
        """
        started = time.monotonic()
        while self.is_running() and time.monotonic() - started < LONGEST_START:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise Unusable(f"the {self.name} did not start; its last words ({self.log}):\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])

    def stop(self) -> None:
        """End the process, gently first."""
        if self._process is None or not self.is_running():
            return
        self._process.terminate()
        try:
            self._process.wait(_LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Running:
    """Servers that answer."""

    rasa: Server
    actions: Server

    @property
    def address(self) -> str:
        """Where the website's chat and the channels are."""
        return self.rasa.url


def chat(
    port: Annotated[int, typer.Option(help="The page's port.", envvar="SKINFO_PORT")] = PORT,
) -> None:
    """Set up what is missing, start everything, print the address, stop on Ctrl-C."""
    _need_free_port(port)
    prepare()
    serve(port)


def serve(
    port: Annotated[int, typer.Option(help="The page's port.", envvar="SKINFO_PORT")] = PORT,
) -> None:
    """Start the servers with what is already built and trained."""
    from skinfo.rasa.trained_files import ModelRejected
    from skinfo.rasa.training import check_models, model_file

    if not model_file().is_file():
        raise Unusable("there is no trained model; run `skinfo train`, or `make chat`")
    try:
        check_models()
    except ModelRejected as error:
        raise Unusable(str(error)) from None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        with running_servers(port) as servers:
            console.print(f"\n[bold green]Skinfo is ready:[/bold green] {servers.address}/chat")
            console.print("Press Ctrl-C to stop.")
            while servers.rasa.is_running():
                time.sleep(0.5)
                if not servers.actions.is_running():
                    console.print("[yellow]The action server stopped; starting it again.[/yellow]")
                    time.sleep(_BETWEEN_RESTARTS)
                    servers.actions.start()
            raise Unusable(f"the server stopped by itself; its last words:\n{servers.rasa.last_words()}")
    except KeyboardInterrupt:
        console.print("\nStopped.")


@contextmanager
def running_servers(
    port: int, state: Path | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Both servers, started and answering; stopped at the end of the block.

    Args:
        port: for the Rasa server; the action server takes a free one.
        state: where conversations are kept, if not at the usual place.
        settings: environment variables for the servers, above this process's own.

    Raises:
        Unusable: the port is taken, or a server did not come up.
    """
    _need_free_port(port)
    state = state or state_folder()
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    actions_port = free_port()
    environment = {
        **os.environ,
        "SKINFO_HOME": str(project_folder()),
        "SKINFO_STATE": str(state),
        "SKINFO_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        **(settings or {}),
    }
    _check_settings(environment)
    console.print("[bold]•[/bold] Starting the servers …")
    servers = Running(
        rasa=Server("server", port, environment, state),
        actions=Server("action_server", actions_port, environment, state),
    )
    try:
        servers.actions.start()
        servers.rasa.start()
        servers.actions.wait_until_answering()
        servers.rasa.wait_until_answering()
        yield servers
    finally:
        servers.rasa.stop()
        servers.actions.stop()


def _check_settings(environment: Mapping[str, str]) -> None:
    from skinfo.rasa.settings import Settings, SettingsError

    try:
        Settings.from_environment(environment)
    except SettingsError as error:
        raise Unusable(str(error)) from None


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _need_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Unusable(
                f"port {port} is taken by another program\n"
                f"  mend: stop it, or choose another port: make chat PORT={port + 1}"
            ) from None


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt
