"""Time for the local Twilio: virtual for tests, real for the process. It knows nothing of calls."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ivr.simulator.refusals import NothingHappened

Action = Callable[[], None]


class Timer:
    """Something that will happen; `cancel()` and it will not."""

    def __init__(self, due: float, action: Action) -> None:
        self.due = due
        self._action: Action | None = action

    def cancel(self) -> None:
        self._action = None

    def ring(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()


class Clock(Protocol):
    """What the local Twilio needs of time. `background` does blocking work, then hands its result on."""

    def now(self) -> datetime: ...

    def after(self, seconds: float, action: Action) -> Timer: ...

    def background(self, work: Action) -> None: ...


MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class VirtualTime:
    """Time that moves only when told to, in the same order every time. One thread drives it."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._start = start
        self._elapsed = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int, Timer]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def after(self, seconds: float, action: Action) -> Timer:
        timer = Timer(self._elapsed + max(0.0, seconds), action)
        heapq.heappush(self._due, (timer.due, next(self._order), timer))
        return timer

    def background(self, work: Action) -> None:
        self.after(0, work)

    def advance(self, seconds: float = 0.0) -> None:
        """Let this many seconds pass (0 to a day): everything due by then happens, in order."""
        self._run(self._elapsed + seconds, lambda: False)

    def run_until(self, happened: Callable[[], bool], limit: float = 600.0) -> None:
        """Let time pass until `happened()`; raises NothingHappened after `limit` seconds."""
        self._run(self._elapsed + limit, happened)
        if not happened():
            raise NothingHappened(f"nothing of the kind within {limit:g} s")

    def _run(self, until: float, enough: Callable[[], bool]) -> None:
        while not enough():
            if not self._due or self._due[0][0] > until:
                self._elapsed = max(self._elapsed, until)
                return
            due, _, timer = heapq.heappop(self._due)
            self._elapsed = max(self._elapsed, due)
            timer.ring()


class RealTime:
    """The clock on the wall: one thread rings the timers, a small pool does the blocking work."""

    def __init__(self, workers: int = 16) -> None:
        self._order = itertools.count()
        self._due: list[tuple[float, int, Timer]] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="simulator-webhook")
        self._thread = threading.Thread(target=self._run, name="simulator-clock", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def after(self, seconds: float, action: Action) -> Timer:
        timer = Timer(time.monotonic() + max(0.0, seconds), action)
        with self._changed:
            heapq.heappush(self._due, (timer.due, next(self._order), timer))
            self._changed.notify()
        return timer

    def background(self, work: Action) -> None:
        if not self._stopped:
            self._pool.submit(work).add_done_callback(_surface)

    def close(self) -> None:
        """Ring no more timers; work under way is not waited for."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            timer = self._next()
            if timer is None:
                return
            timer.ring()

    def _next(self) -> Timer | None:
        with self._changed:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None


def _surface(done: Future[None]) -> None:
    """A failure in the background is shown as any thread's is; nothing is swallowed."""
    failure = None if done.cancelled() else done.exception()
    if failure is not None:
        threading.excepthook(
            threading.ExceptHookArgs((type(failure), failure, failure.__traceback__, threading.current_thread()))
        )
