"""A part is killed, hangs, or is restarted while people talk: nothing is lost, nobody hears nothing, nothing is
said or stored twice, and afterwards all goes on as before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

import httpx
import psutil
import pytest

from skinfo.cli.serve import Running, Server
from tests.integration.talkers import Account, Crowd, Person, stored
from tests.integration.two_servers import TwoServers

PEOPLE = 6
#: Seconds that a part is gone, or hangs: longer than the servers' patience.
GONE, HANGS = 1.0, 3.0
#: Seconds that people talk before and after.
_QUIET = 0.5


class Part(Protocol):
    """What can be broken."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...


class OneOfOurs:
    """A server of ours as a part that can be broken."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def start(self) -> None:
        self._server.start()
        self._server.wait_until_answering()

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        psutil.Process(self._server.pid).kill()
        self._server.stop()

    def freeze(self) -> None:
        psutil.Process(self._server.pid).suspend()

    def thaw(self) -> None:
        psutil.Process(self._server.pid).resume()


@contextmanager
def killed(part: Part) -> Iterator[None]:
    part.kill()
    yield
    part.start()


@contextmanager
def frozen(part: Part) -> Iterator[None]:
    part.freeze()
    time.sleep(HANGS - GONE)
    yield
    part.thaw()


@contextmanager
def restarted(part: Part) -> Iterator[None]:
    part.stop()
    yield
    part.start()


Fault = Callable[[Part], AbstractContextManager[None]]
# First what hangs: a server leaves a Redis that failed alone for a while.
FAULTS = pytest.mark.parametrize("fault", [frozen, killed, restarted])


def talk_through(
    fault: AbstractContextManager[None], crowd: Crowd, url: str, notice: Callable[[], None] = lambda: None
) -> Account:
    """Talk before, during and after a fault; see that nothing was lost or doubled.

    Args:
        fault: what happens meanwhile.
        crowd: who talks.
        url: of the database that keeps what they say.
        notice: looks at the servers during the fault.

    Returns:
        The accounts when it was over.
    """
    with crowd.talking():
        time.sleep(_QUIET)
        with fault:
            time.sleep(GONE)
            notice()
        time.sleep(_QUIET)
    during = crowd.total()
    crowd.talk_once_more()
    after = crowd.total()

    assert not after.wrong
    assert during.given > PEOPLE
    assert after.given == after.owed
    assert after.apologies == during.apologies, "after the fault people still heard apologies"
    assert after.out_of_reach == during.out_of_reach, "after the fault a server was still out of reach"
    kept = stored(url, [person.conversation for person in crowd.people])
    assert kept == [person.account.heard for person in crowd.people]
    return during


def crowd_at(clients: Sequence[httpx.Client], **values: float) -> Crowd:
    """People who each begin with another server."""
    starts = [number % len(clients) for number in range(PEOPLE)]
    return Crowd([Person([*clients[start:], *clients[:start]], **values) for start in starts])


@FAULTS
def test_the_action_server(one_server: Running, fault: Fault) -> None:
    with closing(httpx.Client(base_url=one_server.address)) as client:
        broken = OneOfOurs(one_server.actions)
        account = talk_through(fault(broken), crowd_at([client]), _conversations(one_server))

    assert account.apologies
    assert not account.out_of_reach


def test_a_full_disk(one_server: Running) -> None:
    with closing(httpx.Client(base_url=one_server.address)) as client:
        account = talk_through(_full_disk(one_server.rasa), crowd_at([client]), _conversations(one_server))

    assert account.apologies
    assert not account.out_of_reach


@contextmanager
def _full_disk(server: Server) -> Iterator[None]:
    """No file of the server may grow beyond a page: to SQLite, what a full disk is."""
    process = psutil.Process(server.pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (4096, before[1]))
    yield
    process.rlimit(psutil.RLIMIT_FSIZE, before)


def _conversations(servers: Running) -> str:
    return f"sqlite:///{servers.rasa.log.parent / 'conversations.db'}"


@FAULTS
def test_postgres(two_servers: TwoServers, fault: Fault) -> None:
    account = talk_through(
        fault(two_servers.postgres),
        crowd_at(two_servers.clients),
        two_servers.database,
        lambda: two_servers.assert_health("conversations", False),
    )

    assert account.apologies
    assert not account.out_of_reach
    two_servers.assert_health("conversations", True)


@FAULTS
def test_redis(two_servers: TwoServers, fault: Fault) -> None:
    account = talk_through(
        fault(two_servers.redis),
        crowd_at(two_servers.clients),
        two_servers.database,
        lambda: two_servers.assert_health("locks", False),
    )

    assert not account.apologies
    assert not account.out_of_reach
    two_servers.assert_health("locks", True)


@pytest.mark.parametrize("fault", [killed, restarted])
def test_one_of_two_servers(two_servers: TwoServers, fault: Fault) -> None:
    broken = OneOfOurs(two_servers.servers[1])
    account = talk_through(fault(broken), crowd_at(two_servers.clients), two_servers.database)

    # The other one answers whoever asks it.
    assert account.out_of_reach
    assert not account.apologies


def test_one_of_two_servers_hangs_and_the_other_is_asked_instead(two_servers: TwoServers) -> None:
    # What the one that hung had been asked, it answers late, when the conversation has gone on.
    hasty = crowd_at(two_servers.clients, silence=0.7)
    account = talk_through(frozen(OneOfOurs(two_servers.servers[1])), hasty, two_servers.database)

    assert account.out_of_reach
