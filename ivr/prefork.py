"""Answers each connection in a process of its own, made beforehand, which ends with it and takes what it read along.

The parent opens no connection and reads no byte of one; it does not know what is asked or answered.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final, NoReturn

import structlog

from ivr.process import tie_to_parent

PROCESSES: Final = 32
LONGEST_SECONDS: Final = 14  # a process that takes longer is ended: Twilio waits for 15
_STOP_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.1  # after a process that ended before anyone had asked it
_ANSWERED, _FAILED, _NEVER_ASKED = 0, 1, 2
_STOPS: Final = frozenset({signal.SIGTERM, signal.SIGINT})

Answer = Callable[[socket.socket], None]
Rehearse = Callable[[], None]

_log = structlog.get_logger()


def serve_each(
    listener: socket.socket,
    answer: Answer,
    rehearse: Rehearse,
    when_ready: Callable[[], None],
    between: Callable[[], None] = lambda: None,
    processes: int = PROCESSES,
) -> None:
    """Keep so many processes waiting for a connection until SIGTERM or SIGINT; each gives `answer` one, and ends.

    `when_ready` is called once all wait. More connections than that wait with the kernel. Requests being answered at
    the end are waited for, 5 s at most.

    `between` is called in this process after each request and at least once a minute; it must be quick.

    Each calls `rehearse` before it waits: what memory answering needs is then its own, and nobody waits for that.
    Call it from the main thread of a process that has no other: it forks.
    """
    gc.collect()
    gc.freeze()  # what is shared with the children stays shared
    alive: set[int] = set()
    live = partial(_be_asked_once, os.getpid(), listener, answer, rehearse)
    with _signals() as heard:
        try:
            _fill_up(alive, processes, live)
            when_ready()
            while not _STOPS.intersection(_hear(heard, _PAUSE_SECONDS if len(alive) < processes else _LOOK_SECONDS)):
                _bury(alive)
                between()
                _fill_up(alive, processes, live)
        finally:
            listener.close()
            _end(alive, heard)


def _fill_up(alive: set[int], processes: int, live: Callable[[], NoReturn]) -> None:
    try:
        while len(alive) < processes:
            alive.add(_fork(live))
    except OSError as error:  # no memory or too many processes just now: those there are go on, and it is tried again
        _log.error("process_not_started", error=type(error).__name__)


def _fork(live: Callable[[], NoReturn]) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)  # until the child has put its own handling in place
    try:
        child = os.fork()
        if child == 0:
            live()
        return child
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _be_asked_once(parent: int, listener: socket.socket, answer: Answer, rehearse: Rehearse) -> NoReturn:
    """The whole life of a child. It can be stopped while nobody has asked it, and not while it answers."""
    status = _NEVER_ASKED
    try:
        signal.set_wakeup_fd(-1)
        gc.disable()
        for number in (*_STOPS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        tie_to_parent(parent, signal.SIGKILL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        rehearse()
        connection, _ = listener.accept()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.alarm(LONGEST_SECONDS)
        listener.close()
        status = _FAILED
        answer(connection)
        connection.close()
        status = _ANSWERED
    except BaseException as error:  # noqa: BLE001  # nothing of a request may be printed on the way out
        with suppress(Exception):
            _log.error("connection_failed", error=type(error).__name__)
    finally:
        os._exit(status)


def _bury(alive: set[int]) -> None:
    """Forget the processes that have ended. If one could not even wait to be asked, the next one waits a little."""
    while alive:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        alive.discard(child)
        if os.waitstatus_to_exitcode(status) == _NEVER_ASKED:
            _log.error("process_never_asked")
            time.sleep(_PAUSE_SECONDS)


def _end(alive: set[int], heard: int) -> None:
    for child in alive:
        os.kill(child, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while alive and time.monotonic() < until:
        _hear(heard, until - time.monotonic())
        _bury(alive)
    for child in alive:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@contextmanager
def _signals() -> Iterator[int]:
    """A file descriptor that can be read when a signal has come: one byte each."""
    heard, told = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    before = {number: signal.signal(number, lambda _number, _frame: None) for number in (*_STOPS, signal.SIGCHLD)}
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    try:
        yield heard
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(heard)
        os.close(told)


def _hear(heard: int, seconds: float | None) -> bytes:
    """The numbers of the signals that came; empty after so many seconds without any."""
    return os.read(heard, 4096) if select.select([heard], [], [], seconds)[0] else b""
