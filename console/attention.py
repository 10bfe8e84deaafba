"""Calls somebody back to the desk when a call is offered: a sound and a few words that say nothing of the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from console.models.line import LineModel
from console.translation import tr

WAITING: Final = tr("A call is waiting")
SHOWN_MS: Final = 10_000


class Attention(QObject):
    """Watches the line; each offer calls once."""

    def __init__(self, line: LineModel, call: Callable[[str], None]) -> None:
        super().__init__()
        self._line, self._call = line, call
        self._called_for = ""
        line.changed.connect(self._look)

    def _look(self) -> None:
        offer = self._line.offer
        if offer is None:
            self._called_for = ""
        elif offer.id != self._called_for:
            self._called_for = offer.id
            self._call(WAITING)


def call_through(window: QWidget) -> Callable[[str], None]:
    """The desktop's sound, its mark on the window, and its notification where it has a place for them."""
    tray = QSystemTrayIcon(window.windowIcon(), window) if QSystemTrayIcon.isSystemTrayAvailable() else None

    def call(words: str) -> None:
        QApplication.beep()
        QApplication.alert(window)
        if tray is not None and QSystemTrayIcon.supportsMessages():
            tray.show()
            tray.showMessage(window.windowTitle().split(" ")[0], words, QSystemTrayIcon.MessageIcon.NoIcon, SHOWN_MS)

    return call
