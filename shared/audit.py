"""The audit log: who did what to which id, with which outcome, by London day. Never content, and never a time.

A day's page is a *set* of entries. A list would keep the order of things, and what was done to reports in order of
happening could be laid beside the day's calls by hour, which would join the two ledgers. So an entry has a random
salt and no number; the page's digest covers the sorted digests of its entries and the digest of the page before.
For the same reason there are no verbs for calls, drafts or submitting.

`verify` finds an edited or missing entry and a missing or altered page. It cannot see pages cut off at the end, nor a
log rewritten whole: for that a copy of a page's digest must be kept elsewhere and compared.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from shared.sealing.canonical import canonical_json, framed
from shared.store.schema import audit_entry, audit_page

SALT_BYTES: Final = 16
BEFORE_THE_FIRST: Final = b"\0" * 32
_ENTRY: Final = b"candour/audit-entry/v1"
_PAGE: Final = b"candour/audit-page/v1"
_LOCK: Final = 716352002


class AuditVerb(StrEnum):
    """What is audited. Values are never changed once released."""

    SIGN_IN = "sign_in"
    RETURN_REPORT = "report.return"
    RELEASE_REPORT = "report.release"
    ANSWER_REPORT = "report.answer"


class Outcome(StrEnum):
    """How an audited action ended."""

    DONE = "done"
    DONE_REWORDED = "done.reworded"
    LOCKED = "locked"


class Flaw(StrEnum):
    """What can be wrong with the log."""

    ENTRY_ALTERED = "entry_altered"
    ENTRIES_MISSING_OR_ADDED = "entries_missing_or_added"
    PAGE_ALTERED = "page_altered"
    PAGE_MISSING = "page_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong on one day's page."""

    day: date
    flaw: Flaw


def record(
    tx: Connection,
    actor_id: str,
    verb: str,
    object_id: str | None,
    outcome: str,
    day: date,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> None:
    """Add an entry to the London day's page, in the action's own transaction and as its last statement.

    Where a later page exists already (midnight has just passed), the entry goes there: a page that another follows
    is closed. `actor_id` is a person's id, `command` or `courier`. Raises ValueDoesNotBelong for anything else.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    page = _open_page(tx, day)
    entry: dict[str, Any] = {
        "day": page.day,
        "salt": random(SALT_BYTES),
        "actor_id": actor_id,
        "verb": verb,
        "object_id": object_id,
        "outcome": outcome,
    }
    _write_anew(tx, page, entry | {"entry_digest": _entry_digest(**entry)})


def _open_page(tx: Connection, day: date) -> Row[Any]:
    last = tx.execute(select(audit_page).order_by(audit_page.c.day.desc()).limit(1)).one_or_none()
    if last is not None and last.day >= day:
        return last
    previous = BEFORE_THE_FIRST if last is None else last.digest
    empty = {"day": day, "entries": 0, "digest": _page_digest(previous, day, ()), "previous_digest": previous}
    tx.execute(insert(audit_page), empty)
    return tx.execute(select(audit_page).where(audit_page.c.day == day)).one()


def _write_anew(tx: Connection, page: Row[Any], entry: dict[str, Any]) -> None:
    entries = [dict(row._mapping) for row in tx.execute(select(audit_entry).where(audit_entry.c.day == page.day))]
    entries = sorted([*entries, entry], key=lambda one: one["entry_digest"])
    if tx.dialect.name == "postgresql":
        # PostgreSQL keeps and dumps rows in the order they were written, so the whole page is written by digest.
        tx.execute(delete(audit_entry).where(audit_entry.c.day == page.day))
        tx.execute(insert(audit_entry), entries)
    else:
        tx.execute(insert(audit_entry), entry)
    digest = _page_digest(page.previous_digest, page.day, [one["entry_digest"] for one in entries])
    tx.execute(update(audit_page).where(audit_page.c.day == page.day).values(entries=len(entries), digest=digest))


def verify(tx: Connection) -> list[Finding]:
    """Recompute the whole log; an empty list says that nothing within it was changed."""
    findings: list[Finding] = []
    previous = BEFORE_THE_FIRST
    pages = tx.execute(select(audit_page).order_by(audit_page.c.day)).all()
    entries = _entries_by_day(tx)
    for page in pages:
        if page.previous_digest != previous:
            findings.append(Finding(page.day, Flaw.PAGE_MISSING))
        findings += _page_findings(page, entries.pop(page.day, []))
        previous = page.digest
    return findings + [Finding(day, Flaw.PAGE_MISSING) for day in sorted(entries)]


def _entries_by_day(tx: Connection) -> dict[date, list[Row[Any]]]:
    by_day: dict[date, list[Row[Any]]] = {}
    for row in tx.execute(select(audit_entry)):
        by_day.setdefault(row.day, []).append(row)
    return by_day


def _page_findings(page: Row[Any], entries: Sequence[Row[Any]]) -> list[Finding]:
    recomputed = [
        _entry_digest(row.day, row.salt, row.actor_id, row.verb, row.object_id, row.outcome) for row in entries
    ]
    stored = [row.entry_digest for row in entries]
    flaws = []
    if recomputed != stored:
        flaws.append(Flaw.ENTRY_ALTERED)
    if page.entries != len(entries):
        flaws.append(Flaw.ENTRIES_MISSING_OR_ADDED)
    if page.digest != _page_digest(page.previous_digest, page.day, stored):
        flaws.append(Flaw.PAGE_ALTERED)
    return [Finding(page.day, flaw) for flaw in flaws]


def _entry_digest(day: date, salt: bytes, actor_id: str, verb: str, object_id: str | None, outcome: str) -> bytes:
    written = canonical_json([day.isoformat(), actor_id, str(verb), object_id, str(outcome)])
    return hashlib.sha256(framed(_ENTRY, salt, written)).digest()


def _page_digest(previous: bytes, day: date, entry_digests: Sequence[bytes]) -> bytes:
    return hashlib.sha256(framed(_PAGE, previous, day.isoformat().encode(), *sorted(entry_digests))).digest()
