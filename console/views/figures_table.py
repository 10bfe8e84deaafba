"""A section of a summary as a table in which every word can be read. It knows no period and no edition."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from console.models.summary import Section
from console.style.tokens import Tokens
from console.translation import tr

_MOST_ROWS: Final = 12  # that are seen at once
_READABLE: Final = 32  # letters; a last column is never narrower where its words are more
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FiguresTable(QTableWidget):
    """The last column takes what the others leave, and its words go on in the next line."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("summary.table")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setDefaultAlignment(_LEFT)
        self.setMinimumHeight(tokens.control * _MOST_ROWS)
        self.setTabKeyNavigation(False)

    def show_section(self, section: Section) -> None:
        self.setColumnCount(len(section.columns))
        self.setRowCount(len(section.lines))
        self.setHorizontalHeaderLabels(list(section.columns))
        self.setAccessibleName(tr("Every figure: {section}").format(section=section.title))
        for row, line in enumerate(section.lines):
            for place, text in enumerate((line.of, *line.cells)):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.setItem(row, place, item)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        last = self.columnCount() - 1
        if last < 0:
            return
        self.resizeColumnsToContents()
        left = self.viewport().width() - sum(self.columnWidth(place) for place in range(last))
        readable = self.fontMetrics().averageCharWidth() * _READABLE
        self.setColumnWidth(last, max(left, min(self.columnWidth(last), readable)))
        self.resizeRowsToContents()
