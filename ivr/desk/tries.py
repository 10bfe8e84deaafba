"""How often the doors for people who are not signed in may be tried, all together; it remembers nobody.

Each failed try writes to the store, and each write wakes every console's stream: a flood of them must not. Who is
locked out after failures of their own is `shared/domain/signing_in.py`'s, in the store. This is each process's own.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from shared.domain.errors import TooManyTries

A_SECOND: Final = 2.0  # how many more may be made each second, for long


class Tries:
    """A bucket that holds `at_once` tries and fills again by `a_second`. Safe between threads."""

    def __init__(self, clock: Callable[[], datetime], at_once: int, a_second: float = A_SECOND) -> None:
        self._clock = clock
        self._most, self._a_second = float(at_once), a_second
        self._left, self._looked = float(at_once), clock()
        self._lock = threading.Lock()

    def take(self) -> None:
        """One try, whatever comes of it. Raises TooManyTries."""
        with self._lock:
            now = self._clock()
            since = max(0.0, (now - self._looked).total_seconds())
            self._left, self._looked = min(self._most, self._left + since * self._a_second), now
            if self._left < 1:
                raise TooManyTries
            self._left -= 1
