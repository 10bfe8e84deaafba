"""When the line is open, on London's clocks, over midnight and over the days on which the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.domain.hours import ALWAYS_OPEN, DAYS_A_WEEK, LOOKS_AHEAD, ByHand, Hours, Span, SpanMalformed
from shared.domain.london import LONDON

CHRISTMAS = date(2026, 12, 25)
LONG_AGO = date(2020, 12, 25)


def every_day(*spans: str, closed: frozenset[date] = frozenset()) -> Hours:
    return Hours((tuple(map(Span.from_text, spans)),) * DAYS_A_WEEK, closed)


def london(day: int, month: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON, fold=fold)


OFFICE = every_day("09:00-17:00")
NIGHT = every_day("22:00-06:00")


def test_by_default_the_line_is_always_open() -> None:
    assert ALWAYS_OPEN.always
    assert ALWAYS_OPEN.is_open(london(25, 12, 3))


@pytest.mark.parametrize(
    "never",
    [ALWAYS_OPEN, every_day("00:00-12:00", "12:00-24:00"), every_day("00:00-24:00", closed=frozenset({LONG_AGO}))],
)
def test_a_line_that_does_not_close_has_no_time_at_which_it_does(never: Hours) -> None:
    now = london(21, 11, 18)
    by_hand = replace(never, by_hand=ByHand(True, london(21, 11, 22)))

    assert never.closes(now) is None
    assert by_hand.closes(now) is None


def test_a_closed_date_at_the_end_of_the_search_is_found_and_one_after_it_is_not() -> None:
    now = london(21, 11, 18)
    closed = now.date() + timedelta(days=LOOKS_AHEAD - 1)

    found, too_far = (
        every_day("00:00-24:00", closed=frozenset({day})).closes(now) for day in (closed, closed + timedelta(days=1))
    )

    assert found == datetime(closed.year, closed.month, closed.day, tzinfo=LONDON)
    assert too_far is None


def test_opened_by_hand_the_line_closes_then_or_when_the_usual_hours_do() -> None:
    closes = [
        replace(OFFICE, by_hand=ByHand(True, london(10, 6, hour))).closes(london(10, 6, 8)) for hour in (9, 16, 17, 19)
    ]

    assert closes == [london(10, 6, hour) for hour in (17, 17, 17, 19)]


def test_the_line_is_open_from_the_first_moment_and_not_at_the_last() -> None:
    assert OFFICE.is_open(london(10, 6, 9))
    assert not OFFICE.is_open(london(10, 6, 17))
    assert OFFICE.closes(london(10, 6, 9)) == london(10, 6, 17)
    assert OFFICE.opens(london(10, 6, 17)) == london(11, 6, 9)


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    friday_night = Hours(((), (), (), (), (Span.from_text("22:00-06:00"),), (), ()))

    assert friday_night.is_open(london(13, 6, 5, 59))
    assert not friday_night.is_open(london(12, 6, 5))
    assert friday_night.closes(london(12, 6, 23)) == london(13, 6, 6)


def test_hours_that_meet_or_overlap_are_one() -> None:
    hours = every_day("09:00-12:00", "12:00-15:00", "14:00-18:00", "18:00-24:00")

    assert hours.closes(london(10, 6, 9)) == london(11, 6, 0)


def test_a_closed_date_is_closed_from_midnight_to_midnight() -> None:
    hours = Hours(closed=frozenset({CHRISTMAS}))

    assert hours.closes(london(24, 12, 12)) == london(25, 12, 0)
    assert not hours.is_open(london(25, 12, 0))
    assert hours.opens(london(25, 12, 12)) == london(26, 12, 0)


def test_a_night_that_runs_into_a_closed_date_ends_at_midnight() -> None:
    hours = every_day("22:00-06:00", closed=frozenset({CHRISTMAS}))

    assert hours.closes(london(24, 12, 23)) == london(25, 12, 0)
    assert hours.opens(london(25, 12, 1)) == london(26, 12, 22)


def test_a_line_that_never_opens_again_names_no_day() -> None:
    assert Hours(((),) * DAYS_A_WEEK).opens(london(1, 6, 0)) is None


@pytest.mark.parametrize(("evening", "hours"), [((28, 3), 7), ((24, 10), 9), ((10, 6), 8)], ids=["23", "25", "24"])
def test_a_night_in_which_the_clocks_change_lasts_until_the_clock_says_so(evening: tuple[int, int], hours: int) -> None:
    opens = london(*evening, 22)

    assert NIGHT.closes(opens) == (opens.astimezone(UTC) + timedelta(hours=hours))


def test_the_hour_that_comes_twice_is_open_both_times() -> None:
    hours = every_day("01:00-02:00")

    assert hours.is_open(london(25, 10, 1, 30, fold=0))
    assert hours.is_open(london(25, 10, 1, 30, fold=1))
    assert hours.closes(london(25, 10, 1)) == london(25, 10, 2)


def test_hours_that_end_in_the_hour_that_comes_twice_end_at_its_second_coming() -> None:
    second = london(25, 10, 1, 30, fold=1).astimezone(UTC)

    assert every_day("00:00-01:30").closes(london(25, 10, 0)) == second


def test_the_hour_that_does_not_come_is_an_hour_later() -> None:
    hours = every_day("01:30-09:00")

    assert hours.opens(london(29, 3, 0)) == london(29, 3, 2, 30)


def test_a_day_of_twenty_five_hours_is_open_for_all_of_them() -> None:
    whole = every_day("00:00-24:00", closed=frozenset({date(2026, 10, 24), date(2026, 10, 26)}))
    midnight = london(25, 10, 0).astimezone(UTC)

    assert whole.closes(midnight) == midnight + timedelta(hours=25)
    assert all(whole.is_open(midnight + timedelta(minutes=minutes)) for minutes in range(0, 25 * 60, 10))


@pytest.mark.parametrize("written", ["", "9-17", "09:00", "09:00-25:00", "09:60-10:00", "09:00-09:00", "24:00-06:00"])
def test_what_is_no_span_is_refused(written: str) -> None:
    with pytest.raises(SpanMalformed):
        Span.from_text(written)
