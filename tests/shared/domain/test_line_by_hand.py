"""Opening and closing the line by hand, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.arrivals import come_in
from shared.domain.errors import TimeNotAhead
from shared.domain.hours import DAYS_A_WEEK, Hours
from shared.domain.limits import Door
from shared.domain.line_by_hand import close_line, keep_usual_hours, open_line, word_by_hand
from shared.domain.vocabulary import CallOutcome, ClosedWords, Language
from shared.store.columns import random_id
from shared.store.schema import audit_entry, hour_count, line_by_hand, live_call

NEVER_OPEN = Door(Hours(((),) * DAYS_A_WEEK))
SUPERVISOR = random_id()
HOUR = timedelta(hours=1)


def ring(line: Any, number: int, door: Door = Door()) -> CallOutcome | None:  # noqa: B008 - a frozen value
    outcome: CallOutcome | None = line.do(come_in, f"CA{number:032x}", Language.EN, line.now, door)
    return outcome


def close(line: Any, after: timedelta = HOUR, words: ClosedWords = ClosedWords.NOBODY) -> None:
    line.do(close_line, SUPERVISOR, line.now + after, words, line.now)


def written(line: Any) -> list[tuple[str, str]]:
    return [(row["verb"], row["outcome"]) for row in line.rows(audit_entry)]


def test_a_line_closed_by_hand_takes_no_call_until_then_and_counts_it_closed(line: Any) -> None:
    close(line)

    during = ring(line, 1)
    line.clock.advance(HOUR.total_seconds())
    afterwards = ring(line, 2)

    assert (during, afterwards) == (CallOutcome.CLOSED, None)
    assert [(row["outcome"], row["n"]) for row in line.rows(hour_count)] == [(CallOutcome.CLOSED, 1)]


def test_a_line_opened_by_hand_takes_calls_outside_its_hours(line: Any) -> None:
    line.do(open_line, SUPERVISOR, line.now + HOUR, line.now)

    during = ring(line, 1, NEVER_OPEN)
    line.clock.advance(HOUR.total_seconds())
    afterwards = ring(line, 2, NEVER_OPEN)

    assert (during, afterwards) == (None, CallOutcome.CLOSED)


def test_those_in_progress_are_not_touched(line: Any) -> None:
    call = line.waiting()

    close(line)

    assert line.call(call.call_sid) == call
    assert len(line.rows(live_call)) == 1


def test_the_last_word_holds_and_the_usual_hours_come_back(line: Any) -> None:
    close(line)
    close(line, 2 * HOUR, ClosedWords.TROUBLE)
    with line.store.read() as tx:
        said = word_by_hand(tx, line.now)

    line.do(keep_usual_hours, SUPERVISOR, line.now)

    assert said is not None
    assert (said.words, said.by_hand.open) == (ClosedWords.TROUBLE, False)
    assert line.rows(line_by_hand) == []
    assert ring(line, 1) is None


def test_each_act_is_in_the_audit_log_by_its_date_and_the_table_names_nobody(line: Any) -> None:
    close(line, words=ClosedWords.TROUBLE)
    line.do(open_line, SUPERVISOR, line.now + HOUR, line.now)
    line.do(keep_usual_hours, SUPERVISOR, line.now)
    line.do(keep_usual_hours, SUPERVISOR, line.now)

    assert sorted(written(line)) == [
        ("line.close", "closed_trouble"),
        ("line.open", "done"),
        ("line.usual_hours", "done"),
    ]
    assert {column.name for column in line_by_hand.columns} == {"id", "open", "until", "words"}


@pytest.mark.parametrize("after", [timedelta(0), -HOUR, timedelta(hours=24, minutes=1)])
def test_a_time_that_is_not_ahead_or_too_far_is_refused(line: Any, after: timedelta) -> None:
    with pytest.raises(TimeNotAhead):
        close(line, after)

    assert line.rows(line_by_hand) == []


def test_callers_are_told_the_time_to_the_minute_and_let_in_at_it(line: Any) -> None:
    close(line, timedelta(minutes=30, seconds=41))

    [row] = line.rows(line_by_hand)

    assert (row["until"].second, row["until"].microsecond) == (0, 0)
