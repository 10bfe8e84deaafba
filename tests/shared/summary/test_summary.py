"""Closing a day and its figures, on both databases. Every figure is expected from its definition."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Dimension,
    EndedBy,
    Language,
    Measure,
    Mode,
    ReportState,
)
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_count, finished_call, hour_count, live_call
from shared.summary.close import close_day, close_ended_days, fold_if_closed
from shared.summary.export import _cell, day_csv, figures_csv
from shared.summary.measures import day_figures, hours_of, spread

DAY = date(2026, 3, 10)
AT_14 = datetime(2026, 3, 10, 14, tzinfo=UTC)
AT_15 = datetime(2026, 3, 10, 15, tzinfo=UTC)


def an_ordinary_day(ledger) -> None:
    ledger.ended(DAY, AT_14, CallOutcome.ANSWERED, 3)
    ledger.ended(DAY, AT_14, CallOutcome.ABANDONED_IN_QUEUE, 1)
    ledger.ended(DAY, AT_15, CallOutcome.ANSWERED, 2)
    ledger.ended(DAY, AT_15, CallOutcome.ABANDONED_IN_MENU, 4, offered=False)
    ledger.ended(DAY, AT_15, CallOutcome.LEFT_QUIETLY, 1, offered=False)


def figures(ledger, day: date = DAY):
    with ledger.store.read() as tx:
        return day_figures(tx, day)


def close(ledger, day: date = DAY) -> int:
    with ledger.store.begin() as tx:
        return close_day(tx, day)


def test_a_day_is_counted_by_what_became_of_each_call(ledger) -> None:
    an_ordinary_day(ledger)

    total = figures(ledger).total

    assert (total.arrived, total.offered) == (3 + 1 + 2 + 4 + 1, 3 + 1 + 2)
    assert total.by_outcome[CallOutcome.ANSWERED] == 5
    assert total.by_outcome[CallOutcome.ABANDONED_IN_QUEUE] == 1
    assert total.by_outcome[CallOutcome.ABANDONED_IN_MENU] == 4
    assert total.by_outcome[CallOutcome.LEFT_QUIETLY] == 1


def test_hours_add_up_to_the_day(ledger) -> None:
    an_ordinary_day(ledger)

    found = figures(ledger)

    assert found.hours[AT_14].arrived == 4
    assert found.hours[AT_15].arrived == 7
    assert sum(hour.arrived for hour in found.hours.values()) == found.total.arrived
    assert len(found.hours) == 24


def test_closing_changes_no_figure_and_keeps_no_call(ledger) -> None:
    an_ordinary_day(ledger)
    before = figures(ledger)

    folded = close(ledger)

    after = figures(ledger)
    assert folded == 11
    assert (before.total, before.hours) == (after.total, after.hours)
    assert (before.closed, after.closed) == (False, True)
    with ledger.store.read() as tx:
        assert tx.execute(select(finished_call)).all() == []


def test_closing_twice_is_closing_once(ledger) -> None:
    an_ordinary_day(ledger)
    close(ledger)
    before = figures(ledger)

    assert close(ledger) == 0

    assert figures(ledger) == before


def test_a_call_that_ends_after_its_day_was_closed_is_folded_in(ledger) -> None:
    an_ordinary_day(ledger)
    close(ledger)
    ledger.ended(DAY, AT_15, CallOutcome.ANSWERED)

    with ledger.store.begin() as tx:
        fold_if_closed(tx, DAY)

    assert figures(ledger).hours[AT_15].by_outcome[CallOutcome.ANSWERED] == 3
    with ledger.store.read() as tx:
        assert tx.execute(select(finished_call)).all() == []


def test_an_open_day_is_not_folded(ledger) -> None:
    ledger.ended(DAY, AT_15, CallOutcome.ANSWERED)

    with ledger.store.begin() as tx:
        fold_if_closed(tx, DAY)

    with ledger.store.read() as tx:
        assert tx.execute(select(hour_count)).all() == []


def test_closing_one_day_leaves_the_others(ledger) -> None:
    an_ordinary_day(ledger)
    tomorrow = DAY + timedelta(days=1)
    ledger.ended(tomorrow, AT_14 + timedelta(days=1), CallOutcome.ANSWERED)

    close(ledger)

    assert figures(ledger, tomorrow).closed is False
    assert figures(ledger, tomorrow).total.arrived == 1


@pytest.mark.parametrize(("hour", "closed"), [(2, []), (3, [DAY])])
def test_days_are_closed_from_three_in_the_morning(ledger, hour: int, closed: list[date]) -> None:
    an_ordinary_day(ledger)

    with ledger.store.begin() as tx:
        found = close_ended_days(tx, datetime(2026, 3, 11, hour, 30, tzinfo=UTC))

    assert found == closed


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)])
def test_a_london_day_has_23_to_25_hours(day: date, hours: int) -> None:
    starts = hours_of(day)

    assert len(starts) == len(set(starts)) == hours


def test_the_hour_that_comes_twice_is_two_hours(ledger) -> None:
    day = date(2026, 10, 25)
    ledger.ended(day, datetime(2026, 10, 25, 0, tzinfo=UTC), CallOutcome.ANSWERED, 2)
    ledger.ended(day, datetime(2026, 10, 25, 1, tzinfo=UTC), CallOutcome.ANSWERED, 3)

    rows = list(csv.reader(io.StringIO(day_csv(ledger.store, day))))

    assert ["hour", "01:00 BST", "arrived", "2"] in rows
    assert ["hour", "01:00 GMT", "arrived", "3"] in rows


def test_choices_are_figures_of_their_own(ledger) -> None:
    with ledger.store.begin() as tx:
        count(tx, day_count, 3, day=DAY, dimension=Dimension.MODE, value="anonymous")
        count(tx, day_count, day=DAY, dimension=Dimension.FORCE, value="kent")
        count(tx, day_count, day=DAY, dimension=Dimension.REPORT_STATE, value="ours")

    counts = figures(ledger).counts

    assert counts[Dimension.MODE] == {"unset": 0, "anonymous": 3, "confidential": 0}
    assert counts[Dimension.FORCE]["kent"] == 1
    assert counts[Dimension.REPORT_STATE]["ours"] == 1
    assert set(counts) == set(Dimension)


def test_waits_follow_their_definitions(ledger) -> None:
    ledger.waited(DAY, 5, 5, 20, 30, 100)

    wait = figures(ledger).spreads[Measure.WAIT_ANSWERED]

    assert (wait.n, wait.average, wait.longest) == (5, Fraction(160, 5), 100)
    assert wait.percentiles == {50: 20, 90: 100, 95: 100}


def test_nothing_to_divide_by_is_not_available(ledger) -> None:
    rows = list(csv.reader(io.StringIO(day_csv(ledger.store, DAY))))

    assert ["seconds", "wait_answered", "n", "0"] in rows
    for figure in ("average", "longest", "percentile_50", "percentile_95"):
        assert ["seconds", "wait_answered", figure, "n/a"] in rows


def test_calls_still_open_are_in_no_figure_but_their_own(ledger) -> None:
    row = {
        "id": random_id(), "call_sid": "CA" + "0" * 32, "state": CallState.MENU, "revision": 1,
        "language": Language.EN, "mode": Mode.UNSET, "category": Category.UNSET, "unable_to_speak": False,
        "priority": 0, "arrived_at": AT_14, "ended_by": EndedBy.NOBODY,
    }  # fmt: skip
    with ledger.store.begin() as tx:
        tx.execute(insert(live_call), row)

    found = figures(ledger)

    assert (found.open_calls, found.total.arrived) == (1, 0)
    assert figures(ledger, DAY + timedelta(days=1)).open_calls == 0


def test_the_csv_is_the_same_bytes_however_the_day_came_about(ledger, sqlite_store) -> None:
    an_ordinary_day(ledger)
    first = day_csv(ledger.store, DAY)
    again = day_csv(ledger.store, DAY)
    close(ledger)

    closed = day_csv(ledger.store, DAY)

    assert first == again
    assert closed == first.replace("closed,no", "closed,yes")
    assert first.splitlines()[0] == "section,of,figure,value"
    assert "calls,day,arrived,11" in first.splitlines()


def test_every_row_has_four_cells_and_no_cell_starts_a_formula(ledger) -> None:
    an_ordinary_day(ledger)

    rows = list(csv.reader(io.StringIO(figures_csv(figures(ledger)))))

    assert {len(row) for row in rows} == {4}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert {row[0] for row in rows[1:]} == {
        "day", "calls", "hour", "mode", "category", "force", "disposition", "reports", "provider_record", "seconds"
    }  # fmt: skip
    assert {row[1] for row in rows if row[0] == "reports"} == {s.value for s in ReportState} - {"returned"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_would_be_a_formula_becomes_text(start: str) -> None:
    assert _cell(f"{start}1+1") == f"'{start}1+1"


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
def test_percentiles_are_the_nearest_rank(seconds: list[int]) -> None:
    histogram = sorted({value: seconds.count(value) for value in seconds}.items())

    found = spread(histogram)

    for percent, value in found.percentiles.items():
        at_most = sum(1 for second in seconds if second <= value)
        below = sum(1 for second in seconds if second < value)
        assert at_most * 100 >= percent * len(seconds)
        assert below * 100 < percent * len(seconds)
