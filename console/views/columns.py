"""Two cards beside each other, each scrolled by itself; where there is no room, one under the other, as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, scrolled
from console.views.parts import widget as holder

LEAST_LINES: Final = 40  # both together are as wide as this many lines of text are high


class TwoColumns(QWidget):
    """`cards` hold one of `areas` each; in one column these are as tall as what is in them."""

    def __init__(self, left: QFrame, right: QFrame, areas: Sequence[QScrollArea], tokens: Tokens) -> None:
        super().__init__()
        self._areas = areas
        self._box: QBoxLayout = across(tokens.wide, tokens.wide)
        self._box.addWidget(left, 3)
        self._box.addWidget(right, 2)
        self._outer = scrolled(holder(self._box, "ground"), "columns.scroll", tr("Both columns"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        for area in areas:
            inside = area.widget()
            if inside is not None:
                inside.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._keep_in_sight)

    @property
    def is_one(self) -> bool:
        """Whether one stands under the other."""
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stand()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._stand()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._give_height()
        return False

    def _stand(self) -> None:
        one = self.width() < LEAST_LINES * self.fontMetrics().height()
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if one else QBoxLayout.Direction.LeftToRight)
        self._give_height()

    def _give_height(self) -> None:
        for area in self._areas:
            inside, wanted = area.widget(), 0
            if self.is_one and inside is not None:
                width = area.viewport().width()
                wanted = inside.heightForWidth(width) if inside.hasHeightForWidth() else inside.sizeHint().height()
            area.setMinimumHeight(max(0, wanted))
            bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if self.is_one else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            area.setVerticalScrollBarPolicy(bar)

    def _keep_in_sight(self, _: QWidget | None, now: QWidget | None) -> None:
        if self.is_one and now is not None and self.isAncestorOf(now):
            self._outer.ensureWidgetVisible(now, 0, self.fontMetrics().height() * 2)
