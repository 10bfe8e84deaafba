"""The calls that wait, drawn: rows are made once and written anew, so that a crowd that changes costs no more."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from console.models.line import LineModel, WaitingRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, column, frame, show_words, text_label
from console.views.pressing import PressButton

MOST_ROWS = 50
OFFERED = tr("offered to you")


class _Row:
    """One row; which call it shows can change."""

    def __init__(self, tokens: Tokens) -> None:
        inside = across(tokens.gap)
        inside.setContentsMargins(tokens.hair, tokens.tight, tokens.hair, tokens.tight)
        self._waited = text_label("", "strong", wrap=False)
        self._waited.setMinimumWidth(tokens.vast + tokens.tight)
        self._language = text_label("")
        self._note = text_label("", "small", "caution")
        self._offered = text_label(OFFERED, "small", "accent")
        self._others = text_label("", "small", "muted")
        about = column(0)
        about.addWidget(self._language)
        about.addWidget(self._note)
        about.addWidget(self._offered)
        about.addWidget(self._others)
        inside.addWidget(self._waited, 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addLayout(about, 1)
        self.take: QPushButton = PressButton(tr("Take"))
        self.take.setProperty("look", "quiet")
        inside.addWidget(self.take, 0, Qt.AlignmentFlag.AlignVCenter)
        self.box: QFrame = frame("row", inside)
        self.shown: WaitingRow | None = None

    def show(self, row: WaitingRow) -> None:
        """Write what differs."""
        before, self.shown = self.shown, row
        if before == row:
            return
        if before is None or before.id != row.id:
            self.box.setObjectName(f"waiting.{row.id}")
            self._waited.setObjectName(f"waiting.{row.id}.clock")
            self.take.setObjectName(f"waiting.{row.id}.take")
        if before is None or before.waited != row.waited:
            self._waited.setText(row.waited)
        if before is None or (before.language, before.note) != (row.language, row.note):
            self._language.setText(row.language)
            show_words(self._note, row.note)
            self.box.setAccessibleName(
                tr("Waiting, {language} {note}").format(language=row.language, note=row.note).strip()
            )
            self.take.setAccessibleName(
                tr("Take this call: waiting, {language} {note}").format(language=row.language, note=row.note).strip()
            )
        if before is None or before.for_others != row.for_others:
            show_words(self._others, row.for_others)
        if before is None or before.offered != row.offered:
            self._offered.setVisible(row.offered)
        if before is None:
            self.box.setVisible(True)

    def clear(self) -> None:
        if self.shown is not None:
            self.shown = None
            self.box.setObjectName("")
            self._waited.setObjectName("")
            self.take.setObjectName("")
            self.box.setVisible(False)


class WaitingList(QWidget):
    """Those who have waited longest, at most MOST_ROWS of them, under a line that counts all.

    Emits `take` with a call's id.
    """

    take = Signal(str)

    def __init__(self, line: LineModel, tokens: Tokens) -> None:
        super().__init__()
        self._line, self._tokens = line, tokens
        self._rows: list[_Row] = []
        self._may_take = False
        self._title = text_label("", "eyebrow", "", "line.waiting_title")
        self._inside = column(0)
        self._inside.addWidget(self._title)
        self._inside.addSpacing(tokens.hair)
        self.setLayout(self._inside)
        line.changed.connect(self._show)
        line.ticked.connect(self._write)
        self._show()

    def let_take(self, may_take: bool) -> None:
        """Whether a press takes a call."""
        if may_take != self._may_take:
            self._may_take = may_take
            self._write()

    def _pressed(self, row: _Row, _: bool = False) -> None:
        if row.shown is not None:
            self.take.emit(row.shown.id)

    def _show(self) -> None:
        count = len(self._line.calls)
        self._title.setText(tr("Waiting ({count})").format(count=count) if count else tr("Nobody is waiting"))
        self._write()

    def _write(self) -> None:
        wanted = self._line.rows(MOST_ROWS)
        while len(self._rows) < len(wanted):
            row = _Row(self._tokens)
            row.take.clicked.connect(partial(self._pressed, row))
            self._rows.append(row)
            self._inside.addWidget(row.box)
        for row, shown in zip(self._rows, wanted, strict=False):
            row.show(shown)
            row.take.setVisible(self._may_take and not shown.offered and not shown.for_others)
        for row in self._rows[len(wanted) :]:
            row.clear()
