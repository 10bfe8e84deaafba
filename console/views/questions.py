"""Questions from units, drawn for supervisors: each in full, to be let through or rejected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.models.questions import ABOUT, QuestionsModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press
from console.views.wrapping import wrapped

_ID = Qt.ItemDataRole.UserRole


class QuestionsView(Sheet):
    """Shows the model. Emits `accept` and `reject` with a question's id."""

    accept = Signal(str)
    reject = Signal(str)

    def __init__(self, parent: QWidget, model: QuestionsModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "questions", tr("Questions from units"))
        self._model = model
        self._summary = text_label("", "strong", "", "questions.summary")
        self._list = QListWidget()
        self._list.setObjectName("questions.list")
        self._list.setAccessibleName(tr("Questions that wait for a supervisor"))
        self._list.setWordWrap(True)
        self._list.setSpacing(tokens.tight)
        self._list.setMinimumHeight(tokens.control * 6)
        self._accept = press("questions.accept", tr("Let it be put"), "primary")
        self._reject = press("questions.reject", tr("Reject"))
        self._accept.clicked.connect(lambda: self.accept.emit(self._chosen()))
        self._reject.clicked.connect(lambda: self.reject.emit(self._chosen()))
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(ABOUT, "", "muted"))
        whole.addWidget(self._summary)
        whole.addWidget(self._list, 1)
        whole.addWidget(wrapped((self._accept, self._reject), tokens.gap))
        self.fill(holder(whole, "surface"))
        self._list.currentRowChanged.connect(self._show_choice)
        model.changed.connect(self._show)
        model.told.connect(lambda: self.tell(model.notice, model.notice_is_good))
        self._show()

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        before = self._chosen()
        self._summary.setText(self._model.summary)
        self._list.clear()
        rows = self._model.rows
        for row in rows:
            QListWidgetItem(row.words, self._list).setData(_ID, row.id)
        if rows:
            self._list.setCurrentRow(next((place for place, row in enumerate(rows) if row.id == before), 0))
        self._show_choice()

    def _show_choice(self, _row: int = 0) -> None:
        row = next((one for one in self._model.rows if one.id == self._chosen()), None)
        self._accept.setVisible(row is not None and row.may_accept)
        self._reject.setVisible(row is not None)

    def _chosen(self) -> str:
        item = self._list.currentItem()
        return "" if item is None else str(item.data(_ID))
