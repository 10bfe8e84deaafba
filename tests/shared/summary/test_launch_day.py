"""With which day all that leaves begins: whatever the first of it began with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.domain.vocabulary import CallOutcome, Dimension
from shared.store.counts import count
from shared.store.schema import day_count, launch_day
from shared.summary.export import Format, written
from shared.summary.launch_day import LaunchKept, LaunchMoved, LaunchNotSet, forget_launch, launch_kept
from shared.summary.periods import Period, Span, of
from shared.summary.release import NotForOutside, look_at_edition, take_edition
from shared.summary.retention import Kept, put_old_days_together
from shared.summary.since_launch import Launch, launched

TODAY = date(2026, 4, 1)
LAUNCH, ANOTHER = date(2025, 12, 10), date(2026, 1, 5)
DECEMBER, MARCH = (of(Span.MONTH, day) for day in (LAUNCH, date(2026, 3, 1)))


@pytest.fixture
def line(ledger: Any) -> Any:
    """Trials in November, a launch in December, calls since."""
    for day, n in ((date(2025, 11, 20), 30), (LAUNCH, 40), (date(2026, 3, 10), 50)):
        ledger.ended(day, datetime(day.year, day.month, day.day, 14, tzinfo=UTC), CallOutcome.ANSWERED, n)
    return ledger


def kept(ledger: Any) -> LaunchKept | None:
    with ledger.store.read() as tx:
        return launch_kept(tx)


@pytest.mark.parametrize("period", [MARCH, DECEMBER, None])
def test_the_first_figures_that_are_taken_away_settle_the_launch(line: Any, period: Period | None) -> None:
    assert kept(line) is None

    take_edition(line.store, period, TODAY, LAUNCH)

    assert kept(line) == LaunchKept(LAUNCH, TODAY)


@pytest.mark.parametrize("period", [MARCH, None])
def test_without_a_launch_nothing_is_made_for_outside_and_nothing_settled(line: Any, period: Period | None) -> None:
    for make in (take_edition, look_at_edition):
        with pytest.raises(LaunchNotSet, match=r"Set launch under \[summary\] in the configuration"):
            make(line.store, period, TODAY, None)

    assert kept(line) is None


def left_without_a_launch(ledger: Any) -> None:
    with ledger.store.begin() as tx:
        tx.execute(launch_day.insert().values(id=1, day=None, since=TODAY))


@pytest.mark.parametrize("first", [LAUNCH, None])
@pytest.mark.parametrize("period", [MARCH, None])
def test_another_launch_is_refused_everywhere_and_put_back_gives_the_same_bytes(
    line: Any, first: date | None, period: Period | None
) -> None:
    if first is None:
        left_without_a_launch(line)
    before = written(take_edition(line.store, period, TODAY, first), Format.CSV)

    for make in (take_edition, look_at_edition):
        with pytest.raises(LaunchMoved):
            make(line.store, period, TODAY, ANOTHER)
    with line.store.read() as tx, pytest.raises(LaunchMoved):
        launched(tx, Launch("metropolitan", ANOTHER), TODAY)

    assert written(take_edition(line.store, period, TODAY, first), Format.CSV) == before


def test_a_launch_taken_out_or_set_afterwards_is_told_what_to_do(line: Any) -> None:
    take_edition(line.store, MARCH, TODAY, LAUNCH)
    with pytest.raises(LaunchMoved, match="put launch = 2025-12-10 back into the configuration and restart"):
        look_at_edition(line.store, MARCH, TODAY, None)
    with line.store.begin() as tx:
        assert forget_launch(tx)

    left_without_a_launch(line)
    take_edition(line.store, MARCH, TODAY, None)

    with pytest.raises(LaunchMoved, match=r"take \[summary\] launch out of the configuration"):
        look_at_edition(line.store, MARCH, TODAY, LAUNCH)


def test_neither_looking_nor_what_is_refused_settles_it(line: Any) -> None:
    look_at_edition(line.store, MARCH, TODAY, LAUNCH)
    with pytest.raises(NotForOutside):
        take_edition(line.store, of(Span.WEEK, LAUNCH), TODAY, LAUNCH)
    with pytest.raises(NotForOutside):
        take_edition(line.store, of(Span.MONTH, TODAY), TODAY, LAUNCH)

    assert kept(line) is None


def test_the_month_that_is_never_put_together_is_that_of_the_launch_figures_left_with(line: Any) -> None:
    take_edition(line.store, MARCH, TODAY, LAUNCH)
    with line.store.begin() as tx:
        for day in (date(2025, 11, 20), LAUNCH, ANOTHER):
            count(tx, day_count, 5, day=day, dimension=Dimension.MODE, value="anonymous")

        folded = put_old_days_together(tx, date(2027, 4, 1), Kept(14, ANOTHER))

    assert folded == [date(2025, 11, 1), date(2026, 1, 1)]
