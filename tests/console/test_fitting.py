"""Every screen with text at twice its size in a small window: no text is cut, and no control out of reach."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from console.app import Console
from console.appearance import Appearance
from console.style.sheet import style_sheet
from console.views.parts import text_label
from shared.domain.vocabulary import Disposition, PresenceState
from tests.support.fitting import what_does_not_fit
from tests.support.organisation import BOTH, HANDLER, SUPERVISOR
from tests.support.studio import ANSWERS, ENTRIES

Find = Callable[[Console, str], Any]
TWICE = Appearance(percent=200).tokens
LONG = "It went on for a good many months and was never once written down. " * 6
WAIT = 20_000


@pytest.fixture
def large(signed_in: Callable[..., Console]) -> Callable[..., Console]:
    """Someone signed in at a small screen with large text."""

    def sign_in(name: str, **more: Any) -> Console:
        console = signed_in(name, **more)
        console.window.dress(TWICE)
        console.window.resize(1280, 720)
        return console

    return sign_in


@pytest.fixture
def fits(qtbot: Any) -> Callable[[Console], None]:
    """Waits until everything has its place, and fails where something has not."""

    def check(console: Console) -> None:
        def nothing_is_cut() -> None:
            assert what_does_not_fit(console.window) == []

        assert (console.window.width(), console.window.height()) == (1280, 720)
        qtbot.waitUntil(nothing_is_cut, timeout=5_000)

    return check


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # the screen that is not there
def test_the_walk_notices_a_cut_text_and_a_control_out_of_reach(qtbot: Any) -> None:
    window, layout = QWidget(), QVBoxLayout()
    qtbot.addWidget(window)
    window.setStyleSheet(style_sheet(TWICE))
    window.setLayout(layout)
    cut, far = text_label("A line that is a good deal longer", wrap=False), QPushButton("Far", window)
    layout.addWidget(cut)
    window.show()
    cut.setFixedWidth(40)
    far.move(window.width() + 10, 0)
    far.show()

    found = "\n".join(what_does_not_fit(window))
    assert "A line that is" in found and "Far” cannot be reached" in found


def test_a_call_and_its_report_fit_at_twice_the_size(
    large: Callable[..., Console], fits: Callable[[Console], None], service: Any, control: Find, qtbot: Any
) -> None:
    console = large(HANDLER)
    fits(console)
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=WAIT)
    service.a_call_waits(unable_to_speak=True)
    service.a_call_waits("CA" + "5" * 32)
    qtbot.waitUntil(lambda: console.line.offer is not None and len(console.line.calls) == 2, timeout=WAIT)
    console.window.go_line()
    fits(console)
    console.desk.answer()
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=WAIT)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: console.report.is_open, timeout=WAIT)

    first = console.report.content["entries"][0]
    entries = [first | {"text": text} for text in (*ENTRIES, f"My husband saw it at 14:32. {LONG}")]
    for field_id, value in (ANSWERS | {"danger": "yes", "mode": "confidential", "entries": entries}).items():
        console.report.answer(field_id, value)
    console.report.opened.emit()
    fits(console)
    control(console, "action.submit").click()
    control(console, "action.hints").click()
    qtbot.waitUntil(lambda: control(console, "hints").isVisible(), timeout=WAIT)
    fits(console)
    console.window.activateWindow()
    qtbot.waitUntil(console.window.isActiveWindow)
    QTest.keyClick(console.window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert control(console, "places.work").isChecked()
    QTest.keyClick(console.window, Qt.Key.Key_F7)  # a key of the place that is out of sight
    qtbot.waitUntil(lambda: console.call.may("resume"), timeout=WAIT)
    QTest.keyClick(console.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert control(console, "places.side").isChecked()
    service.the_caller_hangs_up()
    qtbot.waitUntil(lambda: console.call.may("outcome"), timeout=WAIT)
    console.desk.choose(Disposition.SIGNPOSTED)
    console.window.go_call()
    fits(console)


def test_a_review_and_the_sheets_fit_at_twice_the_size(
    large: Callable[..., Console], fits: Callable[[Console], None], service: Any, control: Find, qtbot: Any
) -> None:
    author = large(HANDLER, computer="author")
    keys = author.keyring.keys
    assert keys is not None
    author.drafting.begin_without_call()
    qtbot.waitUntil(lambda: author.report.is_open, timeout=WAIT)
    first = author.report.content["entries"][0]
    whole = ANSWERS | {"force": "kent", "category": "personal_advantage", "circle": "6-20"}
    for field_id, value in (whole | {"entries": [first | {"text": text} for text in (*ENTRIES, LONG)]}).items():
        author.report.answer(field_id, value)
    author.drafting.submit()
    qtbot.waitUntil(lambda: not author.report.is_open, timeout=WAIT)
    fits(author)
    asker, console = large(SUPERVISOR, computer="first"), large(BOTH, computer="second")
    for one in (asker, console):
        qtbot.waitUntil(lambda one=one: len(one.review.in_review) == 1, timeout=WAIT)
        one.reviewing.open(one.review.in_review[0].id)
        qtbot.waitUntil(lambda one=one: one.review.report is not None, timeout=WAIT)
    control(asker, "action.reject").click()
    qtbot.waitUntil(lambda: console.review.ask is not None, timeout=WAIT)
    control(console, "action.remark").click()
    fits(console)

    for action in ("keys", "palette", "left_drafts", "line_now", "summary", "outbox", "account"):
        ways = console.window.findChildren(QShortcut, f"way.{action}")
        (ways[0].activated.emit if ways else control(console, f"action.{action}").click)()
        fits(console)
        for sheet in console.window.findChildren(QWidget):
            if sheet.property("look") == "sheet" and sheet.isVisible():
                sheet.put_away()  # type: ignore[attr-defined]
    console.guarding.lock()
    fits(console)
