"""Killed in the middle of closing a day or of putting a month together: nothing is counted twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from shared.domain.vocabulary import CallOutcome, Dimension, Measure
from shared.store.counts import count
from shared.store.database import Store
from shared.store.schema import closed_day, day_count, finished_call, folded_month, hour_count
from shared.summary.close import close_day, close_ended_days
from shared.summary.counts import Counts, counts_of
from shared.summary.export import Format, written
from shared.summary.periods import Span, of
from shared.summary.release import external_sheet
from shared.summary.retention import Kept, put_old_days_together
from tests.support.killed import killed_at

OCTOBER = of(Span.MONTH, date(2023, 10, 1))
FIRST_CALL, DAYS = date(2023, 9, 30), (date(2023, 10, 14), date(2023, 10, 29))
NIGHT, LATER = datetime(2023, 10, 30, 4, tzinfo=UTC), date(2025, 1, 1)


@pytest.fixture
def autumn(ledger: Any) -> Store:
    """Two days of calls that were not closed yet, after the first call there was."""
    for day in (FIRST_CALL, *DAYS):
        for hour in (1, 14):
            for outcome in (CallOutcome.ANSWERED, CallOutcome.ABANDONED_IN_QUEUE):
                ledger.ended(day, datetime(day.year, day.month, day.day, hour, tzinfo=UTC), outcome, 9)
        ledger.waited(day, 5, 20, 20)
        ledger.waited(day, 200, measure=Measure.TALK)
        with ledger.store.begin() as tx:
            for dimension, value in ((Dimension.MODE, "anonymous"), (Dimension.CATEGORY, "other")):
                count(tx, day_count, 36, day=day, dimension=dimension, value=value)
    return ledger.store  # type: ignore[no-any-return]


def october(store: Store) -> Counts:
    with store.read() as tx:
        return counts_of(tx, OCTOBER)


def rows(store: Store, *tables: Any) -> tuple[int, ...]:
    with store.read() as tx:
        return tuple(tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def killed_everywhere(store: Store, work: Callable[[Connection], object], still: Callable[[], object]) -> int:
    """Kill it at each of its statements in turn, until it lives; how often. After each, all is as it was."""
    before, deaths = still(), 0
    while killed_at(store, deaths + 1, work):
        deaths += 1
        assert still() == before, f"after the {deaths}th"
    return deaths


def test_a_day_whose_closing_is_killed_anywhere_is_closed_whole_the_next_time(autumn: Store) -> None:
    before = october(autumn)

    deaths = killed_everywhere(
        autumn,
        lambda tx: close_ended_days(tx, NIGHT),
        lambda: (october(autumn), rows(autumn, finished_call, hour_count, closed_day)),
    )

    after = october(autumn)
    assert deaths > 10
    assert rows(autumn, finished_call, hour_count, closed_day) == (0, 3 * 2 * 2, 3)
    assert (after.total, after.counts, after.histograms) == (before.total, before.counts, before.histograms)
    assert (after.closed_days, after.late) == (2, ())
    with autumn.begin() as tx:
        assert close_ended_days(tx, NIGHT) == []


def test_a_month_whose_putting_together_is_killed_anywhere_is_put_together_once(autumn: Store) -> None:
    with autumn.begin() as tx:
        for day in (FIRST_CALL, *DAYS):
            close_day(tx, day)
    before, published = october(autumn), leaves(autumn)

    deaths = killed_everywhere(
        autumn,
        lambda tx: put_old_days_together(tx, LATER, Kept(14)),
        lambda: (october(autumn), rows(autumn, hour_count, day_count, folded_month), leaves(autumn)),
    )

    after = october(autumn)
    assert deaths > 10
    assert rows(autumn, folded_month) == (1,)
    assert (after.total, after.counts, after.histograms) == (before.total, before.counts, before.histograms)
    assert leaves(autumn) == published
    with autumn.begin() as tx:
        assert put_old_days_together(tx, LATER, Kept(14)) == []
        assert close_ended_days(tx, datetime(2025, 1, 1, 4, tzinfo=UTC)) == []  # its first day is no day to close


def leaves(store: Store) -> bytes:
    with store.read() as tx:
        return written(external_sheet(tx, OCTOBER, LATER), Format.CSV)
