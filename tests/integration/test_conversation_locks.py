"""One turn of a conversation at a time."""

from __future__ import annotations

import asyncio

from rasa.utils.endpoints import EndpointConfig

from skinfo.rasa.conversation_locks import ConversationLocks
from skinfo.rasa.figures import exposition
from tests.real_servers import RealRedis
from tests.security.loops import in_a_loop_of_its_own

#: Seconds that a person waits at most.
PATIENCE = 1.0


def test_turns_of_one_conversation_wait_for_each_other_in_order() -> None:
    log: list[str] = []

    async def hold(locks: ConversationLocks, name: str, number: int) -> None:
        async with locks.lock(name):
            log.append(f"{name}{number} begins")
            await asyncio.sleep(0.01)
            log.append(f"{name}{number} ends")

    async def hammer() -> None:
        locks = ConversationLocks()
        await asyncio.gather(*(hold(locks, name, number) for number in range(5) for name in "ab"))

    in_a_loop_of_its_own(hammer())

    for name in "ab":
        mine = [entry for entry in log if entry.startswith(name)]
        assert mine == [f"{name}{n} {what}" for n in range(5) for what in ("begins", "ends")]
    assert log.index("b0 begins") < log.index("a4 ends")


def test_a_turn_that_fails_opens_the_lock() -> None:
    async def fail() -> None:
        locks = ConversationLocks()
        try:
            async with locks.lock("a"):
                raise ValueError
        except ValueError:
            pass
        async with asyncio.timeout(1), locks.lock("a"):
            pass

    in_a_loop_of_its_own(fail())


def test_without_redis_turns_go_on_and_it_is_counted() -> None:
    async def turn() -> bool:
        locks = ConversationLocks(EndpointConfig("redis://127.0.0.1:1/0"))
        async with locks.lock("a"):
            return await locks.is_reachable()

    assert in_a_loop_of_its_own(turn()) is False
    assert 'skinfo_failures_total{kind="locks"}' in exposition()


def test_two_servers_take_turns(real_redis: RealRedis) -> None:
    inside: list[int] = []
    most: list[int] = []

    async def hold(locks: ConversationLocks) -> None:
        async with locks.lock("shared"):
            inside.append(1)
            most.append(len(inside))
            await asyncio.sleep(0.01)
            inside.pop()

    async def hammer() -> None:
        servers = [ConversationLocks(EndpointConfig(real_redis.url()), patience=10) for _ in range(2)]
        await asyncio.gather(*(hold(locks) for locks in servers for _ in range(10)))

    in_a_loop_of_its_own(hammer())

    assert most == [1] * 20


def test_who_comes_after_a_server_that_died_is_still_answered_in_time(real_redis: RealRedis) -> None:
    async def come_after() -> None:
        died, alive = locks_of_two_servers(real_redis)
        never_left = died.lock("left locked")
        await never_left.__aenter__()
        async with asyncio.timeout(PATIENCE), alive.lock("left locked"):
            pass

    in_a_loop_of_its_own(come_after())


def locks_of_two_servers(redis: RealRedis) -> list[ConversationLocks]:
    return [ConversationLocks(EndpointConfig(redis.url()), PATIENCE) for _ in range(2)]
