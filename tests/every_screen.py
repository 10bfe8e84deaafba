"""Every screen of the console, each in every theme and with large text on a small screen; to be looked at, not kept."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtTest import QTest

from console.app import Console
from console.appearance import Appearance, Theme
from shared.domain.vocabulary import Category, Language
from tests.support.organisation import HANDLER, SUPERVISOR
from tests.support.studio import ANSWERS, ENTRIES, HEIGHT, WIDTH, Studio, press, wait_for

LOOKS = {
    "light": (Appearance(), WIDTH, HEIGHT),
    "dark": (Appearance(Theme.DARK), WIDTH, HEIGHT),
    "high_contrast": (Appearance(Theme.HIGH_CONTRAST), WIDTH, HEIGHT),
    "small_screen": (Appearance(), 1280, 720),
    "text_150": (Appearance(percent=150), 1280, 720),
    "text_200": (Appearance(percent=200), 1280, 720),
    "dark_200": (Appearance(Theme.DARK, 200), 1920, 1080),
}
LONG = "They said that " + "it went on for a good many months and was never once written down, " * 12

Snap = Callable[[Console, str], None]


def photograph_every_screen(studio: Studio, folder: Path) -> None:
    """Write `<screen>.<look>.png` for all of them."""
    folder.mkdir(parents=True, exist_ok=True)

    def snap(console: Console, name: str) -> None:
        with studio.clock.stopped():
            for look, (appearance, width, height) in LOOKS.items():
                console.window.dress(appearance.tokens)
                console.window.resize(width, height)
                QTest.qWait(100)
                console.window.grab().save(str(folder / f"{name}.{look}.png"))
            console.window.dress(Appearance().tokens)
            console.window.resize(WIDTH, HEIGHT)
        sys.stdout.write(f"{name}\n")

    _sign_in(studio, snap)
    handler = studio.sit_down(HANDLER)
    for scene in (_line, _call, _report, _wrap_up, _sheets, _review, _away):
        scene(studio, handler, snap)


def _sign_in(studio: Studio, snap: Snap) -> None:
    door = studio.open_window(HANDLER)
    snap(door, "sign_in")
    door.signing_in.begin(HANDLER, "not the passphrase at all")
    wait_for(lambda: bool(door.session.problem))
    snap(door, "sign_in_refused")


def _line(studio: Studio, handler: Console, snap: Snap) -> None:
    snap(handler, "offline")
    studio.desk.a_call_waits(category=Category.PERSONAL_ADVANTAGE, force_id="kent")
    press(handler, "available")
    wait_for(lambda: handler.line.offer is not None)
    for number in range(5, 9):
        silent, welsh = number % 2 == 0, number % 3 == 0
        studio.desk.a_call_waits(
            f"CA{number}" + "0" * 31, unable_to_speak=silent, language=Language.CY if welsh else Language.EN
        )
        studio.clock.ahead += timedelta(seconds=2)
    wait_for(lambda: len(handler.line.calls) == 5)
    handler.window.go_line()
    snap(handler, "offer")


def _call(studio: Studio, handler: Console, snap: Snap) -> None:
    press(handler, "answer")
    wait_for(lambda: handler.call.call is not None)
    snap(handler, "ringing")
    studio.desk.the_handset_is_answered()
    wait_for(lambda: handler.report.is_open)
    snap(handler, "talking")
    press(handler, "hold")
    wait_for(lambda: handler.call.may("resume"))
    handler.window.go_call()
    snap(handler, "held")
    press(handler, "resume")
    wait_for(lambda: handler.call.may("hold"))
    press(handler, "end")
    snap(handler, "end_asked")


def _report(studio: Studio, handler: Console, snap: Snap) -> None:
    press(handler, "submit")
    snap(handler, "problems")
    first = handler.report.content["entries"][0]
    answers = ANSWERS | {"entries": [first | {"text": text} for text in (*ENTRIES, LONG)]}
    for field_id, value in answers.items():
        handler.report.answer(field_id, value)
    handler.report.opened.emit()
    wait_for(lambda: not handler.report.is_unsaved)
    for section in handler.report.form.sections:
        if any(field.id in handler.report.asked for field in section.fields):
            handler.window.report.go_to_section(section.id)
            snap(handler, f"report_{section.id}")


def _wrap_up(studio: Studio, handler: Console, snap: Snap) -> None:
    studio.desk.the_caller_hangs_up()
    wait_for(lambda: handler.call.may("outcome"))
    handler.window.go_call()
    press(handler, "outcome_report")
    snap(handler, "wrap_up")


def _sheets(studio: Studio, handler: Console, snap: Snap) -> None:
    handler.window.keys.toggle()
    snap(handler, "keys")
    handler.window.keys.put_away()
    handler.window.palette_sheet.toggle()
    snap(handler, "palette")
    QTest.keyClicks(handler.window.focusWidget(), "text")
    snap(handler, "palette_typed")
    handler.window.palette_sheet.put_away()


def _review(studio: Studio, handler: Console, snap: Snap) -> None:
    press(handler, "submit")
    wait_for(lambda: not handler.report.is_open)
    snap(handler, "submitted")
    reviewer = studio.sit_down(SUPERVISOR)
    wait_for(lambda: bool(reviewer.review.in_review))
    snap(reviewer, "supervisor")
    reviewer.reviewing.open(reviewer.review.in_review[0].id)
    wait_for(lambda: reviewer.review.report is not None)
    snap(reviewer, "review")


def _away(studio: Studio, handler: Console, snap: Snap) -> None:
    studio.desk.go_away()
    wait_for(lambda: bool(handler.line.banner))
    snap(handler, "away")
    studio.desk.come_back()
    wait_for(lambda: handler.line.reached)
