"""`python -m tests.bench.many_calls URL ROOT NAME PASSPHRASE EARLY CALLS`: a console that takes so many calls.

It asks for what the line would do by a word on standard output and goes on when a line comes back; after EARLY calls
and after all of them it says what it holds in memory.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from console.app import Console, Pace, build_console
from console.settings import ConsoleSettings
from shared.domain.vocabulary import Disposition, PresenceState
from shared.sealing.verify_key import VerifyKey
from tests.bench.desktop import HEIGHT, WIDTH, wait_until
from tests.bench.watching import qt
from tests.support.organisation import CHEAP
from tests.support.studio import ANSWERS, ENTRIES


def _ask_the_line(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _sign_in(console: Console, name: str, passphrase: str) -> None:
    console.signing_in.begin(name, passphrase)
    wait_until(lambda: console.line.reached and console.line.me is not None)
    console.desk.set_presence(PresenceState.AVAILABLE)
    wait_until(lambda: console.line.presence is PresenceState.AVAILABLE)


def _take(console: Console) -> None:
    """One whole call with its report."""
    _ask_the_line("waits")
    wait_until(lambda: console.line.offer is not None)
    console.desk.answer()
    wait_until(lambda: console.call.call is not None)
    _ask_the_line("answered")
    wait_until(lambda: console.report.is_open)
    first = console.report.content["entries"][0]
    for field_id, value in (ANSWERS | {"entries": [first | {"text": text} for text in ENTRIES]}).items():
        console.report.answer(field_id, value)
    console.report.answer("read_back", "yes")  # last: it is read back as it is now
    console.report.opened.emit()
    wait_until(lambda: not console.report.is_unsaved)
    console.drafting.submit()
    wait_until(lambda: not console.report.is_open)
    _ask_the_line("leaves")
    wait_until(lambda: console.call.may("outcome"))
    console.desk.choose(Disposition.REPORT)
    console.desk.finish()
    wait_until(lambda: console.call.call is None and console.line.presence is PresenceState.AVAILABLE)


def _held() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(url: str, root: str, name: str, passphrase: str, early: int, calls: int) -> None:
    """Take the calls."""
    qt()
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        settings = ConsoleSettings(url, VerifyKey.from_text(root), Path(folder))
        console = build_console(settings, pace=Pace(save_after_ms=20, floor=CHEAP))
        console.window.resize(WIDTH, HEIGHT)
        console.window.show()
        _sign_in(console, name, passphrase)
        for number in range(1, calls + 1):
            _take(console)
            if number in (early, calls):
                _ask_the_line(f"held {_held()}")
        console.close()


if __name__ == "__main__":
    main(*sys.argv[1:5], early=int(sys.argv[5]), calls=int(sys.argv[6]))
