"""Closing a day and what is counted in it, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from shared.domain.finished import turn_away
from shared.domain.vocabulary import (
    CallOutcome,
    Dimension,
    Measure,
    ReportState,
)
from shared.store.counts import count
from shared.store.schema import day_count, finished_call, hour_count
from shared.summary.close import close_day, close_ended_days, fold_if_closed
from shared.summary.counts import counts_of, first_day, hours_counted, hours_of
from shared.summary.periods import Period, Span, between, of

DAY = date(2026, 3, 10)
AT_14 = datetime(2026, 3, 10, 14, tzinfo=UTC)
AT_15 = datetime(2026, 3, 10, 15, tzinfo=UTC)


def an_ordinary_day(ledger) -> None:
    ledger.ended(DAY, AT_14, CallOutcome.ANSWERED, 3)
    ledger.ended(DAY, AT_14, CallOutcome.ABANDONED_IN_QUEUE, 1)
    ledger.ended(DAY, AT_15, CallOutcome.ANSWERED, 2)
    ledger.ended(DAY, AT_15, CallOutcome.ABANDONED_IN_MENU, 4, offered=False)
    ledger.ended(DAY, AT_15, CallOutcome.LEFT_QUIETLY, 1, offered=False)


def counted(ledger, day: date = DAY):
    return counted_in(ledger, of(Span.DAY, day))


def counted_in(ledger, period: Period):
    with ledger.store.read() as tx:
        return counts_of(tx, period)


def by_hour(ledger, day: date = DAY):
    with ledger.store.read() as tx:
        return hours_counted(tx, of(Span.DAY, day))


def close(ledger, day: date = DAY) -> int:
    with ledger.store.begin() as tx:
        return close_day(tx, day)


def test_a_day_is_counted_by_what_became_of_each_call(ledger) -> None:
    an_ordinary_day(ledger)

    total = counted(ledger).total

    assert (total.arrived, total.offered) == (3 + 1 + 2 + 4 + 1, 3 + 1 + 2)
    assert total.by_outcome[CallOutcome.ANSWERED] == 5
    assert total.by_outcome[CallOutcome.ABANDONED_IN_QUEUE] == 1
    assert total.by_outcome[CallOutcome.ABANDONED_IN_MENU] == 4
    assert total.by_outcome[CallOutcome.LEFT_QUIETLY] == 1


def test_hours_add_up_to_the_day(ledger) -> None:
    an_ordinary_day(ledger)

    hours = by_hour(ledger)

    assert hours[AT_14].arrived == 4
    assert hours[AT_15].arrived == 7
    assert sum(hour.arrived for hour in hours.values()) == counted(ledger).total.arrived
    assert len(hours) == 24


def test_closing_changes_no_figure_and_keeps_no_call(ledger) -> None:
    an_ordinary_day(ledger)
    before, hours_before = counted(ledger), by_hour(ledger)

    folded = close(ledger)

    after, hours_after = counted(ledger), by_hour(ledger)
    assert folded == 11
    assert (before.total, hours_before) == (after.total, hours_after)
    assert (before.closed_days, after.closed_days) == (0, 1)
    with ledger.store.read() as tx:
        assert tx.execute(select(finished_call)).all() == []


def test_closing_twice_is_closing_once(ledger) -> None:
    an_ordinary_day(ledger)
    close(ledger)
    before = counted(ledger)

    assert close(ledger) == 0

    assert counted(ledger) == before


def test_a_call_that_ends_after_its_day_was_closed_is_folded_in(ledger) -> None:
    an_ordinary_day(ledger)
    close(ledger)
    ledger.ended(DAY, AT_15, CallOutcome.ANSWERED)

    with ledger.store.begin() as tx:
        fold_if_closed(tx, DAY)

    assert by_hour(ledger)[AT_15].by_outcome[CallOutcome.ANSWERED] == 3
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

    assert counted(ledger, tomorrow).closed_days == 0
    assert counted(ledger, tomorrow).total.arrived == 1


@pytest.mark.parametrize(("hour", "closed"), [(2, []), (3, [DAY])])
def test_days_are_closed_from_three_in_the_morning(ledger, hour: int, closed: list[date]) -> None:
    an_ordinary_day(ledger)

    with ledger.store.begin() as tx:
        found = close_ended_days(tx, datetime(2026, 3, 11, hour, 30, tzinfo=UTC))

    assert found == closed


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)])
def test_a_london_day_has_23_to_25_hours(day: date, hours: int) -> None:
    starts = hours_of(of(Span.DAY, day))

    assert len(starts) == len(set(starts)) == hours


def test_choices_are_figures_of_their_own(ledger) -> None:
    with ledger.store.begin() as tx:
        count(tx, day_count, 3, day=DAY, dimension=Dimension.MODE, value="anonymous")
        count(tx, day_count, day=DAY, dimension=Dimension.FORCE, value="kent")
        count(tx, day_count, day=DAY, dimension=Dimension.REPORT_STATE, value="ours")

    counts = counted(ledger).counts

    assert counts[Dimension.MODE] == {"unset": 0, "anonymous": 3, "confidential": 0}
    assert counts[Dimension.FORCE]["kent"] == 1
    assert counts[Dimension.REPORT_STATE]["ours"] == 1
    assert set(counts) == set(Dimension)
    assert set(counts[Dimension.REPORT_STATE]) == {state.value for state in ReportState}


def test_waits_are_kept_to_the_second(ledger) -> None:
    ledger.waited(DAY, 30, 5, 100, 5)
    ledger.waited(DAY, 4, measure=Measure.WAIT_ABANDONED)

    histograms = counted(ledger).histograms

    assert list(histograms[Measure.WAIT_ANSWERED].items()) == [(5, 2), (30, 1), (100, 1)]
    assert histograms[Measure.WAIT_ABANDONED] == {4: 1}
    assert set(histograms) == set(Measure)


def test_a_longer_period_is_the_sum_of_its_days_closed_or_not(ledger) -> None:
    an_ordinary_day(ledger)
    close(ledger)
    for day, seconds in ((DAY + timedelta(days=1), 5), (DAY + timedelta(days=2), 7), (DAY + timedelta(days=7), 9)):
        ledger.ended(day, AT_14 + (day - DAY), CallOutcome.ANSWERED, 2)
        ledger.waited(day, seconds, seconds)
    with ledger.store.begin() as tx:
        for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=7)):
            count(tx, day_count, 2, day=day, dimension=Dimension.FORCE, value="kent")

    found = counted_in(ledger, between(DAY, DAY + timedelta(days=2)))

    assert (found.total.arrived, found.closed_days) == (11 + 2 + 2, 1)
    assert found.total.by_outcome[CallOutcome.ANSWERED] == 5 + 2 + 2
    assert found.counts[Dimension.FORCE]["kent"] == 4
    assert found.histograms[Measure.WAIT_ANSWERED] == {5: 2, 7: 2}


def test_a_call_just_before_midnight_belongs_to_the_day_on_which_it_came(ledger) -> None:
    ledger.ended(date(2026, 6, 30), datetime(2026, 6, 30, 22, tzinfo=UTC), CallOutcome.ANSWERED)  # 23:00 in London
    ledger.ended(date(2026, 7, 1), datetime(2026, 6, 30, 23, tzinfo=UTC), CallOutcome.ANSWERED)  # midnight in London

    june, july = (counted_in(ledger, of(Span.MONTH, day)) for day in (date(2026, 6, 1), date(2026, 7, 1)))

    assert (june.total.arrived, july.total.arrived) == (1, 1)
    assert by_hour(ledger, date(2026, 7, 1))[datetime(2026, 6, 30, 23, tzinfo=UTC)].arrived == 1


def test_calls_still_open_are_in_no_figure_but_their_own(ledger) -> None:
    ledger.still_open(AT_14)

    found = counted(ledger)

    assert (found.open_calls, found.total.arrived) == (1, 0)
    assert counted(ledger, DAY + timedelta(days=1)).open_calls == 0


def test_the_first_day_is_that_of_the_first_call_closed_or_not(ledger) -> None:
    def first() -> date | None:
        with ledger.store.read() as tx:
            return first_day(tx)

    none = first()
    an_ordinary_day(ledger)
    open_day = first()
    close(ledger)
    ledger.ended(DAY + timedelta(days=1), AT_14 + timedelta(days=1), CallOutcome.ANSWERED)

    assert (none, open_day, first()) == (None, DAY, DAY)


def test_a_day_on_which_every_call_was_turned_away_is_closed_too(ledger) -> None:
    evening = datetime(2026, 3, 10, 21, tzinfo=UTC)
    with ledger.store.begin() as tx:
        turn_away(tx, "CA" + "1" * 32, CallOutcome.CLOSED, evening)

    with ledger.store.begin() as tx:
        days = [close_ended_days(tx, evening + timedelta(hours=hours)) for hours in (5, 7, 8)]

    assert days == [[], [date(2026, 3, 10)], []]


def test_so_is_one_after_which_the_service_was_away_for_months(ledger) -> None:
    evening = datetime(2026, 3, 10, 21, tzinfo=UTC)
    with ledger.store.begin() as tx:
        turn_away(tx, "CA" + "1" * 32, CallOutcome.CLOSED, evening)

    with ledger.store.begin() as tx:
        found = close_ended_days(tx, evening + timedelta(days=100))

    assert found == [date(2026, 3, 10)]
