"""What does not fit on a screen: texts wider or higher than their widgets, and controls outside what scrolls them."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from console.views.places import Places

NEARLY = 1  # pixel: a half of one is rounded


def what_does_not_fit(window: QWidget) -> list[str]:
    """Each as a sentence; nothing where every visible widget has the room it needs."""
    return [*_cut(window), *_outside(window), *_scrolled_sideways(window)]


def _shown(window: QWidget) -> Iterator[QWidget]:
    return (widget for widget in window.findChildren(QWidget) if widget.isVisible() and widget.width() > 0)


def _words(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{widget.objectName() or type(widget).__name__} “{text[:40]}”"


def _cut(window: QWidget) -> Iterator[str]:
    for widget in _shown(window):
        needed, height = _needed(widget)
        if needed > widget.width() + NEARLY:
            yield f"{_words(widget)} is {widget.width()} wide and needs {needed}"
        if height > widget.height() + NEARLY:
            yield f"{_words(widget)} is {widget.height()} high and needs {height}"


def _needed(widget: QWidget) -> tuple[int, int]:
    """Width and height without which some of its words cannot be read."""
    match widget:
        case QLabel():
            if not widget.text():
                return 0, 0
            across = widget.minimumSizeHint().width() if widget.wordWrap() else widget.sizeHint().width()
            down = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            return across, down
        case QPushButton() if widget.hasHeightForWidth():
            return widget.minimumSizeHint().width(), widget.heightForWidth(widget.width())
        case QPushButton() | QCheckBox():
            return widget.sizeHint().width(), widget.sizeHint().height()
        case QComboBox():
            return widget.minimumSizeHint().width(), widget.minimumSizeHint().height()
        case _:
            return 0, 0


def _outside(window: QWidget) -> Iterator[str]:
    for widget in _shown(window):
        parent = widget.parentWidget()
        if parent is None or widget.isWindow() or isinstance(parent, Places):
            continue  # of the places one may stand out of sight
        scrolls = isinstance(parent.parentWidget(), QAbstractScrollArea)
        left, right = widget.x(), widget.x() + widget.width()
        top, bottom = widget.y(), widget.y() + widget.height()
        if not scrolls and (top < -NEARLY or bottom > parent.height() + NEARLY):
            yield f"{_words(widget)} reaches from {top} to {bottom} in {parent.height()} down"
        if left < -NEARLY or right > parent.width() + NEARLY:
            yield f"{_words(widget)} reaches from {left} to {right} in {parent.width()} across"
        if widget.focusPolicy() and not _within_reach(widget, window):
            yield f"{_words(widget)} cannot be reached"


def _within_reach(widget: QWidget, window: QWidget) -> bool:
    """Whether it stands inside the window from left to right."""
    left = widget.mapTo(window, QPoint(0, 0)).x()
    return left >= -NEARLY and left + widget.width() <= window.width() + NEARLY


def _scrolled_sideways(window: QWidget) -> Iterator[str]:
    for area in window.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None and inside.width() > area.viewport().width() + NEARLY:
            yield f"{area.objectName()} shows {area.viewport().width()} of {inside.width()} across"
