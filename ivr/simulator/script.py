"""Runs one thing that happens on a call (TwiML, wait page, hold music) step by step, as time and answers allow."""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from ivr.simulator.carrier import Answer, Carrier
from ivr.simulator.clock import Clock, Timer
from ivr.simulator.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass (None: until woken); with `keys`, a key ends it early."""

    seconds: float | None
    keys: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the application for TwiML."""

    webhook: Webhook


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed while something listened."""

    digit: str


@dataclass(frozen=True, slots=True)
class Released:
    """What the call was waiting in (queue, conference, dial) let it go, and how."""

    how: str


class Ending(StrEnum):
    """How the performing of TwiML ended."""

    RAN_OUT = "ran-out"
    HUNG_UP = "hung-up"
    REJECTED = "rejected"
    BUSY = "busy"
    LEFT_QUEUE = "left-queue"


Result = TypeVar("Result")
# What is sent in depends on what was asked: nothing or a Key or a Released after Wait, an Answer after Ask.
Performance = Generator[Wait | Ask, Any, Result]


@dataclass(frozen=True, slots=True)
class Backstage:
    """What a script needs: one lock for the whole exchange, never held while the application is asked."""

    lock: threading.RLock
    clock: Clock
    carrier: Carrier


class Script:
    """One performance. `over` is called with its ending, once, unless it was stopped."""

    def __init__(self, backstage: Backstage, performance: Performance[Ending], over: Callable[[Ending], None]) -> None:
        self._backstage = backstage
        self._performance = performance
        self._over = over
        self._waiting: Wait | None = None
        self._timer: Timer | None = None
        self._stopped = False

    def start(self) -> None:
        self._resume(None)

    def stop(self) -> None:
        """End it without its ending being told. It must not be called from within the performance."""
        self._stopped = True
        self._rest()
        self._performance.close()

    def key(self, digit: str) -> None:
        if self._waiting is not None and self._waiting.keys:
            self._resume(Key(digit))

    def release(self, how: str) -> None:
        if self._waiting is not None and self._waiting.seconds is None:
            self._resume(Released(how))

    def _rest(self) -> None:
        timer, self._timer, self._waiting = self._timer, None, None
        if timer is not None:
            timer.cancel()

    def _resume(self, sent: object) -> None:
        self._rest()
        try:
            wanted = self._performance.send(sent)
        except StopIteration as ended:
            self._over(ended.value)
            return
        match wanted:
            case Wait(seconds=seconds):
                self._waiting = wanted
                if seconds is not None:
                    self._timer = self._backstage.clock.after(seconds, self._time_is_up(wanted))
            case Ask(webhook=webhook):
                self._backstage.carrier.ask(webhook, self._answered)
            case _ as never:
                assert_never(never)

    def _time_is_up(self, wait: Wait) -> Callable[[], None]:
        def ring() -> None:
            with self._backstage.lock:
                if self._waiting is wait:
                    self._resume(None)

        return ring

    def _answered(self, answer: Answer) -> None:
        with self._backstage.lock:
            if not self._stopped:
                self._resume(answer)
