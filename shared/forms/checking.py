"""What is still wrong with the answers to a form, in words, at the field. Nothing here blocks saving.

Knows the shape of numbers and addresses, not whether they exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never

from shared.domain.forces import FORCES
from shared.filled import Filled
from shared.forms.content import MAX_ENTRIES, asked_of, empty_answer, is_answered, is_needed, rows_of
from shared.forms.dates import days_of
from shared.forms.form import LARGEST_NUMBER, NO, REPEATED, YES, Field, FieldKind, Form

# E.164 as the police data standard writes it (DS_053: "+" and digits), and an e-mail address (DS_054).
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")
SHORTEST_EMAIL: Final = 5

TO_WRITE: Final = "Write something here before handing it in."
TO_CHOOSE: Final = "Choose one before handing it in."
TO_ASK: Final = "Ask this before handing it in: it needs a yes or a no."
TO_ADD: Final = "Add at least one before handing it in."
NOT_AN_ANSWER: Final = "This is not an answer this question can have."
TOO_LONG: Final = "This is too long: {limit} characters at most."
NOT_A_DATE: Final = "Write a day, a month or a year: 10 March 2026, March 2026, or 2026."
NOT_COME_YET: Final = "This day has not come yet."
NOT_IN_ORDER: Final = "The last day comes before the first."
NOT_BETWEEN: Final = "Write a whole number from {least} to {most}."
NOT_REACHABLE: Final = "Write a telephone number that exists, or an e-mail address."
NO_SUCH_FIELD: Final = "The form has no such question."
RATIONALE_NEEDED: Final = "An assessment of E needs the reason for it."
CONDITION_NEEDED: Final = "A handling of C needs a condition."
TOO_MANY_ROWS: Final = "There is room for {limit} at most."
READ_BACK_AGREED: Final = "Without the caller's own yes this cannot be sent."
OWN_NEEDED: Final = "Ask this of a telephone number: the wrong ears may be at the other end."
FEW_WORDS_OF: Final = "Not named: at least four parts of a description help the unit to find them. There are {count}."

# The police data standard's rule for somebody not named (P_007).
DESCRIPTION: Final = ("gender", "build", "complexion", "eyes", "hair", "ethnicity", "features")
NAMES: Final = ("given_name", "surname", "alias", "collar")
LEAST_DESCRIPTION: Final = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right, in words, at a field; ``entry`` is a row's place from 0, ``part`` its field, if any.

    ``advice`` is worth doing and holds nothing up.
    """

    field: str
    sentence: str
    entry: int | None = None
    part: str | None = None
    advice: bool = False


def problems(form: Form, content: Mapping[str, Any], today: date | None = None) -> list[Problem]:
    """Everything to put right before submitting, in the form's order. Saving never waits for it.

    Without ``today`` no date is found to be in the future.
    """
    known = {field.id for field in form.fields}
    found = [Problem(name, NO_SUCH_FIELD) for name in content if name not in known]
    for field in asked_of(form, content):
        value = content.get(field.id, empty_answer(field))
        found.extend(_problems_of(field, value, is_needed(field, content), today))
    return found + list(_disagreements(content))


def _problems_of(field: Field, value: object, needed: bool, today: date | None) -> Iterator[Problem]:
    if not is_answered(field, value):
        if needed:
            yield Problem(field.id, _needed_words(field))
    elif field.kind in REPEATED:
        yield from _row_problems(field, value, today)
    elif sentence := _wrong(field, value, today):
        yield Problem(field.id, sentence)


def _needed_words(field: Field) -> str:
    match field.kind:
        case FieldKind.YES_NO_NOT_ASKED:
            return TO_ASK
        case FieldKind.CHOICE | FieldKind.SEVERAL | FieldKind.FORCE:
            return TO_CHOOSE
        case FieldKind.PERSON | FieldKind.VEHICLE | FieldKind.ACCOUNT | FieldKind.ENTRIES:
            return TO_ADD
        case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.DATE | FieldKind.NUMBER | FieldKind.PHONE_OR_EMAIL:
            return TO_WRITE
        case _ as never:
            assert_never(never)


def _wrong(field: Field, value: object, today: date | None) -> str:
    """What is wrong with one answer, "" if nothing is."""
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _wrong_text(field, value)
        case FieldKind.CHOICE | FieldKind.YES_NO_NOT_ASKED:
            return "" if value in [choice.value for choice in field.choices] else NOT_AN_ANSWER
        case FieldKind.SEVERAL:
            return _wrong_several(field, value)
        case FieldKind.DATE:
            return _wrong_date(field, value, today)
        case FieldKind.NUMBER:
            return _wrong_number(field, value)
        case FieldKind.FORCE:
            return "" if value in list(FORCES) else NOT_AN_ANSWER
        case FieldKind.PHONE_OR_EMAIL:
            return "" if is_reachable(value) else NOT_REACHABLE
        case FieldKind.PERSON | FieldKind.VEHICLE | FieldKind.ACCOUNT | FieldKind.ENTRIES:
            return NOT_AN_ANSWER
        case _ as never:
            assert_never(never)


