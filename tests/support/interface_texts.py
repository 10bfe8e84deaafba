"""Every text that a window has for whoever looks or listens, shown now or not; what somebody typed is none of them."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def texts_of(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Each with the widget that has it."""
    for widget in (window, *window.findChildren(QWidget)):
        for text in (*_said_of(widget), *_shown_by(widget)):
            if text:
                yield widget, text


def _said_of(widget: QWidget) -> Iterator[str]:
    yield widget.windowTitle()
    yield widget.toolTip()
    yield widget.statusTip()
    yield widget.whatsThis()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    for action in widget.actions():
        yield action.text()


def _shown_by(widget: QWidget) -> Iterator[str]:
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QLineEdit() | QPlainTextEdit():
            yield widget.placeholderText()
        case QGroupBox():
            yield widget.title()
        case QComboBox():
            yield from (widget.itemText(place) for place in range(widget.count()))
        case QHeaderView():
            pass  # with its table
        case QTableView():
            yield from _cells(widget.model(), widget.model().columnCount())
            yield from _headings(widget.model())
        case QAbstractItemView():
            yield from _cells(widget.model(), 1)


def _cells(model: Any, columns: int) -> Iterator[str]:
    for row in range(model.rowCount()):
        for place in range(columns):
            yield from (str(model.index(row, place).data(role) or "") for role in ROLES)


def _headings(model: Any) -> Iterator[str]:
    for place in range(model.columnCount()):
        yield str(model.headerData(place, Qt.Orientation.Horizontal) or "")
