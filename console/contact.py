"""A confidential caller's details, kept apart from the report: for its author and the unit, for nobody else.

They are values by field id while a report is written, and the unit's contact sheet once it is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.domain.vocabulary import Mode
from shared.forms import Form, ReleaseFacts, contact_sheet
from shared.forms.content import category_of, is_answered, mode_of
from shared.sealing.errors import EnvelopeAltered


def without_contact(form: Form, content: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that reviewers may read."""
    apart = {field.id for field in form.fields if field.contact}
    return {name: value for name, value in content.items() if name not in apart}


def contact_values(form: Form, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The details given so far; None for an anonymous caller, or where there are none."""
    if mode_of(content) is not Mode.CONFIDENTIAL:
        return None
    given = [field.id for field in form.fields if field.contact and is_answered(field, content.get(field.id, ""))]
    return {name: content[name] for name in given} or None


def sheet_for_unit(form: Form, content: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """The sheet the unit gets; None without a confidential caller's consent. Raises KeyError without a force."""
    facts = ReleaseFacts(mode_of(content), category_of(content), str(content["force"]), day)
    return contact_sheet(form, content, facts)


def values_from(form: Form, document: object) -> dict[str, Any]:
    """The values again, from either shape. Raises EnvelopeAltered for anything else."""
    fields = {field.id: field for field in form.fields if field.contact}
    if not isinstance(document, dict):
        raise EnvelopeAltered
    if document.get("document") != "contact":
        return {name: value for name, value in document.items() if name in fields}
    rows = [row for section in document.get("sections", ()) for row in section["fields"] if row["id"] in fields]
    return {row["id"]: _value(fields[row["id"]].choices, row["text"]) for row in rows}


def _value(choices: tuple[Any, ...], words: str) -> str:
    return next((choice.value for choice in choices if choice.label == words), words)
