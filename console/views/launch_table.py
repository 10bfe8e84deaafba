"""The table since the launch, drawn: each line large, what it counts in words under it, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from console.models.summary import PublishedLine
from console.style.tokens import Tokens
from console.views.parts import across, column, emptied, frame, text_label


class LaunchTable(QWidget):
    """Nothing at all while there are no lines."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self.setObjectName("summary.launch")
        self._lines = column(0)
        self.setLayout(self._lines)
        self.hide()

    def show_lines(self, lines: Iterable[PublishedLine], adds_up: str) -> None:
        """Draw these; `adds_up` stands under them."""
        emptied(self._lines)
        there = tuple(lines)
        for line in there:
            self._lines.addWidget(self._line(line))
        if there:
            self._lines.addSpacing(self._tokens.tight)
            self._lines.addWidget(text_label(adds_up, "strong", "", "summary.adds_up"))
        self.setVisible(bool(there))

    def _line(self, line: PublishedLine) -> QWidget:
        about = column(self._tokens.hair)
        about.addWidget(text_label(line.label, "strong"))
        about.addWidget(text_label(line.words, "small", "muted"))
        value = text_label(line.value, "title", "", f"summary.line.{line.id}", wrap=False)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        inside = across(self._tokens.wide)
        inside.setContentsMargins(0, self._tokens.tight, 0, self._tokens.tight)
        inside.addLayout(about, 1)
        inside.addWidget(value, 0, Qt.AlignmentFlag.AlignTop)
        row = frame("row", inside)
        row.setAccessibleName(f"{line.label}: {line.value}. {line.words}")
        return row
