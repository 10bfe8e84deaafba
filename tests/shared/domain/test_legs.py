"""What the telephone reports, in whatever order, on both databases."""

from datetime import timedelta
from typing import Any

from shared.domain import calls, legs
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    OrderKind,
    PresenceState,
)
from shared.store.schema import live_order, passed_offer

LEG = "CA" + "1" * 32
OTHER_LEG = "CA" + "2" * 32


def test_the_caller_is_moved_only_once_the_handler_is_in_the_conference(line: Any) -> None:
    handler = line.available("Asha")
    call = line.take(line.waiting(), handler)
    line.do(legs.handset_accepts, call.conference, LEG, line.now)
    pressed = line.call(call.call_sid)

    line.do(legs.handset_joined, call.conference, "CF" + "c" * 32, LEG, line.now)

    assert pressed.state is CallState.RINGING
    assert line.call(call.call_sid).state is CallState.CONNECTING
    assert line.orders == [OrderKind.MOVE_CALLER]


def test_a_conversation_begins_when_the_caller_joins(line: Any) -> None:
    call = line.talking(line.available("Asha"))

    assert (call.state, call.answered_at, call.waited_seconds) == (CallState.TALKING, line.now, 10)


def test_a_handset_that_presses_nothing_leaves_the_call_where_it_was(line: Any) -> None:
    first, second = line.available("Asha"), line.available("Bryn")
    waiting = line.waiting()
    line.clock.advance(5)
    call = line.take(waiting, first)

    line.do(legs.handset_left, call.conference, LEG, line.now)

    after = line.call(call.call_sid)
    assert (after.state, after.queued_at, after.handler_id) == (CallState.WAITING, waiting.queued_at, None)
    assert line.presence(first) is PresenceState.MISSED
    assert [row["person_id"] for row in line.rows(passed_offer)] == [first]
    assert after.offered_to == second


def test_reports_of_an_attempt_that_is_over_change_nothing(line: Any) -> None:
    handler = line.available("Asha")
    call = line.take(line.waiting(), handler)
    line.do(legs.handset_left, call.conference, LEG, line.now)
    before = line.call(call.call_sid)

    line.do(legs.handset_joined, call.conference, "CF" + "c" * 32, LEG, line.now)
    line.do(legs.handset_left, call.conference, LEG, line.now)
    joins = line.do(legs.caller_joins, call.call_sid, call.conference, line.now)
    heard = line.do(legs.handset_accepts, call.conference, LEG, line.now)

    assert (joins, heard) == (None, legs.Handset.CALLER_GONE)
    assert line.call(call.call_sid) == before


def test_a_second_leg_of_the_same_attempt_is_hung_up(line: Any) -> None:
    call = line.talking(line.available("Asha"))

    heard = line.do(legs.handset_picked_up, call.conference, OTHER_LEG, line.now)
    line.do(legs.handset_left, call.conference, OTHER_LEG, line.now)

    assert heard is legs.Handset.HANG_UP
    assert line.call(call.call_sid).state is CallState.TALKING


def test_a_caller_who_hangs_up_while_the_handset_rings_has_abandoned(line: Any) -> None:
    handler = line.available("Asha")
    call = line.take(line.waiting(), handler)
    line.do(legs.handset_rings, call.conference, LEG, line.now)

    line.do(calls.caller_left, call.call_sid, line.now)

    assert line.outcomes == [CallOutcome.ABANDONED_IN_QUEUE]
    assert line.orders == [OrderKind.END_HANDSET]
    assert line.presence(handler) is PresenceState.AVAILABLE
    assert line.do(legs.handset_picked_up, call.conference, LEG, line.now) is legs.Handset.CALLER_GONE


def test_a_handset_rung_for_a_caller_who_has_gone_is_not_needed(line: Any) -> None:
    call = line.take(line.waiting(), line.available("Asha"))
    line.do(calls.caller_left, call.call_sid, line.now)

    assert line.do(legs.handset_rings, call.conference, LEG, line.now) is False


def test_a_lost_handler_sends_the_caller_to_the_head_of_the_queue(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler, category=Category.PARTNER_ABUSE, force_id="kent")
    line.do(legs.handset_left, call.conference, call.handset_sid, line.now)
    line.clock.advance(1)

    back = line.do(legs.caller_is_back, call.call_sid, line.now)

    after = line.call(call.call_sid)
    assert back is not None
    assert (after.state, after.priority, after.handler_id) == (CallState.QUEUED, 2, None)
    assert (after.category, after.force_id) == (Category.PARTNER_ABUSE, "kent")
    assert OrderKind.RECALL_CALLER not in line.orders
    assert line.presence(handler) is PresenceState.MISSED


def test_the_end_of_an_earlier_conversation_told_again_leaves_the_next_one_alone(line: Any) -> None:
    before = line.talking(line.available("Asha"))
    second = line.available("Bryn")
    line.do(legs.caller_is_back, before.call_sid, line.now, before.conference)
    line.do(calls.caller_waits, before.call_sid, line.now)
    line.connect(line.take(before, second))

    line.do(legs.caller_is_back, before.call_sid, line.now, before.conference)

    assert line.call(before.call_sid).state is CallState.TALKING
    assert line.presence(second) is PresenceState.ON_CALL


def test_a_lost_handlers_caller_is_fetched_back_if_their_leg_stays_silent(line: Any) -> None:
    call = line.talking(line.available("Asha"))

    line.do(legs.handset_left, call.conference, call.handset_sid, line.now)

    [order] = line.rows(live_order)
    assert (order["kind"], order["leg_sid"]) == (OrderKind.RECALL_CALLER, call.call_sid)
    assert order["not_before"] == line.now + timedelta(seconds=3)
