"""A button for what cannot be undone: it does it at the second press, unless it is left in between."""

from __future__ import annotations

from PySide6.QtCore import Signal

from console.views.leaving import WhenLeft
from console.views.parts import rename
from console.views.pressing import PressButton


class TwicePressed(PressButton):
    """Emits `sure`. Once pressed it says what the second press does; before, `spoken` is its name read aloud."""

    sure = Signal()

    def __init__(self, object_name: str, words: str, again: str, spoken: str) -> None:
        super().__init__(words)
        self._words, self._again, self._spoken, self._armed = words, again, spoken, False
        self.setObjectName(object_name)
        self.setProperty("look", "danger")
        self.setAutoDefault(False)
        self.let_break()
        self.clicked.connect(lambda: self._press())
        WhenLeft(self, lambda: self._arm(False))
        self._arm(False)

    def _press(self) -> None:
        before = self._armed
        self._arm(not before)
        if before:
            self.sure.emit()

    def _arm(self, armed: bool) -> None:
        self._armed = armed
        words = self._again if armed else self._words
        rename(self, words)
        self.setAccessibleName(self._again if armed else self._spoken)
