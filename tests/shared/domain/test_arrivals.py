"""Who is let in, in the line's hours and in a flood of calls, on both databases."""

from datetime import date, timedelta
from typing import Any

from shared.domain import calls
from shared.domain.arrivals import come_in
from shared.domain.hours import DAYS_A_WEEK, Hours
from shared.domain.limits import Capacity, Door
from shared.domain.london import london_day
from shared.domain.overdue import tend, tending_is_due
from shared.domain.vocabulary import CallOutcome, Language
from shared.store.schema import call_starts, day_count, day_histogram, finished_call, hour_count, live_call, metadata

CLOSED = Door(Hours(((),) * DAYS_A_WEEK))
NARROW = Door(capacity=Capacity(max_calls=3, starts_per_minute=60, burst=10))
SLOW = Door(capacity=Capacity(max_calls=1000, starts_per_minute=6, burst=4))


def ring(line: Any, number: int, door: Door) -> CallOutcome | None:
    outcome: CallOutcome | None = line.do(come_in, f"CA{number:032x}", Language.EN, line.now, door)
    return outcome


def counted(line: Any) -> dict[CallOutcome, int]:
    return {row["outcome"]: row["n"] for row in line.rows(hour_count)}


def test_a_caller_is_let_in(line: Any) -> None:
    assert ring(line, 1, Door()) is None
    assert len(line.rows(live_call)) == 1


def test_when_the_line_is_closed_a_call_is_counted_and_nothing_else_is_kept(line: Any) -> None:
    assert ring(line, 1, CLOSED) is CallOutcome.CLOSED

    assert line.rows(live_call) == line.rows(finished_call) == []
    assert counted(line) == {CallOutcome.CLOSED: 1}
    assert [row["n"] for row in line.rows(day_count)] == [1, 1]  # of unset mode, of unset category


def test_a_date_on_which_the_line_is_closed_is_a_london_day(line: Any) -> None:
    door = Door(Hours(closed=frozenset({london_day(line.now)})))

    assert ring(line, 1, door) is CallOutcome.CLOSED
    assert ring(line, 2, Door(Hours(closed=frozenset({date(2000, 1, 1)})))) is None


def test_the_same_leg_turned_away_twice_is_counted_once(line: Any) -> None:
    first = ring(line, 1, CLOSED)
    again = ring(line, 1, CLOSED)

    assert first is again is CallOutcome.CLOSED
    assert counted(line) == {CallOutcome.CLOSED: 1}


def test_beyond_the_calls_it_takes_at_once_a_caller_is_turned_away(line: Any) -> None:
    outcomes = [ring(line, number, NARROW) for number in range(5)]

    assert outcomes == [None, None, None, CallOutcome.FLOOD, CallOutcome.FLOOD]


def test_a_call_that_ends_makes_room(line: Any) -> None:
    for number in range(3):
        ring(line, number, NARROW)
    line.do(calls.caller_left, f"CA{0:032x}", line.now)

    assert ring(line, 3, NARROW) is None


def test_a_request_that_comes_again_takes_no_second_start(line: Any) -> None:
    outcomes = [ring(line, 1, SLOW) for _ in range(20)]

    assert outcomes == [None] * 20


def test_starts_come_back_one_by_one(line: Any) -> None:
    at_once = [ring(line, number, SLOW) for number in range(6)]
    line.clock.advance(10)
    later = [ring(line, number, SLOW) for number in range(10, 12)]

    assert at_once == [None] * 4 + [CallOutcome.FLOOD] * 2
    assert later == [None, CallOutcome.FLOOD]


def test_a_full_bucket_leaves_no_trace_of_the_last_call(line: Any) -> None:
    ring(line, 1, SLOW)
    line.clock.advance(9)
    assert not line.do(tending_is_due, line.now)
    line.clock.advance(1)
    assert line.do(tending_is_due, line.now)

    line.do(tend, line.now)

    assert line.rows(call_starts) == []


def test_a_flood_of_twenty_times_the_load_leaves_counts_and_calls_in_progress_as_they_were(line: Any) -> None:
    waiting = line.waiting()
    door = Door(capacity=Capacity(max_calls=10, starts_per_minute=1, burst=10))

    def rows_after(callers: int, first: int) -> dict[str, int]:
        for number in range(first, first + callers):
            ring(line, number, door)
        # A leg's id is kept until the provider has deleted its record: never longer, and never whose call it was.
        return {table.name: len(line.rows(table)) for table in metadata.sorted_tables if table.name != "provider_purge"}

    once = rows_after(20, first=100)
    twenty_times = rows_after(400, first=1000)

    assert twenty_times == once
    assert line.call(waiting.call_sid) == waiting
    assert counted(line)[CallOutcome.FLOOD] == 420 - 9
    assert line.rows(day_histogram) == []


def test_the_hour_is_all_that_is_known_of_who_was_turned_away(line: Any) -> None:
    line.clock.advance(1234)
    ring(line, 1, CLOSED)

    [row] = line.rows(hour_count)
    assert row["hour_start"] + timedelta(hours=1) > line.now >= row["hour_start"]
    assert (row["hour_start"].minute, row["hour_start"].second) == (0, 0)
