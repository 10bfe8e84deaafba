"""Others in a call while Twilio's reports are doubled, late, out of order or lost: nobody stays behind or is lost."""

from typing import Any

import pytest
from sqlalchemy import insert

from ivr.line.allow_list import Route
from ivr.simulator.calls import CallState as Ear
from ivr.simulator.faults import Fault
from ivr.simulator.phone import Handset
from shared.domain import calls, hand_on, parties
from shared.domain.live_parties import parties_in
from shared.domain.vocabulary import CallOutcome, CallState, Disposition, PartyState, PresenceState, Role
from shared.store.schema import live_order, live_party, person_role

BRYN_AT = "+442079460112"
LATE = [(fault, where) for fault in (Fault.DUPLICATE, Fault.DELAY, Fault.REORDER)
        for where in (Route.PARTY_STATUS, Route.HANDSET_STATUS, "participant-join", "participant-leave")]  # fmt: skip
AGAIN = [(Fault.REPEAT_WEBHOOK, where) for where in (Route.PARTY, Route.PARTY_KEY, Route.AFTER, Route.HOLD, Route.JOIN)]


def _colleague(line: Any) -> tuple[str, Handset]:
    person_id, handset = line.handler("Bryn", BRYN_AT)
    line.do(lambda tx: tx.execute(insert(person_role), {"person_id": person_id, "role": Role.HANDLER}))
    return person_id, handset


def _consulted(line: Any) -> tuple[Any, str, Handset, Any, str, Handset]:
    phone, asha, ashas, call = line.talking()
    bryn, bryns = _colleague(line)
    line.do(parties.consult, call.id, asha, bryn, line.time.now())
    phone.listen_until(lambda: _party_is(line, call, PartyState.PRIVATE), 60).listen(3)
    return phone, asha, ashas, call, bryn, bryns


def _party_is(line: Any, call: Any, state: PartyState) -> bool:
    with line.store.read() as tx:
        return [party.state for party in parties_in(tx, call.id)] == [state]


@pytest.mark.parametrize(("fault", "where"), [*LATE, *AGAIN])
def test_a_call_joined_by_a_colleague_and_handed_over_ends_as_one_call(exchange: Any, fault: Fault, where: str) -> None:
    exchange.twilio.faults.switch_on(fault, where, seconds=4.0)

    phone, asha, ashas, call, bryn, bryns = _consulted(exchange)
    exchange.do(parties.join_all, call.id, asha, exchange.time.now())
    phone.listen_until(lambda: len(phone.in_conference_with) == 2, 30)
    exchange.do(parties.hand_over, call.id, asha, exchange.time.now(), PresenceState.BREAK)
    phone.listen_until(lambda: phone.in_conference_with == [BRYN_AT], 30).listen(20)
    exchange.do(calls.end_call, call.id, bryn, exchange.time.now())
    phone.listen_for("Thank you for calling", 30).listen(30)
    exchange.do(calls.wrap_up, call.id, bryn, Disposition.ENQUIRY, exchange.time.now())

    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ANSWERED], [])
    assert (ashas.state, bryns.state, ashas.rings, bryns.rings) == (Ear.ENDED, Ear.ENDED, 1, 1)
    assert (exchange.presence(asha), exchange.presence(bryn)) == (PresenceState.BREAK, PresenceState.AVAILABLE)


@pytest.mark.parametrize(
    ("fault", "where"),
    [(Fault.REPEAT_WEBHOOK, Route.AFTER), (Fault.DELAY, Route.AFTER), (Fault.DUPLICATE, "participant-leave"),
     (Fault.DELAY, "participant-leave"), (Fault.REORDER, Route.HANDSET_STATUS)],
)  # fmt: skip
def test_a_caller_handed_on_reaches_the_next_person_and_stays_with_them(
    exchange: Any, fault: Fault, where: str
) -> None:
    exchange.twilio.faults.switch_on(fault, where, seconds=4.0)
    phone, asha, _, call = exchange.talking()
    bryn, bryns = _colleague(exchange)

    exchange.do(hand_on.hand_on, call.id, asha, exchange.time.now())
    phone.listen_for("You are being put through to someone else.", 60)
    exchange.take(exchange.waiting()[0], bryn)
    phone.listen_until(lambda: phone.in_conference_with == [bryns.number], 60).listen(60)

    assert exchange.in_hand(bryn).state is CallState.TALKING
    assert phone.in_conference_with == [bryns.number]
    assert not phone.heard("Sorry, the line to the person was lost.")


def test_a_colleague_who_left_unreported_is_noticed_and_free_again(exchange: Any) -> None:
    phone, asha, _, _, bryn, bryns = _consulted(exchange)
    exchange.twilio.faults.switch_on(Fault.DROP)

    bryns.hang_up()
    phone.listen(60)

    assert exchange.rows(live_party) == []
    assert exchange.presence(bryn) is PresenceState.AVAILABLE
    assert exchange.in_hand(asha).state is CallState.HELD


def test_a_call_handed_to_a_colleague_who_left_unreported_comes_back_to_the_queue(exchange: Any) -> None:
    phone, asha, _, call, _, bryns = _consulted(exchange)
    exchange.twilio.faults.switch_on(Fault.DROP)

    bryns.hang_up()
    exchange.do(parties.hand_over, call.id, asha, exchange.time.now(), PresenceState.BREAK)
    phone.listen_until(lambda: bool(exchange.waiting()), 90).listen(5)

    assert phone.state is Ear.WAITING
    assert exchange.rows(live_order) == []


def test_a_caller_who_hangs_up_unreported_while_a_colleague_is_asked_frees_both(exchange: Any) -> None:
    phone, asha, ashas, _, bryn, bryns = _consulted(exchange)
    exchange.twilio.faults.switch_on(Fault.DROP)

    phone.hang_up()
    exchange.time.advance(90)

    assert exchange.in_hand(asha).state is CallState.WRAP_UP
    assert exchange.presence(bryn) is PresenceState.AVAILABLE
    assert (ashas.state, bryns.state) == (Ear.ENDED, Ear.ENDED)
