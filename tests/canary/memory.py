"""The service's real processes: copies of callers' numbers in their memory, and traces in their files after a crash.

Linux alone: memory is read from /proc. The local Twilio is left out by name.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from ivr.demo import Stage
from shared.store.database import open_store
from tests.canary.needles import Caller, Needles, base64_forms, number_needles, random_caller
from tests.canary.search import Search, Trace, everywhere
from tests.canary.written import files
from tests.support.memory import memory_of
from tests.support.on_duty import put_on_duty

CALLS: Final = 50
SECONDS_AFTER: Final = 1.0
_PATIENCE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Copies:
    """How often numbers stood in the memory of one process."""

    process: str
    bytes: int
    copies: int
    numbers: int  # how many of the callers' numbers there were at least once
    call_ids: int


@dataclass(frozen=True, slots=True)
class RealRun:
    """What the processes held in memory, and what was searched and found in their files."""

    copies: list[Copies]
    bytes: int
    traces: list[Trace]


def real_run(folder: Path, randomness: random.Random, calls: int = CALLS) -> RealRun:
    """Run the service and a local Twilio; so many callers ring, choose, wait and hang up; look a second later.

    Then the line is killed in the middle of a call, and every file of the service's is searched; the local Twilio's
    own record is left out by name.
    """
    callers = different_callers(randomness, calls)
    with Stage(folder, lambda _: None, os.environ) as stage:
        stage.found()
        with closing(open_store(f"sqlite:///{stage.data / 'candour.db'}")) as store:
            put_on_duty(store, datetime.now(UTC))  # else callers are told that nobody is there
        stage.start()
        sids = _ring(f"http://{stage.simulator}", callers)
        time.sleep(SECONDS_AFTER)
        copies = [_count(name, pid, callers, sids) for name, pid in _processes(stage)]
        _crash_in_a_call(stage, callers[0])
    size, traces = everywhere(_search(callers), (place for place in files(folder) if not _is_twilios(stage, place[0])))
    return RealRun(copies, size, traces)


def different_callers(randomness: random.Random, calls: int) -> list[Caller]:
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
            sid = _rings(controls, caller)
            sids.append(sid)
            controls.delete(f"/simulator/calls/{sid}")
            _until(controls, sid, "ended")
    return sids


def _rings(controls: httpx.Client, caller: Caller) -> str:
    """A caller rings and gets into the queue. Returns the call's id."""
    sid: str = controls.post("/simulator/calls", json={"number": caller.number}).raise_for_status().json()["sid"]
    _until(controls, sid, "listening")
    _until(controls, sid, "waiting", keys="10")
    return sid


def _crash_in_a_call(stage: Stage, caller: Caller) -> None:
    """Kill the process that answers callers while one waits; another takes its place and the caller hangs up."""
    with httpx.Client(base_url=f"http://{stage.simulator}", trust_env=False, timeout=_PATIENCE_SECONDS) as controls:
        sid = _rings(controls, caller)
        os.kill(dict(_processes(stage))["line"], signal.SIGKILL)
        controls.delete(f"/simulator/calls/{sid}")
        _until_answering(stage)
        _rings(controls, caller)


def _until_answering(stage: Stage) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            httpx.get(f"http://{stage.line}/", trust_env=False)
            return
        time.sleep(_LOOK_SECONDS)
    raise AssertionError("the line did not come back")


def _search(callers: list[Caller]) -> Search:
    needles: Needles = {}
    for caller in callers:
        needles |= number_needles(caller, {})
    return Search(needles)


def _is_twilios(stage: Stage, place: str) -> bool:
    name = place.removeprefix("file ").split(",")[0]
    return (stage.folder.parent / name).is_relative_to(stage.simulator_record) or "simulate.log" in name


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
        started_as = words[words.index("--only") + 1] if "--only" in words else name
        if any("edge_process" in word for word in words):
            started_as = "edge"
        called = started_as if started_as != name else f"{name}'s worker"
        yield called, child
        yield from _below(child, called)


def _command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def _count(name: str, pid: int, callers: list[Caller], sids: list[str]) -> Copies:
    """Every readable stretch of a process's memory. What the number is in here is text, or base64 in Twilio's token."""
    forms = {caller: (caller.national.encode(), *dict(base64_forms(caller.national.encode())).values())
             for caller in callers}  # fmt: skip
    numbers = dict.fromkeys((form for found in forms.values() for form in found), 0)
    ids = dict.fromkeys((sid.encode() for sid in sids), 0)
    size = 0
    for stretch in memory_of(pid):
        size += len(stretch)
        for counted in (numbers, ids):
            for needle in counted:
                counted[needle] += stretch.count(needle)
    held = sum(any(numbers[form] for form in found) for found in forms.values())
    return Copies(name, size, sum(numbers.values()), held, sum(ids.values()))
