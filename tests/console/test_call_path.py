"""A call at the desk: offered, answered by keyboard, held, ended on purpose and wrapped up, without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.app import Console
from shared.domain.vocabulary import CallState, Disposition, PresenceState
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(console: Console, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = console.window.focusWidget() or console.window
    QTest.keyClick(focused, key, modifiers)


def available(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.window.isActiveWindow())
    press(console, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)


def talking(console: Console, service: Any, qtbot: Any, **choices: Any) -> None:
    available(console, qtbot)
    service.a_call_waits(**choices)
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    press(console, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=20_000)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: console.call.has_begun, timeout=20_000)


def test_an_offer_shows_wait_language_and_silence_and_nothing_chosen(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    available(console, qtbot)

    service.a_call_waits(force_id="kent", unable_to_speak=True)

    qtbot.waitUntil(control(console, "line.offer").isVisible, timeout=20_000)
    words = [label.text() for label in control(console, "line.offer").findChildren(type(control(console, "line.name")))]
    assert "English" in words and "May be unable to speak" in words
    assert not any("Kent" in text for text in words)


def test_a_call_is_answered_by_keyboard_and_its_choices_appear(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)

    talking(console, service, qtbot)

    assert dict(console.call.choices)["Force"] == "Kent Police"
    assert not control(console, "line.offer").isVisible()
    assert control(console, "field.force").currentText() == "Kent Police"
    assert control(console, "field.mode.anonymous").isChecked()


def test_not_now_passes_the_call_on(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> None:
    console = signed_in(HANDLER)
    available(console, qtbot)
    service.a_call_waits()
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)

    press(console, Qt.Key.Key_N, CTRL | SHIFT)

    qtbot.waitUntil(lambda: console.line.offer is None, timeout=20_000)
    assert len(console.line.calls) == 1


def test_a_call_is_held_and_resumed_by_keyboard(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)

    press(console, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: console.call.call.state is CallState.HELD, timeout=20_000)
    press(console, Qt.Key.Key_F8)

    qtbot.waitUntil(lambda: console.call.call.state is CallState.TALKING, timeout=20_000)


def test_one_press_on_end_only_asks(signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)

    press(console, Qt.Key.Key_F9)

    qtbot.waitUntil(lambda: control(console, "action.end").text() == "Press again to end")
    assert console.call.call.state is CallState.TALKING


def test_the_same_key_pressed_again_ends_the_call(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)
    press(console, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: control(console, "action.end").text() == "Press again to end")

    def ended_by_the_key() -> bool:
        press(console, Qt.Key.Key_F9)  # the guard lets a press through once it is no double one
        return console.call.call is not None and console.call.call.state is CallState.WRAP_UP

    qtbot.waitUntil(ended_by_the_key, timeout=4_000)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # there is no screen that a list could grab
def test_a_key_reaches_the_call_while_a_list_of_the_report_stands_open(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)
    forces = control(console, "field.force")
    chosen = forces.currentText()
    forces.showPopup()
    qtbot.waitUntil(forces.view().isVisible)

    QTest.keyClick(forces.view(), Qt.Key.Key_Down)
    still_open = forces.view().isVisible()
    QTest.keyClick(forces.view(), Qt.Key.Key_F9)

    qtbot.waitUntil(lambda: control(console, "action.end").text() == "Press again to end")
    assert still_open and not forces.view().isVisible()
    assert forces.currentText() == chosen


def test_a_call_is_wrapped_up_by_keyboard(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)
    service.the_caller_hangs_up()
    qtbot.waitUntil(lambda: console.call.may("outcome"), timeout=20_000)

    press(console, Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: console.call.outcome is Disposition.REPORT)
    press(console, Qt.Key.Key_F, CTRL | SHIFT)

    qtbot.waitUntil(lambda: console.call.call is None, timeout=20_000)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)


def test_a_refusal_is_a_line_not_a_dialog(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    available(console, qtbot)
    service.a_call_waits()
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    service.the_caller_hangs_up()

    console.desk.answer()

    qtbot.waitUntil(lambda: console.line.notice == "The caller has left.", timeout=20_000)
    assert control(console, "line.notice").isVisible()
