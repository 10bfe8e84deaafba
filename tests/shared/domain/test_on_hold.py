"""Time on hold is measured apart from talk, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from shared.domain import calls, overdue
from shared.domain.live_calls import LiveCall
from shared.domain.on_hold import LONGEST, held_for
from shared.domain.orders import lease_order
from shared.domain.vocabulary import Disposition, Measure, OrderKind
from shared.store.schema import day_histogram, live_call

THEN = datetime(2026, 3, 10, 14, tzinfo=UTC)


def held(line: Any, call: LiveCall, handler: str, seconds: int) -> None:
    line.do(calls.hold_call, call.id, handler, line.now)
    line.clock.advance(seconds)
    line.do(calls.resume_call, call.id, handler, line.now)


def over(line: Any, call: LiveCall, handler: str) -> dict[Measure, int]:
    line.do(calls.end_call, call.id, handler, line.now)
    line.do(calls.wrap_up, call.id, handler, Disposition.ENQUIRY, line.now)
    return {row["measure"]: row["seconds"] for row in line.rows(day_histogram)}


def test_every_hold_of_a_call_is_added_up_and_taken_out_of_its_talk(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)
    line.clock.advance(20)
    held(line, call, handler, 30)
    line.clock.advance(5)
    held(line, call, handler, 12)
    line.clock.advance(8)

    measured = over(line, call, handler)

    assert (measured[Measure.TALK], measured[Measure.HOLD]) == (20 + 5 + 8, 30 + 12)


def test_a_call_that_ends_on_hold_was_held_until_then(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)
    line.clock.advance(20)
    line.do(calls.hold_call, call.id, handler, line.now)
    line.clock.advance(40)

    measured = over(line, call, handler)

    assert (measured[Measure.TALK], measured[Measure.HOLD]) == (20, 40)


def test_a_hold_that_never_came_about_is_talk(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)
    line.do(calls.hold_call, call.id, handler, line.now)
    line.clock.advance(15)
    others = [kind for kind in OrderKind if kind is not OrderKind.HOLD_CALLER]
    order = line.do(lease_order, "a" * 32, line.now, others)
    line.do(overdue.order_failed, order, line.now)

    measured = over(line, call, handler)

    assert (measured[Measure.TALK], measured[Measure.HOLD]) == (15, 0)


def test_a_clock_that_was_put_back_or_far_ahead_makes_no_impossible_hold(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)
    line.do(calls.hold_call, call.id, handler, line.now)
    on_hold = line.call(call.call_sid)

    assert held_for(on_hold, line.now - timedelta(hours=1)) == 0
    assert held_for(on_hold, line.now + timedelta(days=9)) == LONGEST
    with line.store.read() as tx:
        assert tx.execute(select(live_call.c.held_seconds)).scalar_one() == 0
