"""Numbered, graded entries: one card for each, with its own fields, and a way to add and take away.

Object names: `field.<id>.<place>.<part>`, `field.<id>.<place>.remove`, `field.<id>.add`; places count from 0.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.views.editors import BoxEditor, Editor, editor_for
from console.views.parts import across, column, emptied, frame, tab_after, text_label
from shared.forms import Field
from shared.forms.content import MAX_ENTRIES
from shared.forms.dissemination import ANONYMOUS_GRADE

# Of an entry's parts, those that matter only beside a certain grade.
_ONLY_WITH: Final = {"rationale": ("assessment", "E"), "condition": ("handling", "C")}
_GRADES: Final = ("source", "assessment", "handling")
_FIXED: Final = dict(zip(_GRADES, ANONYMOUS_GRADE, strict=True))
FIXED_GRADE: Final = f"Proposed grade {' '.join(ANONYMOUS_GRADE)}, as for every anonymous report."


class _EntryCard:
    def __init__(self, field: Field, name: str, place: int, tokens: Tokens) -> None:
        self.parts: dict[str, tuple[QWidget, Editor]] = {}
        inside = column(tokens.tight, tokens.room)
        head = across(tokens.tight)
        head.addWidget(text_label(f"Entry {place + 1}", "strong", wrap=False))
        head.addStretch(1)
        self.remove = QPushButton("Remove")
        self.remove.setObjectName(f"{name}.{place}.remove")
        self.remove.setAccessibleName(f"Remove entry {place + 1}")
        self.remove.setProperty("look", "quiet")
        self.remove.setAutoDefault(False)
        head.addWidget(self.remove)
        inside.addLayout(head)
        self.grades = column(tokens.tight)
        for part in field.entry:
            editor = _part_editor(part, f"{name}.{place}.{part.id}", tokens)
            box = _labelled(part, editor, place, tokens)
            self.parts[part.id] = (box, editor)
            if part.id in _GRADES:
                self.grades.addWidget(box)
            else:
                inside.addWidget(box)
            if part.id == "text":
                inside.addLayout(self.grades)
        self.fixed = text_label(FIXED_GRADE, "small", "muted")
        self.grades.addWidget(self.fixed)
        self.box: QFrame = frame("sunken", inside, f"{name}.{place}")

    @property
    def controls(self) -> list[QWidget]:
        """What Tab goes through, in order."""
        return [self.remove, *(editor.focus_on() for _, editor in self.parts.values())]

    def show(self, entry: dict[str, Any], graded: bool) -> None:
        self.fixed.setVisible(not graded)
        for part, (box, editor) in self.parts.items():
            editor.show_value(entry.get(part, ""))
            beside, value = _ONLY_WITH.get(part, ("", ""))
            held = _FIXED.get(beside, "") if not graded else entry.get(beside)
            box.setVisible(graded if part in _GRADES else not beside or held == value)


def _part_editor(part: Field, name: str, tokens: Tokens) -> Editor:
    if part.id in _GRADES:
        return BoxEditor(name, part.label, part.choices, empty=False)
    return editor_for(part, name, tokens, _no_entries)


def _labelled(part: Field, editor: Editor, place: int, tokens: Tokens) -> QWidget:
    inside = column(tokens.hair)
    if part.id != "text":
        inside.addWidget(text_label(part.label, "small", "muted"))
    inside.addWidget(editor)
    control = editor.focus_on()
    control.setAccessibleName(f"Entry {place + 1}: {part.label}")
    box = QWidget()
    box.setLayout(inside)
    return box


def _no_entries(field: Field, name: str, tokens: Tokens) -> Editor:
    raise ValueError("an entry has no entries of its own")


class EntriesEditor(Editor):
    """A list of entries; the value is a list of objects of strings."""

    def __init__(self, field: Field, name: str, tokens: Tokens) -> None:
        super().__init__()
        self._field, self._name, self._tokens = field, name, tokens
        self._entries: list[dict[str, Any]] = []
        self._cards: list[_EntryCard] = []
        self._graded = False
        self.setObjectName(name)
        self.setAccessibleName(field.label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.gap)
        self._rows = column(tokens.gap)
        layout.addLayout(self._rows)
        self._add = QPushButton("Add an entry")
        self._add.setObjectName(f"{name}.add")
        self._add.setAccessibleName("Add an entry")
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self._add_one)
        foot = across(0)
        foot.addWidget(self._add)
        foot.addStretch(1)
        layout.addLayout(foot)

    def show_value(self, value: Any) -> None:
        entries = value if isinstance(value, list) else []
        if [dict(entry) for entry in entries] != self._entries or len(entries) != len(self._cards):
            self._entries = [dict(entry) for entry in entries]
            self._draw()

    def set_graded(self, graded: bool) -> None:
        """Whether the handler proposes grades; an anonymous report's are fixed."""
        if graded != self._graded:
            self._graded = graded
            self._draw()

    def focus_on(self) -> QWidget:
        return self._cards[0].parts["text"][1].focus_on() if self._cards else self._add

    def _draw(self) -> None:
        while len(self._cards) > len(self._entries) or not self._entries:
            if not self._cards:
                break
            emptied(self._rows)
            self._cards = []
        while len(self._cards) < len(self._entries):
            self._rows.addWidget(self._card(len(self._cards)))
        for card, entry in zip(self._cards, self._entries, strict=True):
            card.show(entry, self._graded)
            card.remove.setVisible(len(self._cards) > 1)
        self._add.setEnabled(len(self._entries) < MAX_ENTRIES)
        controls = [control for card in self._cards for control in card.controls]
        tab_after(self._add, [*controls, self._add] if controls else [])  # then Add comes after the last entry

    def _card(self, place: int) -> QFrame:
        card = _EntryCard(self._field, self._name, place, self._tokens)
        for part, (_, editor) in card.parts.items():
            editor.edited.connect(partial(self._changed, place, part))
        card.remove.clicked.connect(partial(self._remove, place))
        self._cards.append(card)
        return card.box

    def _changed(self, place: int, part: str, value: Any) -> None:
        self._entries[place][part] = value
        if part in _GRADES:
            self._cards[place].show(self._entries[place], self._graded)
        self._tell()

    def _add_one(self) -> None:
        self._entries.append({part.id: part.default for part in self._field.entry})
        self._draw()
        self._cards[-1].parts["text"][1].focus_on().setFocus()
        self._tell()

    def _remove(self, place: int, _: bool = False) -> None:
        del self._entries[place]
        self._draw()
        self.focus_on().setFocus()
        self._tell()

    def _tell(self) -> None:
        self.edited.emit([dict(entry) for entry in self._entries])
