"""The left column, drawn: who one is, how one stands, what is offered, who waits, and reports to go on with."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from console.actions import OVERSIGHT
from console.models.line import LineModel
from console.models.review import ReviewModel
from console.models.session import SessionModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.floor import FloorView
from console.views.parts import (
    WideButton,
    across,
    action_button,
    chip,
    column,
    emptied,
    frame,
    key_hint,
    restyle,
    scrolled,
    show_words,
    tab_after,
    text_label,
)
from console.views.parts import widget as holder
from console.views.report_list import ReportList
from console.views.waiting_list import WaitingList
from console.views.wrapping import sharing
from shared.domain.vocabulary import PresenceState

_MAY_TAKE = frozenset({PresenceState.AVAILABLE, PresenceState.MISSED})
NO_CALLS = tr("Takes no calls")

_PRESENCE_ACTIONS = {
    PresenceState.AVAILABLE: "available",
    PresenceState.BREAK: "break",
    PresenceState.OFFLINE: "offline",
}


class LineView(QFrame):
    """Emits what was pressed: `presence`, `reason` (of a break), `answer`, `take_waiting`, `take` (a call),
    `not_now`, `know_them`, `open_own`, `open_review`, `oversight`, `keys`, `sign_out`.
    """

    presence = Signal(object)
    reason = Signal(str)
    take_waiting = Signal()
    answer = Signal()
    take = Signal(str)
    not_now = Signal()
    know_them = Signal()
    open_own = Signal(str)
    open_review = Signal(str)
    oversight = Signal()
    keys = Signal()
    sign_out = Signal()

    def __init__(self, line: LineModel, session: SessionModel, review: ReviewModel, tokens: Tokens) -> None:
        super().__init__()
        self._line, self._session, self._review, self._tokens = line, session, review, tokens
        self.setObjectName("place.line")
        self.setAccessibleName(tr("The line"))
        self.setProperty("look", "column")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.room, tokens.wide, tokens.room, tokens.room)
        layout.setSpacing(tokens.gap)
        layout.addWidget(self._who())
        layout.addWidget(self._switch())
        layout.addWidget(self._breaks())
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
        words = column(2)
        self._name = text_label("", "lead", "", "line.name")
        self._presence_words = text_label("", "small", "muted", "line.presence")
        words.addWidget(self._name)
        words.addWidget(self._presence_words)
        self._oversight = action_button(OVERSIGHT, self.oversight.emit, "quiet", key="under")
        inside = across(self._tokens.tight)
        inside.addLayout(words, 1)
        inside.addWidget(self._oversight, 0, Qt.AlignmentFlag.AlignTop)
        return holder(inside)

    def _switch(self) -> QWidget:
        self._switches: dict[PresenceState, QPushButton] = {}
        for state, action_id in _PRESENCE_ACTIONS.items():
            button = action_button(action_id, partial(self._choose, state), "segment", key="under")
            button.setCheckable(True)
            self._switches[state] = button
        self._switch_box = sharing(list(self._switches.values()), self._tokens.hair)
        return self._switch_box

    def _breaks(self) -> QWidget:
        self._reasons_box = holder(column(2), name="line.breaks")
        self._reasons: dict[str, QPushButton] = {}
        return self._reasons_box

    def _show_breaks(self) -> None:
        wanted = {one.id: one.words for one in self._line.breaks}
        layout = self._reasons_box.layout()
        if layout is not None and list(self._reasons) != list(wanted):
            emptied(layout)
            self._reasons = {reason: self._reason(reason, words) for reason, words in wanted.items()}
            for button in self._reasons.values():
                layout.addWidget(button)
        me = self._line.me
        for reason, button in self._reasons.items():
            button.setChecked(me is not None and me.reason == reason)
        self._reasons_box.setVisible(bool(wanted) and self._line.presence is PresenceState.BREAK)

    def _reason(self, reason: str, words: str) -> QPushButton:
        button = WideButton(words)
        button.setObjectName(f"break.{reason}")
        button.setProperty("look", "listed")
        button.setAccessibleName(tr("On a break: {reason}").format(reason=words))
        button.setCheckable(True)
        button.clicked.connect(lambda: self.reason.emit(reason))
        return button

    def _choose(self, state: PresenceState) -> None:
        self._show_switch()  # the service decides; the switch follows it, not the press
        self.presence.emit(state)

    def _offer(self) -> QFrame:
        tokens = self._tokens
        inside = column(tokens.tight, tokens.room)
        inside.addWidget(text_label(tr("A call for you"), "lead", "accent"))
        top = across(tokens.gap)
        self._offer_clock = text_label("", "title", "", "offer.clock", wrap=False)
        self._offer_language = chip("", "offer.language")
        top.addWidget(self._offer_clock)
        top.addWidget(text_label(tr("waiting"), "small", "muted", wrap=False))
        top.addStretch(1)
        top.addWidget(self._offer_language)
        inside.addLayout(top)
        self._offer_note = text_label("", "strong", "caution", "offer.note")
        inside.addWidget(self._offer_note)
        inside.addSpacing(tokens.hair)
        for action_id, signal, look in (
            ("answer", self.answer, "primary"),
            ("not_now", self.not_now, ""),
            ("know_them", self.know_them, "quiet"),
        ):
            row = across(tokens.tight)
            button = action_button(action_id, signal.emit, look)
            button.let_break()
            row.addWidget(button, 1)
            hint = key_hint(action_id)
            hint.setProperty("span", "key")
            row.addWidget(hint)
            inside.addLayout(row)
        self._last_of_offer = button
        self._offer_card = frame("offer", inside, "line.offer")
        self._offer_card.setAccessibleName(tr("A call is offered to you"))
        return self._offer_card

    def _lists(self) -> QWidget:
        inside = column(self._tokens.tight)
        self._to_review = ReportList(tr("To review"), "review", self._tokens)
        self._own = ReportList(tr("Your open reports"), "own", self._tokens)
        self._to_review.chosen.connect(self.open_review)
        self._own.chosen.connect(self.open_own)
        inside.addSpacing(self._tokens.hair)
        self._waiting = WaitingList(self._line, self._tokens)
        self._waiting.take.connect(self.take)
        inside.addWidget(self._waiting)
        self._take_waiting = action_button("take_waiting", self.take_waiting.emit, "quiet")
        self.floor = FloorView(self._line, self._tokens)
        inside.addWidget(self._take_waiting)
        inside.addWidget(self.floor)
        inside.addWidget(self._to_review)
        inside.addWidget(self._own)
        inside.addStretch(1)
        self._listed = inside
        lists = scrolled(holder(inside, "surface"), "line.lists", tr("Waiting calls and reports"))
        lists.setProperty("span", "list")
        return lists

    def add_list(self, part: QWidget) -> None:
        """Put something under one's own reports, in sight whatever is open."""
        self._listed.insertWidget(self._listed.count() - 1, part)

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
        self._oversight.setVisible(self._session.allows(OVERSIGHT))
        self._switch_box.setVisible(self._session.takes_calls)
        self._show_switch()
        self._show_breaks()
        may_take = self._session.takes_calls and self._line.longest_for_me is not None
        may_take = may_take and self._line.presence in _MAY_TAKE
        self._take_waiting.setVisible(may_take)
        self._waiting.let_take(may_take)
        show_words(self._notice, self._line.notice)
        restyle(self._notice, "tone", "good" if self._line.notice_is_good else "danger")
        self._tick()

    def _show_switch(self) -> None:
        for state, button in self._switches.items():
            button.setChecked(self._line.presence is state)
            button.setEnabled(self._line.reached)

    def _tick(self) -> None:
        words = self._line.presence_words if self._session.takes_calls else NO_CALLS
        self._presence_words.setText(words)
        offer = self._line.offered_row
        if offer is not None:
            self._offer_clock.setText(offer.waited)
            self._offer_language.setText(offer.language)
            show_words(self._offer_note, offer.note)
        self._offer_card.setVisible(offer is not None)

    def _show_reports(self) -> None:
        review = self._review
        open_ids = (review.open_id, review.writing_id)
        anew = self._to_review.show_rows(review.in_review if self._session.is_supervisor else (), open_ids)
        if self._own.show_rows(review.own_open, open_ids) or anew:
            tab_after(self._last_of_offer, [*self._to_review.buttons.values(), *self._own.buttons.values()])

    def take_focus(self) -> None:
        """What can be done first: answer, if a call is offered; the way to other sheets last."""
        order = {"action.answer": -1, f"action.{OVERSIGHT}": 1}
        for button in sorted(self.findChildren(QPushButton), key=lambda found: order.get(found.objectName(), 0)):
            if button.isVisible() and button.isEnabled():
                button.setFocus()
                return
