"""Processes forked from one that has everything loaded already, so that killing and starting them again is cheap."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import structlog

from ivr.process import ParentGone, tie_to_parent


class Troupe:
    """Its parent has no threads and no connections, which a fork would not survive."""

    def __init__(self, parts: dict[str, Callable[[], None]]) -> None:
        self._parts = parts
        self._running: dict[str, int] = {}
        self.falls = 0  # ended by themselves: started again, as the supervisor would

    def start(self) -> list[str]:
        """Start whoever does not run. Their names."""
        self._bury()
        started = [name for name in self._parts if name not in self._running]
        for name in started:
            self._running[name] = self._fork(name, self._parts[name])
        return started

    def kill(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._running[name], signal.SIGKILL)
        os.waitpid(self._running.pop(name), 0)

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def _bury(self) -> None:
        for name, process in list(self._running.items()):
            if os.waitpid(process, os.WNOHANG)[0]:
                del self._running[name]
                self.falls += 1

    @staticmethod
    def _fork(name: str, part: Callable[[], None]) -> int:
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            _play(name, part, parent)
        return process


def _play(name: str, part: Callable[[], None], parent: int) -> NoReturn:
    try:
        tie_to_parent(parent, signal.SIGKILL)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        part()
    except ParentGone:
        pass
    except BaseException as fall:  # noqa: BLE001  # nothing of the parent's may run on in its copy
        sys.stderr.write(f"{name}: {type(fall).__name__}: {str(fall)[:200]}\n")
    finally:
        os._exit(1)
