"""Counts the requests that Twilio did not sign, over all processes that share it; tells it once a minute at most.

It knows how many there were, never who sent them or what they said: a flood of them cannot fill the log.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from ivr.counters import Fault, count_fault

ALARM_EVERY: Final = 60.0  # seconds; the first one is told at once
MOST_TOLD: Final = 99_999  # the log takes no longer number: it could be a telephone's

_log = structlog.get_logger()


class Refusals:
    """Make it before forking: the kernel then counts for parent and children alike (Linux: eventfd(2))."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds from any beginning, never backwards."""
        self._counter = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._clock = clock
        self._told_at = -ALARM_EVERY

    def count(self) -> None:
        """One more. A full counter stays full."""
        with suppress(BlockingIOError):
            os.eventfd_write(self._counter, 1)

    def tell(self) -> None:
        """Write how many there were since it was last told, at most once in ALARM_EVERY; nothing if there were none."""
        now = self._clock()
        if now - self._told_at < ALARM_EVERY:
            return
        with suppress(BlockingIOError):
            count = os.eventfd_read(self._counter)
            self._told_at = now
            count_fault(Fault.WEBHOOK_REFUSED, count)
            _log.error("webhooks_refused", count=min(count, MOST_TOLD))

    def count_and_tell(self) -> None:
        """For a process that has no other to do the telling."""
        self.count()
        self.tell()

    def close(self) -> None:
        """Give the counter back to the kernel."""
        os.close(self._counter)
