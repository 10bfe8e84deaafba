"""What a supervisor may do on the floor, drawn: help, give a waiting call to somebody, sign somebody out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.models.line import LineModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.choosing import ChoiceBox
from console.views.leaving import WhenLeft
from console.views.parts import WideButton, column, rename, text_label
from console.views.parts import widget as holder
from console.words import PRESENCE
from shared.messages import Colleague

NOBODY = tr("Choose a colleague…")
SIGN_OUT = tr("Sign them out everywhere")
SURE = tr("Press again to sign {name} out everywhere")


class FloorView(QWidget):
    """Emits `help` with a call's id, `give` and `sign_out` with a person's. Hidden while nobody else is signed in.

    Requests for help stand first, each a button. Whoever a call is given to, or is signed out, is chosen from one list,
    however many they are. Signing out takes a second press before the button is left.
    """

    help = Signal(str)
    give = Signal(str)
    sign_out = Signal(str)

    def __init__(self, line: LineModel, tokens: Tokens) -> None:
        super().__init__()
        self._line = line
        self._listed: list[Colleague] = []  # in the order of the list
        self._sure = ""  # who would be signed out by a second press
        self._wanted: dict[str, QPushButton] = {}  # requests for help, by the call
        inside = column(tokens.tight)
        inside.addWidget(text_label(tr("The floor"), "eyebrow", "", "floor.title"))
        self._requests = column(tokens.tight)
        inside.addWidget(holder(self._requests))
        self._who = ChoiceBox()
        self._who.setObjectName("floor.colleague")
        self._who.setAccessibleName(tr("Colleague"))
        self._who.addItem(NOBODY)
        self._who.currentIndexChanged.connect(self._choose)
        self._give = _button("floor.give", tr("Give them the longest waiting call"))
        self._give.clicked.connect(lambda: self.give.emit(self._chosen.id if self._chosen else ""))
        self._out = _button("floor.sign_out", SIGN_OUT)
        self._out.clicked.connect(self._ask_to_sign_out)
        WhenLeft(self._out, self._choose)
        for part in (self._who, self._give, self._out):
            inside.addWidget(part)
        self.setLayout(inside)
        line.changed.connect(self._show)
        self._allow()
        self.hide()

    @property
    def _chosen(self) -> Colleague | None:
        place = self._who.currentIndex() - 1
        return self._listed[place] if 0 <= place < len(self._listed) else None

    def _show(self) -> None:
        self._show_requests()
        self._show_colleagues()
        self._allow()
        self.setVisible(bool(self._line.colleagues))

    def _show_requests(self) -> None:
        wanted = {one.asks_help: one.name for one in self._line.who_wants_help if one.asks_help is not None}
        for call_id in self._wanted.keys() - wanted.keys():
            button = self._wanted.pop(call_id)
            button.hide()
            button.deleteLater()
        for call_id in wanted.keys() - self._wanted.keys():
            words = tr("{name} asks for help: come to the call").format(name=wanted[call_id])
            self._wanted[call_id] = button = _button(f"help.{call_id}", words)
            button.clicked.connect(partial(self._come, call_id))
            self._requests.addWidget(button)

    def _come(self, call_id: str, _: bool = False) -> None:
        self.help.emit(call_id)

    def _show_colleagues(self) -> None:
        """With 200 people on duty somebody's words change all the time; the others, and who is chosen, stay."""
        everyone = list(self._line.colleagues)
        if [one.id for one in everyone] != [one.id for one in self._listed]:
            self._list_anew(everyone)
        else:
            for place, (before, one) in enumerate(zip(self._listed, everyone, strict=True), start=1):
                if (before.name, before.presence) != (one.name, one.presence):
                    self._who.setItemText(place, _words(one))
            self._listed = everyone

    def _list_anew(self, everyone: list[Colleague]) -> None:
        before = self._chosen.id if self._chosen else ""
        with QSignalBlocker(self._who):
            self._who.clear()
            self._who.addItems([NOBODY, *map(_words, everyone)])
            self._listed = everyone
            places = {one.id: place for place, one in enumerate(everyone, start=1)}
            self._who.setCurrentIndex(places.get(before, 0))
        if before not in places:
            self._choose()

    def _choose(self) -> None:
        self._sure = ""
        rename(self._out, SIGN_OUT)
        self._out.setAccessibleName(SIGN_OUT)
        self._allow()

    def _allow(self) -> None:
        """The keyboard goes from a button that cannot be pressed now to the list; Qt would have it slide to the next
        button, which signs somebody out.
        """
        chosen = self._chosen
        takes = chosen is not None and any(one.id == chosen.id for one in self._line.who_could_take)
        for button, may in ((self._give, takes), (self._out, chosen is not None)):
            if not may and self.window().focusWidget() is button:
                self._who.setFocus()
            button.setEnabled(may)

    def _ask_to_sign_out(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        if self._sure == chosen.id:
            self.sign_out.emit(chosen.id)
            return
        self._sure = chosen.id
        words = SURE.format(name=chosen.name)
        rename(self._out, words)
        self._out.setAccessibleName(words)


def _words(one: Colleague) -> str:
    return tr("{name}, {presence}").format(name=one.name, presence=PRESENCE[one.presence].lower())


def _button(name: str, words: str) -> QPushButton:
    button = WideButton(words)
    button.setObjectName(name)
    button.setProperty("look", "listed")
    button.setAccessibleName(words)
    return button
