"""How people's time was spent, of everybody together; it knows nobody, and says nothing of days with few on duty.

Where one person stood ready the day's seconds are theirs, and where two did, each could tell the other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from shared.domain.vocabulary import Dimension, Duty, Measure
from shared.store.schema import day_count, day_histogram, folded_month
from shared.summary.periods import Period


@dataclass(frozen=True, slots=True)
class Readiness:
    """Seconds of the ``days`` of a period on which enough people stood ready; nothing is of any other day."""

    days: int
    available: int
    seconds: Mapping[Measure, int]


def readiness(tx: Connection, period: Period, but: frozenset[date] = frozenset()) -> Readiness:
    """Of a period's days that are over and settled, ``but`` these; nothing of one with days that are no longer kept."""
    gone = select(folded_month.c.month).where(folded_month.c.month.between(period.first.replace(day=1), period.last))
    if tx.execute(gone.limit(1)).first() is not None:
        return Readiness(0, 0, dict.fromkeys(Measure, 0))
    c = day_count.c
    of_duty = c.dimension == Dimension.DUTY, c.day.between(period.first, period.last), c.day.not_in(but)
    enough = select(c.day).where(*of_duty, c.value == Duty.SETTLED)
    stood = select(func.count(), func.sum(c.n)).where(*of_duty, c.value == Duty.AVAILABLE, c.day.in_(enough))
    days, available = tx.execute(stood).one()
    spent = select(day_histogram.c.measure, func.sum(day_histogram.c.seconds * day_histogram.c.n))
    by_measure = spent.where(day_histogram.c.day.in_(enough)).group_by(day_histogram.c.measure)
    seconds = dict.fromkeys(Measure, 0) | {measure: int(n) for measure, n in tx.execute(by_measure)}
    return Readiness(int(days), int(available or 0), seconds)
