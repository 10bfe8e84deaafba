"""The left column, drawn: who one is, how one stands, what is offered, who waits, and reports to go on with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from console.models.line import LineModel, WaitingRow
from console.models.review import ReportRow, ReviewModel
from console.models.session import SessionModel
from console.style.tokens import Tokens
from console.views.parts import (
    across,
    action_button,
    chip,
    column,
    emptied,
    frame,
    key_hint,
    scrolled,
    show_words,
    text_label,
)
from console.views.parts import widget as holder
from shared.domain.vocabulary import PresenceState

MOST_ROWS = 50

_PRESENCE_ACTIONS = {
    PresenceState.AVAILABLE: "available",
    PresenceState.BREAK: "break",
    PresenceState.OFFLINE: "offline",
}


@dataclass(frozen=True, slots=True)
class _DrawnRow:
    box: QFrame
    waited: QLabel
    offered: QLabel


class LineView(QFrame):
    """Emits what was pressed: `presence`, `answer`, `not_now`, `open_own`, `open_review`, `keys`, `sign_out`."""

    presence = Signal(object)
    answer = Signal()
    not_now = Signal()
    open_own = Signal(str)
    open_review = Signal(str)
    keys = Signal()
    sign_out = Signal()

    def __init__(self, line: LineModel, session: SessionModel, review: ReviewModel, tokens: Tokens) -> None:
        super().__init__()
        self._line, self._session, self._review, self._tokens = line, session, review, tokens
        self._drawn: dict[str, _DrawnRow] = {}
        self.setObjectName("place.line")
        self.setAccessibleName("The line")
        self.setProperty("look", "column")
        self.setFixedWidth(tokens.left_width)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.room, tokens.wide, tokens.room, tokens.room)
        layout.setSpacing(tokens.gap)
        layout.addWidget(self._who())
        layout.addWidget(self._switch())
        layout.addWidget(self._offer())
        self._notice = text_label("", "small", "danger", "line.notice")
        layout.addWidget(self._notice)
        layout.addWidget(self._lists(), 1)
        layout.addWidget(self._foot())
        for signal in (line.changed, session.changed):
            signal.connect(self._show)
        line.ticked.connect(self._tick)
        review.listed.connect(self._show_reports)
        review.opened.connect(self._show_reports)
        session.changed.connect(self._show_reports)
        self._show()
        self._show_reports()

    # --- made once ---

    def _who(self) -> QWidget:
        inside = column(2)
        self._name = text_label("", "lead", "", "line.name")
        self._presence_words = text_label("", "small", "muted", "line.presence")
        inside.addWidget(self._name)
        inside.addWidget(self._presence_words)
        return holder(inside)

    def _switch(self) -> QWidget:
        inside = across(self._tokens.hair)
        self._switches: dict[PresenceState, QPushButton] = {}
        for state, action_id in _PRESENCE_ACTIONS.items():
            button = action_button(action_id, lambda state=state: self._choose(state), "segment")  # type: ignore[misc]
            button.setCheckable(True)
            inside.addWidget(button, 1)
            self._switches[state] = button
        return holder(inside)

    def _choose(self, state: PresenceState) -> None:
        self._show_switch()  # the service decides; the switch follows it, not the press
        self.presence.emit(state)

    def _offer(self) -> QFrame:
        tokens = self._tokens
        inside = column(tokens.tight, tokens.room)
        inside.addWidget(text_label("A call for you", "lead", "accent"))
        top = across(tokens.gap)
        self._offer_clock = text_label("", "title", "", "offer.clock", wrap=False)
        self._offer_language = chip("", "offer.language")
        top.addWidget(self._offer_clock)
        top.addWidget(text_label("waiting", "small", "muted", wrap=False))
        top.addStretch(1)
        top.addWidget(self._offer_language)
        inside.addLayout(top)
        self._offer_note = text_label("", "strong", "caution", "offer.note")
        inside.addWidget(self._offer_note)
        inside.addSpacing(tokens.hair)
        for action_id, signal, look in (("answer", self.answer, "primary"), ("not_now", self.not_now, "")):
            row = across(tokens.tight)
            row.addWidget(action_button(action_id, signal.emit, look), 1)
            hint = key_hint(action_id)
            hint.setFixedWidth(tokens.key_width)
            row.addWidget(hint)
            inside.addLayout(row)
        self._offer_card = frame("offer", inside, "line.offer")
        self._offer_card.setAccessibleName("A call is offered to you")
        return self._offer_card

    def _lists(self) -> QWidget:
        inside = column(self._tokens.tight)
        self._waiting_title = text_label("", "eyebrow", "", "line.waiting_title")
        self._waiting = column(0)
        self._review_title = text_label("To review", "eyebrow", "", "line.review_title")
        self._review_rows = column(2)
        self._own_title = text_label("Your open reports", "eyebrow", "", "line.own_title")
        self._own_rows = column(2)
        inside.addSpacing(self._tokens.hair)
        inside.addWidget(self._waiting_title)
        inside.addLayout(self._waiting)
        for title, rows in ((self._review_title, self._review_rows), (self._own_title, self._own_rows)):
            inside.addSpacing(self._tokens.room)
            inside.addWidget(title)
            inside.addLayout(rows)
        inside.addStretch(1)
        return scrolled(holder(inside, "surface"), "line.lists", "Waiting calls and reports")

    def _foot(self) -> QWidget:
        inside = across(self._tokens.hair)
        inside.addWidget(action_button("keys", self.keys.emit, "quiet"))
        inside.addWidget(key_hint("keys"))
        inside.addStretch(1)
        inside.addWidget(action_button("sign_out", self.sign_out.emit, "quiet"))
        return holder(inside)

    # --- drawn again ---

    def _show(self) -> None:
        person = self._session.person
        self._name.setText("" if person is None else person.name)
        self._show_switch()
        show_words(self._notice, self._line.notice)
        self._show_waiting()
        self._tick()

    def _show_switch(self) -> None:
        for state, button in self._switches.items():
            button.setChecked(self._line.presence is state)
            button.setEnabled(self._line.reached)

    def _show_waiting(self) -> None:
        rows = self._line.rows(MOST_ROWS)
        count = len(self._line.calls)
        self._waiting_title.setText(f"Waiting ({count})" if count else "Nobody is waiting")
        if [row.id for row in rows] == list(self._drawn):
            return
        emptied(self._waiting)
        self._drawn = {row.id: self._row(row) for row in rows}
        for drawn in self._drawn.values():
            self._waiting.addWidget(drawn.box)

    def _row(self, row: WaitingRow) -> _DrawnRow:
        inside = across(self._tokens.gap)
        inside.setContentsMargins(self._tokens.hair, self._tokens.tight, self._tokens.hair, self._tokens.tight)
        waited = text_label(row.waited, "strong", "", f"waiting.{row.id}.clock", wrap=False)
        waited.setMinimumWidth(self._tokens.vast + self._tokens.tight)
        about = column(0)
        about.addWidget(text_label(row.language))
        if row.note:
            about.addWidget(text_label(row.note, "small", "caution"))
        inside.addWidget(waited, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(about, 1)
        offered = text_label("offered to you", "small", "accent", wrap=False)
        inside.addWidget(offered, 0, Qt.AlignmentFlag.AlignTop)
        box = frame("row", inside, f"waiting.{row.id}")
        box.setAccessibleName(f"Waiting, {row.language} {row.note}".strip())
        return _DrawnRow(box, waited, offered)

    def _tick(self) -> None:
        self._presence_words.setText(self._line.presence_words)
        for row in self._line.rows(MOST_ROWS):
            if row.id in self._drawn:
                self._drawn[row.id].waited.setText(row.waited)
                self._drawn[row.id].offered.setVisible(row.offered)
        offer = self._line.offered_row
        if offer is not None:
            self._offer_clock.setText(offer.waited)
            self._offer_language.setText(offer.language)
            show_words(self._offer_note, offer.note)
        self._offer_card.setVisible(offer is not None)

    def _show_reports(self) -> None:
        to_review = self._review.in_review if self._session.is_supervisor else ()
        self._fill(self._review_title, self._review_rows, to_review, "review", self.open_review)
        self._fill(self._own_title, self._own_rows, self._review.own_open, "own", self.open_own)

    def _fill(
        self, title: QLabel, rows: QVBoxLayout, reports: tuple[ReportRow, ...], kind: str, opened: object
    ) -> None:
        title.setVisible(bool(reports))
        emptied(rows)
        for report in reports:
            button = QPushButton(f"{report.title}\n{report.detail}")
            button.setObjectName(f"{kind}.{report.id}")
            button.setProperty("look", "listed")
            button.setAccessibleName(f"Open the report: {report.title}, {report.detail}")
            button.setEnabled(report.may_open)
            button.setCheckable(True)
            button.setChecked(report.id in (self._review.open_id, self._review.writing_id))
            button.setAutoDefault(False)
            signal = self.open_review if opened is self.open_review else self.open_own
            button.clicked.connect(lambda _=False, report_id=report.id, signal=signal: signal.emit(report_id))
            rows.addWidget(button)
