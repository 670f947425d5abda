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

console = Console(emoji=False, highlight=False)

PORT = 5005
ACTIONS_PORT = 5055
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
    """Servers that answer; no action server where ``SKINFO_ACTIONS_URL`` names one elsewhere."""

    rasa: Server
    apart: Server | None

    @property
    def actions(self) -> Server:
        """The action server that was started along."""
        assert self.apart is not None, "SKINFO_ACTIONS_URL names an action server elsewhere"
        return self.apart

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
                if servers.apart is not None and not servers.apart.is_running():
                    console.print("[yellow]The action server stopped; starting it again.[/yellow]")
                    time.sleep(_BETWEEN_RESTARTS)
                    servers.apart.start()
            raise Unusable(f"the server stopped by itself; its last words:\n{servers.rasa.last_words()}")
    except KeyboardInterrupt:
        console.print("\nStopped.")


def actions(
    port: Annotated[int, typer.Option(help="The action server's port.")] = ACTIONS_PORT,
    host: Annotated[
        str, typer.Option(help="The address it listens on.", envvar="SKINFO_ACTIONS_HOST")
    ] = "127.0.0.1",
) -> None:
    """Run an action server alone; SKINFO_ACTIONS_URL tells the Rasa servers where it is."""
    from skinfo.rasa.action_server import main

    _need_free_port(port)
    os.environ["SKINFO_ACTIONS_HOST"] = host
    console.print(f"Set SKINFO_ACTIONS_URL=http://{host}:{port}/webhook for the Rasa servers.")
    main(port)


@contextmanager
def running_servers(
    port: int, state: Path | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Both servers, started and answering; stopped at the end of the block.

    The Rasa server alone, if ``SKINFO_ACTIONS_URL`` says that the actions run elsewhere.

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
    environment = {
        **os.environ,
        "SKINFO_HOME": str(project_folder()),
        "SKINFO_STATE": str(state),
        **(settings or {}),
    }
    _check_settings(environment)
    apart = None
    if not environment.get("SKINFO_ACTIONS_URL"):
        actions_port = free_port()
        environment["SKINFO_ACTIONS_URL"] = f"http://127.0.0.1:{actions_port}/webhook"
        apart = Server("action_server", actions_port, environment, state)
    console.print("[bold]•[/bold] Starting the servers …")
    started = [server for server in (apart, Server("server", port, environment, state)) if server is not None]
    try:
        for server in started:
            server.start()
        for server in started:
            server.wait_until_answering()
        yield Running(started[-1], apart)
    finally:
        for server in reversed(started):
            server.stop()


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
