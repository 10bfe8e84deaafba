"""Requests to the application: signed as Twilio documents, sent once or twice, and only where they belong."""

import re

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator.account import Account
from ivr.simulator.faults import FAULTS, Fault
from ivr.simulator.phone import Phone
from ivr.simulator.refusals import NotTheSimulators, WebhookUnreachable
from ivr.simulator.webhook import WsgiTransport, signature

# The worked example of Twilio's "Webhooks security" page, numbers included; the auth token there is 12345.
EXAMPLE_URL = "https://example.com/myapp.php?foo=1&bar=2"
EXAMPLE_PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}


def test_the_documented_signature_comes_out():
    params = EXAMPLE_PARAMS

    signed = signature("12345", EXAMPLE_URL, params)

    assert signed == RequestValidator("12345").compute_signature(EXAMPLE_URL, params)
    assert signed == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    "url", ["https://line.example:8443/voice", "http://127.0.0.1:8070/voice", "https://l.test/v#rc=2"]
)
def test_twilios_own_validator_accepts_what_is_signed(url):
    signed = signature("12345", url, {"Digits": "1"})

    assert RequestValidator("12345").validate(url.partition("#")[0], {"Digits": "1"}, signed)


def test_every_request_carries_a_signature_and_an_idempotency_token(application, lines):
    Phone(lines).dial()

    headers = application.headers[0]
    sent = application.sent_to("/voice/incoming")[0]
    validator = RequestValidator(lines.account.auth_token)
    assert validator.validate("https://line.example/voice/incoming", sent, headers["X-Twilio-Signature"])
    assert re.fullmatch("[0-9a-f]{32}", headers["I-Twilio-Idempotency-Token"])


def test_a_real_accounts_sid_is_refused():
    with pytest.raises(NotTheSimulators):
        Account("token", "AC" + "5f" * 16)


def test_it_calls_no_address_but_the_lines_own(application):
    transport = WsgiTransport(application.flask, "https://line.example")

    with pytest.raises(NotTheSimulators):
        transport("POST", "https://line.example.org/voice", {}, {"I-Twilio-Idempotency-Token": ""})


def test_a_lost_answer_brings_the_same_request_again(application, lines):
    lines.faults.switch_on(Fault.REPEAT_WEBHOOK, "/voice/incoming", times=1)

    phone = Phone(lines).dial().listen(1)

    tokens = [headers["I-Twilio-Idempotency-Token"] for headers in application.headers[:2]]
    assert len(application.sent_to("/voice/incoming")) == 2
    assert tokens[0] == tokens[1]
    assert phone.says == "Hello."


def test_a_duplicated_callback_comes_twice_with_one_token(application, lines):
    lines.faults.switch_on(Fault.DUPLICATE, "completed")

    Phone(lines).dial().hang_up()

    assert len(application.sent_to("/voice/status")) == 2
    assert len({headers["I-Twilio-Idempotency-Token"] for headers in application.headers[-2:]}) == 1


def test_a_dropped_callback_never_comes_and_a_delayed_one_comes_late(application, lines):
    lines.faults.switch_on(Fault.DROP, "completed", times=1)
    lines.faults.switch_on(Fault.DELAY, "/voice/status", seconds=30)
    Phone(lines).dial().hang_up().listen(100)
    dropped = list(application.sent_to("/voice/status"))

    phone = Phone(lines).dial().hang_up().listen(29)
    early = list(application.sent_to("/voice/status"))
    phone.listen(2)

    assert dropped == early == []
    assert len(application.sent_to("/voice/status")) == 1


def test_a_reordered_callback_comes_after_the_next(application, lines):
    lines.faults.switch_on(Fault.REORDER, "completed", times=1, seconds=60)
    first = Phone(lines, "+442079460111").dial().hang_up()

    second = Phone(lines, "+442079460222").dial().hang_up()

    assert [sent["CallSid"] for sent in application.sent_to("/voice/status")] == [second.call.sid, first.call.sid]


def test_an_application_out_of_reach_is_tried_twice_and_then_an_error_to_the_caller(lines):
    tries = []

    def nobody(method, url, params, headers):
        tries.append(headers["I-Twilio-Idempotency-Token"])
        raise WebhookUnreachable("refused")

    lines.carrier.transport = nobody
    phone = Phone(lines).dial().listen(10)

    assert phone.heard("application error")
    assert len(tries) == 4  # the call itself and, at its end, the status callback, each twice
    assert len(lines.carrier.alerts) == 2


def test_every_fault_has_its_meaning():
    assert FAULTS.keys() == set(Fault)
