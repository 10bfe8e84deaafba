"""A sheet with a title, something tall that scrolls, and a line about what was just done."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.overlay import Overlay
from console.views.parts import across, column, frame, restyle, scrolled, show_words, text_label
from console.views.pressing import PressBox

ESCAPE = tr("Escape closes this.")
FADES_MS = 20_000


class Sheet(Overlay):
    """Covers the window with a card. `tell` says what came of something."""

    def __init__(self, parent: QWidget, tokens: Tokens, name: str, title: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(f"{title}. {ESCAPE}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sheet_tokens = tokens
        self._title = title
        self._notice = text_label("", "strong", "", f"{name}.notice")
        self._fading = QTimer(self, singleShot=True, interval=FADES_MS)
        self._fading.timeout.connect(lambda: self.tell(""))

    def fill(self, inside: QWidget) -> None:
        """Put this into the card."""
        tokens, name = self._sheet_tokens, self.objectName()
        top = across(tokens.gap, tokens.wide)
        top.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, 0)
        top.addWidget(text_label(self._title, "title", wrap=False))
        top.addStretch(1)
        top.addWidget(text_label(ESCAPE, "small", "muted", wrap=False))
        self._notice.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        whole = column(0)
        whole.addLayout(top)
        whole.addWidget(scrolled(inside, f"{name}.scroll", self._title), 1)
        whole.addWidget(self._notice)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.vast, tokens.vast, tokens.vast, tokens.vast)
        outer.addWidget(frame("card", whole))
        self.tell("")

    def bring_up(self, part: QWidget) -> None:
        """Scroll to where this is, once it has its place."""
        area = self.findChild(QScrollArea, f"{self.objectName()}.scroll")
        if area is not None:
            QTimer.singleShot(0, area, lambda: area.ensureWidgetVisible(part))

    def tell(self, words: str, good: bool = False) -> None:
        """Of what was done it stays for a while; what is refused stays until something else is told."""
        if words and good:
            self._fading.start()
        else:
            self._fading.stop()
        show_words(self._notice, words)
        restyle(self._notice, "tone", "good" if good else "danger")


def press(name: str, words: str, look: str = "", by_enter: bool = False) -> QPushButton:
    """A button without a key of its own. `by_enter`: Enter presses it, as Space does."""
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setProperty("look", look)
    button.setAutoDefault(by_enter)
    return button


def typed(name: str, accessible: str, limit: int, secret: bool = False) -> QLineEdit:
    """A line to type in."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(accessible)
    line.setMaxLength(limit)
    if secret:
        line.setEchoMode(QLineEdit.EchoMode.Password)
    return line


def tick(name: str, words: str) -> QCheckBox:
    """A box to tick."""
    box = PressBox(words)
    box.setObjectName(name)
    box.setAccessibleName(words)
    return box
