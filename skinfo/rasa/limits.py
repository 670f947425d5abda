"""Limits against floods: per conversation, per address, and on open conversations."""

from __future__ import annotations

import logging
import math
import time
from collections import OrderedDict

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from skinfo.rasa.figures import failures
from skinfo.rasa.refusals import Refused
from skinfo.rasa.settings import Settings

logger = logging.getLogger(__name__)

#: Seconds without a message after which a conversation no longer counts as open.
_IDLE = 30 * 60
#: Seconds that a message may wait for Redis to count it, and that Redis is left alone after it failed.
_PATIENCE = 0.25
_PAUSE = 5.0


class FloodLimits:
    """How much one conversation and one address may send."""

    def __init__(self, settings: Settings) -> None:
        timeouts = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
        storage = (
            storage_from_string(settings.redis_url, wrap_exceptions=True, **timeouts)
            if settings.redis_url
            else MemoryStorage()
        )
        self._uncounted_until = 0.0
        self._limiter = MovingWindowRateLimiter(storage)
        self._conversation = RateLimitItemPerMinute(settings.messages_per_minute)
        self._address = RateLimitItemPerMinute(settings.address_messages_per_minute)
        self._opening = RateLimitItemPerMinute(settings.address_conversations_per_minute)

    def message(self, conversation: str, address: str | None = None) -> None:
        """Count a message.

        Args:
            conversation: whose messages are counted.
            address: of the person's machine; None where a platform stands between.

        Raises:
            Refused: too many within a minute.
        """
        if address is not None:
            self._hit(self._address, "too_many_messages", "address", address)
        self._hit(self._conversation, "too_many_messages", "conversation", conversation)

    def opening(self, address: str) -> None:
        """Count the opening of a conversation.

        Raises:
            Refused: too many within a minute from this address.
        """
        self._hit(self._opening, "too_many_conversations", "opening", address)

    def _hit(self, limit: RateLimitItem, reason: str, *key: str) -> None:
        if time.monotonic() < self._uncounted_until:
            return
        try:
            if self._limiter.hit(limit, *key):
                return
            again = self._limiter.get_window_stats(limit, *key).reset_time
        except StorageError:
            # A limit that cannot be counted must not silence the bot, nor hold up every message.
            self._uncounted_until = time.monotonic() + _PAUSE
            failures.labels("limits_storage").inc()
            logger.error("The storage of the limits failed; messages pass uncounted for a while.")
            return
        raise Refused(reason, retry_after=max(1, math.ceil(again - time.time())))


class OpenConversations:
    """How many conversations are open, in all and from one address; kept in this process."""

    def __init__(self, per_address: int, in_all: int) -> None:
        self._per_address = per_address
        self._in_all = in_all
        #: Conversation → (address, last used), least recently used first.
        self._open: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._of_address: dict[str, int] = {}

    def check(self, address: str) -> None:
        """See whether one more may be opened.

        Raises:
            Refused: not from this address, or not at all now.
        """
        self._close_idle()
        if self._of_address.get(address, 0) >= self._per_address or len(self._open) >= self._in_all:
            raise Refused("too_many_conversations", retry_after=60)

    def use(self, conversation: str, address: str) -> None:
        """Note that a conversation was opened or spoken in."""
        self.close(conversation)
        self._open[conversation] = (address, time.monotonic())
        self._of_address[address] = self._of_address.get(address, 0) + 1

    def close(self, conversation: str) -> None:
        """Note that a conversation was deleted."""
        known = self._open.pop(conversation, None)
        if known is None:
            return
        address = known[0]
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]

    def _close_idle(self) -> None:
        before = time.monotonic() - _IDLE
        while self._open:
            conversation, (_, used) = next(iter(self._open.items()))
            if used > before:
                return
            self.close(conversation)
