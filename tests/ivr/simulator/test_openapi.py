"""What we ask of Twilio's REST, and what the local Twilio answers, held against Twilio's own OpenAPI description."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import httpx
import pytest
from flask import Flask, Response, request
from twilio.base.exceptions import TwilioRestException

from ivr.line.urls import LineUrls
from ivr.simulator.in_process import PUBLIC_URL, rest_client
from ivr.simulator.phone import Phone
from ivr.simulator.rest import rest_app
from ivr.simulator.rest_resources import Resources
from ivr.simulator.twiml_engine import Twilio
from ivr.switchboard import Account, QuietHttp, Switchboard, twilio_client
from tests.support.openapi import Description, Exchange, description_path
from tests.support.rest_conversation import PAGES, whole_call

DESCRIPTION = description_path()

needs_description = pytest.mark.skipif(
    DESCRIPTION is None,
    reason="Twilio's OpenAPI description is not here; OPENAPI=/path/to/twilio_api_v2010.json names it",
)


@dataclass
class Held:
    """The local Twilio's REST with everything that goes in and comes out kept."""

    app: Flask
    exchanges: list[Exchange] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.app.after_request(self._keep)

    def _keep(self, response: Response) -> Response:
        sent = request.args if request.method == "GET" else request.form
        parameters = {name: tuple(values) for name, values in sent.lists()}
        self.exchanges.append(
            Exchange(request.method, request.path, parameters, response.status_code, response.get_data())
        )
        if request.url_rule is not None and response.status_code < 400:
            self.asked.add((request.method, request.url_rule.rule.partition("<account>")[2]))
        return response


@pytest.fixture
def held(application, lines: Twilio) -> Held:
    application.pages |= PAGES
    return Held(rest_app(lines))


def our_switchboard(twilio: Twilio, held: Held) -> Switchboard:
    http = QuietHttp(httpx.Client(transport=httpx.WSGITransport(app=held.app)))
    client = twilio_client(Account(twilio.account.sid, twilio.account.auth_token), http)
    return Switchboard(client, LineUrls(PUBLIC_URL), twilio.line.number)


def a_whole_call(lines: Twilio, held: Held) -> None:
    whole_call(lines, our_switchboard(lines, held), lines.clock.advance)  # type: ignore[attr-defined]


def everything_else(lines: Twilio, held: Held) -> None:
    """Every address that the local Twilio answers, asked with Twilio's own client."""
    client = rest_client(lines, held.app)
    caller, talker = Phone(lines).dial().listen(2), Phone(lines, "+442079460222").dial().listen(2)
    queue = client.queues(client.queues.list(limit=1)[0].sid)
    queue.update(max_size=900)
    queue.fetch()
    queue.members.list()
    queue.members(talker.call.sid).fetch()
    queue.members(talker.call.sid).update(url=f"{PUBLIC_URL}/voice/join")
    talker.listen(1)
    room = client.conferences(client.conferences.list(friendly_name="room", status="init")[0].sid)
    room.fetch()
    room.participants.list()
    room.participants(talker.call.sid).fetch()
    room.participants(talker.call.sid).update(muted=True, hold=True, hold_url=f"{PUBLIC_URL}/voice/hold")
    room.participants(talker.call.sid).delete()
    room.update(status="completed")
    client.calls(caller.call.sid).fetch()
    client.calls.list(status="in-progress", page_size=1)
    number = client.incoming_phone_numbers.list(phone_number=lines.line.number)[0]
    number.fetch()
    number.update(voice_fallback_url="https://elsewhere.example/fallback.xml", voice_fallback_method="POST")
    with pytest.raises(TwilioRestException):
        client.calls("CA" + "0" * 32).fetch()


@needs_description
def test_everything_we_ask_and_are_answered_is_as_twilio_describes_it(lines, held) -> None:
    a_whole_call(lines, held)
    everything_else(lines, held)

    assert DESCRIPTION is not None
    description = Description(DESCRIPTION)
    assert [fault for exchange in held.exchanges for fault in description.violations(exchange)] == []


def test_every_address_that_the_local_twilio_answers_was_asked(lines, held) -> None:
    a_whole_call(lines, held)
    everything_else(lines, held)

    answered = {(method, rule) for rule, methods in Resources(lines).routes().items() for method in methods}
    assert held.asked == answered


class Noted:
    """A switchboard of which is noted what is asked."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.switchboard = switchboard
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.asked.add(name)
        return getattr(self.switchboard, name)


def test_the_call_asks_everything_that_the_switchboard_can(lines, held) -> None:
    noted = Noted(our_switchboard(lines, held))

    whole_call(lines, noted, lines.clock.advance)  # type: ignore[arg-type]

    assert noted.asked == {name for name in vars(Switchboard) if not name.startswith("_")}


@needs_description
@pytest.mark.parametrize(
    ("sent", "status", "body", "fault"),
    [
        ({"MaxSize": ("many",)}, 200, None, "MaxSize is str, not integer"),
        ({"Colour": ("red",)}, 200, None, "Colour is no parameter of this"),
        ({}, 200, {"sid": "QU12"}, "answer.sid is QU12, which is not like"),
        ({}, 200, {"max_size": "1000"}, "answer.max_size is str, not integer"),
        ({}, 200, {"extra": 1}, "answer.extra is no field of this"),
        ({}, 200, {"date_created": "yesterday"}, "not of the format date-time-rfc-2822"),
        ({}, 202, None, "no answer has the status 202"),
    ],
)
def test_what_is_not_as_described_is_found(lines, held, sent, status, body, fault) -> None:
    client = rest_client(lines, held.app)
    client.queues(client.queues.create(friendly_name="line").sid).update(max_size=900)
    last = held.exchanges[-1]
    assert DESCRIPTION is not None

    changed = {**json.loads(last.body), **(body or {})}

    found = Description(DESCRIPTION).violations(
        Exchange(last.method, last.path, {**last.sent, **sent}, status, json.dumps(changed).encode())
    )

    assert len(found) == 1 or (body and "sid" in body)
    assert any(fault in one for one in found)


@needs_description
def test_a_field_that_is_missing_is_found(lines, held) -> None:
    rest_client(lines, held.app).queues.create(friendly_name="line")
    last = held.exchanges[-1]
    assert DESCRIPTION is not None

    found = Description(DESCRIPTION).violations(Exchange(last.method, last.path, last.sent, 201, b"{}"))

    assert f"{last.method} {last.path}: answer.sid is missing" in found
