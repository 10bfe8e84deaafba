"""Buttons that stay pressed, and boxes to tick, that hear a press from an assistive tool as they hear one from a key.

Qt lets such a tool turn a button over without telling that it was pressed; then nothing would come of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
)

NOTHING_WIDE: Final = "\u200b"  # a line that takes its height and is not underlined
KEY_SIZE: Final = 6 / 7  # of the words beside it
_TICK: Final = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))  # of the box's side

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
    """A button, which may be one that stays pressed. Its words break into lines where there is no room for one.

    `show_key` has it show its key, small: beside the words, or under them where there is no room for that.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._key, self._always_under = "", False
        self.hear_turning()
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_key(self, words: str, under: bool = False) -> None:
        """The key as it is written on a keyboard; `under` the words, even where there is room beside them."""
        self._key, self._always_under = words, under
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)  # as high as the key under the words needs
        self.setSizePolicy(policy)

    def let_break(self) -> None:
        """Let it stand narrower than its words are in one line, and then higher."""
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        whole, lines = self.sizeHint(), self._lines(width)
        more = len(lines) - self.text().count("\n") - 1 + self._has_key_under(width, lines)
        return whole.height() + more * self.fontMetrics().lineSpacing()

    def minimumSizeHint(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(max(longest, self._key_width()) + self._around(), self.sizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        lines = self._lines(self.width())
        under = self._has_key_under(self.width(), lines)
        words = "\n".join([*lines, NOTHING_WIDE] if under else lines)
        beside = bool(self._key) and not under
        option.text = "" if beside else words
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        if beside:  # the words keep clear of it
            option.text = words
            option.rect = option.rect.adjusted(0, 0, -self._key_width(), 0)
            painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
        if self._key:
            self._paint_key(painter, len(lines), under)
        painter.end()

    def _paint_key(self, painter: QStylePainter, lines: int, under: bool) -> None:
        each = self.fontMetrics().lineSpacing()
        painter.setFont(self._key_font())
        painter.setPen(self.palette().placeholderText().color())
        if under:
            top = (self.height() + (lines - 1) * each) // 2
            painter.drawText(QRect(0, top, self.width(), each), Qt.AlignmentFlag.AlignCenter, self._key)
        else:
            beside = self.rect().adjusted(0, 0, -self._around() // 2, 0)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key)

    def _has_key_under(self, width: int, lines: list[str]) -> bool:
        if not self._key or self._always_under:
            return bool(self._key)
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        return width - self._around() < widest + metrics.averageCharWidth() + self._key_width()

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(QFontInfo(font).pixelSize() * KEY_SIZE))
        font.setWeight(QFont.Weight.Normal)
        return font

    def _key_width(self) -> int:
        return QFontMetrics(self._key_font()).horizontalAdvance(self._key) if self._key else 0

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
    """A box to tick, with a tick, so that colour is not the only sign."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.hear_turning()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        left, top, side = float(box.left()), float(box.top()), float(box.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlightedText().color(), side / 10))
        painter.drawPolyline([QPointF(left + across * side, top + down * side) for across, down in _TICK])
        painter.end()
