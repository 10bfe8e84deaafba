"""Numbered, graded entries: one card for each, its grades open to a confidential report and fixed for all others."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.editors import BoxEditor, Editor, editor_for
from console.views.parts import column, text_label
from console.views.repeated import Card, RepeatedEditor
from shared.forms import Field
from shared.forms.dissemination import ANONYMOUS_GRADE

# Of an entry's parts, those that matter only beside a certain grade.
_ONLY_WITH: Final = {"rationale": ("assessment", "E"), "condition": ("handling", "C")}
_GRADES: Final = ("source", "assessment", "handling")
_FIXED: Final = dict(zip(_GRADES, ANONYMOUS_GRADE, strict=True))
FIXED_GRADE: Final = tr("Proposed grade {grade}, as for every anonymous report.").format(
    grade=" ".join(ANONYMOUS_GRADE)
)


class _EntryCard(Card):
    graded = False

    def fill(self) -> None:
        self._boxes: dict[str, QWidget] = {}
        grades = column(self.tokens.tight)
        for part in self.field.entry:
            box = self.place_part(part, self._editor(part), labelled=part.id != "text")
            self._boxes[part.id] = box
            if part.id in _GRADES:
                grades.addWidget(box)
            else:
                self.inside.addWidget(box)
            if part.id == "text":
                self.inside.addLayout(grades)
        self._fixed = text_label(FIXED_GRADE, "small", "muted")
        grades.addWidget(self._fixed)

    def _editor(self, part: Field) -> Editor:
        name = f"{self.name}.{part.id}"
        if part.id in _GRADES:
            return BoxEditor(name, part.label, part.choices, empty=False)
        return editor_for(part, name, self.tokens)

    def show(self, row: dict[str, Any]) -> None:
        super().show(row)
        self.show_grades(row)

    def show_grades(self, row: dict[str, Any]) -> None:
        """Only what belongs beside these grades."""
        self._fixed.setVisible(not self.graded)
        for part, box in self._boxes.items():
            beside, value = _ONLY_WITH.get(part, ("", ""))
            held = _FIXED.get(beside, "") if not self.graded else row.get(beside)
            box.setVisible(self.graded if part in _GRADES else not beside or held == value)


class EntriesEditor(RepeatedEditor):
    """At least one entry."""

    def __init__(self, field: Field, name: str, tokens: Tokens) -> None:
        self._graded = False
        super().__init__(field, name, tokens, least=1)

    def make_card(self, place: int) -> Card:
        card = _EntryCard(self.field, self.name, place, self.tokens)
        card.graded = self._graded
        return card

    def set_graded(self, graded: bool) -> None:
        """Whether the handler proposes grades; an anonymous report's are fixed."""
        self._graded = graded
        for card in self.cards:
            if isinstance(card, _EntryCard) and card.graded != graded:
                card.graded = graded
                card.show_grades(self.row(card.place))

    def row_changed(self, place: int, part: str) -> None:
        card = self.cards[place]
        if part in _GRADES and isinstance(card, _EntryCard):
            card.show_grades(self.row(place))
