"""The few pieces every view is made of: plain-text labels, buttons from the table of actions, cards and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.actions import ACTIONS
from console.views.pressing import PressButton

Layout = TypeVar("Layout", bound=QBoxLayout)


def text_label(words: str = "", look: str = "", tone: str = "", name: str = "", wrap: bool = True) -> QLabel:
    """Every label in the console: plain text, whatever the text looks like."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(words)
    label.setWordWrap(wrap)
    label.setProperty("look", look)
    label.setProperty("tone", tone)
    label.setObjectName(name)
    return label


def show_words(label: QLabel, words: str) -> None:
    """Set a label's words and hide it while it has none."""
    label.setText(words)
    label.setVisible(bool(words))


_FEW_WIDTHS = 8


class WideButton(PressButton):
    """A button as wide as there is room, in a list. In one of hundreds it is asked again and again how high it is."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._heights: dict[tuple[int, str, str], int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        asked = width, self.text(), self._key
        known = self._heights.get(asked)
        if known is None:
            if len(self._heights) > _FEW_WIDTHS:
                self._heights.clear()
            known = self._heights[asked] = super().heightForWidth(width)
        return known

    def changeEvent(self, event: QEvent) -> None:
        self._heights.clear()  # in another font or style it is as high as that
        super().changeEvent(event)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Change a look or tone, and draw it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def action_button(action_id: str, pressed: Callable[[], object], look: str = "", key: str = "") -> PressButton:
    """The one button of an action, with its words, key and accessible name from the table.

    `key` is where it shows its key: "under" or "beside" the words, or nowhere.
    """
    action = ACTIONS[action_id]
    button = PressButton(action.words)
    button.setObjectName(f"action.{action.id}")
    button.setProperty("look", look)
    button.setAccessibleName(action.accessible)
    button.setAccessibleDescription(action.key)
    button.setShortcut(QKeySequence(action.key))
    button.setAutoDefault(False)
    button.clicked.connect(lambda: pressed())
    if key:
        button.show_key(key_words(action_id), under=key == "under")
    return button


def rename(button: QPushButton, words: str) -> None:
    """Put other words on an action's button. Qt forgets a button's key when its words change, so it is given again."""
    if button.text() != words:
        key = button.shortcut()
        button.setText(words)
        button.setShortcut(key)


def key_hint(action_id: str) -> QLabel:
    """The action's key, small, to put beside its button."""
    label = text_label(key_words(action_id), "key", wrap=False)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label


def key_words(action_id: str) -> str:
    """The key as it is written on a keyboard."""
    words = QKeySequence(ACTIONS[action_id].key).toString(QKeySequence.SequenceFormat.NativeText)
    return words.replace("Return", "Enter")


def chip(words: str, name: str = "") -> QLabel:
    """A short word on a soft ground, no taller than itself."""
    label = text_label(words, "chip", "", name, wrap=False)
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label


def frame(look: str, layout: QLayout, name: str = "") -> QFrame:
    """A card, a banner, a row: what it looks like is the style sheet's business."""
    box = QFrame()
    box.setProperty("look", look)
    box.setObjectName(name)
    box.setLayout(layout)
    return box


def rule() -> QFrame:
    """A quiet line across."""
    line = QFrame()
    line.setProperty("look", "rule")
    line.setFixedHeight(1)
    return line


def column(gap: int, margin: int = 0) -> QVBoxLayout:
    layout = QVBoxLayout()
    return _spaced(layout, gap, margin)


def across(gap: int, margin: int = 0) -> QHBoxLayout:
    layout = QHBoxLayout()
    return _spaced(layout, gap, margin)


def in_the_middle(part: QWidget) -> QHBoxLayout:
    """With the same room at both sides, and as high as its words need: an alignment would forget how they wrap."""
    layout = across(0)
    layout.addStretch(1)
    layout.addWidget(part)
    layout.addStretch(1)
    return layout


def _spaced(layout: Layout, gap: int, margin: int) -> Layout:
    layout.setSpacing(gap)
    layout.setContentsMargins(margin, margin, margin, margin)
    return layout


def scrolled(inner: QWidget, name: str, accessible: str) -> QScrollArea:
    """Something tall, scrolled up and down only."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setAccessibleName(accessible)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    return area


def widget(layout: QLayout, look: str = "", name: str = "") -> QWidget:
    """A plain holder for a layout."""
    holder = QWidget()
    holder.setObjectName(name)
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, bool(look))
    holder.setProperty("look", look)
    holder.setLayout(layout)
    return holder


def tab_after(first: QWidget, others: Iterable[QWidget]) -> None:
    """Have Tab go from one control to others made later, which would else come last of all."""
    for other in others:
        QWidget.setTabOrder(first, other)
        first = other


def emptied(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.widget()
        if inner is not None:
            inner.hide()
            inner.setParent(None)
            inner.deleteLater()
