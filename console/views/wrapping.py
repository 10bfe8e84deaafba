"""A row that goes on in the next line where there is no room: for buttons, whose words are never cut short."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrappingLayout(QLayout):
    """From the left, line after line; as tall as the lines it takes."""

    def __init__(self, gap: int, last_right: bool = False) -> None:
        """`gap` in pixels, between parts and between lines; `last_right` puts the last part at the right edge."""
        super().__init__()
        self._gap, self._last_right = gap, last_right
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._placed(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._placed(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        widest = max((item.minimumSize().width() for item in shown), default=0)
        return QSize(widest, max((item.minimumSize().height() for item in shown), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _placed(self, rect: QRect, move: bool) -> int:
        across, down, line = rect.x(), rect.y(), 0
        right, shown = rect.x() + rect.width(), self._shown()
        for item in shown:
            size = _size(item, rect.width())
            if across > rect.x() and across + size.width() > right:
                across, down, line = rect.x(), down + line + self._gap, 0
            if self._last_right and item is shown[-1]:
                across = max(across, right - size.width())
            if move:
                item.setGeometry(QRect(QPoint(across, down), size))
            across += size.width() + self._gap
            line = max(line, size.height())
        return down + line - rect.y()


class SharingLayout(WrappingLayout):
    """Line after line too, each shared between the parts in it, so that buttons stand as wide as there is room."""

    def _placed(self, rect: QRect, move: bool) -> int:
        down = rect.y()
        for line in self._lines(rect.width()):
            widths = self._widths(line, rect.width())
            sized = list(zip(line, widths, strict=True))
            height = max(_height(item, width) for item, width in sized)
            across = rect.x()
            for item, width in sized:
                if move:
                    item.setGeometry(QRect(across, down, width, height))
                across += width + self._gap
            down += height + self._gap
        return max(0, down - self._gap - rect.y())

    def _lines(self, room: int) -> list[list[QLayoutItem]]:
        """As many in each line as are not cut there."""
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            needed = item.minimumSize().width() + self._gap
            if not lines or needed > left + self._gap:
                lines.append([])
                left = room
            lines[-1].append(item)
            left -= needed
        return lines

    def _widths(self, line: list[QLayoutItem], room: int) -> list[int]:
        """The same for each, but for those that need more: they get that, and the others share the rest."""
        needed = [item.minimumSize().width() for item in line]
        free, others = room - self._gap * (len(line) - 1), len(line)
        wide: set[int] = set()
        for place in sorted(range(len(line)), key=needed.__getitem__, reverse=True):
            if needed[place] * others > free:
                wide.add(place)
                free, others = free - needed[place], others - 1
        return [needed[place] if place in wide else free // max(1, others) for place in range(len(line))]


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _size(item: QLayoutItem, room: int) -> QSize:
    width = min(item.sizeHint().width(), room)
    return QSize(width, _height(item, width))


def wrapped(parts: Sequence[QWidget], gap: int, last_right: bool = False) -> QWidget:
    """These parts, in as many lines as they need."""
    return _boxed(WrappingLayout(gap, last_right), parts)


def sharing(parts: Sequence[QWidget], gap: int) -> QWidget:
    """These parts, each as wide as the others beside it, in as many lines as they need."""
    return _boxed(SharingLayout(gap), parts)


def _boxed(layout: QLayout, parts: Sequence[QWidget]) -> QWidget:
    for part in parts:
        layout.addWidget(part)
    box = QWidget()
    box.setLayout(layout)
    policy = box.sizePolicy()
    policy.setHeightForWidth(True)
    box.setSizePolicy(policy)
    return box
