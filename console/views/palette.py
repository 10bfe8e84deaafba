"""The command palette: a few letters find an action that can be done now, and Enter does it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.actions import ACTIONS, Action
from console.models.palette import found
from console.style.tokens import Tokens
from console.translation import tr
from console.views.overlay import Overlay
from console.views.parts import column, frame, key_hint, key_words, show_words, text_label
from console.views.parts import widget as holder
from console.views.way_to import use, way_to

NOTHING = tr("Nothing that can be done now is called that.")
MOST_LETTERS = 60
OPENED_BY = "palette"
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PaletteView(Overlay):
    """Lists what can be done now, from the table of actions, and presses the action's own button or key."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        self._offered: tuple[Action, ...] = ()
        self._allowed: Collection[str] = ()
        self.setObjectName("palette")
        self.setAccessibleName(tr("Find something to do. Escape closes it."))
        self._typed = QLineEdit()
        self._typed.setObjectName("palette.typed")
        self._typed.setAccessibleName(tr("What to do"))
        self._typed.setPlaceholderText(tr("What to do: a few letters of it"))
        self._typed.setMaxLength(MOST_LETTERS)
        self._typed.textChanged.connect(self._show)
        self._typed.installEventFilter(self)
        self._list = QListWidget()
        self._list.setObjectName("palette.list")
        self._list.setAccessibleName(tr("What can be done now"))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.installEventFilter(self)
        self._list.itemClicked.connect(lambda _: self._do_chosen())
        self._nothing = text_label(NOTHING, "", "muted", "palette.nothing")
        self._lay_out(tokens)

    def _lay_out(self, tokens: Tokens) -> None:
        inside = column(tokens.gap, tokens.wide)
        inside.addWidget(self._typed)
        inside.addWidget(self._nothing)
        inside.addWidget(self._list, 1)
        card = frame("card", inside)
        card.setProperty("span", "palette")
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.wide, tokens.vast, tokens.wide, tokens.vast)
        outer.addLayout(across, 6)
        outer.addStretch(1)

    def show_actions(self, allowed: Collection[str]) -> None:
        """Of these, what can be done now is listed."""
        self._allowed = allowed

    def prepare(self) -> None:
        listed = (ACTIONS[one] for one in ACTIONS if one in self._allowed and one != OPENED_BY)
        self._offered = tuple(action for action in listed if way_to(action, self.under, self) is not None)
        self._typed.clear()
        self._show()

    def take_focus(self) -> None:
        self._typed.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.isVisible():
            self._show()  # rows as high as their text is now

    def _show(self) -> None:
        self._list.clear()
        for action in found(self._offered, self._typed.text()):
            item = QListWidgetItem(self._list)
            item.setData(Qt.ItemDataRole.UserRole, action.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{action.accessible}, {key_words(action.id)}")
            row = _row(action)
            self._list.setItemWidget(item, row)
            for part in (row, *row.findChildren(QWidget)):
                part.ensurePolished()  # or its height would be that of text without a style
            item.setSizeHint(QSize(0, row.sizeHint().height()))
        self._list.setCurrentRow(0)
        show_words(self._nothing, "" if self._list.count() else NOTHING)

    def _do(self, action_id: str) -> None:
        way = way_to(ACTIONS[action_id], self.under, self)
        self.put_away()
        use(way)

    def _do_chosen(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._do(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._typed:
                return self._takes_from_line(event)
            if watched is self._list:
                return self._takes_from_list(event)
        return super().eventFilter(watched, event)

    def _takes_from_line(self, event: QKeyEvent) -> bool:
        """Down goes into the list, so that a screen reader reads its rows; Enter does the first of them."""
        if event.key() == Qt.Key.Key_Down and self._list.count():
            self._list.setFocus()
            self._list.setCurrentRow(min(1, self._list.count() - 1))
        elif event.key() in ENTER:
            self._do_chosen()
        else:
            return False
        return True

    def _takes_from_list(self, event: QKeyEvent) -> bool:
        """Enter does the row; Up from the first row and any letter go back to what is typed."""
        if event.key() in ENTER:
            self._do_chosen()
        elif event.key() == Qt.Key.Key_Up and self._list.currentRow() <= 0:
            self._typed.setFocus()
        elif event.text().isprintable() and event.text() and not event.modifiers():
            self._typed.setFocus()
            self._typed.insert(event.text())
        else:
            return False
        return True


def _row(action: Action) -> QWidget:
    inside = QHBoxLayout()
    inside.setContentsMargins(12, 4, 12, 4)
    words: QLabel = text_label(action.words, "strong", wrap=False)
    inside.addWidget(words)
    inside.addWidget(text_label(action.accessible, "small", "muted", wrap=False), 1)
    inside.addWidget(key_hint(action.id))
    return holder(inside)
