"""A caller waits in a queue, a handset is rung, and the two meet in a conference: every call handed over."""

from dataclasses import dataclass

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.calls import CallState
from ivr.simulator.in_process import rest_client
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.twiml_engine import Twilio

LINE = "https://line.example"
HANDSET = "+441134960321"
EVENTS = "start end join leave mute hold"
QUEUE = '<Enqueue action="/left" waitUrl="/wait">line</Enqueue>'


def room(label: str, ends: str = "false", action: str = "/after") -> str:
    return (
        f'<Dial action="{LINE}{action}"><Conference beep="false" participantLabel="{label}"'
        f' endConferenceOnExit="{ends}" statusCallback="{LINE}/conference" statusCallbackEvent="{EVENTS}">'
        "room</Conference></Dial>"
    )


@dataclass
class Meeting:
    """A caller and a handler who are talking."""

    twilio: Twilio
    client: Client
    caller: Phone
    handset: Handset

    @property
    def conference(self) -> str:
        return self.client.conferences.list(status="in-progress")[0].sid


@pytest.fixture
def meeting(application, lines) -> Meeting:
    application.pages |= {
        "/voice/incoming": QUEUE,
        "/wait": "<Say>Please hold the line.</Say><Pause length='10'/>",
        "/join": room("caller"),
        "/after": "<Say>We are sorry, the line was lost.</Say><Enqueue action='/left' waitUrl='/wait'>line</Enqueue>",
        "/left": "<!-- moved by the application itself -->",
        "/after-handler": "<Hangup/>",
        "/pressed": room("handler", "true", "/after-handler"),
        "/hold": "<Say>You are on hold.</Say>",
    }
    client = rest_client(lines)
    caller = Phone(lines).dial().listen(1)
    handset = Handset(lines, HANDSET)
    client.calls.create(
        to=HANDSET,
        from_=lines.line.number,
        twiml=f'<Response><Gather numDigits="1" action="{LINE}/pressed"><Say>Press one.</Say></Gather></Response>',
        status_callback=f"{LINE}/leg",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    handset.listen(1).answer().press("1")
    queue = client.queues.list()[0]
    client.queues(queue.sid).members(caller.call.sid).update(url=f"{LINE}/join")
    caller.listen(0)
    return Meeting(lines, client, caller, handset)


def conference_events(application) -> list[str]:
    return [sent["StatusCallbackEvent"] for sent in application.sent_to("/conference")]


def test_the_wait_page_is_told_the_place_in_the_queue_and_asked_again(application, lines):
    application.pages |= {"/voice/incoming": QUEUE, "/wait": "<Pause length='10'/>"}
    Phone(lines, "+442079460111").dial().listen(5)
    second = Phone(lines, "+442079460222").dial().listen(21)

    heard = [sent for sent in application.sent_to("/wait") if sent["From"] == second.number]

    assert [sent["QueuePosition"] for sent in heard] == ["2", "2", "2"]
    assert [sent["QueueTime"] for sent in heard] == ["0", "10", "20"]
    assert heard[0]["CurrentQueueSize"] == "2"
    assert heard[0]["MaxQueueSize"] == "100"
    assert second.state is CallState.WAITING


def test_an_empty_wait_page_is_asked_for_once_a_second(application, lines):
    application.pages |= {"/voice/incoming": QUEUE, "/wait": "<!-- nothing -->"}

    Phone(lines).dial().listen(5.5)

    assert len(application.sent_to("/wait")) == 6


def test_leaving_the_queue_by_a_key_leads_on(application, lines):
    application.pages |= {
        "/voice/incoming": QUEUE,
        "/wait": '<Gather numDigits="1" action="/key"><Say>Please hold.</Say></Gather>',
        "/key": "<Leave/>",
        "/left": "<Say>Thank you for waiting.</Say>",
    }
    phone = Phone(lines).dial().listen(1).press("9").listen(2)

    assert application.sent_to("/left")[0]["QueueResult"] == "leave"
    assert phone.heard("thank you for waiting")


def test_hanging_up_in_the_queue_is_told_to_its_action(application, lines):
    application.pages |= {"/voice/incoming": QUEUE, "/wait": "<Pause length='10'/>", "/left": "<!-- -->"}

    Phone(lines).dial().listen(7).hang_up()

    left = application.sent_to("/left")[0]
    assert (left["QueueResult"], left["QueueTime"], left["CallStatus"]) == ("hangup", "7", "completed")


def test_a_full_queue_turns_the_next_caller_on(application, lines):
    application.pages |= {
        "/voice/incoming": QUEUE,
        "/wait": "<Pause length='10'/>",
        "/left": "<Say>All lines are busy.</Say>",
    }
    rest_client(lines).queues.create(friendly_name="line", max_size=1)
    Phone(lines).dial()

    turned_on = Phone(lines, "+442079460222").dial().listen(2)

    assert application.sent_to("/left")[0]["QueueResult"] == "queue-full"
    assert turned_on.heard("all lines are busy")


def test_a_caller_moved_out_of_the_queue_talks_with_the_handler(application, meeting):
    assert meeting.caller.state is meeting.handset.state is CallState.TALKING
    assert meeting.caller.in_conference_with == [HANDSET]
    assert meeting.handset.in_conference_with == [meeting.caller.number]
    assert [sent["QueueResult"] for sent in application.sent_to("/left")] == ["redirected"]


def test_callbacks_tell_of_the_conference_in_order(application, meeting):
    meeting.handset.hang_up()

    told = application.sent_to("/conference")
    assert conference_events(application) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [sent["SequenceNumber"] for sent in told] == ["0", "1", "2", "3", "4", "5"]
    assert [sent.get("ParticipantLabel") for sent in told[:2]] == ["handler", "caller"]
    assert told[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert told[-1]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_conference_callbacks_hold_no_number(application, meeting):
    told = str(application.sent_to("/conference"))

    assert meeting.caller.number not in told
    assert "From" not in told


def test_a_caller_left_alone_goes_on_with_what_follows_the_dial(application, meeting):
    meeting.handset.hang_up()

    meeting.caller.listen(4)

    assert meeting.caller.heard("the line was lost")
    assert meeting.caller.state is CallState.WAITING
    assert application.sent_to("/after")[0]["DialCallStatus"] == "answered"


def test_the_handset_stays_when_the_caller_hangs_up(application, meeting):
    meeting.caller.hang_up()

    assert meeting.handset.state is CallState.WAITING
    assert conference_events(application)[-1] == "participant-leave"


def test_a_caller_on_hold_hears_the_hold_page_and_nobody(application, meeting):
    participant = meeting.client.conferences(meeting.conference).participants(meeting.caller.call.sid)

    participant.update(hold=True, hold_url=f"{LINE}/hold", hold_method="POST")
    meeting.caller.listen(4)
    held = meeting.caller.in_conference_with
    participant.update(hold=False)
    meeting.caller.listen(0)

    assert meeting.caller.heard("you are on hold")
    assert held == []
    assert meeting.caller.in_conference_with == [HANDSET]
    assert conference_events(application)[-2:] == ["participant-hold", "participant-unhold"]


def test_a_participant_on_hold_cannot_be_made_the_one_who_ends_it(meeting):
    participant = meeting.client.conferences(meeting.conference).participants("caller")
    participant.update(hold=True)

    with pytest.raises(TwilioRestException, match="hold"):
        participant.update(end_conference_on_exit=True)


def test_a_participant_taken_out_by_rest_goes_on_with_its_own_call(application, meeting):
    meeting.client.conferences(meeting.conference).participants("caller").delete()
    meeting.caller.listen(4)

    assert meeting.caller.heard("the line was lost")
    assert meeting.handset.state is CallState.WAITING


def test_a_live_call_is_moved_and_ended_by_rest(application, meeting):
    call = meeting.client.calls(meeting.caller.call.sid)

    call.update(twiml="<Response><Say>One moment please.</Say><Pause length='60'/></Response>")
    meeting.caller.listen(2)
    moved = meeting.caller.heard("one moment please")
    call.update(status="completed")

    assert moved
    assert meeting.caller.state is CallState.ENDED


def test_the_handsets_progress_is_told_with_rising_numbers(application, meeting):
    meeting.handset.hang_up()

    told = application.sent_to("/leg")

    assert [sent["CallStatus"] for sent in told] == ["queued", "ringing", "in-progress", "completed"]
    assert [sent["SequenceNumber"] for sent in told] == ["0", "1", "2", "3"]


def test_an_unanswered_handset_gives_up_after_the_timeout_and_five_seconds(application, lines):
    handset = Handset(lines, HANDSET)
    rest_client(lines).calls.create(
        to=HANDSET, from_=lines.line.number, url=f"{LINE}/pressed", timeout=20, status_callback=f"{LINE}/leg"
    )

    handset.listen(25.4)
    ringing = handset.ringing
    handset.listen(0.2)

    assert ringing
    assert application.sent_to("/leg")[0]["CallStatus"] == "no-answer"


def test_a_declined_handset_is_busy(application, lines):
    handset = Handset(lines, HANDSET)
    rest_client(lines).calls.create(
        to=HANDSET, from_=lines.line.number, url=f"{LINE}/pressed", status_callback=f"{LINE}/leg"
    )

    handset.listen(2).decline()

    assert application.sent_to("/leg")[0]["CallStatus"] == "busy"
