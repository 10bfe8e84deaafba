"""A call from its arrival to its wrap-up, on both databases."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from shared.domain import calls, legs
from shared.domain.errors import (
    AlreadyOnACall,
    AnotherLanguage,
    CallAlreadyTaken,
    CallGone,
    CallNotInThatState,
    CallNotYours,
    NoHandset,
    NotAvailable,
)
from shared.domain.live_calls import MAY_BECOME
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Disposition,
    EndedBy,
    Language,
    Mode,
    OrderKind,
    PresenceState,
)
from shared.store.schema import live_call, live_order, provider_purge

LEG = "CA" + "1" * 32


def test_a_call_that_arrives_twice_is_one_call(line: Any) -> None:
    line.do(calls.arrive, LEG, Language.EN, line.now)
    line.do(calls.arrive, LEG, Language.CY, line.now)

    [row] = line.rows(live_call)
    assert (row["state"], row["language"]) == (CallState.MENU, Language.EN)


def test_a_call_is_offered_only_after_its_wait_page_was_asked_for(line: Any) -> None:
    handler = line.available("Asha")
    line.do(calls.queue_call, LEG, Language.EN, Mode.UNSET, Category.OTHER, "kent", False, line.now)
    before = line.call(LEG)

    line.do(calls.caller_waits, LEG, line.now)

    assert (before.state, before.offered_to) == (CallState.QUEUED, None)
    assert (line.call(LEG).state, line.call(LEG).offered_to) == (CallState.WAITING, handler)


def test_queueing_again_keeps_the_turn(line: Any) -> None:
    call = line.waiting()
    line.clock.advance(60)

    line.do(calls.queue_call, call.call_sid, Language.EN, Mode.UNSET, Category.UNSET, None, False, line.now)

    assert line.call(call.call_sid).queued_at == call.queued_at
    assert line.call(call.call_sid).state is CallState.WAITING


def test_two_handlers_take_the_same_call_and_one_gets_it(line: Any) -> None:
    first, second = line.available("Asha"), line.available("Bryn")
    call = line.waiting()
    told: list[str] = []

    def take(person_id: str) -> None:
        try:
            line.take(call, person_id)
            told.append("yours")
        except CallAlreadyTaken:
            told.append("taken")

    threads = [threading.Thread(target=take, args=(who,)) for who in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["taken", "yours"]
    assert line.orders == [OrderKind.RING_HANDSET]


def test_taking_a_call_rings_the_handset_and_leaves_the_caller_in_the_queue(line: Any) -> None:
    handler = line.available("Asha")

    call = line.take(line.waiting(), handler)

    [order] = line.rows(live_order)
    assert call.state is CallState.RINGING
    assert (order["kind"], order["handset"], order["conference"]) == (
        OrderKind.RING_HANDSET,
        "+442079460101",
        call.conference,
    )
    assert line.presence(handler) is PresenceState.ON_CALL


def test_taking_a_call_twice_is_the_same_as_once(line: Any) -> None:
    handler = line.available("Asha")
    call = line.take(line.waiting(), handler)

    again = line.take(call, handler)

    assert again.conference == call.conference
    assert line.orders == [OrderKind.RING_HANDSET]


def test_who_may_not_take_a_call_is_told_why(line: Any) -> None:
    busy, welsh = line.available("Asha"), line.available("Bryn", (Language.CY,))
    away, without = line.enrol("Carys"), line.enrol("Dai", handset=None)
    line.take(line.waiting(), busy)
    call = line.waiting()

    for person_id, fact in ((busy, AlreadyOnACall), (welsh, AnotherLanguage), (away, NotAvailable)):
        with pytest.raises(fact):
            line.take(call, person_id)
    with pytest.raises(NoHandset):
        line.is_now(without, PresenceState.AVAILABLE)
    with pytest.raises(CallGone):
        line.do(calls.take_call, "0" * 32, busy, line.now)


def test_someone_who_missed_an_offer_may_still_pick_the_call(line: Any) -> None:
    handler = line.available("Asha")
    call = line.waiting()
    line.clock.advance(21)
    line.do(calls.distribute, line.now)
    assert line.presence(handler) is PresenceState.MISSED

    assert line.take(call, handler).state is CallState.RINGING


def test_a_caller_who_hangs_up_in_conversation_leaves_the_handler_to_wrap_up(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)

    line.do(calls.caller_left, call.call_sid, line.now)
    line.do(calls.caller_left, call.call_sid, line.now)

    after = line.call(call.call_sid)
    assert (after.state, after.ended_by) == (CallState.WRAP_UP, EndedBy.CALLER)
    assert line.presence(handler) is PresenceState.WRAP_UP
    assert line.orders == [OrderKind.END_HANDSET]


def test_a_handler_who_ends_the_call_means_it(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)

    line.do(calls.end_call, call.id, handler, line.now)
    back = line.do(legs.caller_is_back, call.call_sid, line.now)

    assert back is None
    assert line.call(call.call_sid).ended_by is EndedBy.HANDLER
    assert line.orders == [OrderKind.END_CALLER, OrderKind.END_HANDSET]


def test_holding_and_resuming(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)

    line.do(calls.hold_call, call.id, handler, line.now)
    held = line.call(call.call_sid).state
    line.do(calls.resume_call, call.id, handler, line.now)

    assert (held, line.call(call.call_sid).state) == (CallState.HELD, CallState.TALKING)
    assert line.orders == [OrderKind.RESUME_CALLER]
    with pytest.raises(CallNotInThatState):
        line.do(calls.resume_call, call.id, handler, line.now)


def test_nobody_else_may_do_anything_to_a_call_in_hand(line: Any) -> None:
    call, other = line.talking(line.available("Asha")), line.available("Bryn")

    for verb in (calls.hold_call, calls.resume_call, calls.end_call, calls.decline_call):
        with pytest.raises(CallNotYours):
            line.do(verb, call.id, other, line.now)
    with pytest.raises(CallNotYours):
        line.do(calls.wrap_up, call.id, other, Disposition.REPORT, line.now)


def test_a_declined_offer_goes_to_the_next_and_whoever_declined_stays_available(line: Any) -> None:
    first = line.available("Asha")
    line.clock.advance(1)
    second = line.available("Bryn")
    call = line.waiting()

    line.do(calls.decline_call, call.id, first, line.now)

    assert line.call(call.call_sid).offered_to == second
    assert line.presence(first) is PresenceState.AVAILABLE


def test_a_wait_page_is_written_down_only_when_it_tells_something(line: Any) -> None:
    call = line.waiting()

    assert calls.is_news(call, line.now) is False
    assert calls.is_news(call, line.now + timedelta(minutes=6)) is True


def test_nothing_brings_a_finished_call_back(line: Any) -> None:
    call = line.waiting()
    line.do(calls.caller_left, call.call_sid, line.now)

    line.do(calls.arrive, call.call_sid, Language.EN, line.now)
    line.do(calls.queue_call, call.call_sid, Language.EN, Mode.UNSET, Category.UNSET, None, False, line.now)
    line.do(calls.caller_waits, call.call_sid, line.now)
    line.do(calls.caller_left, call.call_sid, line.now)

    assert line.rows(live_call) == []
    assert len(line.outcomes) == 1


def test_a_caller_who_leaves_by_key_left_quietly(line: Any) -> None:
    line.do(calls.arrive, LEG, Language.EN, line.now)
    call = line.waiting()

    for sid in (LEG, call.call_sid):
        line.do(calls.caller_left, sid, line.now, CallOutcome.LEFT_QUIETLY)

    assert line.outcomes == [CallOutcome.LEFT_QUIETLY] * 2


def test_a_call_that_ends_in_the_menu_was_abandoned_there(line: Any) -> None:
    line.do(calls.arrive, LEG, Language.EN, line.now)

    line.do(calls.caller_left, LEG, line.now)

    assert line.outcomes == [CallOutcome.ABANDONED_IN_MENU]


def test_wrapping_up_leaves_figures_and_an_available_handler(line: Any) -> None:
    handler = line.available("Asha")
    call = line.talking(handler)
    line.do(calls.attach_draft, call.id, handler, "d" * 32)
    line.do(calls.end_call, call.id, handler, line.now)
    line.do(calls.correct_choices, call.id, handler, Mode.CONFIDENTIAL, Category.OTHER, "kent", line.now)

    line.do(calls.wrap_up, call.id, handler, Disposition.REPORT, line.now)

    assert line.outcomes == [CallOutcome.ANSWERED]
    assert line.gone(call.call_sid)
    assert {row["leg_sid"] for row in line.rows(provider_purge)} == {call.call_sid, call.handset_sid}
    assert line.presence(handler) is PresenceState.AVAILABLE
    assert OrderKind.END_HANDSET in line.orders, "the handset is still to be hung up"


def test_every_state_of_a_call_has_its_row_in_the_table() -> None:
    assert set(MAY_BECOME) == set(CallState)
