"""REST as the unmodified `twilio` client speaks it, held to Twilio's own description."""

import json
import re
import threading
from pathlib import Path

import pytest
from flask import request
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.simulator.faults import Fault
from ivr.simulator.in_process import rest_client
from ivr.simulator.phone import Phone
from ivr.simulator.rest import rest_app

LINE = "https://line.example"
# Names, types, patterns and values of the fields, taken from Twilio's OpenAPI description of API 2010-04-01.
FIELDS = json.loads(Path(__file__).with_name("rest_fields.json").read_text())
ADDRESSES = {
    "call": "/Calls/{call}.json",
    "queue": "/Queues/{queue}.json",
    "queue.member": "/Queues/{queue}/Members/{call}.json",
    "conference": "/Conferences/{conference}.json",
    "conference.participant": "/Conferences/{conference}/Participants/{talker}.json",
}
KINDS = {"string": str, "integer": int, "boolean": bool, "object": dict}


@pytest.fixture
def waiting(application, lines) -> Phone:
    application.pages |= {
        "/voice/incoming": '<Enqueue waitUrl="/wait">line</Enqueue>',
        "/wait": "<Pause length='10'/>",
        "/join": "<Dial><Conference participantLabel='caller'>room</Conference></Dial>",
    }
    return Phone(lines).dial().listen(3)


def test_the_client_speaks_to_it_over_http(lines, waiting):
    server = make_server("127.0.0.1", 0, rest_app(lines), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    client = Client(lines.account.sid, lines.account.auth_token)
    client.api.base_url = f"http://127.0.0.1:{server.port}"
    try:
        queue = client.queues.list()[0]
        member = queue.members.list()[0]
        call = client.calls(member.call_sid).fetch()
    finally:
        client.http_client.session.close()
        server.shutdown()
        thread.join()
        server.server_close()

    assert (queue.friendly_name, queue.current_size, queue.max_size) == ("line", 1, 100)
    assert (member.position, member.wait_time) == (1, 3)
    assert (call.status, call.direction, call.to) == ("in-progress", "inbound", lines.line.number)


@pytest.mark.parametrize("resource", ADDRESSES)
def test_answers_have_exactly_the_fields_of_twilios_description(lines, waiting, resource):
    talker = Phone(lines, "+442079460222").dial().listen(1)
    lines.move(talker.call, f"{LINE}/join")
    talker.listen(0)
    names = {
        "call": waiting.call.sid,
        "talker": talker.call.sid,
        "queue": next(iter(lines.queues.by_sid)),
        "conference": next(iter(lines.conferences.by_sid)),
    }
    path = f"/2010-04-01/Accounts/{lines.account.sid}{ADDRESSES[resource].format(**names)}"
    credentials = (lines.account.sid, lines.account.auth_token)

    shape = rest_app(lines).test_client().get(path, auth=credentials).get_json()

    assert shape.keys() == FIELDS[resource].keys()
    for name, field in FIELDS[resource].items():
        value = shape[name]
        if value is not None:
            assert isinstance(value, KINDS[field["type"]]), name
            assert re.fullmatch(field.get("pattern", "(?s).*"), str(value)), name
            assert value in field.get("enum", [value]), name


def test_wrong_credentials_are_refused_in_twilios_shape(lines):
    reply = rest_app(lines).test_client().get("/2010-04-01/Accounts/AC1/Calls.json", auth=("AC1", "wrong"))

    assert reply.status_code == 401
    assert reply.get_json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


def test_an_unknown_call_is_20404(lines):
    with pytest.raises(TwilioRestException) as refused:
        rest_client(lines).calls("CA" + "0" * 32).fetch()

    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_call_that_ended_cannot_be_moved(lines, waiting):
    waiting.hang_up()

    with pytest.raises(TwilioRestException) as refused:
        rest_client(lines).calls(waiting.call.sid).update(url=f"{LINE}/join")

    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_parameter_that_is_not_known_is_refused_by_name(lines):
    with pytest.raises(TwilioRestException, match="MachineDetection"):
        rest_client(lines).calls.create(
            to="+441134960321", from_=lines.line.number, url=f"{LINE}/x", machine_detection="Enable"
        )


def test_twiml_sent_by_rest_is_read_as_strictly(lines):
    with pytest.raises(TwilioRestException, match="Record"):
        rest_client(lines).calls.create(
            to="+441134960321", from_=lines.line.number, twiml="<Response><Record/></Response>"
        )


def test_a_call_is_deleted_once_it_is_over(lines, waiting):
    call = rest_client(lines).calls(waiting.call.sid)
    with pytest.raises(TwilioRestException) as too_soon:
        call.delete()
    waiting.hang_up()

    deleted = call.delete()

    assert too_soon.value.code == 20009
    assert deleted
    with pytest.raises(TwilioRestException):
        call.fetch()


def test_deletion_can_be_refused_for_a_minute(lines, waiting):
    lines.faults.switch_on(Fault.DELETE_TOO_SOON)
    call = rest_client(lines).calls(waiting.call.sid)
    waiting.hang_up()

    with pytest.raises(TwilioRestException) as too_soon:
        call.delete()
    waiting.listen(61)

    assert too_soon.value.code == 20009
    assert call.delete()


def test_a_queue_made_by_rest_holds_what_it_is_told(lines):
    client = rest_client(lines)

    queue = client.queues.create(friendly_name="line", max_size=1000)

    assert client.queues(queue.sid).fetch().max_size == 1000
    with pytest.raises(TwilioRestException):
        client.queues.create(friendly_name="line")


def test_a_member_that_has_left_is_not_found(lines, waiting):
    client = rest_client(lines)
    queue = client.queues.list()[0]
    waiting.hang_up()

    with pytest.raises(TwilioRestException) as refused:
        client.queues(queue.sid).members(waiting.call.sid).update(url=f"{LINE}/join")

    assert refused.value.code == 20404


def test_lists_come_in_pages_the_client_follows(lines):
    client = rest_client(lines)
    for number in range(5):
        client.queues.create(friendly_name=f"queue {number}")

    assert len(client.queues.list(page_size=2)) == 5


def test_the_hold_page_is_asked_for_by_get_unless_told_otherwise(application, lines, waiting):
    methods = []
    application.pages |= {"/hold": lambda sent: methods.append(request.method) or "<Pause length='60'/>"}
    lines.move(waiting.call, f"{LINE}/join")
    waiting.listen(0)
    client = rest_client(lines)
    participant = client.conferences(client.conferences.list()[0].sid).participants("caller")

    participant.update(hold=True, hold_url=f"{LINE}/hold")
    waiting.listen(1)
    participant.update(hold=True, hold_url=f"{LINE}/hold", hold_method="POST")
    waiting.listen(1)

    assert methods == ["GET", "POST"]


def test_rest_may_be_asked_from_within_a_webhook(application, lines):
    client = rest_client(lines)

    def end_it(sent):
        client.calls(sent["CallSid"]).update(status="completed")
        return "<Say>Too late.</Say>"

    application.pages["/voice/incoming"] = end_it

    phone = Phone(lines).dial().listen(5)

    assert phone.call.status == "canceled"
    assert phone.says == ""
