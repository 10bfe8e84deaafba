"""What the service removes by itself, in words: after how long, how much is there, and when the next of it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Connection, func, select

from shared.domain import online, references
from shared.domain.on_duty import ENOUGH, days_not_settled
from shared.store.schema import finished_call, folded_month, online_report, reference
from shared.summary.retention import Kept, due_on, still_by_day


@dataclass(frozen=True, slots=True)
class Removed:
    """Something kept for a time: after how long it goes, and how that stands now."""

    what: str
    when: str
    stands: str


def what_is_removed(tx: Connection, kept: Kept) -> Iterator[Removed]:
    """Every kind there is, as it stands now."""
    calls, oldest_call = _oldest(tx, finished_call.c.day)
    yield Removed(
        "Calls that have ended, each by itself",
        "become counts when their day is closed, at three in the morning after it",
        _stands(calls, oldest_call and oldest_call + timedelta(days=1)),
    )
    yield Removed(
        "Seconds in which people stood ready for a call",
        f"of a day with fewer than {ENOUGH} people when it is over, of others with their day",
        _stands(*_open_duty(tx)),
    )
    words, first_words = _oldest(tx, reference.c.expires_on)
    days = references.KEPT_FOR.days
    yield Removed("Five words given to callers", f"after {days} days", _stands(words, first_words))
    ids, oldest_id = _oldest(tx, online_report.c.day)
    yield Removed(
        "Ids of the online form's reports, as hashes",
        f"{online.KNOWN_FOR.days} days after the report, when the next list is handed over",
        _stands(ids, oldest_id and oldest_id + online.KNOWN_FOR),
    )
    yield _days(tx, kept)


def _days(tx: Connection, kept: Kept) -> Removed:
    gone, last = tx.execute(select(func.count(), func.max(folded_month.c.month))).one()
    coming = next(still_by_day(tx, kept), None)
    so_far = f"{gone} so far, the last {last:%Y-%m}" if gone else "None so far"
    then = "" if coming is None else f"; the next is {coming:%Y-%m}, on {due_on(coming, kept).isoformat()}"
    return Removed(
        "Figures by the day, hour and second, and what came late",
        f"after {kept.months_by_day} months a month's days become the month; that of the launch stays",
        so_far + then,
    )


def _open_duty(tx: Connection) -> tuple[int, date | None]:
    """How many days are not settled, and when the first of them will be."""
    days = days_not_settled(tx)
    return len(days), min(days) + timedelta(days=1) if days else None


def _oldest(tx: Connection, dated: Column[Any]) -> tuple[int, date | None]:
    n, oldest = tx.execute(select(func.count(dated), func.min(dated))).one()
    return int(n), oldest


def _stands(n: int, goes: date | None) -> str:
    return "None there" if goes is None else f"{n} there; the next goes on {goes.isoformat()}"
