"""The outbox, drawn for supervisors: a list of deliveries, and sending again what was put aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from console.models.outbox import DeliveryRow, OutboxModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.choosing import ChoiceBox
from console.views.leaving import WhenLeft
from console.views.parts import across, column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press, typed
from console.views.wrapping import wrapped

TITLE = tr("The outbox")
NO_OTHER: Final = tr("The directory has no other unit that it could go to. An administrator can add one.")
WITHDRAW: Final = tr("The caller withdraws it")
SURE: Final = tr("Press again to withdraw it")
SEARCH: Final = tr("Words of a row: force, subject, week, reference")
FEWER: Final = tr("What the caller says has to leave one row. Read nothing out, and withdraw nothing where two fit.")
ELSEWHERE: Final = tr("It goes to another unit once two supervisors have chosen the same one here.")


class OutboxView(Sheet):
    """Shows the model. Emits `send_again` with a delivery's id, `seal` with a notice that is sealed before it is sent
    again, `again` to have the list read anew, `elsewhere` with the id of a report that is not its unit's and the unit
    it should go to, and at the second press `withdraw`."""

    send_again = Signal(str)
    seal = Signal(object)
    elsewhere = Signal(str, str)
    again = Signal()
    withdraw = Signal(object)

    def __init__(self, parent: QWidget, model: OutboxModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "outbox", TITLE)
        self._model = model
        self._names: dict[str, str] = {}
        self._about = ("", "")
        self._summary = text_label("", "strong", "", "outbox.summary")
        self._sought = self._search()
        self._list = QListWidget()
        self._list.setObjectName("outbox.list")
        self._list.setAccessibleName(tr("Deliveries, those that need somebody first"))
        self._list.setWordWrap(True)
        self._list.setSpacing(tokens.tight)
        self._list.setMinimumHeight(tokens.control * 10)
        self._send = press("outbox.send_again", tr("Send again"), "primary")
        self._refresh = press("outbox.refresh", tr("Look again"))
        self._withdraw = press("outbox.withdraw", WITHDRAW, "danger")
        self._armed = ""
        buttons = wrapped((self._send, self._refresh, self._withdraw), tokens.gap)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(self._sought)
        whole.addWidget(self._summary)
        whole.addWidget(self._list, 1)
        whole.addWidget(text_label(FEWER, "small", "muted"))
        whole.addWidget(buttons)
        whole.addWidget(self._another_unit(tokens))
        self.fill(holder(whole, "surface"))
        self._list.currentRowChanged.connect(self._show_choice)
        self._send.clicked.connect(self._ask)
        self._withdraw.clicked.connect(lambda: self._ask_to_withdraw())
        WhenLeft(self._withdraw, lambda: self._arm(""))
        self._refresh.clicked.connect(self.again)
        model.changed.connect(self._show)
        model.told.connect(lambda: self.tell(model.notice, model.notice_is_good))
        self._show()

    def _search(self) -> QLineEdit:
        sought = typed("outbox.search", SEARCH, 100)
        sought.setPlaceholderText(SEARCH)
        sought.setClearButtonEnabled(True)
        sought.textChanged.connect(self._model.seek)
        return sought

    def _another_unit(self, tokens: Tokens) -> QWidget:
        self._unit = ChoiceBox()
        self._unit.setObjectName("outbox.unit")
        self._unit.setAccessibleName(tr("The unit that the report should go to"))
        self._elsewhere = press("outbox.elsewhere", tr("Send it there"))
        self._elsewhere.clicked.connect(lambda: self._ask_elsewhere())
        self._unit.currentIndexChanged.connect(lambda at: self._elsewhere.setEnabled(at >= 0))
        self._elsewhere_words = text_label(ELSEWHERE, "small", "muted", "outbox.elsewhere_words")
        choice = across(tokens.gap)
        choice.addWidget(self._unit, 1)
        choice.addWidget(self._elsewhere)
        inside = column(tokens.tight)
        inside.addWidget(self._elsewhere_words)
        inside.addLayout(choice)
        self._another = holder(inside, "", "outbox.another")
        return self._another

    def name_units(self, units: Mapping[str, str]) -> None:
        """The names of all units there are, by their ids."""
        if self._names != dict(units):
            self._names, self._about = dict(units), ("", "")
            self._show_choice()

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        chosen = self._chosen()
        self._summary.setText(self._model.summary)
        if self._sought.text() != self._model.sought:
            self._sought.setText(self._model.sought)
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
        self._arm("")
        self._withdraw.setEnabled(chosen is not None and chosen.withdrawable is not None)
        disowned = chosen is not None and bool(chosen.report_id)
        self._another.setVisible(disowned)
        about = (chosen.id, chosen.asked_for) if chosen is not None and disowned else ("", "")
        if chosen is not None and disowned and about != self._about:
            self._offer_units(chosen)
        self._about = about

    def _offer_units(self, chosen: DeliveryRow) -> None:
        """Every unit but the one that has said no; first the one that a colleague has chosen."""
        self._unit.clear()
        for unit_id, name in sorted(self._names.items(), key=lambda one: one[1]):
            if unit_id != chosen.unit_id:
                self._unit.addItem(name, unit_id)
        at = self._unit.findData(chosen.asked_for)
        self._unit.setCurrentIndex(at)
        self._elsewhere.setEnabled(at >= 0)
        self._elsewhere_words.setText(ELSEWHERE if self._unit.count() else NO_OTHER)

    def _ask_elsewhere(self) -> None:
        chosen, unit_id = self._chosen(), self._unit.currentData()
        if chosen is not None and chosen.report_id and unit_id:
            self.elsewhere.emit(chosen.report_id, unit_id)

    def _ask_to_withdraw(self) -> None:
        chosen = self._chosen()
        if chosen is None or chosen.withdrawable is None:
            return
        if self._armed != chosen.id:
            self._arm(chosen.id)
            return
        self._arm("")
        self.withdraw.emit(chosen.withdrawable)

    def _arm(self, delivery_id: str) -> None:
        self._armed = delivery_id
        self._withdraw.setText(SURE if delivery_id else WITHDRAW)

    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is None or not chosen.may_send_again:
            return
        if chosen.unsealed is not None:
            self.seal.emit(chosen.unsealed)
        else:
            self.send_again.emit(chosen.id)


def _words(row: DeliveryRow) -> str:
    heading = tr("Needs somebody: {delivery}").format(delivery=row.heading) if row.needs_someone else row.heading
    lines = (heading, row.about, row.standing, row.advice)
    return "\n".join(line for line in lines if line)
