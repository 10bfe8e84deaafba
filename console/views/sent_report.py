"""A report that has left, drawn as its unit reads it, for another look at it. Nothing in it can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press

TITLE: Final = tr("Released urgently: a second look")
WHAT: Final = tr(
    "This is what the unit was sent. Confirm that you have looked; if it should not have gone, ring the unit."
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why it is looked at, and what pressing the one button says; `name` is for the sheet and its parts."""

    name: str
    title: str
    what: str
    confirm: str


SENT_URGENTLY: Final = Occasion("sent_report", TITLE, WHAT, tr("I have looked at it"))
FOR_ANOTHER_UNIT: Final = Occasion(
    "reroute_report",
    tr("For another unit: read it first"),
    tr("This is what goes to the other unit, word for word. Read it; if it is the report you both mean, send it."),
    tr("Send this report"),
)


class SentReportView(Sheet):
    """Emits `confirm` once it has been looked at, `gone` when it is put away."""

    confirm = Signal()
    gone = Signal()

    def __init__(self, parent: QWidget, tokens: Tokens, occasion: Occasion = SENT_URGENTLY) -> None:
        super().__init__(parent, tokens, occasion.name, occasion.title)
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{occasion.name}.text")
        self._text.setAccessibleName(tr("The report as the unit reads it"))
        self._text.setReadOnly(True)
        self._text.setUndoRedoEnabled(False)
        self._text.setTabChangesFocus(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setMinimumHeight(tokens.control * 9)
        self._confirm = press(f"{occasion.name}.confirm", occasion.confirm, "primary")
        self._confirm.clicked.connect(lambda: self.confirm.emit())
        foot = across(tokens.gap)
        foot.addWidget(self._confirm)
        foot.addStretch(1)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(occasion.what))
        whole.addWidget(self._text, 1)
        whole.addLayout(foot)
        self.fill(holder(whole, "surface"))

    def take_focus(self) -> None:
        self._text.setFocus()

    def put_away(self) -> None:
        self.gone.emit()
        super().put_away()

    def show_text(self, text: str) -> None:
        """The report in plain words; "" to forget it."""
        self._text.setPlainText(text)
        self.set_busy(not text)

    def set_busy(self, busy: bool) -> None:
        self._confirm.setEnabled(not busy)
