"""London days, either side of the clocks changing."""

from datetime import UTC, date, datetime

from shared.domain.london import london_day, start_of


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert london_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert london_day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == date(2026, 1, 1)


def test_the_day_the_clocks_go_forward_has_23_hours_and_back_25() -> None:
    forward = start_of(date(2026, 3, 30)) - start_of(date(2026, 3, 29))
    back = start_of(date(2026, 10, 26)) - start_of(date(2026, 10, 25))

    assert (forward.total_seconds() / 3600, back.total_seconds() / 3600) == (23, 25)
