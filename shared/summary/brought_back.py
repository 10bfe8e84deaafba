"""What a backup's figures are once they are back: up to which day, and that what had been removed is removed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from shared.domain.london import london_day
from shared.domain.on_duty import forget_days_of_few
from shared.store.schema import closed_day, finished_call
from shared.summary.close import close_ended_days
from shared.summary.retention import Kept, put_old_days_together


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """The last London day with a call in it; None: there is none. And the months (first days) put together anew."""

    last: date | None
    put_together: tuple[date, ...]


def bring_back(tx: Connection, now: datetime, kept: Kept) -> BroughtBack:
    """Make of a restored database what the service would have made of it by now. Done twice it is done once.

    Days that ended are closed before old ones are put together, as every night; so nothing is counted in two ways, and
    what was removed since the backup is not there again.
    """
    days = [tx.execute(select(func.max(table.c.day))).scalar_one() for table in (finished_call, closed_day)]
    close_ended_days(tx, now)
    forget_days_of_few(tx, london_day(now))
    put_together = put_old_days_together(tx, london_day(now), kept)
    return BroughtBack(max((day for day in days if day is not None), default=None), tuple(put_together))
