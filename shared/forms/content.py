"""Answers to a form: a JSON object of values by field id, how it begins, and what is still wrong with it.

Nothing here blocks saving. An answer is a string ("" for none), a list of chosen values, a whole number or None, or a
list of entries, each an object of strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never

from shared.domain.forces import FORCES
from shared.domain.vocabulary import Category, Circle, Mode
from shared.forms.form import NOT_ASKED, YES, Field, FieldKind, Form, asked

Content = dict[str, Any]

MAX_ENTRIES: Final = 30

NEEDED: Final = "This is still needed."
NOT_AN_ANSWER: Final = "This is not an answer this question can have."
TOO_LONG: Final = "This is too long: {limit} characters at most."
NOT_A_DATE: Final = "Write a date as year-month-day, for example 2026-03-10."
NOT_IN_ORDER: Final = "The last day comes before the first."
NO_SUCH_FIELD: Final = "The form has no such question."
RATIONALE_NEEDED: Final = "An assessment of E needs the reason for it."
CONDITION_NEEDED: Final = "A handling of C needs a condition."
TOO_MANY_ENTRIES: Final = "A report has thirty entries at most."
READ_BACK_AGREED: Final = "Without the caller's own yes this cannot be sent."


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right, in words, at a field; ``entry`` is the entry's place from 0 where there is one."""

    field: str
    sentence: str
    entry: int | None = None


def empty_content(form: Form) -> Content:
    """Nothing answered yet."""
    return {field.id: _empty(field) for field in form.fields}


def empty_entry(form: Form) -> dict[str, str]:
    """A new entry with the grading that is proposed for it: 2 D C."""
    return {part.id: part.default for field in form.fields for part in field.entry}


def prefill(form: Form, mode: Mode, category: Category, force_id: str | None) -> Content:
    """Nothing answered but what was chosen in the menu; an unset mode is anonymous until the caller says otherwise."""
    content = empty_content(form)
    content["mode"] = (Mode.ANONYMOUS if mode is Mode.UNSET else mode).value
    content["category"] = "" if category is Category.UNSET else category.value
    content["force"] = force_id or ""
    content["entries"] = [empty_entry(form)]
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


def problems(form: Form, content: Mapping[str, Any]) -> list[Problem]:
    """Everything to put right before submitting, in the form's order. Saving never waits for it."""
    known = {field.id for field in form.fields}
    found = [Problem(name, NO_SUCH_FIELD) for name in content if name not in known]
    for field in asked(form, mode_of(content), category_of(content)):
        found.extend(_problems_of(field, content.get(field.id, _empty(field))))
    return found + list(_disagreements(content))


def is_answered(field: Field, value: object) -> bool:
    """Whether there is an answer at all; "not asked" is none, and white space is none."""
    if isinstance(value, str):
        return value.strip() != "" and not (field.kind is FieldKind.YES_NO_NOT_ASKED and value == NOT_ASKED)
    return value is not None and value != []


def _empty(field: Field) -> object:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.CHOICE | FieldKind.DATE | FieldKind.FORCE:
            return field.default
        case FieldKind.YES_NO_NOT_ASKED:
            return NOT_ASKED
        case FieldKind.NUMBER:
            return None
        case FieldKind.SEVERAL | FieldKind.ENTRIES:
            return []
        case _ as never:
            assert_never(never)


def _problems_of(field: Field, value: object) -> Iterator[Problem]:
    if not is_answered(field, value):
        if field.required:
            yield Problem(field.id, NEEDED)
        return
    if field.kind is FieldKind.ENTRIES:
        yield from _entry_problems(field, value)
    elif sentence := _wrong(field, value):
        yield Problem(field.id, sentence)


def _wrong(field: Field, value: object) -> str:
    """What is wrong with one answer, "" if nothing is."""
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _wrong_text(field, value)
        case FieldKind.CHOICE | FieldKind.YES_NO_NOT_ASKED:
            return "" if value in [choice.value for choice in field.choices] else NOT_AN_ANSWER
        case FieldKind.SEVERAL:
            return _wrong_several(field, value)
        case FieldKind.DATE:
            return "" if _as_date(value) else NOT_A_DATE
        case FieldKind.NUMBER:
            return "" if type(value) is int and value >= 0 else NOT_AN_ANSWER
        case FieldKind.FORCE:
            return "" if value in list(FORCES) else NOT_AN_ANSWER
        case FieldKind.ENTRIES:
            return NOT_AN_ANSWER
        case _ as never:
            assert_never(never)


def _wrong_text(field: Field, value: object) -> str:
    if not isinstance(value, str):
        return NOT_AN_ANSWER
    return TOO_LONG.format(limit=field.max_length) if len(value) > field.max_length else ""


def _wrong_several(field: Field, value: object) -> str:
    allowed = {choice.value for choice in field.choices}
    chosen = isinstance(value, list) and all(isinstance(one, str) and one in allowed for one in value)
    return "" if chosen else NOT_AN_ANSWER


def _as_date(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != len("2026-03-10"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _entry_problems(field: Field, value: object) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        yield Problem(field.id, NOT_AN_ANSWER)
        return
    if len(value) > MAX_ENTRIES:
        yield Problem(field.id, TOO_MANY_ENTRIES)
    for place, entry in enumerate(value):
        for part in field.entry:
            for problem in _problems_of(part, entry.get(part.id, part.default)):
                yield Problem(field.id, problem.sentence, place)
        yield from _grading_problems(field, place, entry)


def _grading_problems(field: Field, place: int, entry: Mapping[str, Any]) -> Iterator[Problem]:
    if entry.get("assessment") == "E" and not str(entry.get("rationale") or "").strip():
        yield Problem(field.id, RATIONALE_NEEDED, place)
    if entry.get("handling") == "C" and not str(entry.get("condition") or "").strip():
        yield Problem(field.id, CONDITION_NEEDED, place)


def _disagreements(content: Mapping[str, Any]) -> Iterator[Problem]:
    first, last = _as_date(content.get("first_day")), _as_date(content.get("last_day"))
    if first and last and last < first:
        yield Problem("last_day", NOT_IN_ORDER)
    if content.get("may_be_sent") == "no":
        yield Problem("may_be_sent", READ_BACK_AGREED)
