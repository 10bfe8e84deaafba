"""Words to say aloud, in a quiet box beside an answer: label and words, line by line. Kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.views.parts import across, column, emptied, frame, text_label
from console.views.parts import widget as holder

Said = tuple[str, str]


class AloudBox(QWidget):
    """A heading, and what is said under it."""

    def __init__(self, heading: str, name: str, tokens: Tokens) -> None:
        super().__init__()
        self._tokens, self._name = tokens, name
        self._said: Sequence[Said] = ()
        self._lines = column(tokens.tight)
        inside = column(tokens.tight, tokens.gap)
        inside.addWidget(text_label(heading, "eyebrow"))
        inside.addLayout(self._lines)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, tokens.tight)
        outer.addWidget(frame("aloud", inside, name))
        self.setAccessibleName(heading)

    def show_said(self, said: Sequence[Said]) -> None:
        """Show these lines; none are kept from before."""
        if tuple(said) == tuple(self._said):
            return
        self._said = tuple(said)
        emptied(self._lines)
        for label, words in said:
            self._lines.addWidget(self._line(label, words))

    def _line(self, label: str, words: str) -> QWidget:
        inside = across(self._tokens.gap)
        if label:
            inside.addWidget(text_label(label, "small", "muted"), 3)
        inside.addWidget(text_label(words), 7)
        return holder(inside)
