"""Puts a window where it stood, whole and on a screen that is there. It keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from console.placement import Frame, brought_back


def frame_of(window: QWidget) -> Frame:
    """Where it stands, or would if it were not maximised."""
    place = window.normalGeometry() if window.isMaximized() else window.geometry()
    edge = window.geometry().topLeft() - window.pos()  # what the desktop draws around it
    corner = place.topLeft() - edge
    return Frame(corner.x(), corner.y(), place.width(), place.height(), window.isMaximized())


def settle(window: QWidget, frame: Frame) -> None:
    """Put it there, whole and on a screen that is there."""
    there = brought_back(frame, screens())
    window.resize(there.width, there.height)
    window.move(there.left, there.top)
    maximised = Qt.WindowState.WindowMaximized if frame.maximised else Qt.WindowState.WindowNoState
    if window.windowState() != maximised:
        window.setWindowState(maximised)


def screens() -> Sequence[Frame]:
    """What windows may cover of each screen, the first one first."""
    first = QGuiApplication.primaryScreen()
    found = sorted(QGuiApplication.screens(), key=lambda screen: screen is not first)
    return [_frame(screen.availableGeometry()) for screen in found]


def elsewhere(window: QWidget) -> Frame:
    """Most of a screen that the window is not on; where there is none, the right half of its own."""
    here = window.screen()
    other = next((screen for screen in QGuiApplication.screens() if screen is not here), None)
    room = (other or here).availableGeometry()
    half = room.adjusted(room.width() // 10, room.height() // 10, -room.width() // 10, -room.height() // 10)
    if other is None:
        half = room.adjusted(room.width() // 2, 0, 0, -room.height() // 12)  # what is drawn around it has room too
    return _frame(half)


def _frame(room: QRect) -> Frame:
    return Frame(room.x(), room.y(), room.width(), room.height())
