"""Processes that are kept running, tried with small stand-ins that say a line and wait."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.supervisor import Child, Supervisor

WAIT_SECONDS = 20

STANDS = "import os, signal; print(f'NAME {os.getpid()} is here', flush=True); signal.pause()"
TIED = f"import os; from ivr.process import tie_to_supervisor; tie_to_supervisor(os.environ); {STANDS}"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STANDS}; signal.pause()"
FALLS = "print('NAME falls', flush=True)"


def child(name: str, program: str) -> Child:
    return Child(name, (sys.executable, "-c", program.replace("NAME", name)))


@dataclass
class Watched:
    """A supervisor running in a thread of its own, and what it says."""

    children: list[Child]
    stop_seconds: float = WAIT_SECONDS
    said: queue.Queue[str] = field(default_factory=queue.Queue)
    stop: threading.Event = field(default_factory=threading.Event)
    unaided: bool | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        supervisor = Supervisor(self.children, self.said.put, os.environ, time.monotonic, self.stop_seconds)
        self.unaided = supervisor.run(self.stop)

    def hears(self, words: str) -> str:
        """The next line with these words in it."""
        while words not in (line := self.said.get(timeout=WAIT_SECONDS)):
            pass
        return line

    def end(self) -> None:
        self.stop.set()
        self._thread.join(WAIT_SECONDS)
        assert not self._thread.is_alive()


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(*children: Child, stop_seconds: float = WAIT_SECONDS) -> Watched:
        started.append(Watched(list(children), stop_seconds))
        return started[-1]

    yield start

    for watched in started:
        watched.end()


def process_id(line: str) -> int:
    return int(line.split()[1])


def is_running(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_it_says_ready_when_every_child_has_spoken(watch: Callable[..., Watched]) -> None:
    watched = watch(child("one", STANDS), child("two", STANDS))

    lines = [watched.said.get(timeout=WAIT_SECONDS) for _ in range(3)]

    assert sorted(line.split()[0] for line in lines[:2]) == ["one", "two"]
    assert lines[2] == "Candour is ready."


def test_a_child_that_dies_is_started_again(watch: Callable[..., Watched]) -> None:
    watched = watch(child("desk", STANDS))
    first = process_id(watched.hears("desk"))

    os.kill(first, signal.SIGKILL)

    assert watched.hears("unexpectedly") == "Desk stopped unexpectedly; it starts again in 0.5 seconds."
    assert process_id(watched.hears("is here")) != first


def test_a_child_that_keeps_falling_is_given_longer_and_longer_pauses(watch: Callable[..., Watched]) -> None:
    watched = watch(child("desk", FALLS))

    pauses = [watched.hears("unexpectedly").split()[-2] for _ in range(2)]

    assert pauses == ["0.5", "1"]


def test_all_children_end_when_it_is_told_to_stop(watch: Callable[..., Watched]) -> None:
    watched = watch(child("one", STANDS), child("two", STANDS))
    processes = [process_id(watched.said.get(timeout=WAIT_SECONDS)) for _ in range(2)]

    watched.end()

    assert watched.unaided is True
    assert not any(is_running(process) for process in processes)


def test_a_child_that_will_not_stop_is_made_to(watch: Callable[..., Watched]) -> None:
    watched = watch(child("deaf", DEAF), stop_seconds=0.2)
    process = process_id(watched.hears("deaf"))

    watched.end()

    assert watched.unaided is False
    assert not is_running(process)


def test_children_die_with_their_supervisor() -> None:
    program = (
        "import os, sys, threading, time; from ivr.supervisor import Child, Supervisor\n"
        f"child = Child('desk', (sys.executable, '-c', {TIED!r}))\n"
        "Supervisor([child], lambda line: print(line, flush=True), os.environ, time.monotonic).run(threading.Event())"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        process = process_id(supervisor.stdout.readline())
        ended = os.pidfd_open(process)

        supervisor.kill()

        assert _can_be_read(ended), "the child outlived its supervisor"
        os.close(ended)


def _can_be_read(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], WAIT_SECONDS)[0])
