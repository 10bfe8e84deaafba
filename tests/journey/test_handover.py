"""From the telephone to a person and back, in virtual time, on the real parts."""

from typing import Any

from ivr.simulator.calls import CallState as Ear
from ivr.simulator.faults import Fault
from ivr.simulator.phone import Handset, Phone
from shared.domain import calls
from shared.domain.orders import lease_order
from shared.domain.vocabulary import CallOutcome, CallState, Disposition, PresenceState
from shared.store.schema import finished_call, live_order, passed_offer, provider_purge


def test_a_call_is_answered_and_ended_by_the_handler(exchange_on_both: Any) -> None:
    line = exchange_on_both
    person_id, handset = line.handler()
    phone, call = line.caller_in_queue()
    assert call.offered_to == person_id

    line.take(call, person_id)
    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30).listen(60)
    call = line.in_hand(person_id)
    line.do(calls.end_call, call.id, person_id, line.time.now())
    phone.listen_for("Thank you for calling", 20).listen(20)
    line.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, line.time.now())
    phone.listen(1)

    assert phone.state is Ear.ENDED
    assert handset.state is Ear.ENDED
    assert line.outcomes == [CallOutcome.ANSWERED]
    assert line.live == []
    assert line.presence(person_id) is PresenceState.AVAILABLE


def test_a_caller_who_says_nothing_and_presses_nothing_reaches_a_handler(exchange: Any) -> None:
    person_id, handset = exchange.handler()
    phone = Phone(exchange.twilio).dial()

    phone.listen_until(lambda: bool(exchange.waiting()), 70)
    exchange.take(exchange.waiting()[0], person_id)

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)


def test_choices_are_there_when_the_handler_answers(exchange: Any) -> None:
    person_id, _ = exchange.handler()
    phone = Phone(exchange.twilio).dial().listen(1)
    for key in "3424":
        phone.press(key).listen(1)
    phone.listen_until(lambda: bool(exchange.waiting()), 30)

    exchange.take(exchange.waiting()[0], person_id)

    call = exchange.in_hand(person_id)
    assert (call.mode, call.category, call.force_id is not None) == ("confidential", "partner_abuse", True)


def test_a_voicemail_never_gets_a_caller(exchange: Any) -> None:
    person_id = exchange.enrol("Asha", "+442079460111")
    voicemail = Handset.voicemail(exchange.twilio, "+442079460111", answers_after=5)
    phone, call = exchange.caller_in_queue()

    exchange.take(call, person_id)
    phone.listen(90)

    assert voicemail.rings == 1
    assert voicemail.state is Ear.ENDED
    assert phone.state is Ear.WAITING
    [after] = exchange.waiting()
    assert after.queued_at == call.queued_at
    assert exchange.presence(person_id) is PresenceState.MISSED


def test_a_handset_nobody_answers_leaves_the_caller_to_the_next(exchange: Any) -> None:
    first, _ = exchange.handler("Asha", "+442079460111", answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, first)
    phone.listen(5)
    second, handset = exchange.handler("Bryn", "+442079460112")

    phone.listen_until(lambda: bool(exchange.waiting()) and exchange.waiting()[0].offered_to == second, 40)
    exchange.take(call, second)

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)


def test_a_handset_that_is_declined_is_the_same(exchange: Any) -> None:
    person_id, handset = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.ringing, 10)

    handset.decline()
    phone.listen(1)

    assert [one.id for one in exchange.waiting()] == [call.id]
    assert [row["person_id"] for row in exchange.rows(passed_offer)] == [person_id]


def test_a_trusted_handset_joins_without_a_key(exchange: Any) -> None:
    person_id = exchange.enrol("Asha", "sip:asha@desk.example", handset_trusted=True)
    handset = Handset(exchange.twilio, "sip:asha@desk.example", answers_after=2)
    phone, call = exchange.caller_in_queue()

    exchange.take(call, person_id)

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 30)


def test_a_caller_who_hangs_up_while_the_handset_rings_frees_the_handler(exchange: Any) -> None:
    person_id, handset = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.ringing, 10)

    phone.hang_up()
    exchange.time.advance(2)

    assert exchange.outcomes == [CallOutcome.ABANDONED_IN_QUEUE]
    assert handset.state is Ear.ENDED
    assert exchange.presence(person_id) is PresenceState.AVAILABLE


