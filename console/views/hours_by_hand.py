"""Opening and closing the line by hand, drawn: until when, what callers hear, and three buttons. It asks nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from console.models.line_now import CLOSED_WORDS, LineNowModel, times_ahead
from console.style.tokens import Tokens
from console.translation import tr
from console.views.choosing import ChoiceBox
from console.views.parts import across, column, text_label
from console.views.parts import widget as holder
from console.views.sheet import press
from console.views.wrapping import WrappingLayout
from shared.domain.vocabulary import ClosedWords

CLOSE: Final = tr("Close the line")
SURE: Final = tr("Press again: close until {until}")


class HoursByHand(QWidget):
    """Emits `close_line` with a time and words at the second press, `open_line` with a time, `usual_hours`."""

    close_line = Signal(object, object)
    open_line = Signal(object)
    usual_hours = Signal()

    def __init__(self, model: LineNowModel, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._model, self._clock = model, clock
        self._sure = False
        self._until = _choice("line_now.until", tr("Until when the line is closed or open"))
        self._words = _choice("line_now.words", tr("What callers hear while the line is closed"))
        for words, shown in CLOSED_WORDS.items():
            self._words.addItem(shown, words.value)
        self._close = press("line_now.close", CLOSE, "danger")
        self._open = press("line_now.open", tr("Open the line"))
        self._usual = press("line_now.usual", tr("Usual hours"))
        self._place(tokens)
        self._close.clicked.connect(self._press_close)
        self._open.clicked.connect(lambda: self._press_open())
        self._usual.clicked.connect(self.usual_hours)
        for box in (self._until, self._words):
            box.currentIndexChanged.connect(lambda _: self._ask_anew())
        model.changed.connect(self._show)
        self._show()

    def _place(self, tokens: Tokens) -> None:
        choices = WrappingLayout(tokens.gap)
        for words, box in ((tr("Until"), self._until), (tr("Callers hear"), self._words)):
            together = across(tokens.gap)
            together.addWidget(text_label(words, "strong", wrap=False))
            together.addWidget(box)
            choices.addWidget(holder(together))
        buttons = WrappingLayout(tokens.gap)
        for button in (self._close, self._open, self._usual):
            buttons.addWidget(button)
        whole = column(tokens.gap)
        whole.addLayout(choices)
        whole.addLayout(buttons)
        self.setLayout(whole)

    def begin(self) -> None:
        """The times from now on, as the sheet is shown."""
        self._until.clear()
        for words, time in times_ahead(self._clock()):
            self._until.addItem(words, time)
        self._ask_anew()

    def take_focus(self) -> None:
        self._until.setFocus()

    def _show(self) -> None:
        self._usual.setEnabled(self._model.by_hand)

    def _chosen(self) -> datetime | None:
        time: datetime | None = self._until.currentData()
        return time

    def _press_close(self) -> None:
        until = self._chosen()
        if until is None:
            return
        if not self._sure:
            self._sure = True
            self._close.setText(SURE.format(until=self._until.currentText()))
            self._close.setAccessibleName(self._close.text())
            return
        self._ask_anew()
        self.close_line.emit(until, ClosedWords(self._words.currentData()))

    def _press_open(self) -> None:
        self._ask_anew()
        until = self._chosen()
        if until is not None:
            self.open_line.emit(until)

    def _ask_anew(self) -> None:
        self._sure = False
        self._close.setText(CLOSE)
        self._close.setAccessibleName(CLOSE)


def _choice(name: str, accessible: str) -> QComboBox:
    box = ChoiceBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box
