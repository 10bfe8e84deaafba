"""What a supervisor may do on the floor, drawn: help, give a waiting call to somebody, sign somebody out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.line import LineModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import WideButton, column, emptied, rename, text_label
from console.views.parts import widget as holder
from console.words import PRESENCE
from shared.messages import Colleague

SURE = tr("Press again to sign {name} out everywhere")


class FloorView(QWidget):
    """Emits `help` with a call's id, `give` and `sign_out` with a person's. Hidden while nobody else is signed in.

    Requests for help stand first. Signing out takes a second press on the same button.
    """

    help = Signal(str)
    give = Signal(str)
    sign_out = Signal(str)

    def __init__(self, line: LineModel, tokens: Tokens) -> None:
        super().__init__()
        self._line = line
        self._shown: tuple[tuple[Colleague, ...], ...] = ()
        self._sure: QPushButton | None = None
        inside = column(tokens.tight)
        inside.addWidget(text_label(tr("The floor"), "eyebrow", "", "floor.title"))
        self._rows = column(2)
        inside.addWidget(holder(self._rows))
        self.setLayout(inside)
        line.changed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        shown = self._line.who_wants_help, self._line.who_could_take, self._line.colleagues
        if shown == self._shown:
            return
        self._shown, self._sure = shown, None
        wanted, could, everyone = shown
        emptied(self._rows)
        for one in wanted:
            self._rows.addWidget(self._help(one))
        for one in could:
            words = tr("Give the longest waiting call to {name}").format(name=one.name)
            self._rows.addWidget(self._button(f"give.{one.id}", words, partial(self.give.emit, one.id)))
        for one in everyone:
            self._rows.addWidget(self._signed_in(one))
        self.setVisible(bool(everyone))

    def _help(self, one: Colleague) -> QPushButton:
        words = tr("{name} asks for help: come to the call").format(name=one.name)
        return self._button(f"help.{one.id}", words, partial(self.help.emit, one.asks_help or ""))

    def _signed_in(self, one: Colleague) -> QPushButton:
        words = tr("Sign {name} out ({presence})").format(name=one.name, presence=PRESENCE[one.presence].lower())
        button = self._button(f"sign_out.{one.id}", words, lambda: None)
        button.clicked.connect(partial(self._ask_to_sign_out, button, one))
        return button

    def _ask_to_sign_out(self, button: QPushButton, one: Colleague, _: bool = False) -> None:
        if self._sure is button:
            self.sign_out.emit(one.id)
        else:
            self._sure = button
            rename(button, SURE.format(name=one.name))

    def _button(self, name: str, words: str, pressed: Callable[[], object]) -> QPushButton:
        button = WideButton(words)
        button.setObjectName(name)
        button.setProperty("look", "listed")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: pressed())
        return button
