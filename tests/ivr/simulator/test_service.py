"""The local Twilio as a process: real sockets, real time, words short enough to wait for."""

import json
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread

import httpx
import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.simulator.account import SIMULATOR_ACCOUNT_SID
from ivr.simulator.exchange_link import ExchangeLink, NoSimulator
from ivr.simulator.refusals import NotTheSimulators
from ivr.simulator.service import QuietHandler, Simulation, simulation
from ivr.simulator.terminal_phone import ring_plainly

TOKEN = "a-token-for-tests"
HANDSET = "+441134960321"
CALLER = "+442079460123"


@pytest.fixture
def public_url(application) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application.flask, threaded=True, request_handler=QuietHandler)
    serving = Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def running(public_url, tmp_path) -> Iterator[Simulation]:
    with simulation(
        public_url, SIMULATOR_ACCOUNT_SID, TOKEN, record_folder=tmp_path, handsets_answer_after=0.05
    ) as started:
        yield started


@pytest.fixture
def link(running) -> Iterator[ExchangeLink]:
    opened = ExchangeLink(running.base_url)
    yield opened
    opened.close()


def test_a_call_is_dialled_pressed_and_followed_to_its_end(application, public_url, link):
    application.pages |= {
        "/voice/incoming": '<Gather numDigits="1" action="/chosen"><Say>Choose.</Say></Gather>',
        "/chosen": "<Say>Bye.</Say>",
    }

    sid = link.dial(CALLER)
    seen = []
    for event in link.events(sid):
        seen.append((event["kind"], event.get("words") or event.get("state") or event.get("key")))
        if event["kind"] == "say" and event["words"] == "Choose.":
            link.press(sid, "3")

    assert application.sent_to("/chosen")[0]["Digits"] == "3"
    assert [kind for kind, _ in seen] == ["ringing", "state", "say", "key", "said", "say", "said", "state"]
    assert seen[-1] == ("state", "ended")
    validator = RequestValidator(TOKEN)
    signed = application.headers[0]["X-Twilio-Signature"]
    assert validator.validate(f"{public_url}/voice/incoming", application.sent_to("/voice/incoming")[0], signed)


def test_a_handset_is_answered_and_takes_the_call_by_itself(application, public_url, running, link):
    application.pages |= {
        "/pressed": "<Dial><Conference beep='false'>room</Conference></Dial>",
        "/voice/incoming": "<Dial><Conference beep='false'>room</Conference></Dial>",
    }
    running.handsets.at(HANDSET).presses_after = 0.05
    sid = link.dial(CALLER)
    client = Client(SIMULATOR_ACCOUNT_SID, TOKEN)
    client.api.base_url = running.base_url

    client.calls.create(
        to=HANDSET,
        from_="+448081570123",
        twiml=f'<Response><Gather numDigits="1" action="{public_url}/pressed"/></Response>',
    )
    client.http_client.session.close()
    for event in link.events(sid):
        if event.get("state") == "talking":
            break

    calls = httpx.get(f"{running.base_url}/simulator/calls").json()["calls"]
    assert {call["state"] for call in calls} == {"talking"}
    assert httpx.get(f"{running.base_url}/simulator/handsets").json()["handsets"][0]["rings"] == 1


def test_a_telephone_that_is_killed_puts_its_call_down(application, running, monkeypatch):
    monkeypatch.setattr("ivr.simulator.control.HEARTBEAT_SECONDS", 0.05)
    application.pages["/voice/incoming"] = "<Gather/>"
    telephone = ExchangeLink(running.base_url, holds=True)
    sid = telephone.dial(CALLER)

    next(telephone.events(sid))
    telephone.close()

    with closing(ExchangeLink(running.base_url)) as another:
        assert list(another.events(sid))[-1]["state"] == "ended"


def test_what_happened_is_kept_in_the_simulators_own_record(application, link, tmp_path):
    application.pages["/voice/incoming"] = "<Hangup/>"

    list(link.events(link.dial(CALLER)))

    record = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert record[-1]["state"] == "ended"


def test_a_plain_telephone_presses_what_is_typed_and_writes_what_is_said(application, running):
    application.pages |= {
        "/voice/incoming": '<Gather numDigits="1" action="/chosen" timeout="60"/>',
        "/chosen": '<Say language="cy-GB" voice="Polly.Gwyneth">Diolch, tŷ.</Say>',
    }
    written: list[str] = []
    listening = Event()

    def write(line: str) -> None:
        written.append(line)
        if line == "-- listening":
            listening.set()

    def typed() -> Iterator[str]:
        listening.wait(10)
        yield "1\n"

    ring_plainly(ExchangeLink(running.base_url), "020 7946 0123", typed(), write)

    assert application.sent_to("/voice/incoming")[0]["From"] == CALLER
    assert written == ["-- ringing from 020 7946 0123", "-- listening", "you: 1", "line: Diolch, tŷ.", "-- call ended"]


def test_a_telephone_without_a_simulator_says_what_to_do():
    link = ExchangeLink("http://127.0.0.1:9")

    with pytest.raises(NoSimulator, match="candour simulate"):
        link.dial(CALLER)
    link.close()


@pytest.mark.parametrize(("sid", "listen"), [("AC" + "5f" * 16, "127.0.0.1:0"), (SIMULATOR_ACCOUNT_SID, "0.0.0.0:0")])
def test_it_runs_for_no_real_account_and_on_no_open_listener(sid, listen):
    with pytest.raises(NotTheSimulators), simulation("http://127.0.0.1:1", sid, TOKEN, listen):
        pass


def test_rest_over_http_may_be_asked_from_within_a_webhook(application, running, link):
    client = Client(SIMULATOR_ACCOUNT_SID, TOKEN)
    client.api.base_url = running.base_url

    def look(sent):
        status = client.calls(sent["CallSid"]).fetch().status
        client.http_client.session.close()
        return f"<Say>{status}</Say>"

    application.pages["/voice/incoming"] = look

    events = list(link.events(link.dial(CALLER)))

    assert "ringing" in [event.get("words") for event in events]


def test_many_calls_at_once_all_come_to_their_end(application, link):
    application.pages |= {"/voice/incoming": "<Redirect>/next</Redirect>", "/next": "<Hangup/>"}

    sids = [link.dial(f"+4420794601{number:02}") for number in range(30)]

    for sid in sids:
        assert list(link.events(sid))[-1]["state"] == "ended"


def test_where_something_else_listens_it_says_so_and_does_not_end_the_program(running):
    with (
        pytest.raises(OSError, match="in use"),
        simulation("http://127.0.0.1:1", SIMULATOR_ACCOUNT_SID, TOKEN, listen=running.base_url.removeprefix("http://")),
    ):
        pass
