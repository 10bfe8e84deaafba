"""A report's sections at a glance: what each still needs, and whether there is nothing left to ask in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.forms import Field, FieldKind, Form
from shared.forms.content import is_answered
from shared.forms.form import NOT_ASKED


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One section: how many answers are missing or not right; done once every yes-or-no question has been asked and
    something was answered. A section that nobody touched is not, though it may need nothing.
    """

    id: str
    needed: int
    is_done: bool


def outline_of(
    form: Form, content: Mapping[str, Any], belonging: Collection[str], wrong: Collection[str]
) -> tuple[OutlineRow, ...]:
    """The sections that have questions `belonging` to this report; `wrong` are the fields with something to do."""
    rows = []
    for section in form.sections:
        fields = [field for field in section.fields if field.id in belonging]
        if fields:
            needed = sum(1 for field in fields if field.id in wrong)
            asked = not any(_is_unasked(one, content) for one in fields)
            begun = any(is_answered(one, content.get(one.id, "")) for one in fields)
            rows.append(OutlineRow(section.id, needed, is_done=not needed and asked and begun))
    return tuple(rows)


def _is_unasked(field: Field, content: Mapping[str, Any]) -> bool:
    return field.kind is FieldKind.YES_NO_NOT_ASKED and content.get(field.id, NOT_ASKED) == NOT_ASKED
