"""Answers to a form: a JSON object of values by field id, how it begins, and what follows from it.

An answer is a string ("" for none), a list of chosen values, a whole number or None, or a list of rows, each an object
of such answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, assert_never

from shared.domain.vocabulary import Category, Circle, Mode
from shared.forms.form import NOT_ASKED, REPEATED, YES, Condition, Field, FieldKind, Form

Content = dict[str, Any]

MAX_ENTRIES: Final = 30  # of entries, and of any rows whose form says no number


def empty_content(form: Form) -> Content:
    """Nothing answered yet."""
    return {field.id: empty_answer(field) for field in form.fields}


def empty_row(field: Field) -> dict[str, Any]:
    """A new row of a repeated field; an entry has the grading that is proposed for it: 2 D C."""
    return {part.id: empty_answer(part) for part in field.entry}


def prefill(form: Form, mode: Mode, category: Category, force_id: str | None) -> Content:
    """Nothing answered but what was chosen in the menu; an unset mode is anonymous until the caller says otherwise."""
    content = empty_content(form)
    content["mode"] = (Mode.ANONYMOUS if mode is Mode.UNSET else mode).value
    content["category"] = "" if category is Category.UNSET else category.value
    content["force"] = force_id or ""
    for field in form.fields:
        if field.kind in (FieldKind.PERSON, FieldKind.ENTRIES):  # there is one of each, at the least
            content[field.id] = [empty_row(field)]
    return content


def mode_of(content: Mapping[str, Any]) -> Mode:
    """Confidential only where it says so."""
    return Mode.CONFIDENTIAL if content.get("mode") == Mode.CONFIDENTIAL.value else Mode.ANONYMOUS


def category_of(content: Mapping[str, Any]) -> Category:
    """Unset where none, or none of ours, was chosen."""
    chosen = content.get("category")
    return next((category for category in Category if category.value == chosen), Category.UNSET)


def circle_of(content: Mapping[str, Any]) -> Circle:
    """The circle of knowledge to assert; a part that only the caller knows makes it the smallest."""
    if content.get("unique") == YES:
        return Circle.ONE_OR_TWO
    chosen = content.get("circle")
    return next((circle for circle in Circle if circle.value == chosen), Circle.NOT_ASKED)


def conflict_of(content: Mapping[str, Any]) -> bool:
    """Whether the subject is a chief officer or works in the receiving unit."""
    return YES in (content.get("chief_officer"), content.get("works_in_unit"))


def asked_of(form: Form, content: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that belong to a report with these answers."""
    mode, category = mode_of(content), category_of(content)
    return tuple(field for field in form.fields if field.is_asked(mode, category) and applies(field, content))


def applies(field: Field, content: Mapping[str, Any]) -> bool:
    """Whether the other answers call for this question."""
    return not field.asked_when or any(holds(condition, content) for condition in field.asked_when)


def holds(condition: Condition, content: Mapping[str, Any]) -> bool:
    """Whether the answer it is about is one of those it names."""
    answer = content.get(condition.field)
    return isinstance(answer, str) and answer in condition.values


def is_needed(field: Field, content: Mapping[str, Any]) -> bool:
    """Whether a report with these answers is not submitted without this one."""
    return field.required or any(holds(condition, content) for condition in field.required_when)


def is_urgent(content: Mapping[str, Any]) -> bool:
    """Whether the author says that it goes at once: somebody is in danger, and the caller said yes."""
    return in_danger(content) and content.get("urgent") == YES


def in_danger(content: Mapping[str, Any]) -> bool:
    """Whether somebody could be hurt soon."""
    return content.get("danger") == YES or content.get("harm") in ("immediate", "day")


def is_agreed(content: Mapping[str, Any]) -> bool:
    """Whether the caller has said yes to sending it."""
    return content.get("may_be_sent") == YES


def rows_of(field: Field, content: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The rows of a repeated field in which something is answered, each with its place from 0."""
    rows = content.get(field.id)
    if not isinstance(rows, list):
        return []
    return [(place, row) for place, row in enumerate(rows) if isinstance(row, Mapping) and _is_written(field, row)]


def _is_written(field: Field, row: Mapping[str, Any]) -> bool:
    return any(is_answered(part, row.get(part.id)) for part in field.entry if not part.default)


def is_answered(field: Field, value: object) -> bool:
    """Whether there is an answer at all; "not asked" is none, and white space is none."""
    if isinstance(value, str):
        return value.strip() != "" and not (field.kind in _MAY_BE_UNASKED and value == NOT_ASKED)
    if field.kind in REPEATED and field.kind is not FieldKind.ENTRIES and isinstance(value, list):
        return any(not isinstance(row, Mapping) or _is_written(field, row) for row in value)
    return value is not None and value != []


_MAY_BE_UNASKED: Final = frozenset({FieldKind.YES_NO_NOT_ASKED, FieldKind.CHOICE})


def empty_answer(field: Field) -> object:
    """What stands where nothing was answered."""
    match field.kind:
        case FieldKind.YES_NO_NOT_ASKED:
            return NOT_ASKED
        case FieldKind.NUMBER:
            return None
        case FieldKind.SEVERAL | FieldKind.ENTRIES | FieldKind.PERSON | FieldKind.VEHICLE | FieldKind.ACCOUNT:
            return []
        case (
            FieldKind.TEXT
            | FieldKind.LONG_TEXT
            | FieldKind.CHOICE
            | FieldKind.DATE
            | FieldKind.FORCE
            | FieldKind.PHONE_OR_EMAIL
        ):
            return field.default
        case _ as never:
            assert_never(never)
