"""A desk with an organisation and people at consoles, to be photographed; everything in it is invented."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Console, Pace, build_console
from console.link import PendingCall
from console.settings import ConsoleSettings
from shared.sealing.signed_directory import with_unit
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from tests.support.organisation import CHEAP, EXPIRES, FOUNDED, KENT, Organisation, found_organisation
from tests.support.running_desk import RunningDesk

WIDTH, HEIGHT = 1440, 900
PATIENCE_SECONDS = 20.0
ROUNDS = 3  # an answer is worked on aside and then shown; words that break into more lines move what is below them

ANSWERS = {
    "danger": "no",
    "safe_to_talk": "yes",
    "serving": "yes",
    "subjects": [
        {
            "alias": "“Red”",
            "role": "police_officer",
            "rank": "Sergeant",
            "station": "Roads policing, the northern depot",
        }
    ],
    "what": "Sends recovered vehicles to one garage, out of turn, and has their own cars repaired there for nothing.",
    "when": "Several times since last autumn; still going on",
    "where": "The garage on the ring road",
    "duty": "on",
    "medium": ["in_person"],
    "how": "Uses the control room's recovery rota.",
    "harm": "none_known",
    "circle": "1-2",
    "unique": "no",
    "chief_officer": "no",
    "works_in_unit": "no",
    "how_known": ["saw"],
    "door": "They would be asked at work who had spoken. Nobody at home knows.",
    "tipoff": "no",
    "read_back": "yes",
    "may_be_sent": "yes",
}
ENTRIES = (
    "A sergeant known as “Red”, in roads policing, sends recovered vehicles to one garage out of turn.",
    "The garage repairs the sergeant's own cars without charge. This has gone on since last autumn.",
)


@dataclass
class Clock:
    """An invented afternoon that passes as time does, and can be moved on."""

    began: float
    ahead: timedelta = timedelta(0)
    _stopped: float | None = None

    def __call__(self) -> datetime:
        now = time.monotonic() if self._stopped is None else self._stopped
        passed = timedelta(seconds=now - self.began)
        return datetime(2026, 3, 10, 14, 5, tzinfo=UTC) + passed + self.ahead

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time stands still meanwhile."""
        self._stopped = time.monotonic()
        yield
        self.began += time.monotonic() - self._stopped
        self._stopped = None


class Studio:
    """A desk with an organisation, and people at consoles to be photographed."""

    def __init__(self, folder: Path) -> None:
        store = open_store(f"sqlite:///{folder / 'candour.db'}")
        bring_up_to_date(store)
        self.clock = Clock(time.monotonic())
        self.desk = RunningDesk(store, self.clock, with_named_unit(store, found_organisation(store)))
        self.desk.come_back()
        self._folder = folder
        self._consoles: list[Console] = []

    def open_window(self, name: str) -> Console:
        """A console nobody has signed in at."""
        settings = ConsoleSettings(self.desk.url, self.desk.organisation.root.public, self._folder / name)
        console = build_console(settings, self.clock, Pace(save_after_ms=50, floor=CHEAP))
        self._consoles.append(console)
        console.window.resize(WIDTH, HEIGHT)
        console.window.show()
        console.window.activateWindow()
        return console

    def sit_down(self, name: str) -> Console:
        """A console at which this person has signed in."""
        console = self.open_window(name)
        console.signing_in.begin(name, self.desk.organisation.members[name].passphrase)
        wait_for(lambda: console.line.reached)
        return console

    def close(self) -> None:
        for console in self._consoles:
            console.close()
        self.desk.go_away()


def with_named_unit(store: Store, organisation: Organisation) -> Organisation:
    """Kent's unit under the name such a unit would have."""
    entry = organisation.units[KENT].entry.model_copy(update={"name": "Kent Professional Standards"})
    organisation.publish(store, with_unit(organisation.directory, entry, FOUNDED, EXPIRES))
    return organisation


def wait_for(happened: Callable[[], bool]) -> None:
    """Let the windows work until something has happened. Raises TimeoutError if it never does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError("something that should have happened did not")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def at_rest(console: Console) -> None:
    """Let it work until it waits for no answer, nothing is done aside, and all has found its place."""
    for _ in range(ROUNDS):
        wait_for(lambda: not console.link.findChildren(PendingCall) and not console.workers._pool.activeThreadCount())
        QApplication.processEvents()


def press(console: Console, action: str) -> None:
    found = console.window.findChildren(QWidget, f"action.{action}")[0]
    wait_for(lambda: found.isVisible() and found.isEnabled())
    found.click()  # type: ignore[attr-defined]
