"""A whole call, from an empty sign-in to a submitted report, by keys alone: no click, and no focus set by the test."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Console
from shared.domain.vocabulary import CallState, PresenceState
from tests.support.organisation import HANDLER

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
MOST_TABS = 300


class Hands:
    """Ten fingers on a keyboard, and eyes that see where the focus is."""

    def __init__(self, console: Console, qtbot: Any) -> None:
        self._console, self._qtbot = console, qtbot

    @property
    def focus(self) -> QWidget:
        return QApplication.focusWidget() or self._console.window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.focus, key, modifiers)

    def type(self, words: str) -> None:
        QTest.keyClicks(self.focus, words)

    def tab_to(self, name: str) -> None:
        for _ in range(MOST_TABS):
            if self.focus.objectName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never came to {name}")

    def see(self, seen: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(seen, timeout=20_000)


def signs_in(console: Console, hands: Hands, passphrase: str) -> None:
    hands.see(console.window.isActiveWindow)
    hands.type(HANDLER)
    hands.press(Qt.Key.Key_Return)
    hands.type(passphrase)
    hands.press(Qt.Key.Key_Return)
    hands.see(lambda: console.line.reached)


def takes_a_call(console: Console, hands: Hands, service: Any) -> None:
    hands.press(Qt.Key.Key_F2)
    hands.see(lambda: console.line.presence is PresenceState.AVAILABLE)
    service.a_call_waits()
    hands.see(lambda: console.line.offer is not None)
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.see(lambda: console.call.call is not None)
    service.the_handset_is_answered()
    hands.see(lambda: console.call.has_begun and console.report.is_open)


def ends_it(console: Console, hands: Hands) -> None:
    def ended() -> bool:
        hands.press(Qt.Key.Key_F9)  # the guard lets a press through once it is no double one
        return console.call.call is not None and console.call.call.state is CallState.WRAP_UP

    hands.press(Qt.Key.Key_2, ALT)
    hands.see(ended)


def test_a_whole_call_is_worked_by_keys_alone(
    open_console: Callable[..., Console], service: Any, control: Callable[[Console, str], Any], qtbot: Any
) -> None:
    console = open_console()
    hands = Hands(console, qtbot)

    signs_in(console, hands, service.organisation.members[HANDLER].passphrase)
    takes_a_call(console, hands, service)
    hands.press(Qt.Key.Key_3, ALT)
    hands.tab_to("field.what")
    hands.type("Sends vehicles to one garage.")
    hands.see(lambda: not console.report.is_unsaved)
    ends_it(console, hands)

    assert console.report.content["what"] == "Sends vehicles to one garage."
    assert control(console, "call.card").isAncestorOf(hands.focus)
    hands.tab_to("action.outcome_report")
    hands.press(Qt.Key.Key_Space)
    hands.tab_to("action.finish")
    hands.press(Qt.Key.Key_Space)
    hands.see(lambda: console.call.call is None)


def test_ending_a_call_by_key_leaves_the_focus_with_the_call(
    open_console: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = open_console()
    hands = Hands(console, qtbot)
    signs_in(console, hands, service.organisation.members[HANDLER].passphrase)
    takes_a_call(console, hands, service)

    ends_it(console, hands)

    hands.see(lambda: hands.focus.objectName().startswith("action.outcome_"))


def test_who_types_in_the_report_keeps_typing_there_when_the_caller_leaves(
    open_console: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = open_console()
    hands = Hands(console, qtbot)
    signs_in(console, hands, service.organisation.members[HANDLER].passphrase)
    takes_a_call(console, hands, service)
    hands.press(Qt.Key.Key_3, ALT)
    hands.tab_to("field.what")

    service.the_caller_hangs_up()
    hands.see(lambda: console.call.may("outcome"))

    assert hands.focus.objectName() == "field.what"
