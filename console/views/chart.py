"""Bars, drawn small and plain: outlines and fillings that are told apart without colour. The table is behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontInfo, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.models.summary import Bar
from console.style.tokens import Tokens
from console.translation import tr
from shared.summary.sheet import short_names

_STEPS: Final = 4
HIGHEST: Final = tr("{title}: most at {of}: {count}. Every figure is in the table below.")
NO_CALLS: Final = tr("{title}: no calls. Every figure is in the table below.")


class BarsView(QWidget):
    """Standing bars: the whole in outline, the part filled; a single number filled.

    A screen reader hears the highest and the table's place.
    """

    def __init__(self, name: str, title: str, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title, self._tokens = title, tokens
        self._bars: tuple[Bar, ...] = ()
        self._under: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_bars(())

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(line * 22, line * 11)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self._under = _under(self._bars)
        most = max(self._bars, key=lambda bar: bar.whole, default=None)
        of, count = ("", 0) if most is None else (most.of, most.whole)
        self.setAccessibleName((HIGHEST if count else NO_CALLS).format(title=self._title, of=of, count=count))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(round(QFontInfo(font).pixelSize() * self._tokens.small / self._tokens.body))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        step = _step(max((bar.whole for bar in self._bars), default=0))
        left = metrics.horizontalAdvance(str(step * _STEPS)) + self._tokens.gap
        bottom = metrics.height() * max((name.count("\n") + 1 for name in self._under), default=1) + self._tokens.tight
        area = QRectF(
            left, metrics.height() / 2, self.width() - left - 1, self.height() - bottom - metrics.height() / 2
        )
        self._scale(painter, area, step)
        self._draw(painter, area, step)

    def _scale(self, painter: QPainter, area: QRectF, step: int) -> None:
        colours = self.palette()
        for line in range(_STEPS + 1):
            y = area.bottom() - area.height() * line / _STEPS
            painter.setPen(QPen(colours.placeholderText().color(), 0.3))
            painter.drawLine(int(area.left()), int(y), int(area.right()), int(y))
            painter.setPen(QPen(colours.text().color()))
            height = painter.fontMetrics().height()
            beside = QRectF(0, y - height / 2, area.left() - self._tokens.tight, height)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(step * line))

    def _draw(self, painter: QPainter, area: QRectF, step: int) -> None:
        if not self._bars:
            return
        colours, metrics = self.palette(), painter.fontMetrics()
        each = area.width() / len(self._bars)
        lines = [line for name in self._under for line in name.split("\n")]
        widest = max(map(metrics.horizontalAdvance, lines)) + self._tokens.gap
        every = max(1, -(-widest // max(1, int(each))))
        for place, (bar, name) in enumerate(zip(self._bars, self._under, strict=True)):
            x = area.left() + each * place + each * 0.1
            for value, filled, start, width in _drawn(bar):
                height = area.height() * value / (step * _STEPS)
                painter.setPen(QPen(colours.text().color()))
                painter.setBrush(colours.text() if filled else colours.base())
                painter.drawRect(QRectF(x + each * start, area.bottom() - height, each * width, height))
            if place % every == 0:
                painter.setPen(QPen(colours.text().color()))
                under = QRectF(x - each * 0.1, area.bottom() + self._tokens.tight, widest, self.height())
                painter.drawText(under, Qt.AlignmentFlag.AlignLeft, name)


def _drawn(bar: Bar) -> tuple[tuple[int, bool, float, float], ...]:
    """Each bar of a name: its number, whether it is filled, and where it starts and how wide it is, of the room."""
    if bar.part is None:
        return ((bar.whole, True, 0.0, 0.8),)
    return ((bar.whole, False, 0.0, 0.4), (bar.part, True, 0.4, 0.4))


def _under(bars: Sequence[Bar]) -> tuple[str, ...]:
    """What stands under each; the zone of an hour that comes twice in a second line."""
    names = short_names(bar.of for bar in bars)
    return tuple(names[bar.of].replace(" ", "\n") if ":" in bar.of else names[bar.of] for bar in bars)


def _step(highest: int) -> int:
    """1, 2 or 5 of a power of ten, so that a line is read at a glance."""
    for power in range(12):
        for digit in (1, 2, 5):
            if digit * 10**power * _STEPS >= highest:
                return digit * int(10**power)
    return highest