def is_reachable(value: object) -> bool:
    """Whether this has the shape of an E.164 number or of an e-mail address."""
    if not isinstance(value, str):
        return False
    is_email = EMAIL.fullmatch(value.strip()) is not None and len(value.strip()) >= SHORTEST_EMAIL
    return is_email or E164.fullmatch(value.strip()) is not None


def is_number(value: object) -> bool:
    """Whether this has the shape of an E.164 number."""
    return isinstance(value, str) and E164.fullmatch(value.strip()) is not None


def _wrong_text(field: Field, value: object) -> str:
    if not isinstance(value, str):
        return NOT_AN_ANSWER
    if len(value) > field.max_length:
        return Filled(TOO_LONG, limit=field.max_length)
    fits = not field.pattern or re.fullmatch(field.pattern, value.strip())
    return "" if fits else field.pattern_words or NOT_AN_ANSWER


def _wrong_several(field: Field, value: object) -> str:
    allowed = {choice.value for choice in field.choices}
    chosen = isinstance(value, list) and all(isinstance(one, str) and one in allowed for one in value)
    return "" if chosen else NOT_AN_ANSWER


def _wrong_date(field: Field, value: object, today: date | None) -> str:
    days = days_of(value)
    if days is None:
        return NOT_A_DATE
    return NOT_COME_YET if field.past and today is not None and days[0] > today else ""


def _wrong_number(field: Field, value: object) -> str:
    if type(value) is not int:
        return NOT_AN_ANSWER
    most = min(field.most, LARGEST_NUMBER)
    fits = field.least <= value <= most
    return "" if fits else Filled(NOT_BETWEEN, least=f"{field.least:,}", most=f"{most:,}")


# --- rows -----------------------------------------------------------------------------------------------------------


def most_rows(field: Field) -> int:
    """How many rows a repeated field has room for."""
    return min(field.most, MAX_ENTRIES)


def _row_problems(field: Field, value: object, today: date | None) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        yield Problem(field.id, NOT_AN_ANSWER)
        return
    if len(value) > most_rows(field):
        yield Problem(field.id, Filled(TOO_MANY_ROWS, limit=most_rows(field)))
    written = dict(enumerate(value)) if field.kind is FieldKind.ENTRIES else dict(rows_of(field, {field.id: value}))
    for place, row in written.items():
        for part in field.entry:
            answer = row.get(part.id, empty_answer(part))
            for problem in _problems_of(part, answer, part.required, today):
                yield Problem(field.id, problem.sentence, place, part.id)
        yield from _whole_row_problems(field, place, row)


def _whole_row_problems(field: Field, place: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    if field.kind is FieldKind.ENTRIES:
        yield from _grading_problems(field, place, row)
    elif field.kind is FieldKind.PERSON and not any(_text(row, name) for name in NAMES):
        count = sum(1 for name in DESCRIPTION if _text(row, name))
        if count < LEAST_DESCRIPTION:
            yield Problem(field.id, Filled(FEW_WORDS_OF, count=count), place, DESCRIPTION[0], advice=True)


def _grading_problems(field: Field, place: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    if row.get("assessment") == "E" and not _text(row, "rationale"):
        yield Problem(field.id, RATIONALE_NEEDED, place, "rationale")
    if row.get("handling") == "C" and not _text(row, "condition"):
        yield Problem(field.id, CONDITION_NEEDED, place, "condition")


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "").strip()


def _disagreements(content: Mapping[str, Any]) -> Iterator[Problem]:
    first, last = days_of(content.get("first_day")), days_of(content.get("last_day"))
    if first and last and last[1] < first[0]:
        yield Problem("last_day", NOT_IN_ORDER)
    if content.get("may_be_sent") == NO:
        yield Problem("may_be_sent", READ_BACK_AGREED)
    if content.get("mode") == "confidential" and content.get("contact_consent") == YES:
        yield from _unsafe_number(content)


def _unsafe_number(content: Mapping[str, Any]) -> Iterator[Problem]:
    if is_number(content.get("contact_details")):
        for name in ("contact_own", "contact_message"):
            if name in content and content[name] not in (YES, NO):
                yield Problem(name, OWN_NEEDED)
