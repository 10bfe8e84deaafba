"""A list of rows, each on a card of its own, with a way to add one and to take one away; it knows no kind of row.

Object names: `field.<id>.<place>.<part>`, `field.<id>.<place>.remove`, `field.<id>.add`; places count from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.translation import said, tr
from console.views.editors import Editor
from console.views.parts import across, column, emptied, frame, show_words, tab_after, text_label
from shared.domain.vocabulary import Language
from shared.forms import Field, Problem
from shared.forms.checking import most_rows
from shared.forms.content import empty_row, rows_of

REMOVE: Final = tr("Remove")
SURE: Final = tr("Press again to remove")


class Card:
    """One row: its head, its fields and, at each, words for what is wrong there."""

    def __init__(self, field: Field, name: str, place: int, tokens: Tokens) -> None:
        self.field, self.place, self.tokens = field, place, tokens
        self.name = f"{name}.{place}"
        self.editors: dict[str, Editor] = {}
        self._problems = {
            part.id: text_label("", "small", "danger", f"problem.{self.name}.{part.id}") for part in field.entry
        }
        self.inside = column(tokens.tight, tokens.room)
        self.inside.addLayout(self._head())
        self.fill()
        self.box: QFrame = frame("sunken", self.inside, self.name)

    def fill(self) -> None:
        """Put the fields on the card."""
        raise NotImplementedError

    def show(self, row: dict[str, Any]) -> None:
        """Show a row's answers."""
        for part, editor in self.editors.items():
            editor.show_value(row.get(part, ""))

    def speak(self, language: Language) -> None:
        """Show the questions in another language."""

    @property
    def title(self) -> str:
        return f"{self.field.label} {self.place + 1}"

    def _head(self) -> QHBoxLayout:
        head = across(self.tokens.tight)
        head.addWidget(text_label(self.title, "strong", wrap=False))
        head.addStretch(1)
        self.remove = QPushButton(REMOVE)
        self.remove.setObjectName(f"{self.name}.remove")
        self.remove.setAccessibleName(tr("Remove {entry}").format(entry=self.title[0].lower() + self.title[1:]))
        self.remove.setProperty("look", "quiet")
        self.remove.setAutoDefault(False)
        head.addWidget(self.remove)
        return head

    def place_part(self, part: Field, editor: Editor, labelled: bool = True) -> QWidget:
        """One field with its label above and what is wrong below."""
        inside = column(self.tokens.hair)
        if labelled:
            inside.addWidget(text_label(part.label + (" *" if part.required else ""), "small", "muted"))
        inside.addWidget(editor)
        if part.help:
            inside.addWidget(text_label(part.help, "small", "muted"))
        self._problems[part.id].hide()
        inside.addWidget(self._problems[part.id])
        editor.focus_on().setAccessibleName(f"{self.title}: {part.label}")
        self.editors[part.id] = editor
        box = QWidget()
        box.setLayout(inside)
        return box

    def mark(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong with this row, each at its field."""
        for part, label in self._problems.items():
            here = [problem for problem in problems if problem.part == part]
            label.setProperty("tone", "muted" if all(problem.advice for problem in here) else "danger")
            label.style().polish(label)
            show_words(label, "\n".join(said(problem.sentence) for problem in here))
            if part in self.editors:
                self.editors[part].mark(any(not problem.advice for problem in here))

    @property
    def controls(self) -> list[QWidget]:
        """What Tab goes through, in order."""
        return [self.remove, *(control for editor in self.editors.values() for control in editor.tab_stops)]


class RepeatedEditor(Editor):
    """The value is a list of objects. `least` rows stay; a written row is taken away by a second press."""

    def __init__(self, field: Field, name: str, tokens: Tokens, least: int) -> None:
        super().__init__()
        self.field, self.name, self.tokens, self._least = field, name, tokens, least
        self._rows: list[dict[str, Any]] = []
        self.cards: list[Card] = []
        self._language = Language.EN
        self._armed: QPushButton | None = None
        self.setObjectName(name)
        self.setAccessibleName(field.label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.gap)
        self._list = column(tokens.gap)
        layout.addLayout(self._list)
        foot = across(0)
        foot.addWidget(self._make_add())
        foot.addStretch(1)
        layout.addLayout(foot)

    def _make_add(self) -> QPushButton:
        words = tr("Add {entry}").format(entry=_with_article(self.field.label))
        self._add = QPushButton(words)
        self._add.setObjectName(f"{self.name}.add")
        self._add.setAccessibleName(words)
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self._add_one)
        return self._add

    def make_card(self, place: int) -> Card:
        """A card for this kind of row."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        rows = [dict(row) for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        if rows != self._rows or len(rows) != len(self.cards):
            self._rows = rows
            self.draw()

    def speak(self, language: Language) -> None:
        self._language = language
        for card in self.cards:
            card.speak(language)

    def mark_rows(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong with each row."""
        for place, card in enumerate(self.cards):
            card.mark([problem for problem in problems if problem.entry == place])

    def mark(self, wrong: bool) -> None:
        """What is wrong is marked row by row."""

    def focus_on(self) -> QWidget:
        return next(iter(self.cards[0].editors.values())).focus_on() if self.cards else self._add

    def draw(self) -> None:
        """Show the rows there are, on as many cards."""
        self._disarm()
        if len(self.cards) > len(self._rows):
            emptied(self._list)
            self.cards = []
        while len(self.cards) < len(self._rows):
            self._list.addWidget(self._new_card().box)
        for card, row in zip(self.cards, self._rows, strict=True):
            card.show(row)
            card.remove.setVisible(len(self.cards) > self._least)
        self._add.setEnabled(len(self._rows) < most_rows(self.field))
        controls = [control for card in self.cards for control in card.controls]
        tab_after(self._add, [*controls, self._add] if controls else [])  # then Add comes after the last row

    def _new_card(self) -> Card:
        card = self.make_card(len(self.cards))
        for part, editor in card.editors.items():
            editor.edited.connect(partial(self._changed, card.place, part))
        card.remove.clicked.connect(partial(self._remove, card.place))
        card.remove.installEventFilter(self)
        card.speak(self._language)
        self.cards.append(card)
        return card

    def _changed(self, place: int, part: str, value: Any) -> None:
        self._rows[place][part] = value
        self.row_changed(place, part)
        self._tell()

    def row_changed(self, place: int, part: str) -> None:
        """One answer of one row is another."""

    def row(self, place: int) -> dict[str, Any]:
        return self._rows[place]

    def _add_one(self) -> None:
        self._rows.append(empty_row(self.field))
        self.draw()
        next(iter(self.cards[-1].editors.values())).focus_on().setFocus()
        self._tell()

    def _remove(self, place: int, _: bool = False) -> None:
        button = self.cards[place].remove
        if self._armed is not button and rows_of(self.field, {self.field.id: [self._rows[place]]}):
            self._disarm()
            self._armed = button
            button.setText(SURE)
            return
        del self._rows[place]
        self.draw()
        self.focus_on().setFocus()
        self._tell()

    def _disarm(self) -> None:
        if self._armed is not None:
            self._armed.setText(REMOVE)
            self._armed = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and watched is self._armed:
            self._disarm()
        return False

    def _tell(self) -> None:
        self.edited.emit([dict(row) for row in self._rows])


def _with_article(label: str) -> str:
    return ("an " if label[0] in "AEIOU" else "a ") + label.lower()
