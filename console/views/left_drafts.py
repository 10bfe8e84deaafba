"""Drafts left behind, drawn for supervisors: a list, who can be given one, and the few things that can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from console.models.left_drafts import ABOUT, EMPTY, LeftDraftsModel, LeftRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press
from console.views.wrapping import wrapped

_ID = Qt.ItemDataRole.UserRole


class LeftDraftsView(Sheet):
    """Shows the model. Emits `ask`, `confirm` and `leave` with a draft's id, `give` with that and a handler's."""

    ask = Signal(str)
    confirm = Signal(str)
    leave = Signal(str)
    give = Signal(str, str)

    def __init__(self, parent: QWidget, model: LeftDraftsModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "left_drafts", tr("Drafts left behind"))
        self._model = model
        self._summary = text_label("", "strong", "", "left_drafts.summary")
        self._list = _list("left_drafts.list", tr("Drafts whose authors are not here"), tokens.control * 6)
        self._takers_label = text_label(tr("Give it to"), "strong")
        self._takers = _list("left_drafts.takers", tr("Handlers it can be given to"), tokens.control * 3)
        self._ask = press("left_drafts.ask", tr("Ask to recover"), "primary")
        self._confirm = press("left_drafts.confirm", tr("Confirm"), "primary")
        self._give = press("left_drafts.give", tr("Give it to them"), "primary")
        self._leave = press("left_drafts.leave", tr("Leave it to its author"))
        buttons = (self._ask, self._confirm, self._give, self._leave)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(ABOUT, "", "muted"))
        whole.addWidget(self._summary)
        whole.addWidget(self._list, 1)
        whole.addWidget(self._takers_label)
        whole.addWidget(self._takers)
        whole.addWidget(wrapped(buttons, tokens.gap))
        self.fill(holder(whole, "surface"))
        self._list.currentRowChanged.connect(self._show_choice)
        self._connect_buttons()
        model.changed.connect(self._show)
        model.told.connect(lambda: self.tell(model.notice, model.notice_is_good))
        self._show()

    def _connect_buttons(self) -> None:
        for button, signal in ((self._ask, self.ask), (self._confirm, self.confirm), (self._leave, self.leave)):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(_chosen(self._list)))
        self._give.clicked.connect(lambda: self.give.emit(_chosen(self._list), _chosen(self._takers)))

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        model = self._model
        self._summary.setText(EMPTY if not model.rows else tr("Left behind: {count}").format(count=len(model.rows)))
        _fill(self._list, [(row.id, row.words) for row in model.rows])
        _fill(self._takers, [(taker.id, taker.name) for taker in model.takers])
        self._show_choice()

    def _show_choice(self, _row: int = 0) -> None:
        row: LeftRow | None = next((one for one in self._model.rows if one.id == _chosen(self._list)), None)
        may: tuple[tuple[QPushButton, bool], ...] = (
            (self._ask, row is not None and row.may_ask),
            (self._confirm, row is not None and row.may_confirm),
            (self._give, row is not None and row.may_give and bool(self._model.takers)),
            (self._leave, row is not None and row.may_leave),
        )
        for button, shown in may:
            button.setVisible(shown)
        for part in (self._takers_label, self._takers):
            part.setVisible(row is not None and row.may_give)


def _list(name: str, accessible: str, height: int) -> QListWidget:
    made = QListWidget()
    made.setObjectName(name)
    made.setAccessibleName(accessible)
    made.setWordWrap(True)
    made.setMinimumHeight(height)
    return made


def _fill(shown: QListWidget, rows: list[tuple[str, str]]) -> None:
    before = _chosen(shown)
    shown.clear()
    for row_id, words in rows:
        QListWidgetItem(words, shown).setData(_ID, row_id)
    if rows:
        shown.setCurrentRow(next((place for place, (row_id, _) in enumerate(rows) if row_id == before), 0))


def _chosen(shown: QListWidget) -> str:
    item = shown.currentItem()
    return "" if item is None else str(item.data(_ID))
