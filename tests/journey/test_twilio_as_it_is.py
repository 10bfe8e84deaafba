"""Twilio as it is: requests doubled, late, out of order, lost, or sent again when all is over; nobody is lost."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from ivr.line.allow_list import Route
from ivr.simulator.calls import CallState as Ear
from ivr.simulator.faults import Fault
from ivr.simulator.in_process import LINE_NUMBER, PUBLIC_URL
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.twiml_engine import ANY_VERB
from ivr.simulator.twiml_grammar import Verb, read_twiml
from ivr.simulator.webhook import Reply
from shared.domain import calls
from shared.domain.vocabulary import CallOutcome, CallState, Disposition, OrderKind, PresenceState
from shared.store.database import Store
from shared.store.schema import live_order, provider_purge
from tests.support.line import Killed, exchange_on
from tests.walk.mishaps import BACKUP_NUMBER, FALLBACK_URL, Judge

ANSWERED_BY_TWIML = [Route.INCOMING, Route.STEP, Route.WAIT, Route.QUEUED, Route.JOIN, Route.AFTER, Route.HOLD,
                     Route.HANDSET, Route.HANDSET_KEY]  # fmt: skip

# --- retries and duplicates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ANSWERED_BY_TWIML)
def test_a_retry_with_the_same_idempotency_token_changes_nothing(exchange: Any, where: str) -> None:
    exchange.twilio.faults.switch_on(Fault.REPEAT_WEBHOOK, where)

    phone, person_id, handset, call = exchange.talking()
    exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
    phone.listen(3)
    exchange.do(calls.resume_call, call.id, person_id, exchange.time.now())
    phone.listen(3)
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(30)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())

    tokens = [webhook.token for webhook in exchange.transport.sent if where in webhook.url]
    assert len(set(tokens)) < len(tokens)
    assert (handset.rings, exchange.outcomes, exchange.live) == (1, [CallOutcome.ANSWERED], [])


@pytest.mark.parametrize("where", [Route.STATUS, Route.HANDSET_STATUS, "participant-join", "participant-leave"])
@pytest.mark.parametrize("fault", [Fault.DUPLICATE, Fault.DELAY, Fault.REORDER])
def test_a_doubled_late_or_reordered_callback_neither_loses_nor_revives_a_call(
    exchange: Any, fault: Fault, where: str
) -> None:
    exchange.twilio.faults.switch_on(fault, where, seconds=4.0)

    phone, person_id, _, call = exchange.talking()
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(40)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.ENQUIRY, exchange.time.now())
    exchange.time.advance(60)

    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ANSWERED], [])
    assert exchange.presence(person_id) is PresenceState.AVAILABLE


def test_a_callback_before_the_rest_answer_that_it_follows_from_loses_nothing(exchange: Any) -> None:
    """The handset is picked up, 1 pressed and the conference joined before we learn the leg's id."""
    person_id, handset = exchange.handler(answers_after=0.5)
    phone, call = exchange.caller_in_queue()
    exchange.rest.after = lambda: exchange.time.advance(5)

    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)

    assert exchange.in_hand(person_id).handset_sid == handset.call.sid
    assert handset.rings == 1


def test_a_handset_that_declines_before_the_rest_answer_puts_the_caller_back(exchange: Any) -> None:
    person_id, handset = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()

    def declined() -> None:
        exchange.time.advance(2)
        handset.decline()

    exchange.rest.after = declined
    exchange.take(call, person_id)
    phone.listen(3)

    assert [one.id for one in exchange.waiting()] == [call.id]
    assert exchange.rows(live_order) == []


# --- missing keys, and nobody there ----------------------------------------------------------------------------------


def test_keys_lost_on_the_way_count_as_silence_and_silence_leads_to_a_person(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.LOSE_DIGITS)
    person_id, handset = exchange.handler(answers_after=None)
    phone = Phone(exchange.twilio).dial().listen(1).press("1")
    phone.listen_until(lambda: bool(exchange.waiting()), 30)
    exchange.twilio.faults.switch_off()

    exchange.take(exchange.waiting()[0], person_id)
    phone.listen_until(lambda: handset.ringing, 10)
    handset.answer().press("1")

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 20)


def test_a_handsets_key_lost_on_the_way_leaves_the_caller_in_the_queue(exchange: Any) -> None:
    person_id, _ = exchange.handler()
    phone, call = exchange.caller_in_queue()
    exchange.twilio.faults.switch_on(Fault.LOSE_DIGITS, Route.HANDSET_KEY)

    exchange.take(call, person_id)
    phone.listen(40)

    assert [one.id for one in exchange.waiting()] == [call.id]
    assert phone.state is Ear.WAITING


