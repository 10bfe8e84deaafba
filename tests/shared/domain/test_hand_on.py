"""Calls handed on and handed out, and what comes too late, on both databases."""

from typing import Any

import pytest

from shared.domain import calls, hand_on, legs
from shared.domain.errors import (
    CallGone,
    CallNotInThatState,
)
from shared.domain.overdue import tend
from shared.domain.vocabulary import OrderKind, PresenceState
from shared.store.schema import passed_offer


def test_a_call_handed_on_is_never_offered_to_that_person_again(line: Any, asha: str) -> None:
    call = line.waiting()
    assert call.offered_to == asha

    line.do(hand_on.hand_on, call.id, asha, line.now)
    line.clock.advance(60)
    line.do(tend, line.now)

    assert line.call(call.call_sid).offered_to is None
    assert [row["for_good"] for row in line.rows(passed_offer)] == [True]
    assert line.presence(asha) is PresenceState.AVAILABLE


def test_a_handler_who_knows_these_people_hands_the_caller_to_the_next_one(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)

    line.do(hand_on.hand_on, call.id, asha, line.now)
    back = line.do(legs.caller_is_back, call.call_sid, line.now)
    line.do(calls.caller_waits, call.call_sid, line.now)

    assert back is not None
    assert back.handed_on
    assert line.call(call.call_sid).offered_to == bryn
    assert line.presence(asha) is PresenceState.AVAILABLE


def test_handing_on_as_the_caller_hangs_up_leaves_it_to_be_wrapped_up(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(calls.caller_left, call.call_sid, line.now)

    with pytest.raises(CallNotInThatState):
        line.do(hand_on.hand_on, call.id, asha, line.now)

    assert line.presence(asha) is PresenceState.WRAP_UP


def test_handing_on_just_before_the_caller_hangs_up_loses_nothing(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(hand_on.hand_on, call.id, asha, line.now)

    line.do(calls.caller_left, call.call_sid, line.now)

    assert line.gone(call.call_sid)
    assert len(line.outcomes) == 1


def test_a_call_given_to_somebody_is_theirs_to_answer_and_passes_on_if_they_do_not(
    line: Any, asha: str, bryn: str
) -> None:
    call = line.waiting()
    assert call.offered_to == asha

    line.do(hand_on.give_call, call.id, bryn, line.now)
    given = line.call(call.call_sid)
    line.clock.advance(21)
    line.do(tend, line.now)

    assert given.offered_to == bryn
    assert line.presence(bryn) is PresenceState.MISSED
    assert line.presence(asha) is PresenceState.AVAILABLE
    assert line.call(call.call_sid).offered_to == asha


def test_a_call_given_as_its_caller_leaves_is_gone(line: Any, asha: str, bryn: str) -> None:
    call = line.waiting()
    line.do(calls.caller_left, call.call_sid, line.now)

    with pytest.raises(CallGone):
        line.do(hand_on.give_call, call.id, bryn, line.now)


def test_declining_what_was_answered_just_before_lets_it_wait_again(line: Any, asha: str, bryn: str) -> None:
    call = line.waiting()
    line.take(call, asha)

    line.do(calls.decline_call, call.id, asha, line.now)

    assert line.call(call.call_sid).offered_to == bryn
    assert line.presence(asha) is PresenceState.AVAILABLE


def test_holding_as_the_caller_leaves_is_too_late(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(calls.caller_left, call.call_sid, line.now)

    with pytest.raises(CallNotInThatState):
        line.do(calls.hold_call, call.id, asha, line.now)

    assert OrderKind.HOLD_CALLER not in line.orders


def test_answering_a_call_that_was_abandoned_tells_that_the_caller_left(line: Any, asha: str) -> None:
    call = line.waiting()
    line.do(calls.caller_left, call.call_sid, line.now)

    with pytest.raises(CallGone):
        line.take(call, asha)

    assert line.presence(asha) is PresenceState.AVAILABLE
