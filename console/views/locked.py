"""The locked desk, drawn: nothing of any call, report or person; a passphrase, and that a call waits if one does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, frame, in_the_middle, restyle, show_words, text_label
from console.views.sheet import press
from shared.sealing.passphrase import MAX_PASSPHRASE

LOCKED = tr("This desk is locked. Everything is as you left it.")
CALL_WAITS = tr("A call is waiting. Unlock to answer it.")


class LockedView(QWidget):
    """Emits `tried` with a passphrase, which leaves the field as it does, and `sign_out`."""

    tried = Signal(str)
    sign_out = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("place.locked")
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._call = text_label("", "lead", "accent", "locked.call")
        self._passphrase = QLineEdit()
        self._passphrase.setObjectName("locked.passphrase")
        self._passphrase.setAccessibleName(tr("Passphrase, to unlock"))
        self._passphrase.setMaxLength(MAX_PASSPHRASE)
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.returnPressed.connect(self._try)
        self._unlock = press("locked.unlock", tr("Unlock"), "primary", by_enter=True)
        self._unlock.clicked.connect(lambda: self._try())
        self._leave = press("locked.sign_out", tr("Sign out"), "quiet", by_enter=True)
        self._leave.clicked.connect(lambda: self.sign_out.emit())
        self._words = text_label("", "small", "muted", "locked.words")
        self._words.setMinimumHeight(tokens.body * 3)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out(tokens)
        self.tell("")
        self.show_call_waits(False)

    def _lay_out(self, tokens: Tokens) -> None:
        inside = column(tokens.tight, tokens.vast)
        inside.addWidget(text_label("Candour", "title"))
        inside.addWidget(text_label(LOCKED, "", "muted"))
        inside.addWidget(self._call)
        inside.addSpacing(tokens.room)
        inside.addWidget(text_label(tr("Passphrase"), "strong"))
        inside.addWidget(self._passphrase)
        inside.addSpacing(tokens.tight)
        inside.addWidget(self._unlock)
        inside.addWidget(self._words)
        inside.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignRight)
        card = frame("card", inside)
        card.setProperty("span", "door")
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(in_the_middle(card))
        outer.addStretch(3)

    def begin(self) -> None:
        """Locked just now: nothing that was tried or typed at an earlier lock is left."""
        self._passphrase.setText("")
        self.tell("")
        self.set_trying(False)

    def take_focus(self) -> None:
        self._passphrase.setFocus()

    def tell(self, words: str, wrong: bool = False) -> None:
        """What is going on, under the field."""
        self._words.setText(words)
        restyle(self._words, "tone", "danger" if wrong else "muted")

    def set_trying(self, trying: bool) -> None:
        """While a passphrase is tried nothing else can be."""
        for control in (self._passphrase, self._unlock):
            control.setEnabled(not trying)
        if not trying:
            self.take_focus()

    def show_call_waits(self, waits: bool) -> None:
        show_words(self._call, CALL_WAITS if waits else "")

    def _try(self) -> None:
        passphrase = self._passphrase.text()
        self._passphrase.setText("")  # `clear` could be undone
        self.tried.emit(passphrase)
