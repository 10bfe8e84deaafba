"""Others in a call over the local Twilio: consulted apart from the caller, joined, and handed the call."""

from typing import Any

from sqlalchemy import insert

from ivr.simulator.calls import CallState as Ear
from ivr.simulator.phone import Handset
from shared.domain import calls, hand_on, parties
from shared.domain.live_parties import parties_in
from shared.domain.vocabulary import CallOutcome, CallState, Disposition, PartyState, PresenceState, Role
from shared.store.schema import person_role

ASHA_AT, BRYN_AT, INTERPRETER = "+442079460111", "+442079460112", "+442079460170"


def _colleague(line: Any) -> tuple[str, Handset]:
    person_id, handset = line.handler("Bryn", BRYN_AT)
    line.do(lambda tx: tx.execute(insert(person_role), {"person_id": person_id, "role": Role.HANDLER}))
    return person_id, handset


def _party(line: Any, call: Any) -> Any:
    with line.store.read() as tx:
        return next(iter(parties_in(tx, call.id)), None)


def _consulted(line: Any) -> tuple[Any, str, Any, str, Handset]:
    phone, asha, _, call = line.talking()
    bryn, handset = _colleague(line)
    line.do(parties.consult, call.id, asha, bryn, line.time.now())
    phone.listen_until(lambda: getattr(_party(line, call), "state", None) is PartyState.PRIVATE, 40).listen(3)
    return phone, asha, call, bryn, handset


def test_a_consulted_colleague_talks_with_the_handler_while_the_caller_hears_neither(exchange: Any) -> None:
    phone, asha, call, _, bryns = _consulted(exchange)

    apart = phone.in_conference_with
    exchange.do(parties.join_all, call.id, asha, exchange.time.now())
    phone.listen_until(lambda: len(phone.in_conference_with) == 2, 20)

    assert apart == []
    assert set(phone.in_conference_with) == {ASHA_AT, bryns.number}


def test_a_call_handed_over_goes_on_when_whose_it_was_has_left(exchange: Any) -> None:
    phone, asha, call, bryn, bryns = _consulted(exchange)

    exchange.do(parties.hand_over, call.id, asha, exchange.time.now(), PresenceState.AVAILABLE)
    phone.listen_until(lambda: phone.in_conference_with == [bryns.number], 20).listen(30)
    exchange.do(calls.end_call, call.id, bryn, exchange.time.now())
    phone.listen_for("Thank you for calling", 20).listen(20)
    exchange.do(calls.wrap_up, call.id, bryn, Disposition.ENQUIRY, exchange.time.now())

    assert phone.state is Ear.ENDED
    assert bryns.state is Ear.ENDED
    assert exchange.outcomes == [CallOutcome.ANSWERED]
    assert exchange.presence(asha) is PresenceState.AVAILABLE


def test_a_call_handed_over_and_lost_comes_back_to_the_head_of_the_queue(exchange: Any) -> None:
    phone, asha, call, bryn, bryns = _consulted(exchange)
    exchange.do(parties.hand_over, call.id, asha, exchange.time.now(), PresenceState.BREAK)
    phone.listen_until(lambda: phone.in_conference_with == [bryns.number], 20)

    bryns.hang_up()
    phone.listen_for("first in the queue", 30)

    assert exchange.presence(bryn) is PresenceState.MISSED


def test_a_colleague_who_hangs_up_leaves_handler_and_caller_as_they_were(exchange: Any) -> None:
    phone, asha, call, bryn, bryns = _consulted(exchange)

    bryns.hang_up()
    phone.listen_until(lambda: _party(exchange, call) is None, 20)
    exchange.do(calls.resume_call, call.id, asha, exchange.time.now())
    phone.listen_until(lambda: phone.in_conference_with == [ASHA_AT], 20)

    assert exchange.presence(bryn) is PresenceState.AVAILABLE


def test_a_consulted_colleagues_line_goes_when_the_caller_hangs_up(exchange: Any) -> None:
    phone, _, call, bryn, bryns = _consulted(exchange)

    phone.hang_up()
    phone.listen(10)

    assert bryns.state is Ear.ENDED
    assert exchange.presence(bryn) is PresenceState.AVAILABLE
    assert exchange.in_hand(call.handler_id).state is CallState.WRAP_UP


def test_an_interpreter_is_rung_with_the_caller_on_hold_and_joined(exchange: Any) -> None:
    phone, asha, _, call = exchange.talking()
    Handset(exchange.twilio, INTERPRETER, answers_after=3)

    exchange.do(parties.bring_in, call.id, asha, "interpreter", INTERPRETER, exchange.time.now())
    phone.listen_until(lambda: getattr(_party(exchange, call), "state", None) is PartyState.PRIVATE, 40)
    exchange.do(parties.join_all, call.id, asha, exchange.time.now())

    phone.listen_until(lambda: set(phone.in_conference_with) == {ASHA_AT, INTERPRETER}, 20)


def test_a_handler_who_knows_these_people_gives_the_caller_to_the_next(exchange: Any) -> None:
    phone, asha, handset, call = exchange.talking()
    bryn, _ = _colleague(exchange)

    exchange.do(hand_on.hand_on, call.id, asha, exchange.time.now())
    phone.listen_for("You are being put through to someone else. Please stay on the line.", 40)

    assert not phone.heard("Sorry, the line to the person was lost.")
    assert handset.state is Ear.ENDED
    assert exchange.waiting()[0].offered_to == bryn
    assert exchange.presence(asha) is PresenceState.AVAILABLE


def test_a_line_lost_after_the_call_was_handed_on_is_said_to_be_lost(exchange: Any) -> None:
    phone, asha, _, call = exchange.talking()
    bryn, bryns = _colleague(exchange)
    exchange.do(hand_on.hand_on, call.id, asha, exchange.time.now())
    phone.listen_until(lambda: bool(exchange.waiting()), 40)
    exchange.take(exchange.waiting()[0], bryn)
    phone.listen_until(lambda: phone.in_conference_with == [bryns.number], 60)

    bryns.hang_up()

    phone.listen_for("Sorry, the line to the person was lost.", 30)


def test_a_muted_handler_is_muted_at_the_provider(exchange: Any) -> None:
    phone, asha, _, call = exchange.talking()

    exchange.do(calls.mute, call.id, asha, True, exchange.time.now())
    phone.listen(5)

    [conference] = [one for one in exchange.twilio.conferences.by_sid.values() if one.participants]
    assert [one.muted for one in conference.participants.values()] == [True, False]
