"""A second window, for a second screen, that one place of the desk can stand in; closing it puts the place back.

Its title names the product alone. Keys do in it what they do in the desk, and the other way about.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from console.actions import ACTIONS, Place
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, frame, text_label
from console.views.sheet import press

TITLE: Final = "Candour"
LEAST_WIDTH, LEAST_HEIGHT = 640, 480
IN_THE_DESK: Final = (Place.ANYWHERE, Place.OVERSIGHT)  # where what comes of an action is seen


class Apart(QWidget):
    """Emits `closed` when a person closes it; it stays as it is until it is told to give the place back."""

    closed = Signal()

    def __init__(self, desk: QWidget) -> None:
        super().__init__(desk, Qt.WindowType.Window)
        self.setObjectName("apart")
        self.setAccessibleName(tr("The report, in its own window"))
        self.setWindowTitle(TITLE)
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def hold(self, place: QWidget) -> None:
        """Have the place stand in this window."""
        self._inside.addWidget(place)
        place.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.closed.emit()


def away_note(tokens: Tokens, put_back: Callable[[], object]) -> QFrame:
    """What stands in the desk where the place stood."""
    words = text_label(tr("The report stands in a window of its own."), "", "muted", "apart.words")
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    button = press("apart.put_back", tr("Put it back"))
    button.clicked.connect(lambda: put_back())
    inside = column(tokens.gap, tokens.wide)
    inside.addStretch(2)
    inside.addWidget(words)
    inside.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
    inside.addStretch(3)
    return frame("", inside, "apart.note")


class SharedKeys:
    """Every key of one window in the other, while there are two: each presses the action's own button or way."""

    def __init__(self, desk: QWidget, apart: QWidget) -> None:
        self._desk, self._apart = desk, apart
        self._shared: list[QShortcut] = []

    def begin(self) -> None:
        """There are two windows now."""
        for action in ACTIONS.values():
            control = self._control(action.id)
            if control is None:
                continue
            inside = isinstance(control, QAbstractButton) and self._apart.isAncestorOf(control)
            key = QShortcut(QKeySequence(action.key), self._desk if inside else self._apart)
            key.setObjectName(f"shared.{action.id}")
            key.activated.connect(_pressing(control, self._desk if action.place in IN_THE_DESK else None))
            self._shared.append(key)

    def end(self) -> None:
        """There is one again."""
        for key in self._shared:
            key.setEnabled(False)
            key.deleteLater()
        self._shared = []

    def _control(self, action_id: str) -> QAbstractButton | QShortcut | None:
        for button in self._desk.findChildren(QAbstractButton, f"action.{action_id}"):
            return button
        for way in self._desk.findChildren(QShortcut, f"way.{action_id}"):
            return way
        return None


def _pressing(control: QAbstractButton | QShortcut, first: QWidget | None) -> Callable[[], None]:
    """Press it; `first` is the window that what comes of it will be seen in."""

    def press() -> None:
        if first is not None:
            first.activateWindow()
        if isinstance(control, QShortcut):
            if control.isEnabled():
                control.activated.emit()
        elif control.isVisible() and control.isEnabled():
            control.click()

    return press
