"""What a supervisor may do on the floor, drawn: come to whoever wants help, give a waiting call to somebody."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.line import LineModel
from console.style.tokens import Tokens
from console.views.parts import WideButton, column, emptied, text_label
from console.views.parts import widget as holder
from shared.messages import Colleague


class FloorView(QWidget):
    """Emits `help` with a call's id and `give` with a person's. Hidden while there is nothing to do."""

    help = Signal(str)
    give = Signal(str)

    def __init__(self, line: LineModel, tokens: Tokens) -> None:
        super().__init__()
        self._line = line
        self._shown: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        inside = column(tokens.tight)
        inside.addWidget(text_label("The floor", "eyebrow", "", "floor.title"))
        self._rows = column(2)
        inside.addWidget(holder(self._rows))
        self.setLayout(inside)
        line.changed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        wanted, could = self._line.who_wants_help, self._line.who_could_take
        shown = tuple(one.id for one in wanted), tuple(one.id for one in could)
        if shown == self._shown:
            return
        self._shown = shown
        emptied(self._rows)
        for one in wanted:
            self._rows.addWidget(self._help(one))
        for one in could:
            words = f"Give the longest waiting call to {one.name}"
            self._rows.addWidget(self._button(f"give.{one.id}", words, partial(self.give.emit, one.id)))
        self.setVisible(bool(wanted or could))

    def _help(self, one: Colleague) -> QPushButton:
        words = f"{one.name} asks for help: come to the call"
        return self._button(f"help.{one.id}", words, partial(self.help.emit, one.asks_help or ""))

    def _button(self, name: str, words: str, pressed: partial[None]) -> QPushButton:
        button = WideButton(words)
        button.setObjectName(name)
        button.setProperty("look", "listed")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: pressed())
        return button
