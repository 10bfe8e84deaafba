"""The README's pictures, taken from real consoles at a real desk: the offer, the call with its report, the review.

Everything in them is invented. Run as `python -m tests.screenshots`; it writes docs/pictures/.
"""

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Console, Pace, build_console
from console.settings import ConsoleSettings
from console.style.tokens import LIGHT
from shared.domain.vocabulary import Category, Language
from shared.sealing.signed_directory import with_unit
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from tests.support.organisation import (
    CHEAP,
    EXPIRES,
    FOUNDED,
    HANDLER,
    KENT,
    SUPERVISOR,
    Organisation,
    found_organisation,
)
from tests.support.running_desk import RunningDesk

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1440, 900
MOST_BYTES = 150_000
PATIENCE_SECONDS = 20.0

ANSWERS = {
    "danger": "no",
    "safe_to_talk": "yes",
    "serving": "yes",
    "subject_name": "“Red”",
    "subject_role": "police_officer",
    "subject_rank": "Sergeant",
    "subject_station": "Roads policing, the northern depot",
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

    def __call__(self) -> datetime:
        passed = timedelta(seconds=time.monotonic() - self.began)
        return datetime(2026, 3, 10, 14, 5, tzinfo=UTC) + passed + self.ahead


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

    def sit_down(self, name: str) -> Console:
        settings = ConsoleSettings(self.desk.url, self.desk.organisation.root.public, self._folder / name)
        console = build_console(settings, self.clock, Pace(save_after_ms=50, floor=CHEAP))
        self._consoles.append(console)
        console.window.resize(WIDTH, HEIGHT)
        console.window.show()
        console.window.activateWindow()
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
    """Let the windows work until something has happened; stops the program if it never does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > until:
            raise SystemExit("screenshots: something that should have happened did not")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def press(console: Console, action: str) -> None:
    found = console.window.findChildren(QWidget, f"action.{action}")[0]
    wait_for(lambda: found.isVisible() and found.isEnabled())
    found.click()  # type: ignore[attr-defined]


def picture(console: Console, name: str) -> None:
    """Write docs/pictures/<name>.png, with fewer colours if it would be too large."""
    QTest.qWait(400)  # clocks tick, and what moved has been drawn
    image = console.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    path = PICTURES / f"{name}.png"
    image.save(str(path), "PNG", 0)
    if path.stat().st_size > MOST_BYTES:
        plain = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
        image.convertToFormat(QImage.Format.Format_Indexed8, _commonest(image), plain).save(str(path), "PNG", 0)
    sys.stdout.write(f"{path.relative_to(PICTURES.parents[1])}: {path.stat().st_size // 1024} KB\n")


def _commonest(image: QImage) -> list[int]:
    """256 colours: the theme's own, then those there are most of, for the edges of letters."""
    own = [QColor(colour).rgb() for colour in asdict(LIGHT).values()]
    pixels = memoryview(image.constBits()).cast("B").cast("I")
    return (own + [colour for colour, _ in Counter(pixels).most_common(256) if colour not in own])[:256]


def offer(studio: Studio, handler: Console) -> None:
    studio.desk.a_call_waits(category=Category.PERSONAL_ADVANTAGE, force_id="kent")
    studio.clock.ahead += timedelta(seconds=38)
    press(handler, "available")
    wait_for(lambda: handler.line.offer is not None)
    studio.desk.a_call_waits("CA" + "5" * 32, unable_to_speak=True)
    studio.clock.ahead += timedelta(seconds=6)
    studio.desk.a_call_waits("CA" + "6" * 32, language=Language.CY)
    studio.clock.ahead += timedelta(seconds=3)
    wait_for(lambda: len(handler.line.calls) == 3)
    picture(handler, "offer")


def call(studio: Studio, handler: Console) -> None:
    press(handler, "answer")
    wait_for(lambda: handler.call.call is not None)
    studio.desk.the_handset_is_answered()
    wait_for(lambda: handler.report.is_open)
    first = handler.report.content["entries"][0]
    answers = ANSWERS | {"entries": [first | {"text": text} for text in ENTRIES]}
    for field_id, value in answers.items():
        handler.report.answer(field_id, value)
    handler.report.opened.emit()
    wait_for(lambda: not handler.report.is_unsaved)
    studio.clock.ahead += timedelta(minutes=8, seconds=34)
    handler.window.report.go_to_field("what")
    picture(handler, "call")


def review(studio: Studio, handler: Console) -> None:
    press(handler, "submit")
    wait_for(lambda: not handler.report.is_open)
    reviewer = studio.sit_down(SUPERVISOR)
    wait_for(lambda: bool(reviewer.review.in_review))
    reviewer.reviewing.open(reviewer.review.in_review[0].id)
    wait_for(lambda: reviewer.review.report is not None)
    picture(reviewer, "review")


def main() -> int:
    """Take every picture. Returns the exit status."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as name:
        folder = Path(name)
        screen = {"name": "desk", "x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "dpr": 1}
        layout = folder / "screen.json"
        layout.write_text(
            json.dumps({"screens": [screen | {"logicalDpi": 96, "logicalBaseDpi": 96}]}), encoding="utf-8"
        )
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={layout}"
        application = QApplication([])
        application.setStyle("fusion")
        studio = Studio(folder)
        handler = studio.sit_down(HANDLER)
        for scene in (offer, call, review):
            scene(studio, handler)
        studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
