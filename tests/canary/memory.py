"""How many copies of callers' numbers are left in the memory of the service's own processes, by looking there.

Linux alone: memory is read from /proc. The local Twilio is left out by name.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from ivr.demo import Stage
from tests.canary.needles import Caller, random_caller

CALLS: Final = 50
SECONDS_AFTER: Final = 1.0
_PATIENCE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.02
_PART: Final = 16 << 20  # bytes read at once


@dataclass(frozen=True, slots=True)
class Copies:
    """How often numbers stood in the memory of one process."""

    process: str
    bytes: int
    copies: int
    numbers: int  # how many of the callers' numbers there were at least once
    call_ids: int


def copies_after_calls(folder: Path, randomness: random.Random, calls: int = CALLS) -> list[Copies]:
    """Run the service and a local Twilio; so many callers ring, choose, wait and hang up; look a second later."""
    callers = _different_callers(randomness, calls)
    with Stage(folder, lambda _: None, os.environ) as stage:
        stage.found()
        stage.start()
        sids = _ring(f"http://{stage.simulator}", callers)
        time.sleep(SECONDS_AFTER)
        return [_count(name, pid, callers, sids) for name, pid in _processes(stage)]


def _different_callers(randomness: random.Random, calls: int) -> list[Caller]:
    found: dict[str, Caller] = {}
    while len(found) < calls:
        caller = random_caller(randomness)
        found[caller.number] = caller
    return list(found.values())


def _ring(simulator: str, callers: list[Caller]) -> list[str]:
    """Each caller presses 1, then 0, hears the first wait page and hangs up. Returns the calls' ids."""
    sids = []
    with httpx.Client(base_url=simulator, trust_env=False, timeout=_PATIENCE_SECONDS) as controls:
        for caller in callers:
            sid = controls.post("/simulator/calls", json={"number": caller.number}).raise_for_status().json()["sid"]
            sids.append(sid)
            _until(controls, sid, "listening")
            _until(controls, sid, "waiting", keys="10")
            controls.delete(f"/simulator/calls/{sid}")
            _until(controls, sid, "ended")
    return sids


def _until(controls: httpx.Client, sid: str, state: str, keys: str = "") -> None:
    """Look until a call is so, pressing `keys` again and again: one pressed between two questions is lost."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while controls.get(f"/simulator/calls/{sid}").json()["state"] != state:
        if time.monotonic() > until:
            raise AssertionError(f"a call was not {state} within {_PATIENCE_SECONDS:g} s")
        for key in keys:
            controls.post(f"/simulator/calls/{sid}/keys", json={"keys": key})
        time.sleep(_LOOK_SECONDS)


def _processes(stage: Stage) -> Iterator[tuple[str, int]]:
    """The service's processes: the supervisor and everything below it, each by what it was started for."""
    for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        words = _command(pid)
        if str(stage.config) in words and "serve" in words and "--only" not in words:
            yield "supervisor", pid
            yield from _below(pid, "supervisor")


def _below(pid: int, name: str) -> Iterator[tuple[str, int]]:
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        words = _command(child)
        called = words[words.index("--only") + 1] if "--only" in words else f"{name}'s worker"
        yield called, child
        yield from _below(child, called)


def _command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def _count(name: str, pid: int, callers: list[Caller], sids: list[str]) -> Copies:
    """Every readable stretch of a process's memory. The national number is in all the forms that matter here."""
    numbers = dict.fromkeys((caller.national.encode() for caller in callers), 0)
    ids = dict.fromkeys((sid.encode() for sid in sids), 0)
    size = 0
    for stretch in _memory(pid):
        size += len(stretch)
        for counted in (numbers, ids):
            for needle in counted:
                counted[needle] += stretch.count(needle)
    held = sum(1 for count in numbers.values() if count)
    return Copies(name, size, sum(numbers.values()), held, sum(ids.values()))


def _memory(pid: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, permissions = line.split()[:2]
            if "r" not in permissions or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(address, 16) for address in addresses.split("-"))
            for at in range(start, end, _PART):
                with suppress(OSError, ValueError):
                    memory.seek(at)
                    yield memory.read(min(_PART, end - at))
