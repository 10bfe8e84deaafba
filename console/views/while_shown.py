"""Something done every few seconds while a sheet is shown; not while it is away, or hidden by a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

EVERY_MS: Final = 5_000


class WhileShown(QTimer):
    """Runs from when the sheet is shown until it is hidden."""

    def __init__(self, sheet: QWidget, then: Callable[[], object], every_ms: int = EVERY_MS) -> None:
        super().__init__(sheet)
        self.setInterval(every_ms)
        self.timeout.connect(then)
        sheet.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self.start()
        elif event.type() is QEvent.Type.Hide:
            self.stop()
        return False
