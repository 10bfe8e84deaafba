"""What is asked of Twilio's REST and what becomes of its answers, through Twilio's own client."""

import json
import logging
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from ivr.line.place import Place
from ivr.line.urls import LineUrls
from ivr.switchboard import (
    QUEUE_SIZE,
    Account,
    LegGone,
    ProviderBusy,
    ProviderRefused,
    ProviderUnreachable,
    QuietHttp,
    Switchboard,
    SwitchboardFact,
    twilio_client,
)
from shared.domain.vocabulary import Language

SID = "AC" + "0" * 32
LEG, ROOM, QUEUE = "CA" + "1" * 32, "CF" + "2" * 32, "QU" + "3" * 32
CALLER = "+442079460123"
CONFERENCE = "a" * 32


class Provider:
    """Answers as it is told and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200, json={"sid": LEG})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)

    def sent(self) -> dict[str, list[str]]:
        return parse_qs(self.asked[-1].content.decode())


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def switchboard(provider: Provider) -> Switchboard:
    http = QuietHttp(httpx.Client(transport=httpx.MockTransport(provider)))
    client = twilio_client(Account(SID, "a-token-of-the-account", "http://127.0.0.1:9"), http)
    return Switchboard(client, LineUrls("https://line.example"), "+448081570123")


def test_a_handset_is_rung_from_the_lines_own_number_with_our_own_twiml(
    switchboard: Switchboard, provider: Provider
) -> None:
    assert switchboard.ring_handset("+442079460111", CONFERENCE) == LEG

    assert str(provider.asked[0].url) == f"http://127.0.0.1:9/2010-04-01/Accounts/{SID}/Calls.json"
    assert provider.sent() == {
        "To": ["+442079460111"],
        "From": ["+448081570123"],
        "Url": [f"https://line.example/voice/handset?conference={CONFERENCE}"],
        "Method": ["POST"],
        "Timeout": ["20"],
        "StatusCallback": [f"https://line.example/voice/handset/status?conference={CONFERENCE}"],
        "StatusCallbackEvent": ["completed"],
        "StatusCallbackMethod": ["POST"],
    }


def test_a_handset_that_already_rings_is_not_rung_again(switchboard: Switchboard, provider: Provider) -> None:
    ended = {"sid": "CA" + "9" * 32, "status": "completed"}
    provider.answer = lambda _: httpx.Response(200, json={"calls": [ended, {"sid": LEG, "status": "ringing"}]})

    assert switchboard.ring_handset("+442079460111", CONFERENCE, again=True) == LEG

    assert [request.method for request in provider.asked] == ["GET"]


def test_the_queue_is_found_or_made_with_room_enough(switchboard: Switchboard, provider: Provider) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"queues": [], "next_page_uri": None})
        return httpx.Response(201, json={"sid": QUEUE})

    provider.answer = answer

    assert switchboard.queue_sid() == switchboard.queue_sid() == QUEUE
    assert provider.sent()["MaxSize"] == [str(QUEUE_SIZE)]
    assert len(provider.asked) == 2


def test_a_caller_is_moved_out_of_the_queue_by_their_leg(switchboard: Switchboard, provider: Provider) -> None:
    queue = {"sid": QUEUE, "friendly_name": "line"}
    provider.answer = lambda _: httpx.Response(200, json={"queues": [queue], "next_page_uri": None})

    switchboard.move_caller(LEG, CONFERENCE)

    assert provider.asked[-1].url.path.endswith(f"/Queues/{QUEUE}/Members/{LEG}.json")
    assert provider.sent()["Url"] == [f"https://line.example/voice/join?conference={CONFERENCE}"]


def test_who_waits_and_who_talks_is_asked_of_resources_that_hold_no_number(
    switchboard: Switchboard, provider: Provider
) -> None:
    listed = {
        "Queues.json": {"queues": [{"sid": QUEUE, "friendly_name": "line"}]},
        "Members.json": {"queue_members": [{"call_sid": LEG}]},
        "Participants.json": {"participants": [{"call_sid": LEG}]},
    }
    provider.answer = lambda asked: httpx.Response(
        200, json=listed[asked.url.path.rsplit("/", 1)[-1]] | {"next_page_uri": None}
    )

    assert switchboard.legs_in_queue() == switchboard.legs_in_conference(ROOM) == {LEG}

    assert [asked.url.path.rsplit("/", 1)[-1] for asked in provider.asked] == list(listed)


@pytest.mark.parametrize(("status", "live"), [("in-progress", True), ("ringing", True), ("completed", False)])
def test_whether_a_leg_goes_on_is_asked(switchboard: Switchboard, provider: Provider, status: str, live: bool) -> None:
    provider.answer = lambda _: httpx.Response(200, json={"sid": LEG, "status": status, "from": CALLER})

    assert switchboard.leg_is_live(LEG) is live


def test_holding_and_resuming_ask_for_the_participant(switchboard: Switchboard, provider: Provider) -> None:
    switchboard.hold(LEG, ROOM, Language.CY)
    held = provider.sent()
    switchboard.resume(LEG, ROOM)

    assert provider.asked[-1].url.path.endswith(f"/Conferences/{ROOM}/Participants/{LEG}.json")
    assert (held["Hold"], held["HoldUrl"]) == (["true"], ["https://line.example/voice/hold?l=cy-GB"])
    assert provider.sent() == {"Hold": ["false"]}


def test_of_an_answer_about_a_call_only_its_id_is_handed_on() -> None:
    whole = {"sid": LEG, "from": CALLER, "to": CALLER, "caller_name": CALLER, "status": "in-progress", "code": 1}
    http = QuietHttp(
        httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=whole | {"calls": [whole]})))
    )

    answer = http.request("POST", f"http://127.0.0.1:9/2010-04-01/Accounts/{SID}/Calls/{LEG}.json", data={})

    kept = {"sid": LEG, "status": "in-progress", "code": 1}
    assert json.loads(answer.text) == kept | {"calls": [kept]}
    assert CALLER not in str(vars(http))


@pytest.mark.parametrize(
    ("status", "code", "fact"),
    [
        (404, 20404, LegGone),
        (400, 21220, LegGone),
        (429, 20429, ProviderBusy),
        (409, 20009, ProviderBusy),
        (500, 20500, ProviderUnreachable),
        (503, 0, ProviderUnreachable),
        (400, 21211, ProviderRefused),
        (401, 20003, ProviderRefused),
    ],
)
def test_every_error_becomes_a_fact_that_repeats_nothing(
    switchboard: Switchboard, provider: Provider, status: int, code: int, fact: type[SwitchboardFact]
) -> None:
    problem = {"code": code, "message": f"about {CALLER}", "status": status}
    provider.answer = lambda _: httpx.Response(status, json=problem)

    for ask in (
        lambda: switchboard.end_leg(LEG),
        lambda: switchboard.recall_caller(LEG, Place(), "c" * 32),
        lambda: switchboard.delete_record(LEG),
        lambda: switchboard.ring_handset("+442079460111", CONFERENCE),
    ):
        with pytest.raises(fact) as refused:
            ask()

        assert CALLER not in str(refused.value)
        assert refused.value.__cause__ is None


def test_no_answer_at_all_is_a_fact_too(switchboard: Switchboard, provider: Provider) -> None:
    def unreachable(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    provider.answer = unreachable

    with pytest.raises(ProviderUnreachable):
        switchboard.end_leg(LEG)


def test_an_answer_that_is_not_json_is_no_crash(switchboard: Switchboard, provider: Provider) -> None:
    provider.answer = lambda _: httpx.Response(502, text="<html>bad gateway</html>")

    with pytest.raises(ProviderUnreachable):
        switchboard.end_leg(LEG)


def test_nothing_in_the_environment_changes_where_twilio_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")

    ireland = twilio_client(Account(SID, "a-token-of-the-account", region="ie1", edge="dublin"))
    elsewhere = twilio_client(Account(SID, "a-token-of-the-account"))

    assert ireland.get_hostname("https://api.twilio.com/x") == "https://api.dublin.ie1.twilio.com/x"
    assert elsewhere.get_hostname("https://api.twilio.com/x") == "https://api.twilio.com/x"


def test_the_client_logs_no_address(switchboard: Switchboard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, logger="httpx")  # quiet in the service too

    with caplog.at_level(logging.DEBUG, logger="candour.twilio"):
        switchboard.end_leg(LEG)

    assert [record for record in caplog.records if "twilio" in record.name] == []


def test_the_queue_is_there_with_room_before_the_first_caller(switchboard: Switchboard, provider: Provider) -> None:
    small = {"sid": QUEUE, "friendly_name": "line", "max_size": 100}

    def answer(request: httpx.Request) -> httpx.Response:
        page = {"queues": [small], "next_page_uri": None}
        return httpx.Response(200, json=page if request.method == "GET" else small)

    provider.answer = answer

    switchboard.prepare_queue()

    assert provider.sent() == {"MaxSize": [str(QUEUE_SIZE)]}
    assert switchboard.queue_room() == 100


def test_what_is_set_for_the_number_is_read(switchboard: Switchboard, provider: Provider) -> None:
    number = {
        "voice_url": "https://line.example/voice/incoming", "voice_method": "POST", "voice_fallback_url": None,
        "voice_fallback_method": "GET", "status_callback": None, "status_callback_method": None,
        "trunk_sid": "TK" + "1" * 32, "voice_application_sid": None, "voice_caller_id_lookup": True,
    }  # fmt: skip
    provider.answer = lambda _: httpx.Response(200, json={"incoming_phone_numbers": [number], "next_page_uri": None})

    settings = switchboard.number_settings()

    assert settings is not None
    assert (settings.voice_url, settings.fallback_url) == ("https://line.example/voice/incoming", "")
    assert (settings.fallback_method, settings.status_method) == ("GET", "POST")
    assert (settings.taken_over, settings.looks_callers_up) == (True, True)


def test_a_number_that_the_account_does_not_have_is_nothing(switchboard: Switchboard, provider: Provider) -> None:
    provider.answer = lambda _: httpx.Response(200, json={"incoming_phone_numbers": [], "next_page_uri": None})

    assert switchboard.number_settings() is None


@pytest.mark.parametrize(
    ("status", "body", "fact"),
    [(401, '{"code": 20003}', ProviderRefused), (429, "{}", ProviderBusy), (503, "<html>", ProviderUnreachable)],
)
def test_a_list_that_is_refused_says_why(
    switchboard: Switchboard, provider: Provider, status: int, body: str, fact: type[SwitchboardFact]
) -> None:
    provider.answer = lambda _: httpx.Response(status, text=body)

    with pytest.raises(fact):
        switchboard.queue_sid()
