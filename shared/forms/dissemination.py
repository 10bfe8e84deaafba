"""What leaves the building: built up from the fields that may go, never cut down from what was written.

The document describes itself, so that a force needs no form of ours to read it. It has no date, but for the London day
of one that leaves urgently; no handler, no call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shared.domain.forces import FORCES
from shared.domain.vocabulary import Category, Mode
from shared.forms.content import applies, is_answered, mode_of, rows_of
from shared.forms.dates import date_words
from shared.forms.form import REPEATED, Field, FieldKind, Form, Section

# An anonymous report is always 2 D C: anything else would tell the force that the caller was an eyewitness.
ANONYMOUS_GRADE: Final = ("2", "D", "C")
GRADE_NOTE: Final = "Gradings are proposed by the charity; grading is for the force."
ANONYMOUS_NOTE: Final = "The person who reported this is anonymous. Nothing more about them is held."
CONFIDENTIAL_NOTE: Final = (
    "The person who reported this has agreed that the force's investigators may have their details. They are not part "
    "of this report: contact details will follow once you answer that it is yours."
)
URGENT_NOTE: Final = "Urgent: somebody may be in danger. Sent at once, by itself."


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What is decided outside the form. ``day`` is the London date of release: no other date is added, and it only
    where ``urgently`` says that the report leaves at once, by itself.

    ``contact`` is the digest, in hexadecimal, of the caller's contact details, sealed apart; "" where there are none.
    """

    mode: Mode
    category: Category
    force_id: str
    day: date
    contact: str = ""
    urgently: bool = False


def disseminated(form: Form, content: Mapping[str, Any], facts: ReleaseFacts) -> dict[str, Any]:
    """Exactly what the unit gets, as a JSON object. Raises KeyError for a force that is not on the list.

    A caller counts as anonymous unless both the facts and the form say confidential and contact details are to follow:
    whoever gave none, or did not agree, is as unknown to the force as anybody.
    """
    named = _both_say_confidential(content, facts) and facts.contact != ""
    force = FORCES[facts.force_id]
    sections = (_section(section, content, facts) for section in form.sections)
    return {
        "document": form.id,
        "form": form.name,
        "title": form.title,
        "marking": form.marking,
        **({"dated": facts.day.isoformat(), "dated_by": "day"} if facts.urgently else {}),
        "force": {"id": force.id, "name": force.name},
        "category": {"id": facts.category.value, "label": form.field("category").words_for(facts.category.value)},
        "reported_by": "confidential" if named else "anonymous",
        "entries": _entries(form, content, named),
        "sections": [section for section in sections if section["fields"]],
        "notes": [GRADE_NOTE, CONFIDENTIAL_NOTE if named else ANONYMOUS_NOTE],
        **({"urgent": URGENT_NOTE} if facts.urgently else {}),
        **({"contact": {"digest": facts.contact}} if named else {}),
    }


def dated_anew(document: dict[str, Any], day: date) -> dict[str, Any]:
    """What left before, as it leaves on this London day: its earlier date is gone, and one without still has none."""
    return document | {"dated": day.isoformat()} if "dated" in document else document


def contact_sheet(form: Form, content: Mapping[str, Any], facts: ReleaseFacts) -> dict[str, Any] | None:
    """The details of a confidential caller who agreed, for an envelope of their own; None for everyone else.

    It has no date: it is sealed when the report is submitted, and that day is not the force's to know.
    """
    if not _both_say_confidential(content, facts) or content.get("contact_consent") != "yes":
        return None
    given = (field for field in form.fields if field.contact and applies(field, content) and _has(field, content))
    rows = [_row(field, content[field.id]) for field in given]
    return {
        "document": "contact",
        "form": form.name,
        "title": "Contact details",
        "marking": form.marking,
        "sections": [{"id": "contact", "title": "How to reach the person", "fields": rows}],
    }


def _both_say_confidential(content: Mapping[str, Any], facts: ReleaseFacts) -> bool:
    return facts.mode is Mode.CONFIDENTIAL and mode_of(content) is Mode.CONFIDENTIAL


_SAID_ABOVE: Final = frozenset({"force", "category", "entries"})


def _section(section: Section, content: Mapping[str, Any], facts: ReleaseFacts) -> dict[str, Any]:
    asked = (
        field for field in section.fields if field.is_asked(facts.mode, facts.category) and applies(field, content)
    )
    going = [field for field in asked if _may_go(field) and _has(field, content)]
    return {
        "id": section.id,
        "title": section.title,
        "fields": [row for field in going for row in _rows(field, content)],
    }


def _may_go(field: Field) -> bool:
    return not field.internal and not field.contact and field.id not in _SAID_ABOVE


def _has(field: Field, content: Mapping[str, Any]) -> bool:
    return field.id in content and is_answered(field, content[field.id])


def _rows(field: Field, content: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """One for a plain answer; for a repeated field one for each part, under the name of its ``group``."""
    if field.kind not in REPEATED:
        yield _row(field, content[field.id])
        return
    for number, (place, row) in enumerate(rows_of(field, content), start=1):
        for part in field.entry:
            if is_answered(part, row.get(part.id)):
                said = _row(part, row[part.id])
                yield said | {"id": f"{field.id}.{place}.{part.id}", "group": f"{field.label} {number}"}


def _row(field: Field, value: object) -> dict[str, str]:
    return {"id": field.id, "label": field.label, "text": words_of(field, value)}


def words_of(field: Field, value: object) -> str:
    """A plain answer for people to read."""
    if field.kind is FieldKind.SEVERAL and isinstance(value, list):
        return ", ".join(field.words_for(str(one)) for one in value)
    if field.kind is FieldKind.DATE:
        return date_words(str(value).strip())
    if field.kind is FieldKind.FORCE:
        return FORCES[value].name if isinstance(value, str) and value in FORCES else str(value)
    return field.words_for(str(value).strip())


def _entries(form: Form, content: Mapping[str, Any], named: bool) -> list[dict[str, Any]]:
    written = [entry for entry in _entries_written(content) if str(entry.get("text") or "").strip()]
    parts = {part.id: part for field in form.fields for part in field.entry}
    return [_entry(number, entry, parts, named) for number, entry in enumerate(written, start=1)]


def _entries_written(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    entries = content.get("entries")
    if isinstance(entries, list):
        yield from (entry for entry in entries if isinstance(entry, Mapping))


def _entry(number: int, entry: Mapping[str, Any], parts: Mapping[str, Field], named: bool) -> dict[str, Any]:
    proposed = tuple(str(entry.get(part) or parts[part].default) for part in ("source", "assessment", "handling"))
    source, assessment, handling = proposed if named else ANONYMOUS_GRADE
    graded: dict[str, Any] = {
        "number": number,
        "text": str(entry["text"]).strip(),
        "proposed_grade": {"source": source, "assessment": assessment, "handling": handling},
    }
    if assessment == "E":
        graded["rationale"] = str(entry.get("rationale") or "").strip()
    if handling == "C":
        graded["condition"] = str(entry.get("condition") or "").strip() or parts["condition"].default
    return graded
