"""Every measure from days worked out by hand. What is expected follows from the definition, never from the output."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vocabulary import CallOutcome, Dimension, Disposition, Duty, Measure, OnTheWay, ReportState
from shared.summary.counts import hours_of
from shared.summary.histogram import nearest_rank
from shared.summary.hours import hour_profile
from shared.summary.measures import MEASURES, Unit, patience
from shared.summary.periods import Span, between, of
from shared.summary.staffing import demand, staffed
from tests.support.counts import calls, made

# Four answered after 3, 20, 21 and 36 s; abandoned after 4, 5 and 61 s.
WAITS = {
    Measure.WAIT_ANSWERED: (3, 20, 21, 36),
    Measure.WAIT_ABANDONED: (4, 5, 61),
    Measure.TALK: (600, 1100, 60, 140),
    Measure.HOLD: (0, 100, 0, 0),
    Measure.WRAP_UP: (100, 100, 100, 101),
}
A_DAY = made(
    calls(offered=8, answered=4, abandoned_in_queue=3, overflow=1, abandoned_in_menu=5, left_quietly=2),
    WAITS,
    {
        Dimension.REPORT_STATE: {ReportState.RELEASED: 3, ReportState.OURS: 2, ReportState.HELD: 1},
        Dimension.ON_THE_WAY: {OnTheWay.DELIVERED: 4, OnTheWay.REROUTED: 1},
        Dimension.DISPOSITION: {Disposition.REPORT: 2, Disposition.TEST: 1},
        Dimension.DUTY: {Duty.AVAILABLE: 7203, Duty.PEOPLE: 3},
    },
)


def value(figure_id: str, counts=A_DAY):
    (figure,) = (figure for figure in MEASURES if figure.id == figure_id)
    return figure.value(counts)


@pytest.mark.parametrize(
    ("figure_id", "expected"),
    [
        ("arrived", 4 + 3 + 1 + 5 + 2),
        ("tests", 1),
        ("calls", 4 + 3 + 1 + 5 + 2 - 1),  # as published; what arrived has the test
        ("offered", 4 + 3 + 1),
        ("answered", 4),
        ("abandoned_in_queue", 3),
        ("abandoned_in_menu", 5),
        ("left_quietly", 2),
        ("overflow", 1),
        ("short_abandoned", 1),  # after 4 s; 5 s is not short
        ("answered_within", 2),  # after 3 and 20 s; 20 s counts
        ("service_level", Fraction(100 * 2, 4 + 3 - 1)),
        ("abandonment_rate", Fraction(100 * (3 - 1), 4 + 3 - 1)),
        ("average_speed_of_answer", Fraction(3 + 20 + 21 + 36, 4)),
        ("average_time_to_abandon", Fraction(5 + 61, 2)),
        ("longest_wait", 61),
        ("waits", 4),
        ("wait_percentile_50", 20),  # the second of four
        ("wait_percentile_90", 36),
        ("average_talk", Fraction(600 + 1100 + 60 + 140, 4)),
        ("average_hold", 25),
        ("available", 7203),
        ("occupancy", Fraction(100 * 2401, 2401 + 7203)),
        ("utilisation", Fraction(100 * 2000, 2401 + 7203)),
        ("ours", 2),
        ("held", 1),
        ("delivered", 4),
        ("rerouted", 1),
        ("parked", 0),
        ("average_wrap_up", Fraction(401, 4)),
        ("handling_time", Fraction(2000 + 401, 4)),
        ("released", 3),
        ("conversion", Fraction(300, 4)),
    ],
)
def test_a_day_worked_out_by_hand(figure_id: str, expected: Fraction | int) -> None:
    assert value(figure_id) == expected


def test_nothing_to_divide_by_gives_no_figure_neither_0_nor_100() -> None:
    of_nothing = {figure.id: figure.value(made()) for figure in MEASURES}

    counts = {figure.id for figure in MEASURES if figure.unit in (Unit.CALLS, Unit.REPORTS)}
    counted = {name for name in counts if not name.endswith("_then")}  # nobody looked how it stood
    assert {name for name, found in of_nothing.items() if found is None} == of_nothing.keys() - counted
    assert {of_nothing[name] for name in counted} == {0}


def test_a_day_of_nothing_but_short_waits_has_no_service_level() -> None:
    day = made(calls(offered=2, abandoned_in_queue=2), {Measure.WAIT_ABANDONED: (1, 4)})

    assert (value("service_level", day), value("abandonment_rate", day)) == (None, None)
    assert value("average_time_to_abandon", day) is None


def test_every_outcome_has_a_measure_and_every_measure_says_how_it_is_worked_out() -> None:
    named = [figure.id for figure in MEASURES]

    assert len(set(named)) == len(named)
    assert {outcome.value for outcome in CallOutcome} <= set(named)
    assert all(figure.formula and figure.label for figure in MEASURES)
    level = next(figure for figure in MEASURES if figure.id == "service_level")
    assert "20 s" in level.formula
    assert "5 s" in level.formula


def test_of_a_longer_period_a_ratio_is_the_ratio_of_its_sums() -> None:
    calm = made(calls(offered=1, answered=1), {Measure.WAIT_ANSWERED: (1,)})  # 100 %
    busy = made(calls(offered=9, answered=9), {Measure.WAIT_ANSWERED: (99,) * 9})  # 0 %
    both = made(calls(offered=10, answered=10), {Measure.WAIT_ANSWERED: (1, *(99,) * 9)})

    assert value("service_level", both) == Fraction(100 * 1, 10)
    assert value("service_level", both) != (value("service_level", calm) + value("service_level", busy)) / 2


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.sampled_from([50, 90, 95]))
def test_percentiles_are_the_nearest_rank(seconds: list[int], percent: int) -> None:
    found = nearest_rank({each: seconds.count(each) for each in seconds}, percent)

    at_most = sum(1 for second in seconds if second <= found)
    below = sum(1 for second in seconds if second < found)
    assert at_most * 100 >= percent * len(seconds)
    assert below * 100 < percent * len(seconds)


def hours_with_a_call_each(period) -> dict:
    return {start: calls(offered=1, answered=1) for start in hours_of(period)}


@pytest.mark.parametrize(
    ("day", "hours", "at_one"), [(date(2026, 3, 29), 23, 0), (date(2026, 10, 25), 25, 2), (date(2026, 3, 10), 24, 1)]
)
def test_the_clock_s_hours_are_those_there_were(day: date, hours: int, at_one: int) -> None:
    profile = hour_profile(hours_with_a_call_each(of(Span.DAY, day)))

    assert sum(hour.calls.arrived for hour in profile) == sum(hour.times for hour in profile) == hours
    assert [hour.times for hour in profile if hour.of == "01:00"] == ([at_one] if at_one else [])


def test_in_summer_a_call_counts_at_london_s_hour() -> None:
    hours = dict.fromkeys(hours_of(of(Span.DAY, date(2026, 7, 1))), calls())
    hours[datetime(2026, 7, 1, 8, tzinfo=UTC)] = calls(answered=1)

    assert [hour.of for hour in hour_profile(hours) if hour.calls.arrived] == ["09:00"]


def test_staffing_is_for_the_busiest_hour_by_how_often_it_came() -> None:
    week = between(date(2026, 3, 23), date(2026, 3, 29))  # 01:00 came six times, every other hour seven
    hours = hours_with_a_call_each(week)

    quiet = demand(A_DAY, hours)
    hours[datetime(2026, 3, 24, 14, tzinfo=UTC)] = calls(offered=8, answered=8)
    busy = demand(A_DAY, hours)

    assert quiet is not None
    assert quiet.calls == 1
    assert busy is not None
    assert (busy.busiest, busy.calls) == ("14:00", Fraction(6 * 1 + 8, 7))
    assert busy.handling == Fraction(2401, 4)


def test_patience_is_all_waiting_for_each_caller_who_left() -> None:
    assert patience(A_DAY) == Fraction(3 + 20 + 21 + 36 + 4 + 5 + 61, 3)
    assert patience(made()) is None


def test_staffing_shows_both_ways_of_reckoning_until_there_are_enough() -> None:
    hour = {datetime(2026, 3, 10, 14, tzinfo=UTC) + timedelta(days=n): calls(offered=10) for n in range(7)}
    wanted = demand(made(calls(offered=70, answered=60), {Measure.TALK: (900,) * 60, **{
        Measure.WAIT_ANSWERED: (120,) * 60, Measure.WAIT_ABANDONED: (180,) * 10}}), hour)  # fmt: skip
    assert wanted is not None

    table = list(staffed(wanted))

    assert [each.handlers for each in table] == list(range(1, len(table) + 1))
    assert [each.handlers for each in table if each.c is None] == [1, 2]  # 2.5 erlangs of work
    assert all(each.a is not None for each in table)
    assert table[-1].c is not None
    assert table[-1].c.within >= 0.95


def test_a_period_without_calls_has_no_staffing_and_without_answers_none_to_reckon() -> None:
    hours = {datetime(2026, 3, 10, 14, tzinfo=UTC): calls(offered=1, abandoned_in_queue=1)}

    wanted = demand(made(), hours)

    assert demand(made(), {start: calls() for start in hours}) is None
    assert wanted is not None
    assert list(staffed(wanted)) == []
