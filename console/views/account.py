"""One's own sessions and passphrase, drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.dates import day_words, time_words
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, column, emptied, frame, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press, typed
from shared.people_messages import SessionCard
from shared.sealing.passphrase import MAX_PASSPHRASE, MIN_PASSPHRASE

LONDON: Final = ZoneInfo("Europe/London")
HERE: Final = tr("This window")
ELSEWHERE: Final = tr("Another window or computer")
HOW: Final = tr(
    "{least} to {most} characters. Changing it loses nothing: your keys stay the same. A lost one cannot be brought "
    "back: you would be given new keys. Two supervisors can then give you your drafts back; your callers' contact "
    "details, and what this computer has not sent yet, would be lost."
).format(least=MIN_PASSPHRASE, most=MAX_PASSPHRASE)

READERS: Final = tr("From the directory that the root signed. Newcomers are told to you once, as you sign in.")
NO_READERS: Final = tr("Nobody.")


class AccountView(Sheet):
    """Emits `end` with a session's id, and `change` with the old passphrase and the new one twice."""

    end = Signal(str)
    change = Signal(str, str, str)

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "account", tr("Your sessions and passphrase"))
        self._tokens = tokens
        self._sessions = column(tokens.tight)
        self._readers = column(tokens.hair)
        self._old = typed("account.old", tr("Passphrase in use"), MAX_PASSPHRASE, secret=True)
        self._new = typed("account.new", tr("New passphrase"), MAX_PASSPHRASE, secret=True)
        self._again = typed("account.again", tr("New passphrase once more"), MAX_PASSPHRASE, secret=True)
        self._button = press("account.change", tr("Change the passphrase"), "primary")
        self._button.clicked.connect(lambda: self._change())
        self._again.returnPressed.connect(self._change)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(tr("Where you are signed in"), "lead", "accent"))
        whole.addLayout(self._sessions)
        whole.addSpacing(tokens.gap)
        whole.addWidget(text_label(tr("Who else reads with your role's keys"), "lead", "accent"))
        whole.addWidget(text_label(READERS, "", "muted"))
        whole.addLayout(self._readers)
        whole.addSpacing(tokens.gap)
        whole.addWidget(text_label(tr("Your passphrase"), "lead", "accent"))
        whole.addWidget(text_label(HOW, "", "muted"))
        for words, line in ((tr("In use"), self._old), (tr("New"), self._new), (tr("Once more"), self._again)):
            whole.addWidget(text_label(words, "strong"))
            whole.addWidget(line)
        whole.addWidget(self._button)
        whole.addStretch(1)
        self.fill(holder(whole, "surface"))

    def take_focus(self) -> None:
        self._old.setFocus()

    def put_away(self) -> None:
        """Nothing typed stays behind."""
        self.forget()
        super().put_away()

    def forget(self) -> None:
        """Empty every field, so that nothing can be undone back, and the list."""
        for line in (self._old, self._new, self._again):
            line.setText("")
        self.show_sessions(())
        self.tell("")

    def show_sessions(self, sessions: tuple[SessionCard, ...]) -> None:
        """The newest first, as the service gives them."""
        emptied(self._sessions)
        for one in sessions:
            self._sessions.addWidget(self._row(one))

    def show_readers(self, readers: tuple[str, ...]) -> None:
        """Each in words, as the signed directory has them."""
        emptied(self._readers)
        for words in readers or (NO_READERS,):
            self._readers.addWidget(text_label(words))

    def set_busy(self, busy: bool) -> None:
        for control in (self._old, self._new, self._again, self._button):
            control.setEnabled(not busy)

    def _row(self, one: SessionCard) -> QWidget:
        inside = across(self._tokens.gap, self._tokens.tight)
        words = column(0)
        words.addWidget(text_label(HERE if one.this else ELSEWHERE, "strong"))
        words.addWidget(text_label(_since(one), "small", "muted"))
        inside.addLayout(words, 1)
        if not one.this:
            out = press(f"session.{one.id}.end", tr("Sign out"))
            out.setAccessibleName(tr("Sign out the session begun {time}").format(time=_time(one.begun_at)))
            out.clicked.connect(lambda: self.end.emit(one.id))
            inside.addWidget(out)
        return frame("sunken", inside, f"session.{one.id}")

    def _change(self) -> None:
        old, new, again = self._old.text(), self._new.text(), self._again.text()
        for line in (self._old, self._new, self._again):
            line.setText("")
        self.change.emit(old, new, again)


def _since(one: SessionCard) -> str:
    words = tr("Since {begun}, last seen {seen}")
    return words.format(begun=_time(one.begun_at), seen=_time(one.seen_at))


def _time(at: datetime) -> str:
    here = at.astimezone(LONDON)
    return tr("{time} on {day}").format(time=time_words(here), day=day_words(here))
