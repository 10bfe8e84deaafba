"""Seconds in which people stood ready for a call, of everybody together and by the London day; it knows nobody.

How many people that were, each for half an hour or more, is counted beside them: of a day with few, nothing is kept
but that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select

from shared.domain.london import london_day, start_of
from shared.domain.vocabulary import Dimension, Duty
from shared.store.counts import count
from shared.store.schema import day_count
from shared.store.statements import insert_into

LONGEST: Final = timedelta(days=2)  # standing ready for longer was forgotten, and is not counted
ENOUGH: Final = 3  # people: of two, each could take away their own seconds and be left with the other's
AT_A_STRETCH: Final = timedelta(minutes=30)  # whoever stood ready for less hides nobody, and is not one of them


@dataclass(frozen=True, slots=True)
class Counted:
    """Up to when somebody's time is in the day's counts, and the last day of which they were one of the people."""

    to: datetime | None
    on: date | None


def count_available(tx: Connection, since: datetime, counted: Counted, until: datetime) -> Counted:
    """Somebody was available; over midnight each day has its part. Returns what is counted of them now."""
    began = since if counted.to is None else max(since, counted.to)
    for day, seconds in by_day(began, until) if until - since <= LONGEST else ():
        count(tx, day_count, seconds, day=day, dimension=Dimension.DUTY, value=Duty.AVAILABLE.value)
        on = counted.on
        if on != day and seconds >= AT_A_STRETCH.total_seconds():
            count(tx, day_count, day=day, dimension=Dimension.DUTY, value=Duty.PEOPLE.value)
            on = day
        counted = Counted(min(until, start_of(day + timedelta(days=1))), on)
    return counted


def by_day(since: datetime, until: datetime) -> Iterator[tuple[date, int]]:
    """Whole seconds of a stretch by the London day; nothing of one that ends before it begins."""
    while since < until:
        day = london_day(since)
        end = min(until, start_of(day + timedelta(days=1)))
        if seconds := int((end - since).total_seconds()):
            yield day, seconds
        since = end


def forget_days_of_few(tx: Connection, today: date) -> int:
    """Of days that are over and had fewer than ENOUGH people, delete the seconds. Of how many days they were.

    The other days are settled. Before, each look at the seconds would tell whose were added since the last.
    A service that was away for weeks finds every such day.
    """
    c = day_count.c
    open_days = {day for day in days_not_settled(tx) if day < today}
    if not open_days:
        return 0
    enough = _days_with(tx, Duty.PEOPLE, c.day.in_(open_days), c.n >= ENOUGH)
    for day in sorted(enough):
        settled = {"day": day, "dimension": Dimension.DUTY, "value": Duty.SETTLED.value, "n": 1}
        tx.execute(insert_into(tx, day_count).values(settled).on_conflict_do_nothing())
    of_few = c.dimension == Dimension.DUTY, c.value == Duty.AVAILABLE, c.day.in_(open_days - enough)
    return int(tx.execute(delete(day_count).where(*of_few)).rowcount)


def days_not_settled(tx: Connection) -> set[date]:
    """The days whose seconds are there and may still go."""
    return _days_with(tx, Duty.AVAILABLE) - _days_with(tx, Duty.SETTLED)


def _days_with(tx: Connection, what: Duty, *which: ColumnElement[bool]) -> set[date]:
    these = day_count.c.dimension == Dimension.DUTY, day_count.c.value == what
    return set(tx.execute(select(day_count.c.day).where(*these, *which)).scalars())
