"""One question of the form beside its answer: what is read aloud on the left, what is written on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout

from console.style.tokens import Tokens
from console.translation import said, tr
from console.views.aloud import AloudBox, Said
from console.views.editors import Editor, editor_for
from console.views.entries import EntriesEditor
from console.views.parts import across, column, restyle, show_words, text_label
from console.views.parts import widget as holder
from console.views.repeated import RepeatedEditor
from console.views.rows import RowsEditor
from shared.domain.vocabulary import Language
from shared.forms import REPEATED, Beside, Field, FieldKind, Problem

IDENTIFIES: Final = tr("could point to the caller")
HEADINGS: Final = {
    Beside.CARD: tr("Tell 999 or the control room. Nothing of this card is kept"),
    Beside.SUMMARY: tr("Read this back: all of it leaves, and nothing else"),
    Beside.SUPPORT: tr("Lines that support people, as they are published"),
}


class FieldRow:
    """A field's question, words to read out, editor, help, and words for what is wrong."""

    def __init__(self, field: Field, tokens: Tokens) -> None:
        self.field, self._tokens = field, tokens
        self.editor = _editor(field, tokens)
        self._question = _from_the_top(text_label(field.question))
        self._script = _from_the_top(text_label(field.script, "", "", f"script.{field.id}"))
        self.problem = text_label("", "small", "danger", f"problem.{field.id}")
        self.problem.hide()
        self.beside = None if field.shows is Beside.NOTHING else self._beside(field.shows)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.wide)
        grid.setVerticalSpacing(tokens.gap)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 7)
        self._fill(grid)
        self.box = holder(grid, name=f"row.{field.id}")

    def _fill(self, grid: QGridLayout) -> None:
        row = 0
        for shown in (self._script_box(), self.beside):
            if shown is not None:
                grid.addWidget(shown, row, 0, 1, 2)
                row += 1
        if self.field.kind in REPEATED:
            grid.addLayout(self._answer(), row, 0, 1, 2)
        else:
            grid.addWidget(self._question, row, 0)
            grid.addLayout(self._answer(), row, 1)

    def _script_box(self) -> QLabel | None:
        if not self.field.script:
            return None
        self._script.setProperty("look", "script")
        return self._script

    def _beside(self, shows: Beside) -> AloudBox:
        return AloudBox(HEADINGS[shows], f"aloud.{self.field.id}", self._tokens)

    def _answer(self) -> QVBoxLayout:
        tokens, field = self._tokens, self.field
        inside = column(tokens.hair + 2)
        head = across(tokens.tight)
        needed = field.required or bool(field.required_when)
        head.addWidget(text_label(field.label + (" *" if needed else ""), "strong"), 1)
        if field.identifies and not field.internal:
            head.addWidget(text_label(IDENTIFIES, "small", "muted", wrap=False))
        inside.addLayout(head)
        help_words = [text_label(field.help, "small", "muted")] if field.help else []
        around = [*help_words, self.editor] if field.kind in REPEATED else [self.editor, *help_words]
        for part in (*around, self.problem):
            inside.addWidget(part)
        self.below = column(0)  # room for a question about the answer
        inside.addLayout(self.below)
        inside.addStretch(1)
        return inside

    def speak(self, language: Language) -> None:
        """Show what is read aloud in this language."""
        self._question.setText(self.field.question_in(language))
        self._script.setText(self.field.script_in(language))
        self.editor.speak(language)

    def show_aloud(self, said: Sequence[Said]) -> None:
        """What is said beside the answer."""
        if self.beside is not None:
            self.beside.show_said(said)

    def show_problems(self, problems: Sequence[Problem], advice: str = "") -> None:
        """Words at the field, or at the field of a row; `advice` is added and holds nothing up."""
        here = problems
        if isinstance(self.editor, RepeatedEditor):
            self.editor.mark_rows(problems)
            here = [problem for problem in problems if problem.part is None]
        blocking = any(not problem.advice for problem in here)
        restyle(self.problem, "tone", "danger" if blocking else "caution")
        sentences = [said(problem.sentence) for problem in here]
        show_words(self.problem, "\n".join(filter(None, [*sentences, advice])))
        self.editor.mark(blocking)


def _editor(field: Field, tokens: Tokens) -> Editor:
    name = f"field.{field.id}"
    if field.kind is FieldKind.ENTRIES:
        return EntriesEditor(field, name, tokens)
    return RowsEditor(field, name, tokens) if field.kind in REPEATED else editor_for(field, name, tokens)


def _from_the_top(label: QLabel) -> QLabel:
    # The label fills its cell and writes from the top: a cell with an alignment forgets how text wraps.
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
