"""Closing a London day: its finished calls become hourly counts and are deleted. It knows no report.

Waits, choices and outcomes were counted for themselves as each call ended, so the counts by hour are all that is left
to make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from shared.domain.london import london_day
from shared.store.counts import count
from shared.store.schema import closed_day, finished_call, folded_month, hour_count, late_count
from shared.store.statements import insert_into

CLOSES_AFTER: Final = timedelta(hours=3)  # a day is closed at three, when calls begun before midnight have ended


def close_day(tx: Connection, day: date) -> int:
    """Close a London day; returns how many finished calls became counts.

    Again, it takes in those that came late: if there are any, that is a new revision of the day, and says so.
    """
    closing = insert_into(tx, closed_day).values(day=day, revision=1).on_conflict_do_nothing()
    first = tx.execute(closing.returning(closed_day.c.day)).first() is not None
    key = (finished_call.c.hour_start, finished_call.c.outcome, finished_call.c.offered)
    # One statement takes the rows away and tells what they were: none is lost between or counted twice.
    gone = Counter(
        tuple(row) for row in tx.execute(delete(finished_call).where(finished_call.c.day == day).returning(*key))
    )
    for (hour_start, outcome, offered), n in sorted(gone.items()):
        count(tx, hour_count, n, day=day, hour_start=hour_start, outcome=outcome, offered=offered)
    if gone and not first:
        _revise(tx, day, [(outcome.value, n) for (_, outcome, _), n in gone.items()])
    return gone.total()


def came_late(tx: Connection, day: date, came: str, n: int) -> None:
    """Something other than calls was counted for a day that is over: a revision of it, if it had been closed.

    A day without a call is closed by nothing else; with this it is.
    """
    if tx.execute(select(closed_day.c.day).where(closed_day.c.day == day)).one_or_none() is not None:
        _revise(tx, day, [(came, n)])
    elif tx.execute(select(finished_call.c.day).where(finished_call.c.day == day).limit(1)).one_or_none() is None:
        close_day(tx, day)


def _revise(tx: Connection, day: date, late: list[tuple[str, int]]) -> None:
    next_one = update(closed_day).where(closed_day.c.day == day).values(revision=closed_day.c.revision + 1)
    revision = tx.execute(next_one.returning(closed_day.c.revision)).scalar_one()
    for came, n in sorted(late):
        count(tx, late_count, n, day=day, revision=revision, came=came)


def fold_if_closed(tx: Connection, day: date) -> None:
    """For a call that ends after its day was closed: into the counts with it, in the same transaction."""
    if tx.execute(select(closed_day.c.day).where(closed_day.c.day == day)).one_or_none() is not None:
        close_day(tx, day)


def close_ended_days(tx: Connection, now: datetime) -> list[date]:
    """Close every day that is over, from three in the morning London time on; returns those that were closed."""
    last = london_day(now - CLOSES_AFTER)
    days = sorted({*_with_finished_calls(tx, last), *_never_closed(tx, last)})
    for day in days:
        close_day(tx, day)
    return days


def _with_finished_calls(tx: Connection, before: date) -> Iterable[date]:
    return tx.execute(select(finished_call.c.day).where(finished_call.c.day < before).distinct()).scalars()


def _never_closed(tx: Connection, before: date) -> Iterable[date]:
    """Days on which every call was turned away: there is no finished call, yet something was counted."""
    closed = select(closed_day.c.day).where(closed_day.c.day == hour_count.c.day)
    put_together = select(folded_month.c.month).where(folded_month.c.month == hour_count.c.day)
    open_days = hour_count.c.day < before, ~closed.exists(), ~put_together.exists()
    return tx.execute(select(hour_count.c.day).where(*open_days).distinct()).scalars()
