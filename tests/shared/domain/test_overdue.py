"""Calls and orders that have run out of time, on both databases."""

from typing import Any

from shared.domain import calls, legs, overdue
from shared.domain.orders import lease_order
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Language,
    Mode,
    PresenceState,
)

LEG = "CA" + "1" * 32


def test_an_order_that_could_not_be_carried_out_puts_the_call_back(line: Any) -> None:
    handler = line.available("Asha")
    call = line.take(line.waiting(), handler)
    order = line.do(lease_order, "a" * 32, line.now)

    line.do(overdue.order_failed, order, line.now)

    after = line.call(call.call_sid)
    assert (after.state, after.queued_at) == (CallState.WAITING, call.queued_at)
    assert line.presence(handler) is PresenceState.AVAILABLE


def test_a_ringing_that_nobody_reports_on_ends_by_itself(line: Any) -> None:
    call = line.take(line.waiting(), line.available("Asha"))
    line.clock.advance(61)

    line.do(overdue.expire_calls, line.now)

    assert line.call(call.call_sid).state is CallState.WAITING


def test_a_caller_who_never_asked_for_the_wait_page_is_no_ghost(line: Any) -> None:
    line.do(calls.queue_call, LEG, Language.EN, Mode.UNSET, Category.UNSET, None, False, line.now)
    line.clock.advance(121)

    line.do(overdue.expire_calls, line.now)

    assert line.outcomes == [CallOutcome.ABANDONED_IN_QUEUE]


def test_a_waiting_caller_from_whom_nothing_is_heard_any_more_has_gone(line: Any) -> None:
    silent, there = line.waiting(), line.waiting()
    for _ in range(21):
        line.clock.advance(30)
        line.do(calls.caller_waits, there.call_sid, line.now)

    line.do(overdue.expire_calls, line.now)

    assert line.gone(silent.call_sid)
    assert line.call(there.call_sid).state is CallState.WAITING


def test_a_handset_picked_up_late_still_has_time_to_press_1(line: Any) -> None:
    call = line.take(line.waiting(), line.available("Asha"))
    line.clock.advance(50)
    line.do(legs.handset_picked_up, call.conference, LEG, line.now)
    line.clock.advance(20)

    line.do(overdue.expire_calls, line.now)

    assert line.call(call.call_sid).state is CallState.RINGING
