"""What Twilio never tells, and what it tells when all is over."""

from typing import Any

import pytest

from ivr.line.allow_list import Route
from ivr.simulator.calls import CallState as Ear
from ivr.simulator.faults import Fault
from ivr.simulator.in_process import AUTH_TOKEN
from ivr.simulator.phone import Phone
from ivr.simulator.twiml_engine import ANY_VERB
from ivr.simulator.twiml_grammar import read_twiml
from ivr.simulator.webhook import send
from shared.domain import calls
from shared.domain.vocabulary import CallOutcome, CallState, Disposition
from shared.store.schema import finished_call, live_order, provider_purge

# --- callbacks that never come ---------------------------------------------------------------------------------------


def test_a_call_that_ended_in_the_menu_unreported_leaves_the_board_within_a_minute(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.DROP, Route.STATUS)
    Phone(exchange.twilio).dial().listen(5).hang_up()

    exchange.time.advance(60)

    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ABANDONED_IN_MENU], [])


def test_a_call_that_ended_in_the_queue_unreported_leaves_the_board_within_a_minute(exchange: Any) -> None:
    phone, _ = exchange.caller_in_queue()
    exchange.twilio.faults.switch_on(Fault.DROP, Route.STATUS)
    exchange.twilio.faults.switch_on(Fault.UNREACHABLE, Route.QUEUED)
    phone.listen(30).hang_up()

    exchange.time.advance(60)
    exchange.twilio.alerts.clear()

    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ABANDONED_IN_QUEUE], [])


def test_a_caller_alone_in_a_conference_unreported_is_fetched_back_to_the_head_of_the_queue(exchange: Any) -> None:
    phone, person_id, handset, call = exchange.talking()
    exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
    phone.listen(20)
    room = exchange.twilio.conferences.of(phone.call)
    exchange.twilio.faults.switch_on(Fault.DROP)
    room.participants[handset.call.sid].ends = False  # as if Twilio had not ended it with the handler

    handset.hang_up()
    phone.listen(60)

    [waiting] = exchange.waiting()
    assert (waiting.id, waiting.priority, phone.state) == (call.id, 2, Ear.WAITING)


def test_a_handler_alone_in_a_conference_unreported_is_left_to_wrap_up(exchange: Any) -> None:
    phone, person_id, handset, _ = exchange.talking()
    exchange.twilio.faults.switch_on(Fault.DROP)

    phone.hang_up()
    exchange.time.advance(60)

    assert exchange.in_hand(person_id).state is CallState.WRAP_UP
    assert handset.state is Ear.ENDED


def test_a_report_that_comes_after_all_finds_nothing_more_to_do(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.DELAY, Route.STATUS, seconds=300.0)
    Phone(exchange.twilio).dial().listen(5).hang_up()

    exchange.time.advance(400)

    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ABANDONED_IN_MENU], [])


def test_asking_costs_one_request_a_round_however_many_wait(exchange: Any) -> None:
    for number in range(12):
        exchange.caller_in_queue(f"+4420794601{number:02}")
    exchange.time.advance(60)
    exchange.rest.asked.clear()

    exchange.time.advance(120)

    assert 3 <= len(exchange.rest.asked) <= 5
    assert {path.rsplit("/", 1)[-1] for _, path in exchange.rest.asked} == {"Members.json"}


def test_a_provider_that_cannot_be_asked_takes_nobody_off_the_board(exchange: Any) -> None:
    exchange.caller_in_queue()
    Phone(exchange.twilio, "+442079460124").dial().listen(1)
    exchange.twilio.account = type(exchange.twilio.account)("another token", exchange.twilio.account.sid)

    exchange.time.advance(40)

    assert len(exchange.live) == 2


# --- requests sent again when all is over -----------------------------------------------------------------------------


def test_a_webhook_replayed_after_its_call_was_forgotten_is_answered_and_leaves_no_trace(exchange: Any) -> None:
    phone, person_id, _, call = exchange.talking()
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(40)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())
    exchange.time.advance(600)
    sent = [*exchange.transport.sent]

    for webhook in sent:
        judged = send(webhook, AUTH_TOKEN, exchange.transport)
        assert judged.status in {200, 204}
        if judged.status == 200:
            read_twiml(judged.body, ANY_VERB)
    exchange.time.advance(1200)

    assert exchange.live == exchange.rows(live_order) == exchange.rows(provider_purge) == []
    assert CallOutcome.ANSWERED in exchange.outcomes


@pytest.mark.parametrize("route", [Route.INCOMING, Route.WAIT])
def test_a_call_that_never_was_is_gone_within_a_minute_and_in_no_figure(exchange: Any, route: str) -> None:
    exchange.caller_in_queue()[0].hang_up()
    exchange.time.advance(600)
    [arrival] = [webhook for webhook in exchange.transport.sent if route in webhook.url][:1]
    before = exchange.rows(finished_call)

    send(arrival, AUTH_TOKEN, exchange.transport)
    on_board, to_be_offered = len(exchange.live), exchange.waiting()
    exchange.time.advance(61)

    assert (on_board, to_be_offered, exchange.live) == (1, [], [])
    assert exchange.rows(finished_call) == before


def test_a_late_report_never_brings_a_finished_call_back(exchange: Any) -> None:
    phone, _ = exchange.caller_in_queue()
    phone.hang_up()
    exchange.time.advance(1)

    for webhook in [*exchange.transport.sent]:
        send(webhook, AUTH_TOKEN, exchange.transport)

    assert (exchange.live, exchange.outcomes) == ([], [CallOutcome.ABANDONED_IN_QUEUE])
