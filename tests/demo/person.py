"""Someone at a console: looks at the window, clicks, types and presses keys, and takes pictures of what they see.

Everything goes through the real widgets, found by their object names.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QElapsedTimer, QEventLoop, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea, QWidget

from console.actions import ACTIONS
from console.app import Console

PATIENCE_SECONDS = 20.0


class GaveUp(Exception):
    """Something that should have happened did not; the message says what was waited for."""


def wait_for(happened: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> float:
    """Let the windows work until something has happened. Returns the seconds it took; raises GaveUp."""
    timer, deadline = QElapsedTimer(), QDeadlineTimer(int(seconds * 1000))
    timer.start()
    while not happened():
        if deadline.hasExpired():
            raise GaveUp(f"waited {seconds:g} seconds for {what}")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
    return timer.elapsed() / 1000


class Person:
    """One person at one console."""

    def __init__(self, console: Console, pictures: Path) -> None:
        self.console = console
        self._pictures = pictures
        console.window.resize(1440, 900)
        console.window.show()
        console.window.activateWindow()

    def find(self, name: str) -> QWidget:
        """The widget of this object name. Raises GaveUp where there is not exactly one."""
        found = self.console.window.findChildren(QWidget, name)
        if len(found) != 1:
            raise GaveUp(f"{len(found)} widgets are called {name}")
        return found[0]

    def sees(self, name: str) -> bool:
        """Whether the widget is there, on the screen, and can be used."""
        found = self.console.window.findChildren(QWidget, name)
        return len(found) == 1 and found[0].isVisible() and found[0].isEnabled()

    def press(self, action: str) -> None:
        """Press the key of an action, once it can be done."""
        wait_for(lambda: self.sees(f"action.{action}"), f"{ACTIONS[action].words!r} to be possible")
        self.console.window.activateWindow()
        wait_for(self.console.window.isActiveWindow, "the window to be in front")
        combination = QKeySequence(ACTIONS[action].key)[0]
        focus = self.console.window.focusWidget() or self.console.window
        QTest.keyClick(focus, combination.key(), combination.keyboardModifiers())

    def type(self, name: str, text: str) -> None:
        """Type into a field."""
        field = self._in_sight(name)
        field.setFocus()
        QTest.keyClicks(field, text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of a field's values: click its segment, or walk down its list by keyboard."""
        if self.console.window.findChildren(QWidget, f"{name}.{value}"):
            QTest.mouseClick(self._in_sight(f"{name}.{value}"), Qt.MouseButton.LeftButton)
            return
        box = self._in_sight(name)
        if not isinstance(box, QComboBox):
            raise GaveUp(f"{name} has no value {value}")
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        while box.currentData() != value:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            if box.currentIndex() == before:
                raise GaveUp(f"{name} has no value {value}")

    def _in_sight(self, name: str) -> QWidget:
        wait_for(lambda: self.sees(name), f"{name} to be there")  # what was pressed before may not have shown it yet
        widget = self.find(name)
        above = widget.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(widget)
            above = above.parentWidget()
        return widget

    def picture(self, name: str) -> None:
        """Keep what the window shows now."""
        QApplication.processEvents()
        path = self._pictures / f"{name}.png"
        if not self.console.window.grab().save(str(path)):
            raise GaveUp(f"the picture {path.name} could not be written")
