"""Signing in, drawn: a name, a passphrase, a code where one is asked for, and what is going on in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.models.session import SessionModel, SessionState
from console.style.tokens import Tokens
from console.translation import tr
from console.views.enrolment import EnrolmentView, WaitingView
from console.views.parts import action_button, column, frame, in_the_middle, restyle, scrolled, text_label
from console.views.parts import widget as holder
from console.views.second_factor import SecondFactorView
from console.views.sheet import press, typed
from shared.sealing.passphrase import MAX_PASSPHRASE


class SessionView(QWidget):
    """Emits `asked` with name and passphrase, which leaves the field as it does; then `code`, `set_up`, `again`.

    For a first sign-in `first`, `enrol` with name, words and a new passphrase twice, and `leave`.
    """

    asked = Signal(str, str)
    code = Signal(str)
    set_up = Signal()
    again = Signal()
    first = Signal()
    enrol = Signal(str, str, str, str)
    leave = Signal()

    def __init__(self, session: SessionModel, tokens: Tokens) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("place.sign_in")
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = typed("sign_in.name", tr("Name"), 80)
        self._passphrase = typed("sign_in.passphrase", tr("Passphrase"), MAX_PASSPHRASE, secret=True)
        self._words = text_label("", "small", "muted", "sign_in.words")
        self._words.setMinimumHeight(tokens.body * 3)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._button = action_button("sign_in", self._ask, "primary")
        self._second = SecondFactorView(tokens)
        self._second.given.connect(self.code)
        self._second.set_up.connect(self.set_up)
        self._second.again.connect(self.again)
        self._new_here = press("sign_in.first", tr("First sign-in"), "quiet", by_enter=True)
        self._new_here.clicked.connect(lambda: self._begin_first())
        self._enrolment, self._waiting = EnrolmentView(tokens), WaitingView(tokens)
        self._enrolment.made.connect(self.enrol)
        self._enrolment.back.connect(self.leave)
        self._waiting.back.connect(self.leave)
        self._name.returnPressed.connect(self._passphrase.setFocus)
        self._passphrase.returnPressed.connect(self._ask)
        self._lay_out(tokens)
        session.changed.connect(self._show)
        self._show()

    def _lay_out(self, tokens: Tokens) -> None:
        inside = column(tokens.tight, tokens.vast)
        inside.addWidget(text_label("Candour", "title"))
        inside.addWidget(text_label(tr("Sign in to the desk."), "", "muted"))
        inside.addSpacing(tokens.room)
        first = column(tokens.tight)
        for words, line in ((tr("Name"), self._name), (tr("Passphrase"), self._passphrase)):
            first.addWidget(text_label(words, "strong"))
            first.addWidget(line)
            first.addSpacing(tokens.tight)
        self._first = holder(first)
        inside.addWidget(self._first)
        inside.addWidget(self._second)
        inside.addWidget(self._enrolment)
        inside.addWidget(self._waiting)
        inside.addSpacing(tokens.tight)
        inside.addWidget(self._button)
        inside.addSpacing(tokens.hair)
        inside.addWidget(self._words)
        inside.addWidget(self._new_here, 0, Qt.AlignmentFlag.AlignRight)
        card = frame("card", inside)
        card.setProperty("span", "door")
        page = column(0, tokens.gap)
        page.addStretch(2)
        page.addLayout(in_the_middle(card))
        page.addSpacing(tokens.room)
        note = text_label(tr("Your passphrase never leaves this computer."), "small", "muted")
        note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        page.addWidget(note)
        page.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(holder(page, "ground"), "sign_in.scroll", tr("Sign in")))

    def take_focus(self) -> None:
        """Where typing begins."""
        state = self._session.state
        if state is SessionState.CODE:
            self._second.take_focus()
        elif state is SessionState.FIRST:
            self._enrolment.take_focus()
        elif state is SessionState.WAITING:
            self._waiting.take_focus()
        else:
            (self._passphrase if self._name.text() else self._name).setFocus()

    def _begin_first(self) -> None:
        """The name that was typed already is not asked for again."""
        self._enrolment.name.setText(self._name.text())
        self.first.emit()

    def _ask(self) -> None:
        if self._session.state is SessionState.CODE:
            self._second.give()
            return
        passphrase = self._passphrase.text()
        self._passphrase.setText("")  # `clear` could be undone
        self.asked.emit(self._name.text(), passphrase)

    def _show(self) -> None:
        state = self._session.state
        new_here, words = self._session.is_first, self._session.words_of_keys
        coded, plain = state is SessionState.CODE, state is not SessionState.CODE and not new_here and not words
        waits = state in (SessionState.SIGNED_OUT, SessionState.CODE, SessionState.FIRST, SessionState.WAITING)
        anew = state in (SessionState.CODE, SessionState.FIRST, SessionState.WAITING) and self._first.isVisibleTo(self)
        for part, shown in (
            (self._first, plain),
            (self._second, coded),
            (self._enrolment, new_here),
            (self._waiting, bool(words)),
            (self._button, plain or coded),
            (self._new_here, state is SessionState.SIGNED_OUT),
        ):
            part.setVisible(shown)
        self._second.show_second_factor(self._session.second_factor)
        self._waiting.show_words(words)
        for control in (self._name, self._passphrase, self._button):
            control.setEnabled(waits)
        self._show_first(waits, new_here)
        self._words.setText(self._session.words)
        restyle(self._words, "tone", "danger" if self._session.problem else "muted")
        if anew or (waits and self._session.problem):
            self.take_focus()

    def _show_first(self, waits: bool, new_here: bool) -> None:
        self._enrolment.set_waits(waits)
        if self._session.words_of_keys and self._enrolment.name.text():
            self._name.setText(self._enrolment.name.text())  # to sign in by, once they are confirmed
        if not new_here:
            self._enrolment.forget()
