"""Parts beside each other; one under the other where text is so large that there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from console.views.parts import across


class Beside(QWidget):
    """`parts` with the share of the width that each has; `least` is the width in which they stand beside each other,
    in heights of a line of text.
    """

    def __init__(self, parts: Sequence[tuple[QWidget, int]], gap: int, least: int) -> None:
        super().__init__()
        self._least, self._shares = least, [share for _, share in parts]
        self._box: QBoxLayout = across(gap)
        for part, _ in parts:
            self._box.addWidget(part)
        self.setLayout(self._box)
        self._stand()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stand()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._stand()

    def _stand(self) -> None:
        one = self.width() < self._least * self.fontMetrics().height()
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if one else QBoxLayout.Direction.LeftToRight)
        for place, share in enumerate(self._shares):
            self._box.setStretch(place, 0 if one else share)
