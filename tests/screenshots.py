"""Pictures of the console: the README's few, or every screen in every look into a folder, to be looked at.

Everything in them is invented. Run as `python -m tests.screenshots`; it writes docs/pictures/. With a folder's name it
writes every screen there instead.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from console.app import Console
from console.style.tokens import LIGHT
from shared.domain.vocabulary import Category, Language
from tests.every_screen import photograph_every_screen
from tests.support.organisation import HANDLER, SUPERVISOR
from tests.support.studio import ANSWERS, ENTRIES, HEIGHT, WIDTH, Studio, at_rest, press, wait_for

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MOST_BYTES = 150_000


def picture(console: Console, name: str) -> None:
    """Write docs/pictures/<name>.png, with fewer colours if it would be too large."""
    at_rest(console)
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
    handler.report.answer("read_back", "yes")  # last: it is read back as it is now
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


def readme_pictures(studio: Studio) -> None:
    """The few that the README shows."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    handler = studio.sit_down(HANDLER)
    for scene in (offer, call, review):
        scene(studio, handler)


def main(arguments: list[str]) -> int:
    """Take the pictures. Returns the exit status."""
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
        if arguments:
            photograph_every_screen(studio, Path(arguments[0]))
        else:
            readme_pictures(studio)
        studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
