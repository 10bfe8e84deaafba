"""Tells when a button is left that asks for a second press, so that it does not stay one press from what it does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton


class WhenLeft(QObject):
    """Calls `then` whenever the keyboard goes from the button to anything else."""

    def __init__(self, button: QAbstractButton, then: Callable[[], object]) -> None:
        super().__init__(button)
        self._then = then
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self._then()
        return False
