"""The line as it stands, drawn for supervisors: hours, who waits, calls, people, and what needs somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.models.line_now import NO_CALLS, NO_TROUBLE, NOBODY_HERE, LineNowModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.hours_by_hand import HoursByHand
from console.views.parts import across, column, rule, show_words, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet
from console.views.signing_out import SignOutButton

TITLE: Final = tr("The line now")
STALE: Final = tr("What is shown may be old. {why}")
_ROWS: Final = 5  # of a list, in heights of a button


class LineNowView(Sheet):
    """Shows the model. Emits `close_line`, `open_line` and `usual_hours`, and `sign_out` with a person's id."""

    close_line = Signal(object, object)
    open_line = Signal(object)
    usual_hours = Signal()
    sign_out = Signal(str)

    def __init__(self, parent: QWidget, model: LineNowModel, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        super().__init__(parent, tokens, "line_now", TITLE)
        self._model = model
        self._hours = text_label("", "strong", "", "line_now.hours")
        self._stale = text_label("", "", "caution", "line_now.stale")
        self._help = text_label("", "strong", "caution", "line_now.help")
        self._queue = text_label("", "strong", "", "line_now.queue")
        self._waiting = _rows("line_now.waiting", tr("Callers who wait, the first to be answered first"), tokens)
        self._calls = _rows("line_now.calls", tr("Calls in progress"), tokens)
        self._people = _rows("line_now.people", tr("Who is signed in, by name"), tokens)
        self._trouble = _rows("line_now.trouble", tr("What needs somebody"), tokens)
        self._out = SignOutButton("line_now.sign_out")
        self._by_hand = HoursByHand(model, tokens, clock)
        self.fill(self._place(tokens))
        self._by_hand.close_line.connect(self.close_line)
        self._by_hand.open_line.connect(self.open_line)
        self._by_hand.usual_hours.connect(self.usual_hours)
        self._out.sure.connect(self.sign_out)
        self._people.currentRowChanged.connect(lambda _: self._show_out())
        model.changed.connect(self._show)
        model.told.connect(lambda: self.tell(model.notice, model.notice_is_good))
        self.set_stale("")
        self._show()

    def _place(self, tokens: Tokens) -> QWidget:
        waiting = (text_label(tr("Waiting"), "eyebrow"), self._queue, self._waiting)
        calls = (text_label(tr("Calls in progress"), "eyebrow"), self._help, self._calls)
        out = across(0)
        out.addWidget(self._out)
        out.addStretch(1)
        people = (text_label(tr("Signed in"), "eyebrow"), self._people, holder(out))
        trouble = (text_label(tr("Needs somebody"), "eyebrow"), self._trouble)
        beside = across(tokens.wide)
        beside.addLayout(_stacked(tokens.tight, *waiting, *calls), 1)
        beside.addLayout(_stacked(tokens.tight, *people, *trouble), 1)
        whole = _stacked(tokens.gap, self._stale, self._hours, self._by_hand, rule())
        whole.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, tokens.wide)
        whole.addLayout(beside, 1)
        return holder(whole, "surface")

    def prepare(self) -> None:
        self._by_hand.begin()

    def take_focus(self) -> None:
        self._by_hand.take_focus()

    def set_stale(self, why: str) -> None:
        """Say that the service could not be asked, and why; "" once it answers."""
        show_words(self._stale, STALE.format(why=why) if why else "")

    def _show(self) -> None:
        model = self._model
        self._hours.setText(model.hours)
        self._queue.setText(model.queue)
        show_words(self._help, model.help_wanted)
        nothing = "" if model.line is None else NO_CALLS
        self._waiting.setVisible(bool(model.waiting))
        _fill(self._waiting, model.waiting)
        _fill(self._calls, model.calls or (nothing,))
        _fill(self._trouble, model.trouble or (NO_TROUBLE if model.line else "",))
        chosen = self._chosen()
        people = model.people
        _fill(self._people, tuple(row.words for row in people) or (NOBODY_HERE if model.line else "",))
        for place, row in enumerate(people):
            self._people.item(place).setData(Qt.ItemDataRole.UserRole, row.id)
        if not people:
            self._people.item(0).setData(Qt.ItemDataRole.UserRole, None)
        self._choose(chosen)

    def _choose(self, person_id: str) -> None:
        """Whoever was chosen stays so, wherever they now stand in the list; nobody else is chosen in their place."""
        ids = [row.id for row in self._model.people]
        self._people.setCurrentRow(ids.index(person_id) if person_id in ids else -1)
        self._show_out()

    def _chosen(self) -> str:
        item = self._people.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole) or "")

    def _show_out(self) -> None:
        chosen = self._chosen()
        name = next((row.name for row in self._model.people if row.id == chosen), "")
        self._out.choose(chosen if name else "", name)


def _stacked(gap: int, *parts: QWidget) -> QVBoxLayout:
    stack = column(gap)
    for part in parts:
        stack.addWidget(part)
    return stack


def _rows(name: str, accessible: str, tokens: Tokens) -> QListWidget:
    rows = QListWidget()
    rows.setObjectName(name)
    rows.setAccessibleName(accessible)
    rows.setWordWrap(True)
    rows.setUniformItemSizes(False)
    rows.setMinimumHeight(tokens.control * _ROWS)
    return rows


def _fill(rows: QListWidget, words: Sequence[str]) -> None:
    """Only what is different is written, so that hundreds of rows cost little and nothing jumps."""
    while rows.count() > len(words):
        rows.takeItem(rows.count() - 1)
    for place, text in enumerate(words):
        if place >= rows.count():
            QListWidgetItem(text, rows)
        elif rows.item(place).text() != text:
            rows.item(place).setText(text)