def test_a_handler_who_presses_1_after_the_caller_has_gone_is_told_so(exchange: Any) -> None:
    person_id, handset = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    phone.listen_until(lambda: handset.ringing, 10)
    handset.answer()
    exchange.working = False

    phone.hang_up()
    handset.press("1")
    exchange.time.advance(5)

    assert handset.heard("The caller has gone")
    assert handset.state is Ear.ENDED


def test_a_caller_who_hangs_up_in_conversation_leaves_the_handler_to_wrap_up(exchange: Any) -> None:
    phone, person_id, handset, call = exchange.talking()

    phone.hang_up()
    exchange.time.advance(2)

    assert handset.state is Ear.ENDED
    assert exchange.in_hand(person_id).state is CallState.WRAP_UP
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.ENQUIRY, exchange.time.now())
    assert exchange.outcomes == [CallOutcome.ANSWERED]


def test_a_lost_handler_means_an_apology_and_the_head_of_the_queue(exchange: Any) -> None:
    phone, _, handset, _ = exchange.talking()
    other, _ = exchange.caller_in_queue("+442079460124")
    second, second_handset = exchange.handler("Bryn", "+442079460112")
    exchange.do(calls.decline_call, exchange.waiting()[0].id, second, exchange.time.now())

    handset.hang_up()
    phone.listen_for("the line to the person was lost", 30)

    first = exchange.waiting()[0]
    assert (first.call_sid, first.priority, first.offered_to) == (phone.call.sid, 2, second)
    exchange.take(first, second)
    phone.listen_until(lambda: second_handset.number in phone.in_conference_with, 30)
    assert other.state is Ear.WAITING


def test_holding_plays_words_and_resuming_brings_the_caller_back(exchange: Any) -> None:
    phone, person_id, handset, call = exchange.talking()

    exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
    phone.listen_for("Please hold", 20)
    held = phone.in_conference_with
    exchange.do(calls.resume_call, call.id, person_id, exchange.time.now())

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 5)
    assert held == []


def test_a_handler_lost_while_the_caller_holds_brings_them_to_the_head(exchange: Any) -> None:
    phone, person_id, handset, call = exchange.talking()
    exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
    phone.listen_for("Please hold", 20)

    handset.hang_up()

    phone.listen_for("the line to the person was lost", 30)
    assert exchange.waiting()[0].priority == 2


def test_a_worker_that_dies_after_leasing_leaves_the_caller_waiting_and_the_order_to_the_next(exchange: Any) -> None:
    person_id, handset = exchange.handler()
    exchange.working = False
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    assert exchange.do(lease_order, "a" * 32, exchange.time.now()) is not None

    phone.listen(5)
    heard_before = (phone.state, handset.rings)
    exchange.working = True

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 40)
    assert heard_before == (Ear.WAITING, 0)


def test_a_worker_that_dies_between_rest_and_commit_does_not_ring_the_handset_twice(exchange: Any) -> None:
    person_id, handset = exchange.handler(answers_after=18)
    phone, call = exchange.caller_in_queue()
    exchange.working = False
    exchange.take(call, person_id)
    order = exchange.do(lease_order, "a" * 32, exchange.time.now())
    exchange.switchboard.ring_handset(order.handset, order.conference)  # done at Twilio, and then the process died
    phone.listen(1)
    exchange.working = True

    phone.listen_until(lambda: handset.number in phone.in_conference_with, 60)

    assert handset.rings == 1
    assert len(exchange.twilio.calls) == 2


def test_a_line_without_any_worker_puts_the_call_back_when_one_returns(exchange: Any) -> None:
    person_id, handset = exchange.handler()
    phone, call = exchange.caller_in_queue()
    exchange.working = False
    exchange.take(call, person_id)
    phone.listen(40)

    exchange.working = True
    phone.listen(1)

    assert [one.id for one in exchange.waiting()] == [call.id]
    assert handset.rings == 0
    assert exchange.presence(person_id) is PresenceState.AVAILABLE


