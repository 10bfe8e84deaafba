"""Of which days it may be told what was chosen, what calls came to and how long they took: nothing more can come.

Two sheets of a day that goes on, or of one before and after its last call, differ by single calls. Plain counts by the
hour may do so, for an outcome by the hour is all that is kept of a call anyway; everything of one call at once may not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, select

from shared.domain.london import london_day
from shared.store.schema import live_call
from shared.summary.counts import Counts, counts_of
from shared.summary.periods import Period
from shared.summary.sheet import Row

SECTION: Final = "told_later"


def unsettled_days(tx: Connection, period: Period, today: date) -> frozenset[date]:
    """The days that are not over, or of which a call is still open: whatever comes late was open until then."""
    arrived = tx.execute(select(live_call.c.arrived_at)).scalars()
    open_days = {day for day in map(london_day, arrived) if period.first <= day <= period.last}
    going_on = max(today, period.first)
    return frozenset(open_days.union(going_on + timedelta(days=n) for n in range((period.last - going_on).days + 1)))


def counts_told(tx: Connection, period: Period, today: date) -> Counts:
    """What was counted in a period, with what may be told of its calls beside it."""
    return counts_of(tx, period, unsettled_days(tx, period, today))


def told_later(unsettled: Collection[date], open_calls: int, today: date) -> Iterator[Row]:
    """Of which days that are here already it is not told yet, and why."""
    days = sorted(day for day in unsettled if day <= today)
    if not days:
        return
    named = ", ".join(day.isoformat() for day in days)
    waits = f" ({open_calls} of its calls are open)" if open_calls else ""
    yield Row(
        SECTION, "choices_and_seconds", "value",
        f"of {named}{waits}, what was chosen, what calls came to, how many were tests and how long they took are told "
        "once the day is over and its last call wrapped up, all of the day together. Until then its calls are here in "
        "plain counts only; a figure made of those things is of the other days, or n/a",
    )  # fmt: skip
