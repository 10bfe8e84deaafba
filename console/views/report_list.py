"""A list of reports under a title, drawn; nothing at all while it is empty."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.review_lists import ReportRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import WideButton, column, emptied, text_label
from console.views.parts import widget as holder


class ReportList(QWidget):
    """Emits `chosen` with a report's id. Its buttons are called `<kind>.<report id>`."""

    chosen = Signal(str)

    def __init__(self, title: str, kind: str, tokens: Tokens) -> None:
        super().__init__()
        self._kind = kind
        self._shown: tuple[ReportRow, ...] = ()
        self.buttons: dict[str, QPushButton] = {}
        layout = column(tokens.tight)
        layout.setContentsMargins(0, tokens.room, 0, 0)
        self._rows = column(2)
        layout.addWidget(text_label(title, "eyebrow", "", f"line.{kind}_title"))
        layout.addWidget(holder(self._rows))
        self.setLayout(layout)
        self.hide()

    def show_rows(self, rows: tuple[ReportRow, ...], open_ids: tuple[str, ...]) -> bool:
        """Draw these rows, those that are open marked. True if buttons were made anew."""
        anew = rows != self._shown
        if anew:
            self._shown = rows
            held = next((report_id for report_id, button in self.buttons.items() if button.hasFocus()), "")
            emptied(self._rows)
            self.buttons = {row.id: self._button(row) for row in rows}
            for button in self.buttons.values():
                self._rows.addWidget(button)
            self.setVisible(bool(rows))
            if held in self.buttons:
                self.buttons[held].show()  # Qt shows what is new a moment later, and gives the focus to nothing hidden
                self.buttons[held].setFocus()
        for report_id, button in self.buttons.items():
            button.setChecked(report_id in open_ids)
        return anew

    def _button(self, row: ReportRow) -> QPushButton:
        button = WideButton("\n".join(row.lines))
        button.setObjectName(f"{self._kind}.{row.id}")
        button.setProperty("look", "listed")
        button.setAccessibleName(
            tr("Open the report: {report}, {state}").format(report=row.title, state=", ".join(row.lines[1:]))
        )
        button.setEnabled(row.may_open)
        button.setCheckable(True)
        button.setAutoDefault(True)  # Enter opens it, as Space does
        button.clicked.connect(partial(self._choose, row.id))
        return button

    def _choose(self, report_id: str) -> None:
        button = self.buttons[report_id]
        button.setChecked(not button.isChecked())  # it is marked once it is open, not when it is pressed
        self.chosen.emit(report_id)
