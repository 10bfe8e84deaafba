"""Seconds in which anybody stood ready, added up by the London day and by nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.domain.on_duty import by_day
from shared.domain.vocabulary import Dimension, PresenceState
from shared.store.schema import day_count


def available_seconds(line: Any) -> dict[date, int]:
    return {row["day"]: row["n"] for row in line.rows(day_count) if row["dimension"] is Dimension.DUTY}


def test_everybody_s_seconds_are_one_number(line: Any) -> None:
    asha, bryn = line.available("Asha"), line.available("Bryn")
    line.clock.advance(60)
    line.is_now(asha, PresenceState.BREAK)
    line.clock.advance(30)
    line.is_now(bryn, PresenceState.OFFLINE)

    assert available_seconds(line) == {date(2026, 3, 10): 60 + 60 + 30}


def test_saying_again_that_one_is_available_counts_nothing_twice(line: Any) -> None:
    asha = line.available("Asha")
    line.clock.advance(60)
    line.is_now(asha, PresenceState.AVAILABLE)
    line.clock.advance(40)
    line.is_now(asha, PresenceState.OFFLINE)

    assert available_seconds(line) == {date(2026, 3, 10): 100}


def test_a_night_is_parted_at_london_s_midnight() -> None:
    # Summer time began on 29 March 2026 at 01:00 UTC: midnight before it is 00:00 UTC, after it 23:00 UTC.
    since, until = datetime(2026, 3, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, 5, tzinfo=UTC)

    assert list(by_day(since, until)) == [
        (date(2026, 3, 28), 60),
        (date(2026, 3, 29), 23 * 3600),
        (date(2026, 3, 30), 5),
    ]


def test_what_was_forgotten_for_days_or_runs_backwards_counts_nothing() -> None:
    then = datetime(2026, 3, 10, 12, tzinfo=UTC)

    assert list(by_day(then, then + timedelta(days=3))) == []
    assert list(by_day(then, then - timedelta(hours=1))) == []
