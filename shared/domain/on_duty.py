"""Seconds in which people stood ready for a call, of everybody together and by the London day; it knows nobody."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from shared.domain.london import london_day, start_of
from shared.domain.vocabulary import Dimension, Duty
from shared.store.counts import count
from shared.store.schema import day_count

LONGEST: Final = timedelta(days=2)  # standing ready for longer was forgotten, and is not counted


def count_available(tx: Connection, since: datetime, until: datetime) -> None:
    """Somebody was available; over midnight each day has its part."""
    for day, seconds in by_day(since, until):
        count(tx, day_count, seconds, day=day, dimension=Dimension.DUTY, value=Duty.AVAILABLE.value)


def by_day(since: datetime, until: datetime) -> Iterator[tuple[date, int]]:
    """Whole seconds of a stretch by the London day. None of a stretch that is too long, or ends before it begins."""
    while since < until and until - since <= LONGEST:
        day = london_day(since)
        end = min(until, start_of(day + timedelta(days=1)))
        if seconds := int((end - since).total_seconds()):
            yield day, seconds
        since = end
