"""What the console holds in memory after a long night of calls, each with its report, against after the first few."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.bench.figures import Compared, Effort, Measure, RatioAtMost, Row, Unit
from tests.support.organisation import HANDLER, found_organisation
from tests.support.running_desk import RunningDesk

MOST_CALLS: Final = 200
_EARLY_PART: Final = 20
_ROOT: Final = Path(__file__).resolve().parents[2]


def _night(effort: Effort) -> tuple[Compared, ...]:
    calls = min(MOST_CALLS, effort.samples)
    early = max(1, calls // _EARLY_PART)
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'candour.db'}")
        bring_up_to_date(store)
        desk = RunningDesk(store, lambda: datetime.now(UTC), found_organisation(store))
        desk.come_back()
        try:
            first, last = _taken(desk, early, calls)
        finally:
            desk.go_away()
            store.close()
    return (Compared(last, first, last / first),)


def _taken(desk: RunningDesk, early: int, calls: int) -> tuple[float, float]:
    """Megabytes after the early calls and after all of them; the line does what the console asks for."""
    member = desk.organisation.members[HANDLER]
    told = (desk.url, desk.organisation.root.public.to_text(), HANDLER, member.passphrase, str(early), str(calls))
    command = [sys.executable, "-m", "tests.bench.many_calls", *told]
    held: list[float] = []
    number = 0
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as console:
        assert console.stdout is not None and console.stdin is not None
        for line in console.stdout:
            what = line.split()
            number += what[0] == "waits"
            sid = f"CA{number:032x}"
            match what:
                case ["waits"]:
                    desk.a_call_waits(sid)
                case ["answered"]:
                    desk.the_handset_is_answered(sid)
                case ["leaves"]:
                    desk.the_caller_hangs_up(sid)
                case ["held", megabytes]:
                    held.append(float(megabytes))
            console.stdin.write("\n")
            console.stdin.flush()
    if not held:
        raise ChildProcessError("the console ended before its first calls did")
    return held[0], held[-1]


NIGHT: Final = Measure(
    "night",
    (
        Row(
            "night-memory",
            f"the console's memory after {MOST_CALLS} calls",
            "after the first 10",
            Unit.MEGABYTES,
            RatioAtMost(1.2),
        ),
    ),
    _night,
)
