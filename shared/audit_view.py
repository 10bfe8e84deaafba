"""The audit log as a person reads it: a month of pages at a time, names in place of people's ids. It writes nothing.

Within a day entries are shown by verb, for a day's page has no order of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from shared.audit_signers import signers
from shared.audit_verifier import findings
from shared.store.schema import audit_entry, audit_page, newcomer, person

DAYS_SHOWN: Final = 31


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `actor` and `object` are a name where the id is a person's who is here, else the id or ""."""

    actor: str
    verb: str
    object: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Page:
    """A London day's page with its digest, 32 bytes, to compare with a copy kept elsewhere."""

    day: date
    digest: bytes
    lines: tuple[Line, ...]


def newest_pages(tx: Connection, days: int = DAYS_SHOWN, before: date | None = None) -> tuple[tuple[Page, ...], bool]:
    """The newest pages, or those before a day, the newest first; and whether the whole log agrees with its digests."""
    query = select(audit_page).order_by(audit_page.c.day.desc()).limit(days)
    pages = tx.execute(query if before is None else query.where(audit_page.c.day < before)).all()
    names = _names(tx)
    lines: dict[date, list[Line]] = {page.day: [] for page in pages}
    for row in tx.execute(select(audit_entry).where(audit_entry.c.day.in_(lines))):
        about = row.object_id or ""
        line = Line(names.get(row.actor_id, row.actor_id), row.verb, names.get(about, about), row.outcome)
        lines[row.day].append(line)
    in_order = {day: tuple(sorted(on, key=lambda one: (one.verb, one.actor, one.object))) for day, on in lines.items()}
    return tuple(Page(page.day, page.digest, in_order[page.day]) for page in pages), not findings(tx, (), signers(tx))


def has_earlier(tx: Connection, pages: Sequence[Page]) -> bool:
    """Whether there are pages before the last of these."""
    earlier = select(audit_page.c.day).where(audit_page.c.day < pages[-1].day).limit(1) if pages else None
    return earlier is not None and tx.execute(earlier).first() is not None


def _names(tx: Connection) -> dict[str, str]:
    """Of those who are here, and of those on their way in."""
    return {row.id: row.name for table in (person, newcomer) for row in tx.execute(select(table.c.id, table.c.name))}
