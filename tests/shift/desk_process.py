"""A real console in a process of its own, offscreen, told what to do a line at a time; it can be killed like any other.

Each line of its input is a JSON object with `do`; each is answered by one line: a JSON object with `ok`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from console.app import Console, Pace, build_console
from console.settings import read_settings
from shared.sealing.sign_in import Cost
from tests.demo.person import GaveUp, Person, wait_for


class Told:
    """Does what it is told, through the window's own widgets."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._console: Console = person.console
        self._rest = b""

    def sign_in(self, name: str, passphrase: str) -> None:
        self._person.type("sign_in.name", name)
        self._person.type("sign_in.passphrase", passphrase)
        self._person.press("sign_in")
        wait_for(lambda: self._person.sees("place.line"), f"{name} to be signed in")
        wait_for(lambda: self._console.line.reached, "the desk to be reached")

    def press(self, action: str) -> None:
        self._person.press(action)

    def type(self, name: str, text: str) -> None:
        self._person.type(name, text)

    def choose(self, name: str, value: str) -> None:
        self._person.choose(name, value)

    def wait_for(self, name: str, seconds: float) -> None:
        wait_for(lambda: self._person.sees(name), f"{name} to be there", seconds)

    def report(self) -> dict[str, Any]:
        """What is in the form, and whether it is safe."""
        report = self._console.report
        return {"open": report.is_open, "content": dict(report.content), "at_risk": report.is_at_risk,
                "unsaved": report.is_unsaved, "status": report.status_words}  # fmt: skip

    def call(self) -> str:
        """The state of the call in hand, "" for none."""
        call = self._console.call.call
        return "" if call is None else call.state.value


def read_lines(told: Told, file: int, application: QApplication) -> Callable[[], None]:
    """Read what has come, and do it line by line."""
    rest = bytearray()

    def read() -> None:
        came = os.read(file, 65536)
        if not came:
            application.quit()
            return
        rest.extend(came)
        while b"\n" in rest:
            line, _, after = bytes(rest).partition(b"\n")
            rest[:] = after
            _answer(_done(told, json.loads(line)))

    return read


def _done(told: Told, asked: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in asked.items() if name != "do"}
    try:
        return {"ok": True, "value": getattr(told, asked["do"])(**given)}
    except GaveUp as gave_up:
        return {"ok": False, "words": f"{gave_up} (the line: {told._console.line.notice!r})"}


def _answer(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


READY: Final = {"ok": True, "value": "ready"}


def main(settings: Path, folder: Path, pace: Pace | None = None) -> int:
    """Runs until its input ends. `pace` is for tests that cannot wait for a passphrase to be stretched."""
    application = QApplication(["shift"])
    application.setStyle("fusion")
    console = build_console(read_settings(settings, folder), pace=pace)
    told = Told(Person(console, folder))
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read_lines(told, sys.stdin.fileno(), application))
    _answer(READY)
    status = application.exec()
    console.close()
    return int(status)


if __name__ == "__main__":
    cheap = Pace(floor=Cost(memory_kib=8, iterations=1, lanes=1)) if "--cheap" in sys.argv else None
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), cheap))
