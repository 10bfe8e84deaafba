"""Keeps Candour's processes running: starts them, passes on what they say, starts them again, stops them together.

It knows commands, not what they do. A child says that it is ready with its first line on standard output.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Final

from ivr.process import PARENT

STOP_SECONDS: Final = 6.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
STEADY_SECONDS: Final = 60.0  # a child that ran so long starts again without having its earlier falls counted


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep running: what people call it ("the desk") and its command."""

    name: str
    command: tuple[str, ...]


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    since: float
    ended: int  # a file descriptor that can be read once the process has ended
    heard: bytearray = field(default_factory=bytearray)

    @property
    def stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout


@dataclass(frozen=True, slots=True)
class _Pause:
    child: Child
    until: float


class Supervisor:
    """Runs its children until told to stop. ``say`` is given one line for people at a time; ``clock`` is monotonic."""

    def __init__(
        self,
        children: Sequence[Child],
        say: Callable[[str], None],
        environ: Mapping[str, str],
        clock: Callable[[], float],
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._children = tuple(children)
        self._say = say
        self._environ = {**environ, PARENT: str(os.getpid())}
        self._clock = clock
        self._stop_seconds = stop_seconds
        self._running: dict[str, _Running] = {}
        self._pauses: dict[str, _Pause] = {}
        self._falls: dict[str, int] = {}
        self._ready: set[str] = set()
        self._selector = selectors.DefaultSelector()

    def run(self, stop: threading.Event) -> bool:
        """Keep the children running until ``stop`` is set. Whether all of them then stopped by themselves."""
        told, heard = _pipe_that_tells(stop)
        self._selector.register(heard, selectors.EVENT_READ)
        try:
            for child in self._children:
                self._start(child)
            while not stop.is_set():
                self._turn(self._until_next_start())
        finally:
            unaided = self._stop_all()
            self._selector.close()
            told.join()
            os.close(heard)
        return unaided

    def _start(self, child: Child) -> None:
        process = subprocess.Popen(  # noqa: S603  # our own commands
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=self._environ,
            start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor alone
        )
        running = _Running(child, process, self._clock(), os.pidfd_open(process.pid))
        os.set_blocking(running.stdout.fileno(), False)
        self._selector.register(running.stdout, selectors.EVENT_READ, (self._listen, running))
        self._selector.register(running.ended, selectors.EVENT_READ, (self._bury, running))
        self._running[child.name] = running
        self._pauses.pop(child.name, None)

    def _until_next_start(self) -> float | None:
        if not self._pauses:
            return None
        return max(0.0, min(pause.until for pause in self._pauses.values()) - self._clock())

    def _turn(self, seconds: float | None) -> None:
        """Wait for something to happen, for so many seconds at most, and see to it."""
        for key, _ in self._selector.select(seconds):
            if key.data is not None:
                see_to, running = key.data
                if self._running.get(running.child.name) is running:  # not buried a moment ago
                    see_to(running)
        for pause in [pause for pause in self._pauses.values() if pause.until <= self._clock()]:
            self._start(pause.child)

    def _listen(self, running: _Running) -> None:
        said = running.stdout.read()
        if said == b"":
            self._selector.unregister(running.stdout)
            return
        running.heard += said or b""
        while (end := running.heard.find(b"\n")) >= 0:
            self._say(running.heard[:end].decode("utf-8", "replace"))
            del running.heard[: end + 1]
            self._count_ready(running.child)

    def _count_ready(self, child: Child) -> None:
        if child.name in self._ready:
            return
        self._ready.add(child.name)
        if len(self._ready) == len(self._children):
            self._say("Candour is ready.")

    def _bury(self, running: _Running) -> None:
        """A child ended though nobody asked it to: see that nothing of it is left, and start it again after a pause."""
        self._forget(running)
        name = running.child.name
        now = self._clock()
        falls = 0 if now - running.since >= STEADY_SECONDS else self._falls.get(name, 0)
        pause = min(FIRST_PAUSE * 2**falls, LONGEST_PAUSE)
        self._falls[name] = falls + 1
        self._pauses[name] = _Pause(running.child, now + pause)
        self._say(f"{name[:1].upper()}{name[1:]} stopped unexpectedly; it starts again in {pause:g} seconds.")

    def _forget(self, running: _Running) -> None:
        if running.stdout in self._selector.get_map():
            self._listen(running)
        for source in (running.stdout, running.ended):
            if source in self._selector.get_map():
                self._selector.unregister(source)
        running.process.wait()
        running.stdout.close()
        os.close(running.ended)
        with suppress(ProcessLookupError):  # its own children too; usually there are none left
            os.killpg(running.process.pid, signal.SIGKILL)
        del self._running[running.child.name]

    def _stop_all(self) -> bool:
        """Ask every child to stop, then insist. Whether none had to be made to."""
        for running in self._running.values():
            running.process.terminate()
        until = self._clock() + self._stop_seconds
        ended = [_ended_by(running, until - self._clock()) for running in self._running.values()]
        for running in list(self._running.values()):
            running.process.kill()
            self._forget(running)
        return all(ended)


def _ended_by(running: _Running, seconds: float) -> bool:
    try:
        running.process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


def _pipe_that_tells(stop: threading.Event) -> tuple[threading.Thread, int]:
    """A file descriptor that can be read once ``stop`` is set, and the thread that waits for it."""
    heard, told = os.pipe2(os.O_CLOEXEC)

    def tell() -> None:
        stop.wait()
        os.close(told)

    waiting = threading.Thread(target=tell, name="stop", daemon=True)
    waiting.start()
    return waiting, heard
