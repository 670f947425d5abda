"""One turn of a conversation at a time: in this process, and with Redis in all of them.

Rasa's own Redis locks read and write a ticket in two steps, so that two servers can draw the same one,
and a waiting turn looks again only each second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

import redis.asyncio
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.exceptions import LockError, RedisError

from skinfo.rasa.figures import failures
from skinfo.rasa.settings import Settings

logger = logging.getLogger(__name__)

#: Seconds between two looks at whether another server has finished.
_BETWEEN_LOOKS = 0.02
#: Seconds that Redis may take, and that it is left alone after it failed.
_PATIENCE = 0.5
_PAUSE = 5.0


class ConversationLocks(LockStore):
    """Locks for conversations, in the order in which turns came to this process.

    When Redis cannot be reached, turns go on with the locks of this process alone. That is counted
    and logged, and it is safe: should two servers answer in one conversation at once, the
    conversation store lets one of them write, and the other turn is answered anew.

    For the same reason a lock may open early: half the time that a person waits, so that who comes after
    a server that died is still answered.

    Args:
        endpoint_config: its ``url`` is Redis'; none or empty for one process.
        patience: seconds until the guard apologises instead; what the settings say, if not given.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, patience: float | None = None) -> None:
        url = endpoint_config.url if endpoint_config else None
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._redis = (
            redis.asyncio.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
            if url
            else None
        )
        self._patience = patience
        self._left_alone_until = 0.0
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float | None = None,
        wait_time_in_seconds: float = _BETWEEN_LOOKS,
    ) -> AsyncIterator[None]:
        """Hold a conversation's lock.

        Args:
            conversation_id: whose.
            lock_lifetime: seconds after which Redis opens it by itself; half the patience, if not given.
            wait_time_in_seconds: between two looks at whether another server has finished.

        Raises:
            LockError: other servers did not finish within the patience.
        """
        here = self._here.setdefault(conversation_id, asyncio.Lock())
        async with here:
            everywhere = await self._acquire(conversation_id, lock_lifetime, wait_time_in_seconds)
            try:
                yield None
            finally:
                if everywhere is not None:
                    await self._release(everywhere)

    async def is_reachable(self) -> bool:
        """Whether Redis answers now; True where none is needed."""
        if self._redis is None:
            return True
        try:
            await self._redis.ping()
        except (TimeoutError, RedisError, OSError):
            return False
        return True

    async def _acquire(self, conversation: str, lifetime: float | None, between: float) -> Any:
        if self._redis is None or time.monotonic() < self._left_alone_until:
            return None
        patience = self._patience or Settings.shared().patience
        lock = self._redis.lock(
            f"skinfo:conversation:{conversation}",
            timeout=lifetime or patience / 2,
            sleep=between,
            blocking_timeout=patience,
        )
        try:
            if await lock.acquire():
                return lock
        except (TimeoutError, RedisError, OSError) as error:
            self._failed(error)
            return None
        raise LockError("other servers did not finish with this conversation")

    async def _release(self, lock: Any) -> None:
        try:
            await lock.release()
        except LockError:
            # The turn took longer than the lock's lifetime; the store saw to its being written alone.
            failures.labels("lock_outlived").inc()
        except (TimeoutError, RedisError, OSError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._left_alone_until = time.monotonic() + _PAUSE
        failures.labels("locks").inc()
        logger.error("Redis failed (%s); turns go on with this server's own locks.", type(error).__name__)
