"""Buttons that stay pressed, and boxes to tick, that hear a press from an assistive tool as they hear one from a key.

Qt lets such a tool turn a button over without telling that it was pressed; then nothing would come of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
)

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
    """A button, which may be one that stays pressed. Its words break into lines where there is no room for one."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.hear_turning()
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        whole, metrics = self.sizeHint(), self.fontMetrics()
        more = len(self._lines(width)) - self.text().count("\n") - 1
        return whole.height() + more * metrics.lineSpacing()

    def minimumSizeHint(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(longest + self._around(), self.sizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = "\n".join(self._lines(self.width()))
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def _around(self) -> int:
        """What stands beside the words, both sides together."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(line) for line in self.text().split("\n"))
        return max(0, self.sizeHint().width() - widest)

    def _lines(self, width: int) -> list[str]:
        room, metrics, lines = width - self._around(), self.fontMetrics(), []
        for written in self.text().split("\n"):
            line = ""
            for word in written.split(" "):
                longer = f"{line} {word}" if line else word
                if line and metrics.horizontalAdvance(longer) > room:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines


class PressBox(HearsTurning, QCheckBox):
    """A box to tick."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.hear_turning()
