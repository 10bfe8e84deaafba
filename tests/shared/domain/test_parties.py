"""Colleagues and others in a call, and every race between them, on both databases."""

from typing import Any

import pytest

from shared.domain import calls, legs, parties
from shared.domain.errors import (
    CallNotInThatState,
    CallNotYours,
    CannotBeAsked,
    HelpNotWanted,
    NobodyToHandTo,
    NotAvailable,
    OwnCall,
    PartyOnTheLine,
)
from shared.domain.legs import Handset
from shared.domain.live_parties import parties_in
from shared.domain.orders import close_order, lease_order
from shared.domain.overdue import FOLLOWS, order_failed, tend
from shared.domain.vocabulary import CallState, OrderKind, PartyState, PresenceState, Role
from shared.store.columns import random_id
from shared.store.schema import live_order, live_party
from tests.support.enrolled import enrol

COLLEAGUE_LEG = "CA" + "d" * 32
HANDSET_LEG = "CA" + "b" * 32
INTERPRETER = "+442079460170"


def party_in(line: Any, call: Any) -> Any:
    with line.store.read() as tx:
        [party] = parties_in(tx, call.id)
    return party


def consulted(line: Any, asha: str, bryn: str) -> Any:
    """Asha's caller is on hold, and Bryn is on the line with her."""
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    assert line.do(parties.party_comes, party_in(line, call).id, COLLEAGUE_LEG, line.now) is Handset.JOIN
    return line.call(call.call_sid)


def carry_out(line: Any) -> list[OrderKind]:
    """Every order that is due, in the order in which a worker may carry them out."""
    done = []
    with line.store.begin() as tx:
        while (order := lease_order(tx, "a" * 32, line.now)) is not None:
            done.append(order.kind)
            close_order(tx, order)
    return done


def test_every_kind_of_order_that_can_fail_has_what_follows() -> None:
    over_either_way = {OrderKind.END_CALLER, OrderKind.END_HANDSET, OrderKind.LEAVE_HANDSET}

    assert set(FOLLOWS) == set(OrderKind) - over_either_way


def test_nobody_is_rung_before_the_caller_is_on_hold(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)
    carry_out(line)

    line.do(parties.consult, call.id, asha, bryn, line.now)

    assert line.call(call.call_sid).state is CallState.HELD
    with line.store.begin() as tx:
        first = lease_order(tx, "a" * 32, line.now)
        second = lease_order(tx, "a" * 32, line.now)
    assert first is not None
    assert first.kind is OrderKind.HOLD_CALLER
    assert second is None  # until the hold is done


def test_a_hold_that_fails_rings_nobody_and_the_conversation_goes_on(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)
    carry_out(line)
    line.do(parties.consult, call.id, asha, bryn, line.now)

    with line.store.begin() as tx:
        order = lease_order(tx, "a" * 32, line.now)
        assert order is not None
        close_order(tx, order)
        order_failed(tx, order, line.now)

    assert line.call(call.call_sid).state is CallState.TALKING
    assert line.rows(live_party) == []
    assert line.orders == []
    assert line.presence(bryn) is PresenceState.AVAILABLE


