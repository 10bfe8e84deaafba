"""Calls as callers hear them: speech takes its time, keys interrupt, and what Twilio would not do is refused."""

from datetime import timedelta

import pytest
from flask import Response

from ivr.simulator.calls import CallState, CallStatus
from ivr.simulator.in_process import local_twilio, rest_client
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.refusals import TwimlRefused

LINE = "https://line.example"
MENU = '<Gather action="/chosen" numDigits="1" finishOnKey=""><Say>Press one or two now please.</Say></Gather>'


def test_speech_takes_a_minute_for_150_words(application, lines):
    application.pages["/voice/incoming"] = f"<Say>{'word ' * 150}</Say>"
    phone = Phone(lines).dial()

    phone.listen(30)
    half = len(phone.says.split())
    phone.listen(29.9)
    almost = phone.state
    phone.listen(0.2)

    assert half == 75
    assert almost is CallState.LISTENING
    assert phone.state is CallState.ENDED
    assert phone.transcript[0].seconds == 60


def test_a_key_interrupts_what_is_being_said_and_is_sent_to_the_action(application, lines):
    application.pages |= {"/voice/incoming": MENU, "/chosen": "<Say>Thank you.</Say>"}
    phone = Phone(lines).dial().listen(1.2)

    phone.press("2")

    assert application.sent_to("/chosen")[0]["Digits"] == "2"
    assert phone.transcript[0].heard_by(lines.clock.now()) == "Press one or"
    assert phone.listen_for("thank you").state is CallState.ENDED


@pytest.mark.parametrize("key", ["#", "*", "0"])
def test_every_key_counts_where_no_key_finishes(application, lines, key):
    application.pages |= {"/voice/incoming": MENU, "/chosen": "<Hangup/>"}

    Phone(lines).dial().press(key)

    assert application.sent_to("/chosen")[0]["Digits"] == key


def test_hash_alone_is_no_input_by_default(application, lines):
    application.pages["/voice/incoming"] = '<Gather action="/chosen"/><Say>Nothing heard.</Say>'

    phone = Phone(lines).dial().press("#").listen(2)

    assert phone.heard("nothing heard")
    assert not application.sent_to("/chosen")


def test_several_digits_end_with_hash_or_with_silence(application, lines):
    application.pages |= {
        "/voice/incoming": '<Gather action="/chosen"/>',
        "/chosen": '<Gather action="/again"/>',
        "/again": "<Hangup/>",
    }
    phone = Phone(lines).dial()

    phone.press("123#")
    phone.press("45").listen(4.9)
    early = application.sent_to("/again")
    phone.listen(0.2)

    assert (
        application.sent_to("/chosen")[0] | {"Digits": "123", "FinishedOnKey": "#"} == application.sent_to("/chosen")[0]
    )
    assert not early
    assert application.sent_to("/again")[0]["Digits"] == "45"


def test_a_silent_gather_waits_its_timeout_and_falls_through(application, lines):
    application.pages |= {
        "/voice/incoming": MENU + "<Redirect>/silent</Redirect>",
        "/silent": "<Say>Still there.</Say>",
    }
    phone = Phone(lines).dial()

    phone.listen(2.4 + 4.9)
    before = list(application.sent_to("/silent"))
    phone.listen(0.2)

    assert not before
    assert application.sent_to("/silent")
    assert "Digits" not in application.sent_to("/silent")[0]


def test_an_empty_result_is_sent_on_where_it_is_asked_for(application, lines):
    application.pages |= {
        "/voice/incoming": '<Gather action="/chosen" actionOnEmptyResult="true" timeout="3"/>',
        "/chosen": "<Hangup/>",
    }

    Phone(lines).dial().listen(3)

    assert application.sent_to("/chosen")[0]["Digits"] == ""


def test_a_gather_without_an_action_asks_the_same_page_again(application, lines):
    application.pages["/voice/incoming"] = '<Gather numDigits="1"/>'

    Phone(lines).dial().press("7")

    assert [sent.get("Digits") for sent in application.sent_to("/voice/incoming")] == [None, "7"]


def test_keys_pressed_while_nothing_listens_are_lost(application, lines):
    application.pages["/voice/incoming"] = '<Say>One two three.</Say><Gather numDigits="1" action="/chosen"/>'

    phone = Phone(lines).dial().press("1").listen(3)

    assert not application.sent_to("/chosen")
    assert phone.state is CallState.LISTENING


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<Record/>", "Record"),
        ("<Gather><Redirect>/x</Redirect></Gather>", "inside <Gather>"),
        ('<Say speed="fast">Hello</Say>', "speed"),
        ('<Gather input="speech"/>', "input='speech'"),
        ('<Gather timeout="soon"/>', "timeout"),
        ('<Say language="cy-GB" voice="Polly.Amy">Bore da</Say>', "voice 'Polly.Amy' in cy-GB"),
        ('<Dial record="record-from-answer"><Conference>room</Conference></Dial>', "record"),
        ("<Dial/>", "exactly one"),
        ("<Leave/>", "Leave"),
        ("<Say></Say>", "empty"),
        ("<Hangup>now</Hangup>", "text 'now'"),
        (f"<Enqueue>{'q' * 65}</Enqueue>", "Enqueue"),
        ("<Say>&#11;</Say>", "well-formed"),
    ],
)
def test_what_is_not_known_is_refused_by_name_and_the_caller_hears_an_error(application, twilio, body, named):
    application.pages["/voice/incoming"] = body
    phone = Phone(twilio).dial().listen(10)

    with pytest.raises(TwimlRefused, match=named):
        twilio.check()

    assert phone.heard("an application error has occurred")
    assert phone.state is CallState.ENDED


