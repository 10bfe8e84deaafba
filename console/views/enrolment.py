"""The first sign-in, drawn: the words one was given and a passphrase of one's own; then the words of the new keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, text_label
from console.views.sheet import press, typed
from console.views.words_box import WordsBox
from shared.sealing.passphrase import MAX_PASSPHRASE, MIN_PASSPHRASE

HOW: Final = tr(
    "Your keys are made on this computer. Choose a passphrase of {least} to {most} characters that nobody else "
    "knows, the administrators included: it cannot be brought back."
).format(least=MIN_PASSPHRASE, most=MAX_PASSPHRASE)
READ_OUT: Final = tr(
    "Your keys are made. Read these words aloud, from this screen, to the two administrators who confirm you. "
    "If theirs differ from yours, none of it is to be confirmed."
)
UNTIL_THEN: Final = tr("Until they have confirmed you, you can do nothing here. Then sign in with your passphrase.")


class EnrolmentView(QWidget):
    """Emits `made` with name, words and the passphrase twice; and `back`. What was typed stays until `forget`, so that
    one wrong word does not cost the rest.
    """

    made = Signal(str, str, str, str)
    back = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.name = typed("enrolment.name", tr("Name"), 80)
        self._words = WordsBox("enrolment.words", tr("The twelve words you were given"), tokens)
        self._new = typed("enrolment.new", tr("A passphrase of your own"), MAX_PASSPHRASE, secret=True)
        self._again = typed("enrolment.again", tr("The same passphrase once more"), MAX_PASSPHRASE, secret=True)
        self._make = press("enrolment.make", tr("Make my keys"), "primary", by_enter=True)
        self._back = press("enrolment.back", tr("Back"), "quiet", by_enter=True)
        self._make.clicked.connect(lambda: self._send())
        self._back.clicked.connect(lambda: self.back.emit())
        self._again.returnPressed.connect(self._send)
        self._words.entered.connect(self._new.setFocus)
        whole = column(tokens.tight)
        for words, line in (
            (tr("Name"), self.name),
            (tr("The twelve words you were given"), self._words),
            (tr("A passphrase of your own"), self._new),
            (tr("Once more"), self._again),
        ):
            whole.addWidget(text_label(words, "strong"))
            whole.addWidget(line)
        how = text_label(HOW, "small", "muted")
        how.setMinimumHeight(tokens.body * 4)  # a label that wraps asks for too little inside another layout
        whole.addWidget(how)
        whole.addWidget(self._make)
        whole.addWidget(self._back)
        self.setLayout(whole)

    def take_focus(self) -> None:
        (self._words if self.name.text() else self.name).setFocus()

    def set_waits(self, waits: bool) -> None:
        """Whether anything can be typed: not while keys are made."""
        for control in (self.name, self._words, self._new, self._again, self._make):
            control.setEnabled(waits)

    def forget(self) -> None:
        """Nothing typed stays behind, and nothing can be undone back: `clear` could be."""
        for line in (self.name, self._words, self._new, self._again):
            line.setText("")

    def _send(self) -> None:
        self.made.emit(self.name.text(), self._words.text(), self._new.text(), self._again.text())


class WaitingView(QWidget):
    """The words of one's own keys, while two administrators are to confirm them. Emits `back`."""

    back = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._words = text_label("", "lead", "", "key_words")
        self._back = press("waiting.back", tr("Back to signing in"), "primary", by_enter=True)
        self._back.clicked.connect(lambda: self.back.emit())
        whole = column(tokens.tight)
        for label in (text_label(READ_OUT), self._words, text_label(UNTIL_THEN, "", "muted")):
            label.setMinimumHeight(tokens.body * 5)
            whole.addWidget(label)
        whole.addWidget(self._back)
        self.setLayout(whole)

    def take_focus(self) -> None:
        self._back.setFocus()

    def show_words(self, words: tuple[str, ...]) -> None:
        """Four to a line, as they are read aloud; none takes them away."""
        lines = [" ".join(words[start : start + 4]) for start in range(0, len(words), 4)]
        self._words.setText("\n".join(lines))
