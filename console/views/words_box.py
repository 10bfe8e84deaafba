"""A box to write a dozen words in, all of them in sight; it knows nothing of what they are for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from console.style.tokens import Tokens

_LINES: Final = 3


class WordsBox(QPlainTextEdit):
    """Tab and Enter leave it. What is set from outside cannot be undone back. Emits `entered`."""

    entered = Signal()

    def __init__(self, name: str, accessible: str, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self._high(tokens))

    def _high(self, tokens: Tokens) -> int:
        around = 2 * (tokens.tight + tokens.hair)
        return round(tokens.body * 1.5) * _LINES + around

    def text(self) -> str:
        """What is written, in one line."""
        return " ".join(self.toPlainText().split())

    def setText(self, words: str) -> None:
        self.setPlainText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