@pytest.mark.parametrize(
    "answer",
    [
        Response("<Response/>", status=500, content_type="text/xml"),
        Response("<Response/>", content_type="application/json"),
        Response("", content_type="text/xml"),
    ],
)
def test_an_answer_that_is_not_twiml_is_an_error_to_the_caller(application, twilio, answer):
    application.pages["/voice/incoming"] = answer

    phone = Phone(twilio).dial().listen(10)

    assert phone.heard("an application error has occurred")
    assert len(twilio.refusals) == 1


def test_plain_text_is_read_aloud_and_then_the_call_ends(application, lines):
    application.pages["/voice/incoming"] = Response("Good morning", content_type="text/plain")

    phone = Phone(lines).dial().listen(1)

    assert phone.says == "Good morning"
    assert phone.state is CallState.ENDED


def test_a_redirected_action_loses_the_digits(application, lines):
    moved = Response(status=302, headers={"Location": "/elsewhere"})
    application.pages |= {"/voice/incoming": MENU, "/chosen": moved, "/elsewhere": "<Hangup/>"}

    Phone(lines).dial().press("1")

    assert "Digits" not in application.sent_to("/elsewhere")[0]


def test_the_fallback_speaks_when_the_application_fails(application, twilio):
    twilio.line = type(twilio.line)(twilio.line.number, twilio.line.voice_url, None, f"{LINE}/fallback")
    application.pages |= {"/voice/incoming": "<Oops/>", "/fallback": "<Say>Please ring again later.</Say>"}

    phone = Phone(twilio).dial().listen(5)

    assert phone.heard("please ring again later")
    assert application.sent_to("/fallback")[0]["ErrorUrl"] == f"{LINE}/voice/incoming"


def test_a_call_begins_ringing_and_its_end_is_told(application, lines):
    phone = Phone(lines).dial().listen(0.2)
    phone.hang_up()

    first, last = application.sent_to("/voice/incoming")[0], application.sent_to("/voice/status")[0]
    assert (first["CallStatus"], last["CallStatus"]) == ("ringing", "completed")
    assert first["From"] == first["Caller"] == "+442079460123"
    assert last["SequenceNumber"] == "0"


def test_a_withheld_number_shows_what_twilio_shows(application, lines):
    Phone.withheld(lines, "+266696687").dial()

    assert application.sent_to("/voice/incoming")[0]["From"] == "+266696687"


def test_what_twilio_sends_at_times_can_be_sent_too(application, lines):
    Phone(lines, also_sent={"ForwardedFrom": "+442079460123"}).dial()

    assert application.sent_to("/voice/incoming")[0]["ForwardedFrom"] == "+442079460123"


def test_a_rejected_call_is_never_answered(application, lines):
    application.pages["/voice/incoming"] = '<Reject reason="busy"/>'

    phone = Phone(lines).dial()

    assert phone.call.status is CallStatus.BUSY
    assert phone.call.answered_at is None


def test_a_dialled_number_rings_and_is_talked_with(application, lines):
    application.pages |= {
        "/voice/incoming": '<Dial callerId="+448081570123" action="/after"><Number>+441134960999</Number></Dial>',
        "/after": "<Say>Goodbye.</Say>",
    }
    backup = Handset(lines, "+441134960999", answers_after=3)
    phone = Phone(lines).dial().listen(5)

    assert phone.state is backup.state is CallState.TALKING
    assert backup.call.caller == "+448081570123"
    backup.hang_up()

    assert application.sent_to("/after")[0]["DialCallStatus"] == "completed"
    assert phone.listen(1).heard("goodbye")


def test_a_dialled_number_that_nobody_answers_leads_on(application, lines):
    application.pages |= {
        "/voice/incoming": '<Dial callerId="+448081570123" action="/after" timeout="10">+441134960999</Dial>',
        "/after": "<Say>Nobody is there.</Say>",
    }

    phone = Phone(lines).dial().listen(18)

    assert application.sent_to("/after")[0]["DialCallStatus"] == "no-answer"
    assert phone.heard("nobody is there")


def test_two_runs_with_one_seed_are_alike(application, lines):
    one, other = (Phone(local_twilio(application.flask, seed=3)).dial() for _ in range(2))

    assert one.call.sid == other.call.sid


def test_a_voicemail_presses_nothing(application, lines):
    voicemail = Handset.voicemail(lines, "+441134960777", answers_after=2)
    client = rest_client(lines)
    application.pages["/chosen"] = "<Dial><Conference>room</Conference></Dial>"

    client.calls.create(
        to="+441134960777",
        from_="+448081570123",
        twiml=f'<Response><Gather numDigits="1" action="{LINE}/chosen"/></Response>',
    )
    voicemail.listen(30)

    assert voicemail.state is CallState.ENDED
    assert not application.sent_to("/chosen")
    assert voicemail.call.ended_at - voicemail.call.answered_at == timedelta(seconds=5)
