"""A square code that a telephone's camera reads, drawn here and nowhere else; it knows not what it says."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

SIDE = 196
QUIET = 4  # modules of white around it (ISO/IEC 18004)


class SquareCode(QWidget):
    """Black on white whatever the colours around it, so that cameras read it. Show "" to forget it."""

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        self._rows: tuple[bytearray, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFixedSize(QSize(SIDE, SIDE))

    def say(self, words: str) -> None:
        """Draw these words; "" draws nothing."""
        if not words:
            self._rows = ()
        else:
            import segno  # needed once in a person's time here, and not quick to load

            self._rows = tuple(segno.make(words, error="m", micro=False).matrix)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self._rows:
            return
        across = len(self._rows) + 2 * QUIET
        size = min(self.width(), self.height()) // across
        edge = (min(self.width(), self.height()) - size * len(self._rows)) // 2
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(QRect(edge + x * size, edge + y * size, size, size), Qt.GlobalColor.black)
