"""What a person's roles open besides the desk: a way to it that is seen, for those who have one and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from console.app import Console
from console.appearance import Appearance
from console.models.session import SessionState
from tests.support.fitting import what_does_not_fit
from tests.support.organisation import AUDITOR, BOTH, HANDLER

Find = Callable[[Console, str], Any]
ALT = Qt.KeyboardModifier.AltModifier
WAIT = 20_000
SHEETS = ["line_now", "outbox", "left_drafts", "questions", "summary"]  # a supervisor's


def pressed(console: Console, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(console.window.focusWidget() or console.window, key, modifier)


def listed(console: Console) -> list[str]:
    buttons = console.window.oversight.findChildren(QPushButton)
    return [button.objectName().removeprefix("oversight.") for button in buttons if button.isVisible()]


def words_of_keys(console: Console) -> set[str]:
    return {label.text() for label in console.window.keys.findChildren(QLabel) if label.isVisible()}


def works(console: Console, way: str) -> bool:
    return any(key.isEnabled() for key in console.window.findChildren(QShortcut, f"way.{way}"))


def test_a_supervisor_sees_the_way_to_their_sheets_and_goes_it_by_keys_at_twice_the_size(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    console = signed_in(BOTH)
    console.window.dress(Appearance(percent=200).tokens)
    console.window.resize(1280, 720)
    qtbot.waitUntil(lambda: console.window.isActiveWindow())
    way = control(console, "action.oversight")
    console.window.go_line()
    assert console.window.focusWidget() is control(console, "action.available")  # what is done first comes first
    assert way.isVisible() and way.accessibleName() == "Show what else your roles open"

    pressed(console, Qt.Key.Key_4, ALT)

    qtbot.waitUntil(lambda: listed(console) == SHEETS)
    first = console.window.focusWidget()
    assert first is control(console, "oversight.line_now")
    assert first.accessibleDescription() == "See who waits, and open or close the line, Ctrl+Alt+W"
    qtbot.waitUntil(lambda: what_does_not_fit(console.window) == [], timeout=5_000)
    pressed(console, Qt.Key.Key_Down)
    pressed(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: control(console, "outbox").isVisible())
    assert not control(console, "oversight").isVisible()

    pressed(console, Qt.Key.Key_4, ALT)
    pressed(console, Qt.Key.Key_Down)
    pressed(console, Qt.Key.Key_Return)
    assert control(console, "outbox").isVisible()  # choosing what is open already does not close it

    pressed(console, Qt.Key.Key_1, ALT)
    assert not control(console, "outbox").isVisible()  # what is gone to is seen
    assert console.window.focusWidget() is control(console, "action.available")


def test_a_handler_is_shown_nothing_of_it_in_the_list_of_keys_or_among_what_can_be_found(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    qtbot.waitUntil(lambda: console.window.isActiveWindow())

    pressed(console, Qt.Key.Key_4, ALT)
    pressed(console, Qt.Key.Key_F1)

    qtbot.waitUntil(lambda: {"Hold", "Submit for review", "Lock the desk"} <= words_of_keys(console))
    assert not control(console, "action.oversight").isVisible() and not control(console, "oversight").isVisible()
    assert words_of_keys(console).isdisjoint({"Oversight", "Summaries", "Review", "Release to the unit", "People"})
    assert not any(works(console, way) for way in [*SHEETS, "people", "audit"])
    assert works(console, "go_call") and works(console, "only_by_key")


def test_an_auditor_has_the_log_and_no_key_for_calls_or_reports(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    console = signed_in(AUDITOR)
    qtbot.waitUntil(lambda: control(console, "audit").isVisible(), timeout=WAIT)
    console.office.audit_view.put_away()

    control(console, "action.oversight").click()
    assert listed(console) == ["audit"]
    pressed(console, Qt.Key.Key_Escape)
    pressed(console, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: "Lock the desk" in words_of_keys(console))
    assert words_of_keys(console).isdisjoint({"The call", "Answer", "Go to the call", "Two windows, or one"})
    assert not works(console, "answer_time") and not works(console, "next_by_key")


@pytest.mark.parametrize("locked", [False, True])
def test_nothing_of_it_is_left_once_nobody_is_signed_in(
    signed_in: Callable[..., Console], control: Find, qtbot: Any, locked: bool
) -> None:
    console = signed_in(BOTH)
    control(console, "action.oversight").click()
    if locked:
        console.guarding.lock()

    console.signing_in.end()

    qtbot.waitUntil(lambda: console.session.state is SessionState.SIGNED_OUT, timeout=WAIT)
    assert not control(console, "oversight").isVisible()
    assert not any(works(console, way) for way in (*SHEETS, "account"))
    assert works(console, "theme")