def test_no_webhook_goes_through_a_redirect_on_which_twilio_would_lose_the_key(exchange: Any) -> None:
    exchange.talking()

    assert {webhook.method for webhook in exchange.transport.sent} == {"POST"}


@pytest.mark.parametrize("where", [Route.INCOMING, Route.STEP])
def test_where_the_line_cannot_be_reached_the_fallback_brings_a_person(sqlite_store: Store, where: str) -> None:
    line = exchange_on(sqlite_store, fallback_url=FALLBACK_URL)
    line.twilio.carrier.transport = Judge(line.transport)
    backup = Handset(line.twilio, BACKUP_NUMBER, answers_after=3)
    line.twilio.faults.switch_on(Fault.UNREACHABLE, where)

    phone = Phone(line.twilio).dial().listen(2).press("1")
    phone.listen_until(lambda: BACKUP_NUMBER in phone.in_conference_with, 60)
    backup.hang_up()

    phone.listen_for("dial 9 9 9", 60)
    line.twilio.check()


# --- deploys and crashes ----------------------------------------------------------------------------------------------


def test_another_line_takes_every_call_over_between_any_two_requests(exchange: Any) -> None:
    def carried(*request: Any) -> Any:
        exchange.redeploy()
        return exchange.transport(*request)

    exchange.twilio.carrier.transport = carried
    person_id, handset = exchange.handler()
    phone = Phone(exchange.twilio).dial().listen(1)
    for key in "3424":
        phone.press(key).listen(1)
    phone.listen_until(lambda: bool(exchange.waiting()), 30)
    exchange.take(exchange.waiting()[0], person_id)
    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)

    call = exchange.in_hand(person_id)
    assert (call.mode, call.category) == ("confidential", "partner_abuse")


@pytest.mark.parametrize("order", list(OrderKind))
def test_a_worker_killed_when_twilio_has_done_it_and_nobody_knows_yet_loses_nothing(
    exchange: Any, order: OrderKind
) -> None:
    person_id, handset = exchange.handler()
    phone, call = exchange.caller_in_queue()
    _kill_at(exchange, order)

    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.number in phone.in_conference_with, 90)
    call = exchange.in_hand(person_id)
    exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
    phone.listen(40)
    exchange.do(calls.resume_call, call.id, person_id, exchange.time.now())
    phone.listen_until(lambda: bool(phone.in_conference_with), 40)
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(90)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())

    assert (phone.state, handset.state, handset.rings) == (Ear.ENDED, Ear.ENDED, 1)
    assert (exchange.outcomes, exchange.live) == ([CallOutcome.ANSWERED], [])


def _kill_at(exchange: Any, kind: OrderKind) -> None:
    """Kill the worker once, after Twilio has done what this order asks."""
    ask = exchange.worker._ask

    def killed() -> None:
        raise Killed

    def asks(order: Any, call: Any) -> str:
        if order.kind is kind and order.attempts == 1:
            exchange.rest.after = killed
        return str(ask(order, call))

    exchange.worker._ask = asks


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_full_queue_says_so_and_names_the_other_ways(exchange: Any) -> None:
    exchange.twilio.queues.create("line", 1)
    exchange.caller_in_queue()

    phone = Phone(exchange.twilio, "+442079460124").dial().listen(1).press("0")
    phone.listen(40)

    assert phone.state is Ear.ENDED
    assert exchange.outcomes == [CallOutcome.OVERFLOW]


def test_handsets_are_rung_one_a_second_and_none_is_left_out(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.TOO_MANY_CALLS)
    desks = [exchange.handler(f"Handler {n}", f"+44207946011{n}") for n in range(5)]
    phones = [exchange.caller_in_queue(f"+44207946012{n}") for n in range(5)]

    for (person_id, _), (_, call) in zip(desks, phones, strict=True):
        exchange.take(call, person_id)
    exchange.time.advance(30)

    assert all(phone.in_conference_with for phone, _ in phones)
    assert [handset.rings for _, handset in desks] == [1] * 5
    asked = [one for one in exchange.rest.asked if one == ("POST", "Calls.json")]
    assert len(asked) == 5, "none was refused, for none came too early"


