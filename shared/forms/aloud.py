"""What is said from the answers while somebody is on the line: to 999, and to the caller. Kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from shared.domain.forces import FORCES
from shared.forms.content import category_of, is_answered, mode_of, rows_of
from shared.forms.dissemination import ReleaseFacts, disseminated, words_of
from shared.forms.form import NOT_ASKED, REPEATED, YES, Field, Form

Said = tuple[str, str]

# Of a person, what helps to find them; the rest is for the report.
_TO_FIND: Final = ("given_name", "surname", "alias", "role", "rank", "collar", "station", "address")
_AT_NO_DAY: Final = date(2000, 1, 1)  # the day of release is not known yet, and is not read out
_TO_FOLLOW: Final = "-"
_REPORTED_BY: Final = "Reported by"
_URGENT: Final = "Urgent"
_NOTE: Final = ""
_DECIDED_BY_THE_CALLER: Final = frozenset({_REPORTED_BY, _URGENT, _NOTE})


def for_emergency(form: Form, content: Mapping[str, Any]) -> tuple[Said, ...]:
    """The card for 999 or a control room, as label and words: place and people, nothing of the caller."""
    return tuple(said for field_id in form.card for said in _said(form.field(field_id), content))


def _said(field: Field, content: Mapping[str, Any]) -> Iterator[Said]:
    if field.kind in REPEATED:
        rows = [row for _, row in rows_of(field, content)]
        for number, row in enumerate(rows, start=1):
            parts = [part for part in field.entry if part.id in _TO_FIND or not _is_person(field)]
            words = [words_of(part, row[part.id]) for part in parts if is_answered(part, row.get(part.id))]
            yield field.label if len(rows) == 1 else f"{field.label} {number}", ", ".join(words)
    elif is_answered(field, content.get(field.id, "")) and content[field.id] != NOT_ASKED:
        yield field.label, words_of(field, content[field.id])


def _is_person(field: Field) -> bool:
    return any(part.id in _TO_FIND for part in field.entry)


def to_read_back(form: Form, content: Mapping[str, Any]) -> tuple[Said, ...] | None:
    """All that would leave the building, as label and words; None while no force is chosen.

    The day of release is left out, for it is not known yet; so is the number of the caller's details, if any.
    """
    force_id = content.get("force")
    if force_id not in FORCES:
        return None
    follow = _TO_FOLLOW if content.get("contact_consent") == YES else ""
    facts = ReleaseFacts(mode_of(content), category_of(content), str(force_id), _AT_NO_DAY, follow)
    return tuple(_read_back(disseminated(form, content, facts)))


def written_in(said: Iterable[Said]) -> tuple[Said, ...]:
    """Without what the caller decides by an answer of their own, after hearing what it means: to be sent at once, and
    to give a name. What is left has to be heard as it leaves.
    """
    return tuple(one for one in said if one[0] not in _DECIDED_BY_THE_CALLER)


def _read_back(document: Mapping[str, Any]) -> Iterator[Said]:
    yield "Force", document["force"]["name"]
    yield "About", document["category"]["label"]
    yield _REPORTED_BY, document["reported_by"]
    if "urgent" in document:
        yield _URGENT, document["urgent"]
    for entry in document["entries"]:
        grade = " ".join(entry["proposed_grade"].values())
        yield f"Entry {entry['number']} ({grade})", entry["text"]
        for part, label in (("rationale", "Reason for E"), ("condition", "Condition")):
            if part in entry:
                yield label, entry[part]
    for section in document["sections"]:
        for row in section["fields"]:
            group = row.get("group", "")
            yield f"{group}: {row['label']}" if group else row["label"], row["text"]
    for note in document["notes"]:
        yield _NOTE, note