def test_a_consulted_colleague_is_heard_by_the_caller_only_when_joined(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    carry_out(line)

    with pytest.raises(PartyOnTheLine):
        line.do(calls.resume_call, call.id, asha, line.now)
    alone = party_in(line, call).state
    line.do(parties.join_all, call.id, asha, line.now)

    assert alone is PartyState.PRIVATE
    assert party_in(line, call).state is PartyState.JOINED
    assert line.orders == [OrderKind.RESUME_CALLER]


def test_holding_again_leaves_colleague_and_handler_alone(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    line.do(parties.join_all, call.id, asha, line.now)

    line.do(calls.hold_call, call.id, asha, line.now)

    assert party_in(line, call).state is PartyState.PRIVATE


def test_a_colleague_who_answers_after_the_caller_was_taken_off_hold_does_not_come_in(
    line: Any, asha: str, bryn: str
) -> None:
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    party = party_in(line, call)
    line.do(parties.party_rings, party.id, COLLEAGUE_LEG)

    line.do(calls.resume_call, call.id, asha, line.now)
    hears = line.do(parties.party_picked_up, party.id, COLLEAGUE_LEG, line.now)

    assert hears is Handset.CALLER_GONE
    assert line.presence(bryn) is PresenceState.AVAILABLE
    assert OrderKind.END_HANDSET in line.orders


def test_a_colleagues_voicemail_never_comes_into_a_call(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    party = party_in(line, call)

    hears = line.do(parties.party_picked_up, party.id, COLLEAGUE_LEG, line.now)
    line.do(parties.party_left, COLLEAGUE_LEG, line.now, party.id)

    assert hears is Handset.PRESS_1
    assert line.rows(live_party) == []
    assert line.call(call.call_sid).state is CallState.HELD


def test_a_colleague_who_does_not_come_is_waited_for_no_longer_than_they_could_be(
    line: Any, asha: str, bryn: str
) -> None:
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    line.clock.advance(parties.COMES_WITHIN.total_seconds() + 1)

    line.do(tend, line.now)

    assert line.rows(live_party) == []
    assert line.presence(bryn) is PresenceState.AVAILABLE


def test_whoever_cannot_come_is_not_asked(line: Any, asha: str, bryn: str) -> None:
    away = enrol(line, "Carys", Role.HANDLER, available=False)
    call = line.talking(asha)

    for person_id in (away, asha):
        with pytest.raises(CannotBeAsked):
            line.do(parties.consult, call.id, asha, person_id, line.now)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    line.do(parties.consult, call.id, asha, bryn, line.now)  # twice is once

    with pytest.raises(PartyOnTheLine):
        line.do(parties.consult, call.id, asha, away, line.now)
    assert len(line.rows(live_party)) == 1


def test_two_handlers_ask_the_same_colleague_and_one_gets_them(line: Any, asha: str, bryn: str) -> None:
    line.clock.advance(1)
    carys = enrol(line, "Carys", Role.HANDLER)
    first, second = line.talking(asha), line.talking(bryn)
    line.do(parties.consult, first.id, asha, carys, line.now)

    with pytest.raises(CannotBeAsked):
        line.do(parties.consult, second.id, bryn, carys, line.now)

    assert line.call(second.call_sid).state is CallState.TALKING


def test_handing_over_gives_the_call_and_frees_whose_it_was(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    carry_out(line)

    line.do(parties.hand_over, call.id, asha, line.now, PresenceState.BREAK)

    after = line.call(call.call_sid)
    assert (after.handler_id, after.handset_sid, after.state) == (bryn, COLLEAGUE_LEG, CallState.TALKING)
    assert (line.presence(asha), line.presence(bryn)) == (PresenceState.BREAK, PresenceState.ON_CALL)
    assert carry_out(line) == [OrderKind.HAND_OVER, OrderKind.LEAVE_HANDSET]  # the conference never loses its keeper


def test_the_giver_hanging_up_after_handing_over_ends_nothing(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)

    line.do(legs.handset_left, call.conference, HANDSET_LEG, line.now)

    assert OrderKind.RECALL_CALLER not in line.orders
    assert line.call(call.call_sid).handler_id == bryn


def test_a_call_handed_over_as_the_colleague_leaves_fetches_the_caller_back(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)

    line.do(parties.party_left, COLLEAGUE_LEG, line.now)
    line.do(legs.handset_left, call.conference, COLLEAGUE_LEG, line.now)
    line.do(legs.caller_is_back, call.call_sid, line.now)

    assert line.call(call.call_sid).state is CallState.QUEUED
    assert line.presence(bryn) is PresenceState.MISSED


def test_a_call_cannot_be_handed_over_once_it_has_ended(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    line.do(calls.caller_left, call.call_sid, line.now)

    with pytest.raises(CallNotInThatState):
        line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)

    assert line.rows(live_party) == []
    assert (line.presence(asha), line.presence(bryn)) == (PresenceState.WRAP_UP, PresenceState.AVAILABLE)


def test_a_caller_who_leaves_as_it_is_handed_over_leaves_the_new_handler_to_wrap_up(
    line: Any, asha: str, bryn: str
) -> None:
    call = consulted(line, asha, bryn)
    line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)

    line.do(calls.caller_left, call.call_sid, line.now)

    assert (line.presence(asha), line.presence(bryn)) == (PresenceState.AVAILABLE, PresenceState.WRAP_UP)
    with pytest.raises(CallNotYours):
        line.do(calls.wrap_up, call.id, asha, "report", line.now)


def test_a_colleague_who_left_cannot_be_handed_the_call(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    line.do(parties.party_left, COLLEAGUE_LEG, line.now)

    with pytest.raises(NobodyToHandTo):
        line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)

    assert line.call(call.call_sid).state is CallState.HELD
    assert line.presence(bryn) is PresenceState.AVAILABLE


def test_a_supervisor_who_takes_no_calls_can_be_asked_but_not_handed_the_call(line: Any, asha: str) -> None:
    morag = enrol(line, "Morag", Role.SUPERVISOR, available=False)
    call = consulted(line, asha, morag)

    with pytest.raises(NobodyToHandTo):
        line.do(parties.hand_over, call.id, asha, line.now, PresenceState.AVAILABLE)
    line.do(parties.send_away, call.id, party_in(line, call).id, asha, line.now)

    assert line.presence(morag) is PresenceState.OFFLINE  # as before


def test_a_handler_who_drops_out_takes_everyone_they_brought_in_with_them(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)

    line.do(legs.caller_is_back, call.call_sid, line.now)

    assert line.rows(live_party) == []
    assert line.presence(bryn) is PresenceState.AVAILABLE
    ended = {row["leg_sid"] for row in line.rows(live_order) if row["kind"] is OrderKind.END_HANDSET}
    assert {HANDSET_LEG, COLLEAGUE_LEG} <= ended


def test_a_supervisor_comes_to_whoever_asked_for_help_and_to_nobody_else(line: Any, asha: str) -> None:
    morag = enrol(line, "Morag", Role.SUPERVISOR, available=False)
    call = line.talking(asha)

    with pytest.raises(HelpNotWanted):
        line.do(parties.give_help, call.id, morag, line.now)
    with pytest.raises(OwnCall):
        line.do(parties.give_help, call.id, asha, line.now)
    line.do(parties.ask_for_help, call.id, asha, True)
    line.do(parties.give_help, call.id, morag, line.now)

    assert party_in(line, call).person_id == morag
    assert line.call(call.call_sid).state is CallState.HELD
    assert not line.call(call.call_sid).help_asked


def test_somebody_outside_comes_in_without_a_key_and_beside_a_colleague(line: Any, asha: str, bryn: str) -> None:
    call = consulted(line, asha, bryn)
    carry_out(line)

    line.do(parties.bring_in, call.id, asha, "interpreter", INTERPRETER, line.now)

    [order] = line.rows(live_order)
    assert (order["kind"], order["handset"]) == (OrderKind.RING_PARTY, INTERPRETER)
    hears = line.do(parties.party_picked_up, order["party_id"], "CA" + "e" * 32, line.now)
    line.do(parties.join_all, call.id, asha, line.now)
    assert hears is Handset.JOIN
    assert {row["state"] for row in line.rows(live_party)} == {PartyState.JOINED}


def test_a_ringing_that_was_taken_back_is_hung_up_when_the_provider_answers(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    party = party_in(line, call)
    line.do(parties.send_away, call.id, party.id, asha, line.now)

    assert not line.do(parties.party_rings, party.id, COLLEAGUE_LEG)
    assert OrderKind.RING_PARTY not in line.orders


def test_somebody_who_helps_is_offered_nothing_and_cannot_take_a_call(line: Any, asha: str, bryn: str) -> None:
    consulted(line, asha, bryn)

    waiting = line.waiting()

    assert waiting.offered_to is None
    with pytest.raises(NotAvailable):
        line.take(waiting, bryn)


def test_muting_and_its_failure(line: Any, asha: str) -> None:
    call = line.talking(asha)
    carry_out(line)

    line.do(calls.mute, call.id, asha, True, line.now)
    line.do(calls.mute, call.id, asha, True, line.now)
    muted = line.call(call.call_sid).muted
    with line.store.begin() as tx:
        order = lease_order(tx, "a" * 32, line.now)
        assert order is not None
        close_order(tx, order)
        order_failed(tx, order, line.now)

    assert muted
    assert not line.call(call.call_sid).muted
    assert line.orders == []


def test_somebody_in_another_call_is_not_sent_away_by_this_one_s_name(line: Any, asha: str, bryn: str) -> None:
    call = line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)

    line.do(parties.send_away, random_id(), party_in(line, call).id, asha, line.now)

    assert party_in(line, call).person_id == bryn
