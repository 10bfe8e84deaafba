"""What a supervisor may do on the floor, drawn: help, give a waiting call to somebody, sign somebody out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.line import LineModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import WideButton, column, rename, text_label
from console.views.parts import widget as holder
from console.words import PRESENCE
from shared.messages import Colleague

_Row = tuple[str, Callable[[], object]]  # a button's words, and what pressing it does
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
        self._buttons: dict[str, QPushButton] = {}  # in their order
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
        self._shown = shown
        wanted, could, everyone = shown
        rows = {
            **{f"help.{one.id}.{one.asks_help}": self._help(one) for one in wanted},
            **{f"give.{one.id}": self._give(one) for one in could},
            **{f"sign_out.{one.id}": self._signed_in(one) for one in everyone},
        }
        self._drop(self._buttons.keys() - rows.keys())
        for place, (name, (words, pressed)) in enumerate(rows.items()):
            self._put(place, name, words, pressed)
        self.setVisible(bool(everyone))

    def _drop(self, gone: Iterable[str]) -> None:
        for name in list(gone):
            button = self._buttons.pop(name)
            self._rows.removeWidget(button)
            button.hide()
            button.deleteLater()
            if button is self._sure:
                self._sure = None

    def _put(self, place: int, name: str, words: str, pressed: Callable[[], object]) -> None:
        """With 200 people on duty somebody's words change all the time; the other buttons, and the focus, stay."""
        button = self._buttons.get(name)
        if button is None:
            self._buttons[name] = button = self._button(name, words, pressed)
            self._rows.insertWidget(place, button)
        elif button is not self._sure and button.text() != words:
            rename(button, words)
            button.setAccessibleName(words)

    def _help(self, one: Colleague) -> _Row:
        words = tr("{name} asks for help: come to the call").format(name=one.name)
        return words, partial(self.help.emit, one.asks_help or "")

    def _give(self, one: Colleague) -> _Row:
        return tr("Give the longest waiting call to {name}").format(name=one.name), partial(self.give.emit, one.id)

    def _signed_in(self, one: Colleague) -> _Row:
        words = tr("Sign {name} out ({presence})").format(name=one.name, presence=PRESENCE[one.presence].lower())
        return words, partial(self._ask_to_sign_out, f"sign_out.{one.id}", one.id, one.name)

    def _ask_to_sign_out(self, button: str, person_id: str, name: str) -> None:
        if self._sure is self._buttons[button]:
            self.sign_out.emit(person_id)
        else:
            self._sure = self._buttons[button]
            rename(self._sure, SURE.format(name=name))

    def _button(self, name: str, words: str, pressed: Callable[[], object]) -> QPushButton:
        button = WideButton(words)
        button.setObjectName(".".join(name.split(".")[:2]))
        button.setProperty("look", "listed")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: pressed())
        return button
