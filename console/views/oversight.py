"""What a person's roles open besides the desk: a short list, each with its key. It does not decide who may see it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.actions import ACTIONS, OVERSIGHT, Action, Place
from console.style.tokens import Tokens
from console.views.overlay import Overlay
from console.views.parts import WideButton, across, column, frame, key_hint, key_words, scrolled, text_label
from console.views.parts import widget as holder
from console.views.sheet import ESCAPE
from console.views.way_to import use, way_to

OPENED: tuple[Action, ...] = tuple(
    action for action in ACTIONS.values() if action.place is Place.OVERSIGHT and action.id != OVERSIGHT
)


class OversightView(Overlay):
    """The actions of their place, as buttons; a press opens the sheet in place of this list."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        self.setObjectName(OVERSIGHT)
        self.setAccessibleName(f"{ACTIONS[OVERSIGHT].words}. {ESCAPE}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._presses: dict[str, QPushButton] = {}
        top = across(tokens.gap)
        top.addWidget(text_label(ACTIONS[OVERSIGHT].words, "title", wrap=False))
        top.addStretch(1)
        top.addWidget(text_label(ESCAPE, "small", "muted", wrap=False))
        ways = column(tokens.hair)
        self._rows = {action.id: self._row(action, tokens) for action in OPENED}
        for row in self._rows.values():
            ways.addWidget(row)
        ways.addStretch(1)
        inside = column(tokens.gap, tokens.wide)
        inside.addLayout(top)
        inside.addWidget(scrolled(holder(ways, "surface"), "oversight.scroll", ACTIONS[OVERSIGHT].words), 1)
        card = frame("card", inside)
        card.setProperty("span", "palette")
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 100)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.wide, tokens.vast, tokens.wide, tokens.vast)
        outer.addLayout(middle)

    def _row(self, action: Action, tokens: Tokens) -> QWidget:
        inside = across(tokens.tight)
        self._presses[action.id] = self._press(action)
        inside.addWidget(self._presses[action.id], 1)
        inside.addWidget(key_hint(action.id))
        return holder(inside)

    def _press(self, action: Action) -> QPushButton:
        press = WideButton(action.words)
        press.setObjectName(f"oversight.{action.id}")
        press.setProperty("look", "listed")
        press.setAccessibleName(action.words)
        press.setAccessibleDescription(f"{action.accessible}, {key_words(action.id)}")
        press.setAutoDefault(True)  # Enter presses it, as Space does
        press.clicked.connect(lambda: self._open(action))
        return press

    def show_actions(self, allowed: Collection[str]) -> None:
        """Those that this person may use."""
        for action_id, row in self._rows.items():
            row.setVisible(action_id in allowed)

    def take_focus(self) -> None:
        for press in self._presses.values():
            if press.isVisible():
                press.setFocus()
                return

    def _open(self, action: Action) -> None:
        """Choosing shows, always: what stands open under this list stays so."""
        way = way_to(action, self.under, self)
        sheet = self.under.findChild(Overlay, action.id)
        self.put_away()
        if sheet is not None and sheet.isVisible():
            sheet.bring_forward()
        else:
            use(way)
