"""Which editor each kind of plain field has."""

from __future__ import annotations

from typing import Final, assert_never

from console.style.tokens import Tokens
from console.views.choosing import BoxEditor, SegmentsEditor, SeveralEditor
from console.views.editor import Editor
from console.views.writing import DateEditor, GrowingText, LineEditor, ReachEditor, TextEditor
from shared.domain.forces import FORCES
from shared.forms import Choice, Field, FieldKind
from shared.forms.form import LARGEST_NUMBER

__all__ = ["BoxEditor", "Editor", "GrowingText", "TextEditor", "editor_for"]

MOST_SEGMENTS: Final = 5
MOST_SEGMENT_LETTERS: Final = 40


def _force_choices() -> tuple[Choice, ...]:
    return tuple(Choice(force.id, force.name) for force in sorted(FORCES.values(), key=lambda force: force.name))


def _chosen(field: Field, name: str, tokens: Tokens) -> Editor:
    if field.kind is FieldKind.FORCE:
        return BoxEditor(name, field.label, _force_choices())
    if field.kind is FieldKind.SEVERAL:
        return SeveralEditor(name, field.label, field.choices)
    letters = sum(len(choice.label) for choice in field.choices)
    if len(field.choices) <= MOST_SEGMENTS and letters <= MOST_SEGMENT_LETTERS:
        return SegmentsEditor(name, field.label, field.choices, tokens.hair)
    return BoxEditor(name, field.label, field.choices, empty=not field.default)


def editor_for(field: Field, name: str, tokens: Tokens) -> Editor:
    """The editor of a plain field. Raises ValueError for a repeated one, whose rows have editors of their own."""
    match field.kind:
        case FieldKind.TEXT:
            return LineEditor(name, field.label, field.max_length)
        case FieldKind.LONG_TEXT:
            return TextEditor(name, field.label)
        case FieldKind.CHOICE | FieldKind.YES_NO_NOT_ASKED | FieldKind.SEVERAL | FieldKind.FORCE:
            return _chosen(field, name, tokens)
        case FieldKind.DATE:
            return DateEditor(name, field.label)
        case FieldKind.NUMBER:
            return LineEditor(name, field.label, len(str(LARGEST_NUMBER)), number=True)
        case FieldKind.PHONE_OR_EMAIL:
            return ReachEditor(name, field.label, field.max_length)
        case FieldKind.PERSON | FieldKind.VEHICLE | FieldKind.ACCOUNT | FieldKind.ENTRIES:
            raise ValueError(f"{field.id} is repeated")
        case _ as never:
            assert_never(never)
