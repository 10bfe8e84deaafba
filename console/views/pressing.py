"""Buttons that stay pressed, and boxes to tick, that hear a press from an assistive tool as they hear one from a key.

Qt lets such a tool turn a button over without telling that it was pressed; then nothing would come of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton

if TYPE_CHECKING:
    _Beside = QAbstractButton
else:
    _Beside = object  # of Qt's own classes one can be inherited from, not two


class HearsTurning(_Beside):
    """`clicked` comes for every press by a person; never for what the view itself shows by `setChecked`."""

    _showing = False

    def hear_turning(self) -> None:
        self.toggled.connect(self._turned)

    def setChecked(self, on: bool) -> None:
        before, self._showing = self._showing, True
        super().setChecked(on)
        self._showing = before

    def nextCheckState(self) -> None:
        """A press by key or pointer, which tells of itself."""
        before, self._showing = self._showing, True
        super().nextCheckState()
        self._showing = before

    def _turned(self, on: bool) -> None:
        group = self.group()
        made_way = not on and group is not None and group.exclusive()
        if not self._showing and not made_way:
            self.clicked[bool].emit(on)  # type: ignore[index]  # the stubs know no overloads


class PressButton(HearsTurning, QPushButton):
    """A button, which may be one that stays pressed."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.hear_turning()


class PressBox(HearsTurning, QCheckBox):
    """A box to tick."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.hear_turning()
