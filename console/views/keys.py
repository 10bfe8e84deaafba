"""Every action and its key, drawn over the window by F1 and taken away by Escape."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.actions import ACTIONS, Place
from console.style.tokens import Tokens
from console.views.parts import column, frame, key_hint, scrolled, text_label
from console.views.parts import widget as holder

COLUMNS = ((Place.ANYWHERE, Place.LINE, Place.CALL), (Place.OUTCOME,), (Place.REPORT, Place.REVIEW))


class KeysView(QWidget):
    """The list of keys, made from the table of actions."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setObjectName("keys")
        self.setAccessibleName("Every key. Escape closes the list.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "ground")
        across = QHBoxLayout()
        across.setSpacing(tokens.vast)
        for places in COLUMNS:
            inside = column(tokens.wide)
            for place in places:
                inside.addWidget(self._place(place))
            inside.addStretch(1)
            across.addLayout(inside, 1)
        whole = column(tokens.wide, tokens.vast)
        whole.addWidget(text_label("Every key", "title"))
        whole.addLayout(across, 1)
        whole.addWidget(text_label("Escape or F1 closes this list.", "small", "muted"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.vast, tokens.vast, tokens.vast, tokens.vast)
        inner = column(0)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(scrolled(holder(whole, "surface"), "keys.scroll", "Every key"))
        outer.addWidget(frame("card", inner))
        self.hide()

    def _place(self, place: Place) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(self._tokens.tight)
        grid.setColumnStretch(0, 1)
        grid.addWidget(text_label(place.value, "lead", "accent"), 0, 0, 1, 2)
        actions = [action for action in ACTIONS.values() if action.place is place]
        for row, action in enumerate(actions, start=1):
            grid.addWidget(text_label(action.words, wrap=False), row, 0)
            grid.addWidget(key_hint(action.id), row, 1, Qt.AlignmentFlag.AlignRight)
        return holder(grid)

    def toggle(self) -> None:
        """Show over everything, or go away."""
        if self.isVisible():
            self.hide()
            return
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
