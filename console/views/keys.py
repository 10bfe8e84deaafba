"""What one may do and its keys, drawn over the window by F1; and from there a page to print, and how things look."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from console.actions import ACTIONS, Action, Place
from console.style.tokens import Tokens
from console.translation import tr
from console.views.beside import Beside
from console.views.overlay import Overlay
from console.views.parts import action_button, column, emptied, frame, key_hint, scrolled, show_words, text_label
from console.views.parts import widget as holder
from console.views.pressing import PressButton
from console.views.wrapping import wrapped

COLUMNS = ((Place.ANYWHERE, Place.LINE), (Place.OVERSIGHT, Place.CALL, Place.OUTCOME), (Place.REPORT, Place.REVIEW))
LEAST_LINES = 56  # of text, one column beside the next
# What can be done from the sheet by a press; their keys work everywhere.
PRESSED = ("theme", "larger_text", "smaller_text", "apart")


class KeysView(Overlay):
    """The list of keys, made from the table of actions: those that somebody may use. `presses` are its buttons."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.presses: dict[str, QPushButton] = {}
        self._allowed: frozenset[str] = frozenset()
        self._written: frozenset[str] = frozenset()
        self.setObjectName("keys")
        self.setAccessibleName(tr("Your keys. Escape closes the list."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._columns = column(0)
        whole = column(tokens.wide, tokens.vast)
        whole.addWidget(text_label(tr("Your keys"), "title"))
        whole.addWidget(text_label(tr("Escape or F1 closes this list."), "small", "muted"))
        whole.addLayout(self._columns, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.vast, tokens.vast, tokens.vast, tokens.vast)
        inner = column(0)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(scrolled(holder(whole, "surface"), "keys.scroll", tr("Your keys")), 1)
        inner.addWidget(self._foot())
        outer.addWidget(frame("card", inner))

    def show_actions(self, allowed: Collection[str]) -> None:
        """These are listed the next time it is opened."""
        self._allowed = frozenset(allowed)
        for action_id, press in self.presses.items():
            press.setVisible(action_id in allowed)

    def _write(self) -> None:
        """Write the list anew: each action at its place; of places with none, nothing."""
        allowed = self._written = self._allowed
        emptied(self._columns)
        at = {place: [a for a in ACTIONS.values() if a.place is place and a.id in allowed] for place in Place}
        columns = [[self._place(place, at[place]) for place in places if at[place]] for places in COLUMNS]
        beside = [(self._column(places), 1) for places in columns if places]
        self._columns.addWidget(Beside(beside, self._tokens.vast, LEAST_LINES), 1)

    def _column(self, places: list[QWidget]) -> QWidget:
        inside = column(self._tokens.wide)
        for place in places:
            inside.addWidget(place)
        inside.addStretch(1)
        return holder(inside)

    def _place(self, place: Place, actions: list[Action]) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(self._tokens.tight)
        grid.setColumnStretch(0, 1)
        grid.addWidget(text_label(place.value, "lead", "accent"), 0, 0, 1, 2)
        for row, action in enumerate(actions, start=1):
            grid.addWidget(text_label(action.words), row, 0)
            grid.addWidget(key_hint(action.id), row, 1, Qt.AlignmentFlag.AlignRight)
        return holder(grid)

    def _foot(self) -> QWidget:
        for action_id in PRESSED:
            button = PressButton(ACTIONS[action_id].words)
            button.setObjectName(f"keys.{action_id}")
            button.setAccessibleName(ACTIONS[action_id].accessible)
            button.setAutoDefault(False)
            self.presses[action_id] = button
        self._notice = text_label("", "small", "muted", "keys.notice")
        self._notice.hide()
        self.print_button = action_button("print_keys", lambda: None)
        inside = column(self._tokens.tight, self._tokens.gap)
        inside.addWidget(self._notice)
        inside.addWidget(wrapped((*self.presses.values(), self.print_button), self._tokens.tight, last_right=True))
        return holder(inside)

    def prepare(self) -> None:
        self.tell("")
        if self._written != self._allowed:
            self._write()

    def tell(self, words: str) -> None:
        """One line about what was printed."""
        show_words(self._notice, words)
