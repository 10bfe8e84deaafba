"""London days, either side of the clocks changing."""

from datetime import UTC, date, datetime

import pytest

from shared.domain.london import london_day, start_of, week_of


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert london_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert london_day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == date(2026, 1, 1)


def test_the_day_the_clocks_go_forward_has_23_hours_and_back_25() -> None:
    forward = start_of(date(2026, 3, 30)) - start_of(date(2026, 3, 29))
    back = start_of(date(2026, 10, 26)) - start_of(date(2026, 10, 25))

    assert (forward.total_seconds() / 3600, back.total_seconds() / 3600) == (23, 25)


@pytest.mark.parametrize(
    ("day", "monday"),
    [("2026-03-09", "2026-03-09"), ("2026-03-15", "2026-03-09"), ("2027-01-01", "2026-12-28")],
)
def test_a_week_begins_on_its_monday(day: str, monday: str) -> None:
    assert week_of(date.fromisoformat(day)) == date.fromisoformat(monday)
