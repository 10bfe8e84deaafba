"""People, vehicles and accounts: one card for each, with the questions on its left as on the rest of the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from console.style.tokens import Tokens
from console.views.editors import editor_for
from console.views.parts import text_label
from console.views.parts import widget as holder
from console.views.repeated import Card, RepeatedEditor
from shared.domain.vocabulary import Language
from shared.forms import Field, FieldKind

COLUMNS: Final = 2


class _RowCard(Card):
    def fill(self) -> None:
        self._questions: dict[str, QLabel] = {}
        for asked in _by_question(self.field.entry):
            self.inside.addWidget(holder(self._asked(asked)))

    def _asked(self, parts: list[Field]) -> QGridLayout:
        """One question, and beside it the answers it is after."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, self.tokens.tight)
        grid.setHorizontalSpacing(self.tokens.gap)
        grid.setVerticalSpacing(self.tokens.tight)
        for place, share in enumerate((8, 7, 7)):
            grid.setColumnStretch(place, share)
        question = text_label(parts[0].question)
        question.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._questions[parts[0].id] = question
        slots = _slots(parts)
        grid.addWidget(question, 0, 0, max(row for _, row, _, _ in slots) + 1, 1)
        for part, row, column, wide in slots:
            editor = editor_for(part, f"{self.name}.{part.id}", self.tokens)
            grid.addWidget(self.place_part(part, editor), row, 1 + column, 1, COLUMNS if wide else 1)
        return grid

    def speak(self, language: Language) -> None:
        for part in self.field.entry:
            if part.id in self._questions:
                self._questions[part.id].setText(part.question_in(language))


def _by_question(parts: tuple[Field, ...]) -> Iterator[list[Field]]:
    """Fields without a question of their own go with the last that has one."""
    asked: list[Field] = []
    for part in parts:
        if part.question and asked:
            yield asked
            asked = []
        asked.append(part)
    if asked:
        yield asked


def _slots(parts: list[Field]) -> list[tuple[Field, int, int, bool]]:
    """Each with its row, its column, and whether it takes the whole width."""
    slots, row, column = [], 0, 0
    for part in parts:
        wide = len(parts) == 1 or part.kind is FieldKind.LONG_TEXT
        if wide and column:
            row, column = row + 1, 0
        slots.append((part, row, column, wide))
        column = COLUMNS if wide else column + 1
        if column == COLUMNS:
            row, column = row + 1, 0
    return slots


class RowsEditor(RepeatedEditor):
    """Of people there is always one; of vehicles and accounts there may be none."""

    def __init__(self, field: Field, name: str, tokens: Tokens) -> None:
        super().__init__(field, name, tokens, least=1 if field.kind is FieldKind.PERSON else 0)

    def make_card(self, place: int) -> Card:
        return _RowCard(self.field, self.name, place, self.tokens)
