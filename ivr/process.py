"""Being one of Candour's processes: ending with the one that started it, and hearing when to stop.

It does not know what the process does.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

PARENT: Final = "CANDOUR_PARENT_PROCESS"  # set by the supervisor for its children: its own process id
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)
_PR_SET_DUMPABLE: Final = 4
_M_PERTURB: Final = -6  # mallopt(3)
_STOPS: Final = frozenset({signal.SIGTERM, signal.SIGINT})


class ParentGone(Exception):
    """The process that started this one ended before this one could be tied to it."""


def tie_to_parent(parent: int, then: signal.Signals) -> None:
    """Let the kernel send ``then`` to this process when its parent ends, however that ends. Linux only.

    ``parent`` is the process id the parent is known by. Raises ParentGone when it has already ended.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(then))
    if os.getppid() != parent:
        raise ParentGone


def tie_to_supervisor(environ: Mapping[str, str]) -> None:
    """Stop cleanly when the supervisor ends; nothing when this process was started by hand. Raises ParentGone."""
    if parent := environ.get(PARENT):
        tie_to_parent(int(parent), signal.SIGTERM)


def leave_no_dumps() -> None:
    """Let no crash of this process, or of one it forks, write its memory to disk; nobody but root can read it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def overwrite_what_is_freed() -> None:
    """Have the C library overwrite memory as it is given back, from now on: what was deleted is not found there later.

    It reaches what C code and larger Python values (above 512 bytes) held; glibc only, and nothing elsewhere.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_PERTURB, 0xA5)


def say(line: str) -> None:
    """One line for people, and for the supervisor, on standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def stop_on_signals() -> threading.Event:
    """An event that is set when this process is asked to stop (SIGTERM or SIGINT). Call it from the main thread.

    The event is set by a thread of its own, for a signal handler that takes a lock can wait for itself. It goes on
    working where someone else installs handlers later, as granian's workers do.
    """
    for number in _STOPS:
        signal.signal(number, lambda _number, _frame: None)
    heard, told = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    stop = threading.Event()
    threading.Thread(target=_set_when_told, args=(heard, stop), name="signals", daemon=True).start()
    return stop


def _set_when_told(heard: int, stop: threading.Event) -> None:
    while not _STOPS.intersection(os.read(heard, 1)):
        pass
    stop.set()