def test_leaving_by_star_is_quiet_wherever_it_is_pressed(exchange: Any) -> None:
    in_menu = Phone(exchange.twilio).dial().listen(1).press("*").listen(5)
    in_queue, _ = exchange.caller_in_queue()

    in_queue.press("*").listen(5)

    assert (in_menu.state, in_queue.state) == (Ear.ENDED, Ear.ENDED)
    assert in_queue.heard("Goodbye")
    assert exchange.outcomes == [CallOutcome.LEFT_QUIETLY] * 2


def test_hanging_up_in_the_menu_or_in_the_queue_is_counted_once(exchange: Any) -> None:
    Phone(exchange.twilio).dial().listen(5).hang_up()
    phone, _ = exchange.caller_in_queue()

    phone.hang_up()
    exchange.time.advance(1)

    assert sorted(exchange.outcomes) == [CallOutcome.ABANDONED_IN_MENU, CallOutcome.ABANDONED_IN_QUEUE]


def test_doubled_and_repeated_requests_change_nothing(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.REPEAT_WEBHOOK)
    exchange.twilio.faults.switch_on(Fault.DUPLICATE)

    phone, person_id, handset, call = exchange.talking()
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(30)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())
    phone.listen(5)

    assert exchange.outcomes == [CallOutcome.ANSWERED]
    assert handset.rings == 1
    assert exchange.live == []


def test_late_and_reordered_callbacks_change_nothing(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.DELAY, "participant-leave", seconds=45)
    exchange.twilio.faults.switch_on(Fault.DELAY, "/voice/status", seconds=45)
    exchange.twilio.faults.switch_on(Fault.REORDER, "participant-join")

    phone, person_id, _, call = exchange.talking()
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(20)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())
    phone.listen(200)

    assert exchange.outcomes == [CallOutcome.ANSWERED]
    assert exchange.live == []


def test_a_lost_callback_about_the_handset_does_not_hold_the_caller_for_ever(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.DROP, "/voice/handset/status")
    person_id, _ = exchange.handler(answers_after=None)
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)

    phone.listen(70)

    assert [one.id for one in exchange.waiting()] == [call.id]


def test_a_handler_lost_before_the_caller_arrives_leaves_the_caller_in_the_queue(exchange: Any) -> None:
    person_id, handset = exchange.handler()
    phone, call = exchange.caller_in_queue()
    exchange.take(call, person_id)
    phone.listen_until(lambda: exchange.in_hand(person_id).state is CallState.RINGING and handset.rings == 1, 10)
    exchange.working = False
    phone.listen_until(lambda: exchange.in_hand(person_id).state is CallState.CONNECTING, 20)

    handset.hang_up()
    exchange.working = True
    phone.listen(10)

    assert phone.state is Ear.WAITING
    assert [one.id for one in exchange.waiting()] == [call.id]


def test_every_leg_of_a_call_is_deleted_at_the_provider_and_then_forgotten(exchange: Any) -> None:
    phone, person_id, _, call = exchange.talking()
    phone.hang_up()
    exchange.time.advance(2)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.SILENT, exchange.time.now())
    kept = len(exchange.rows(provider_purge))

    exchange.time.advance(600)

    assert kept == 2
    assert exchange.rows(provider_purge) == []
    assert exchange.twilio.calls == {}


def test_a_record_that_cannot_be_deleted_yet_is_asked_for_again(exchange: Any) -> None:
    exchange.twilio.faults.switch_on(Fault.DELETE_TOO_SOON, times=3)
    phone, _ = exchange.caller_in_queue()
    phone.hang_up()

    exchange.time.advance(1800)

    assert exchange.rows(provider_purge) == []


def test_nothing_of_a_call_is_left_but_its_page(exchange: Any) -> None:
    phone, person_id, _, call = exchange.talking()
    exchange.do(calls.end_call, call.id, person_id, exchange.time.now())
    phone.listen(40)
    exchange.do(calls.wrap_up, call.id, person_id, Disposition.REPORT, exchange.time.now())

    exchange.time.advance(600)

    assert exchange.rows(live_order) == exchange.rows(provider_purge) == exchange.rows(passed_offer) == []
    [page] = exchange.rows(finished_call)
    assert call.id not in page.values()
