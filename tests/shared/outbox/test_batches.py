"""When reports leave."""

from datetime import UTC, datetime, time

import pytest

from shared.domain.vocabulary import Lane
from shared.outbox.batches import DepartureMalformed, timetable


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("times", "now", "leaves"),
    [
        (["Tue 06:00", "Fri 06:00"], utc(2026, 3, 10, 5, 59), utc(2026, 3, 10, 6)),  # a Tuesday in winter
        (["Tue 06:00", "Fri 06:00"], utc(2026, 3, 10, 6, 0), utc(2026, 3, 13, 6)),  # the batch has just left
        (["Tue 06:00"], utc(2026, 3, 10, 6, 1), utc(2026, 3, 17, 6)),
        (["Mon 06:00"], utc(2026, 3, 28, 12), utc(2026, 3, 30, 5)),  # summer time begins on the Sunday between
        (["01:30"], utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30)),  # the half hour that London skips
        (["01:30"], utc(2026, 10, 25, 0, 0), utc(2026, 10, 25, 0, 30)),  # the half hour that comes twice: the first
        ([time(15)], utc(2026, 7, 1, 13, 59), utc(2026, 7, 1, 14)),
        (["00:00"], utc(2026, 3, 10, 0, 0), utc(2026, 3, 11, 0)),
    ],
)
def test_an_ordinary_report_leaves_with_the_next_batch(times: list[str], now: datetime, leaves: datetime) -> None:
    assert timetable(times).leaves(Lane.ORDINARY, now) == leaves


def test_urgent_reports_and_a_line_without_batches_wait_for_nothing() -> None:
    now = utc(2026, 3, 10, 12)

    assert timetable(["Tue 06:00"]).leaves(Lane.URGENT, now) is None
    assert timetable([]).leaves(Lane.ORDINARY, now) is None


@pytest.mark.parametrize("written", ["6:00", "Tues 06:00", "24:00", "06:60", "", "06:00 Tue"])
def test_a_departure_written_otherwise_is_refused(written: str) -> None:
    with pytest.raises(DepartureMalformed):
        timetable([written])
