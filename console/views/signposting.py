"""To whom a caller was sent, drawn as a short list under the outcomes; one press says it and files the call."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.call import WHERE_TO, CallModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import WideButton, column, text_label


class SignpostingView(QWidget):
    """Emits `chosen` with a signpost's id, or with ELSEWHERE. Shown only while it is to be said."""

    chosen = Signal(str)

    def __init__(self, call: CallModel, tokens: Tokens) -> None:
        super().__init__()
        self._call, self._asks = call, False
        self.setAccessibleName(tr("To whom the caller was sent"))
        inside = column(tokens.hair)
        inside.addWidget(text_label(tr("Sent to whom? Choosing files the call."), "strong", "accent", "signpost.title"))
        self._buttons = [self._button(signpost, words) for signpost, words in WHERE_TO]
        for button in self._buttons:
            inside.addWidget(button)
        self.setLayout(inside)
        self.hide()
        call.changed.connect(self._show)

    def _button(self, signpost: str, words: str) -> QPushButton:
        button = WideButton(words)
        button.setObjectName(f"signpost.{signpost or 'elsewhere'}")
        button.setProperty("look", "listed")
        button.setAccessibleName(tr("Sent to {service}").format(service=words))
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.clicked.connect(partial(self._choose, signpost))
        return button

    def _choose(self, signpost: str, _: bool = False) -> None:
        self.chosen.emit(signpost)

    def _show(self) -> None:
        before, self._asks = self._asks, self._call.asks_where_to
        self.setVisible(self._asks)
        if self._asks and not before:
            self._buttons[0].setFocus()
