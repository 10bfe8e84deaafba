"""Periods, what comes before them, and what they are laid beside a year on."""

from datetime import date

import pytest

from shared.summary.periods import Period, Span, between, of, parts_of


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.DAY, date(2026, 3, 10), date(2026, 3, 10)),
        (Span.WEEK, date(2026, 3, 9), date(2026, 3, 15)),
        (Span.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (Span.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_the_calendar_s(span: Span, first: date, last: date) -> None:
    assert of(span, date(2026, 3, 10)) == Period(span, first, last)


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 3, 15)])
def test_a_week_begins_on_monday_and_ends_on_sunday(day: date) -> None:
    assert of(Span.WEEK, day).first == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (of(Span.DAY, date(2026, 3, 1)), of(Span.DAY, date(2026, 2, 28))),
        (of(Span.WEEK, date(2026, 1, 1)), of(Span.WEEK, date(2025, 12, 22))),
        (of(Span.MONTH, date(2026, 1, 5)), of(Span.MONTH, date(2025, 12, 1))),
        (of(Span.QUARTER, date(2026, 2, 5)), of(Span.QUARTER, date(2025, 10, 1))),
        (of(Span.YEAR, date(2026, 2, 5)), of(Span.YEAR, date(2025, 10, 1))),
        (between(date(2026, 3, 3), date(2026, 3, 5)), between(date(2026, 2, 28), date(2026, 3, 2))),
    ],
)
def test_the_period_before_ends_where_this_one_begins(period: Period, before: Period) -> None:
    assert period.before() == before


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (of(Span.DAY, date(2026, 3, 10)), date(2025, 3, 11), date(2025, 3, 11)),  # both a Tuesday
        (of(Span.WEEK, date(2026, 3, 10)), date(2025, 3, 10), date(2025, 3, 16)),
        (of(Span.MONTH, date(2024, 2, 29)), date(2023, 2, 1), date(2023, 2, 28)),
        (of(Span.QUARTER, date(2026, 5, 1)), date(2025, 4, 1), date(2025, 6, 30)),
        (of(Span.YEAR, date(2026, 5, 1)), date(2025, 1, 1), date(2025, 12, 31)),
        (between(date(2024, 2, 29), date(2024, 3, 2)), date(2023, 2, 28), date(2023, 3, 2)),
    ],
)
def test_a_year_ago_is_the_same_stretch_of_the_calendar(period: Period, first: date, last: date) -> None:
    found = period.a_year_ago()

    assert (found.span, found.first, found.last) == (period.span, first, last)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        between(date(2026, 3, 2), date(2026, 3, 1))


def test_only_whole_months_are_parts_of_a_period() -> None:
    months = parts_of(between(date(2026, 1, 31), date(2026, 4, 29)), Span.MONTH)

    assert [month.first for month in months] == [date(2026, 2, 1), date(2026, 3, 1)]
