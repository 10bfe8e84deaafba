"""Words for somebody new, drawn this once for whoever made the account, and how to pass them on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from console.models.newcomers import GivenWords
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, show_words, text_label
from console.views.sheet import press

ONCE = tr("They are shown now and never again, and are kept nowhere. If they are lost, make new ones.")
TO_WHOM = tr(
    "Give them to {name} and to nobody else: face to face, or by telephone if you know the voice. Send them in no "
    "message. They are good once, until {until}."
)
AND_THEN = tr(
    "At a console {name} chooses “First sign-in” and gives this name, these words, and a passphrase that nobody else "
    "knows. The keys made there have words of their own, which two administrators then hear {name} read out."
)


class GivenWordsView(QFrame):
    """Emits `passed_on`."""

    passed_on = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("given")
        self.setProperty("look", "remarks")
        self._title = text_label("", "lead", "", "given.title")
        self._words = text_label("", "title", "", "given_words")
        self._to_whom, self._and_then = text_label(""), text_label("")
        self._done = press("given.done", tr("I have passed them on"), "primary")
        self._done.setAutoDefault(True)  # Enter presses it, as Space does
        self._done.clicked.connect(lambda: self.passed_on.emit())
        inside = column(tokens.tight, tokens.gap)
        for part in (self._title, self._words, self._to_whom, self._and_then, text_label(ONCE)):
            inside.addWidget(part)
        inside.addWidget(self._done, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(inside)
        self.hide()

    def show_words(self, given: GivenWords | None) -> None:
        """Whose they are, and the words four to a line; None takes them away."""
        self.setVisible(given is not None)
        name = "" if given is None else given.name
        self._title.setText(tr("Words for {name}").format(name=name))
        show_words(self._words, "" if given is None else "\n".join(given.words))
        self._words.setAccessibleName("" if given is None else ", ".join(given.words))
        self._to_whom.setText(TO_WHOM.format(name=name, until="" if given is None else given.until))
        self._and_then.setText(AND_THEN.format(name=name))
        if given is not None:
            self._done.setFocus()
