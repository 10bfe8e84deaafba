"""The outbox, drawn for supervisors: a list of deliveries, and sending again what was put aside."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.models.outbox import DeliveryRow, OutboxModel
from console.style.tokens import Tokens
from console.views.parts import across, column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press

TITLE = "The outbox"


class OutboxView(Sheet):
    """Shows the model. Emits `send_again` with a delivery's id, `again` to have the list read anew."""

    send_again = Signal(str)
    again = Signal()

    def __init__(self, parent: QWidget, model: OutboxModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "outbox", TITLE)
        self._model = model
        self._summary = text_label("", "strong", "", "outbox.summary")
        self._list = QListWidget()
        self._list.setObjectName("outbox.list")
        self._list.setAccessibleName("Deliveries, those that need somebody first")
        self._list.setWordWrap(True)
        self._list.setSpacing(tokens.tight)
        self._list.setMinimumHeight(tokens.control * 10)
        self._send = press("outbox.send_again", "Send again", "primary")
        self._refresh = press("outbox.refresh", "Look again")
        buttons = across(tokens.gap)
        buttons.addWidget(self._send)
        buttons.addWidget(self._refresh)
        buttons.addStretch(1)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(self._summary)
        whole.addWidget(self._list, 1)
        whole.addLayout(buttons)
        self.fill(holder(whole, "surface"))
        self._list.currentRowChanged.connect(self._show_choice)
        self._send.clicked.connect(self._ask)
        self._refresh.clicked.connect(self.again)
        model.changed.connect(self._show)
        model.told.connect(lambda: self.tell(model.notice, model.notice_is_good))
        self._show()

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        chosen = self._chosen()
        self._summary.setText(self._model.summary)
        self._list.clear()
        for row in self._model.rows:
            item = QListWidgetItem(_words(row), self._list)
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            font = item.font()
            font.setBold(row.needs_someone)
            item.setFont(font)
        again = [number for number, row in enumerate(self._model.rows) if chosen is not None and row.id == chosen.id]
        if self._model.rows:
            self._list.setCurrentRow(again[0] if again else 0)
        self._show_choice()

    def _chosen(self) -> DeliveryRow | None:
        item = self._list.currentItem()
        chosen = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return next((row for row in self._model.rows if row.id == chosen), None)

    def _show_choice(self, _row: int = 0) -> None:
        chosen = self._chosen()
        self._send.setEnabled(chosen is not None and chosen.may_send_again)

    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.may_send_again:
            self.send_again.emit(chosen.id)


def _words(row: DeliveryRow) -> str:
    lines = (f"{'Needs somebody: ' if row.needs_someone else ''}{row.heading}", row.standing, row.advice)
    return "\n".join(line for line in lines if line)
