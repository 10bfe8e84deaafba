"""The audit log, drawn for an auditor: a day at a time, the newest first, and whether it agrees with itself."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.audit_words import line_words
from console.dates import weekday_and_year
from console.style.tokens import Tokens
from console.translation import ntr, tr
from console.views.parts import column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press
from shared.people_messages import AuditDay, AuditPages

NO_ORDER: Final = tr(
    "A day's entries have no order and no time, so that nothing done to a report can be laid beside a call."
)
WHOLE: Final = tr("Every entry and page agrees with its digest. Compare a digest with a copy kept elsewhere.")
NOT_WHOLE: Final = tr("The log does not agree with its digests: 'candour audit verify' says on which days.")
EMPTY: Final = tr("Nothing has been written to the log yet.")
_DIGITS: Final = 16

# How an entry is read: who, and to what. A verb that is not here is shown as it is stored.


class AuditView(Sheet):
    """Shows pages. Nothing in it can be changed. Emits `earlier` with the oldest day shown, for those before it."""

    earlier = Signal(object)

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "audit", tr("The audit log"))
        self._list = QListWidget()
        self._list.setObjectName("audit.list")
        self._list.setAccessibleName(tr("The audit log, the newest day first"))
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(tokens.control * 12)
        self._state = text_label("", "strong", "", "audit.state")
        self._oldest: date | None = None
        self._more = press("audit.earlier", tr("Earlier days"))
        self._more.clicked.connect(lambda: self._ask_earlier())
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(self._state)
        whole.addWidget(text_label(NO_ORDER, "small", "muted"))
        whole.addWidget(self._list, 1)
        whole.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.fill(holder(whole, "surface"))

    def take_focus(self) -> None:
        self._list.setFocus()

    def forget(self) -> None:
        self._list.clear()
        self._state.setText("")
        self._oldest = None
        self._more.hide()

    def show_pages(self, pages: AuditPages) -> None:
        """The newest days."""
        self.forget()
        self._state.setText((WHOLE if pages.whole else NOT_WHOLE) if pages.days else EMPTY)
        self.add_pages(pages)

    def add_pages(self, pages: AuditPages) -> None:
        """Days before those that are shown; what has been shown since is not added twice."""
        if self._oldest is not None and pages.days and pages.days[0].day >= self._oldest:
            return
        self.tell("")
        self._more.setVisible(pages.earlier)
        for day in pages.days:
            self._oldest = day.day
            heading = QListWidgetItem(_heading(day), self._list)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            for line in day.entries:
                QListWidgetItem(f"    {line_words(line)}", self._list)

    def _ask_earlier(self) -> None:
        if self._oldest is not None:
            self.earlier.emit(self._oldest)


def _heading(day: AuditDay) -> str:
    count = len(day.entries)
    words = ntr("{day}: {count} entry, digest {digest}", "{day}: {count} entries, digest {digest}", count)
    return words.format(day=weekday_and_year(day.day), count=count, digest=day.digest[:_DIGITS])
