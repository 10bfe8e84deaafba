"""Removes what is kept by the day, hour and second, once old: a month's days become the month. It knows no report.

Every figure of whole months stays as it was. What is gone leaves a tombstone, so that a gap is explained, and what can
no longer be told is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from shared.domain.london import LONDON
from shared.domain.vocabulary import Dimension
from shared.store.counts import count
from shared.store.schema import day_count, day_histogram, folded_month, hour_count, late_count
from shared.summary.counts import first_day
from shared.summary.launch_day import launch_of
from shared.summary.periods import Period, Span, of

_MONTHS_IN_A_YEAR: Final = 12
# Of these nothing is true of a month taken whole: readiness is of single days, and standing of the last.
_NOT_ADDED_UP: Final = (Dimension.DUTY, Dimension.STANDING)


class DaysRemoved(ValueError):
    """Figures by the day are asked for of a month whose days are no more; the sentence says since when."""


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many whole months figures are kept by the day, and the first day of the table since the launch."""

    months_by_day: int = 36
    launch: date | None = None


USUAL: Final = Kept()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A month (its first day) whose days were put together, when, and how many of them had anything counted."""

    month: date
    removed_on: date
    days: int

    def said(self) -> str:
        day = f"{self.removed_on.isoformat()}"
        return f"its {self.days} days were put together on {day}: nothing is kept by the day, hour or second"


def tombstones(tx: Connection, period: Period) -> tuple[Tombstone, ...]:
    """Of the months that have a day in a period, in order."""
    c = folded_month.c
    within = c.month.between(of(Span.MONTH, period.first).first, period.last)
    rows = tx.execute(select(c.month, c.folded_on, c.days).where(within).order_by(c.month))
    return tuple(Tombstone(*row) for row in rows)


def see_that_days_are_there(tx: Connection, period: Period) -> None:
    """Raises DaysRemoved for a period that begins or ends within a month whose days were put together."""
    for stone in tombstones(tx, period):
        month = of(Span.MONTH, stone.month)
        if month.first < period.first or month.last > period.last:
            name = f"{month.first:%Y-%m}"
            raise DaysRemoved(f"Of {name} there are no figures by the day: {stone.said()}. Ask for whole months.")


def due_on(month: date, kept: Kept) -> date:
    """When the days of the month with this day in it are put together: so many whole months after it."""
    number = month.year * _MONTHS_IN_A_YEAR + month.month - 1 + kept.months_by_day + 1
    return date(number // _MONTHS_IN_A_YEAR, number % _MONTHS_IN_A_YEAR + 1, 1)


def by_day_until(tx: Connection, period: Period, kept: Kept) -> date | None:
    """When the first of a period's months that are still kept by the day will not be; None if none ever changes."""
    gone = {stone.month for stone in tombstones(tx, period)} | {_month_that_stays(tx, kept)}
    month = of(Span.MONTH, period.first).first
    while month <= period.last:
        if month not in gone:
            return due_on(month, kept)
        month = of(Span.MONTH, month).last + timedelta(days=1)
    return None


def _month_that_stays(tx: Connection, kept: Kept) -> date | None:
    """That of the launch: were its days put together, what came before the launch could not be told from it."""
    day = launch_of(tx, kept.launch) or first_day(tx)
    return None if day is None else of(Span.MONTH, day).first


def still_by_day(tx: Connection, kept: Kept) -> Iterator[date]:
    """The months (their first days) that are kept by the day and will not be for ever, the oldest first."""
    counted = [tx.execute(select(table.c.day).distinct()).scalars() for table in (hour_count, day_count)]
    folded = set(tx.execute(select(folded_month.c.month)).scalars())
    months = sorted({of(Span.MONTH, day).first for days in counted for day in days})
    stays = _month_that_stays(tx, kept)
    yield from (month for month in months if month not in folded and month != stays)


def put_old_days_together(tx: Connection, today: date, kept: Kept) -> list[date]:
    """Remove the days of every month that is due; returns those months."""
    due = [month for month in still_by_day(tx, kept) if due_on(month, kept) <= today]
    for month in due:
        _put_together(tx, of(Span.MONTH, month), today)
    return due


_TABLES: Final = (hour_count, day_histogram, day_count)


def _put_together(tx: Connection, month: Period, today: date) -> None:
    days = {row["day"] for table in _TABLES for row in _rows(tx, table, month)}
    tx.execute(insert(folded_month).values(month=month.first, folded_on=today, days=len(days)))
    for table in _TABLES:
        rows = _rows(tx, table, month)
        tx.execute(delete(table).where(table.c.day.between(month.first, month.last)))
        for key, n in _together(rows, month).items():
            count(tx, table, n, **dict(key))
    tx.execute(delete(late_count).where(late_count.c.day.between(month.first, month.last)))


def _rows(tx: Connection, table: Table, month: Period) -> list[dict[str, Any]]:
    found = select(table).where(table.c.day.between(month.first, month.last))
    return [dict(row) for row in tx.execute(found).mappings()]


def _together(rows: list[dict[str, Any]], month: Period) -> Counter[tuple[tuple[str, Any], ...]]:
    """Rows of a month as rows of its first day, which has every hour of the clock once."""
    found: Counter[tuple[tuple[str, Any], ...]] = Counter()
    for row in rows:
        if row.get("dimension") in _NOT_ADDED_UP:
            continue
        n = row.pop("n")
        row["day"] = month.first
        if "hour_start" in row:
            hour = row["hour_start"].astimezone(LONDON).time().replace(fold=0)
            row["hour_start"] = datetime.combine(month.first, hour, LONDON)
        found[tuple(row.items())] += n
    return found