def test_a_limit_that_another_of_our_programs_used_up_is_waited_for(exchange: Any) -> None:
    person_id, handset = exchange.handler()
    phone, call = exchange.caller_in_queue()
    exchange.twilio.faults.switch_on(Fault.TOO_MANY_CALLS)
    exchange.switchboard.ring_handset("+442079460199", "f" * 32)

    exchange.take(call, person_id)

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)
    assert handset.rings == 1


def test_a_call_not_in_progress_any_more_ends_what_was_asked_of_it(exchange: Any) -> None:
    """21220: the caller hung up, unreported, and is then to be fetched back."""
    phone, person_id, handset, _ = exchange.talking()
    exchange.twilio.faults.switch_on(Fault.DROP)
    phone.hang_up()
    handset.hang_up()
    exchange.twilio.faults.switch_off()
    exchange.time.advance(60)

    assert exchange.in_hand(person_id).state is CallState.WRAP_UP
    assert exchange.rows(live_order) == []


def test_a_record_that_twilio_will_not_delete_yet_is_asked_for_until_it_does(exchange: Any) -> None:
    """20009."""
    exchange.twilio.faults.switch_on(Fault.DELETE_TOO_SOON)
    exchange.caller_in_queue()[0].hang_up()
    exchange.time.advance(90)
    kept = len(exchange.rows(provider_purge))
    exchange.twilio.faults.switch_off()

    exchange.time.advance(1800)

    assert (kept, exchange.rows(provider_purge)) == (1, [])


# --- what it sends and what it is sent --------------------------------------------------------------------------------


@pytest.mark.parametrize("within", [0.0, 0.05, 0.4, 0.9])
@pytest.mark.parametrize("first", ["the caller", "the handler"])
def test_answered_in_the_same_second_as_hung_up_is_one_call_and_nobody_hears_music(
    exchange: Any, first: str, within: float
) -> None:
    person_id, handset = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.ringing, 10)
    handset.answer().listen(1)
    acts = [phone.hang_up, lambda: handset.press("1")]

    for act in acts if first == "the caller" else reversed(acts):
        act()
        exchange.time.advance(within)
    exchange.time.advance(40)

    assert handset.state is Ear.ENDED
    assert len(exchange.outcomes) + len(exchange.live) == 1
    assert exchange.presence(person_id) in {PresenceState.AVAILABLE, PresenceState.WRAP_UP, PresenceState.MISSED}


def test_a_proxy_that_renames_host_scheme_and_port_leaves_every_signature_right(sqlite_store: Store) -> None:
    line = exchange_on(sqlite_store)

    def through_a_proxy(method: str, url: str, params: Any, headers: Any) -> Reply:
        path, _, query = url.removeprefix(PUBLIC_URL).partition("?")
        answer = Client(line.transport.application).open(
            path, method=method, base_url="http://10.0.0.7:8080", query_string=query, data=dict(params),
            headers={**headers, "X-Forwarded-Host": "other.example", "X-Forwarded-Proto": "http"},
        )  # fmt: skip
        return Reply(answer.status_code, answer.content_type, answer.get_data())

    line.twilio.carrier.transport = through_a_proxy

    line.caller_in_queue()


def test_every_gather_names_its_action_no_conference_beeps_and_no_dial_shows_the_caller(exchange: Any) -> None:
    said: list[bytes] = []

    def heard(*request: Any) -> Reply:
        reply: Reply = exchange.transport(*request)
        said.append(reply.body)
        return reply

    exchange.twilio.carrier.transport = heard
    exchange.talking()

    verbs = [verb for document in said if document for verb in _verbs(read_twiml(document, ANY_VERB))]
    assert {verb.get("action") is None for verb in verbs if verb.name == "Gather"} == {False}
    assert {verb.get("beep") for verb in verbs if verb.name == "Conference"} == {"false"}
    assert {verb.get("callerId") for verb in verbs if verb.name == "Dial"} == {LINE_NUMBER}


def _verbs(verbs: Iterable[Verb]) -> Iterator[Verb]:
    for verb in verbs:
        yield verb
        yield from _verbs(verb.children)


def test_a_caller_whom_we_moved_out_of_the_queue_is_not_counted_as_abandoned(exchange: Any) -> None:
    phone, person_id, _, call = exchange.talking()
    moved = [webhook.params["QueueResult"] for webhook in exchange.transport.sent if Route.QUEUED in webhook.url]
    phone.hang_up()
    exchange.time.advance(2)

    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())

    assert (moved, exchange.outcomes) == (["redirected"], [CallOutcome.ANSWERED])
