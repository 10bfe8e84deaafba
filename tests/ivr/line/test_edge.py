"""Only Twilio is listened to, and nothing that could be a number goes further."""

import dataclasses
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from ivr.line.allow_list import Route, Webhook, allow
from ivr.line.edge import LARGEST_REQUEST, LastWords, edge_app
from ivr.line.hand_over import HandOver
from ivr.line.place import Heard, Place
from ivr.line.signature import Signatures, signature
from tests.support.apart import OverASocket, answering

PUBLIC = "https://line.example"
TOKEN, NEXT = "first-token-of-the-account", "second-token-of-the-account"
CALLER = "+442079460123"
LEG = "CA" + "1" * 32
REFUSAL, APOLOGY = "<Response><Say>refused</Say></Response>", "<Response><Say>sorry</Say></Response>"
SENT = {"CallSid": LEG, "From": CALLER, "Caller": CALLER, "To": "+448081570123", "CallStatus": "ringing"}


class Behind:
    """Stands where the line does: keeps what it is handed, and says what it is told to."""

    def __init__(self) -> None:
        self.webhooks: list[Webhook] = []
        self.says: str | None = "<Response/>"
        self.refused = 0

    def __call__(self, webhook: Webhook) -> str | None:
        self.webhooks.append(webhook)
        return self.says

    def count(self) -> None:
        self.refused += 1


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture(params=["together", "apart"])
def app(behind: Behind, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The edge before the line in both its shapes: one process, or HTTP and a message over sockets of their own."""
    words = LastWords(
        refusal="<Response><Say>refused</Say></Response>", apology="<Response><Say>sorry</Say></Response>"
    )
    signatures = Signatures(PUBLIC, (TOKEN, NEXT))
    if request.param == "together":
        yield edge_app(behind, signatures, words, behind.count)
        return
    with answering(tmp_path / "line.socket", behind) as path:
        app = edge_app(HandOver(path), signatures, words, behind.count)
        app.test_client_class = OverASocket
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def post(client: FlaskClient, path: str, sent: Mapping[str, Any], signed_with: str | None = TOKEN, **more: Any) -> Any:
    headers = {} if signed_with is None else {"X-Twilio-Signature": signature(signed_with, PUBLIC + path, sent)}
    return client.post(path, data=sent, headers=headers, **more)


def test_twilios_own_example_is_signed_as_twilio_says() -> None:
    sent = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310",
        "To": "+18005551212",
    }  # fmt: skip

    assert signature("12345", "https://example.com/myapp.php?foo=1&bar=2", sent) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_a_signed_request_reaches_the_line_and_its_answer_is_twiml(client: FlaskClient, behind: Behind) -> None:
    answer = post(client, "/voice/incoming", SENT)

    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/xml", "<Response/>")
    assert behind.webhooks[0].call_sid == LEG


def test_both_tokens_are_good_while_one_is_being_changed(client: FlaskClient, behind: Behind) -> None:
    post(client, "/voice/incoming", SENT, signed_with=TOKEN)
    post(client, "/voice/incoming", SENT, signed_with=NEXT)

    assert len(behind.webhooks) == 2


def test_an_answer_of_nothing_is_204(client: FlaskClient, behind: Behind) -> None:
    behind.says = None

    assert post(client, "/voice/status", SENT).status_code == 204


@pytest.mark.parametrize("signed_with", [None, "", "somebody elses token"])
def test_a_wrongly_signed_request_hears_one_constant_refusal(
    client: FlaskClient, behind: Behind, signed_with: str | None
) -> None:
    answers = [post(client, route, SENT, signed_with) for route in Route]

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, REFUSAL)}
    assert behind.webhooks == []
    assert behind.refused == len(Route)


def test_a_doubled_parameter_is_refused_however_it_is_signed(client: FlaskClient, behind: Behind) -> None:
    doubled = "Digits=1&Digits=2"
    headers = {"X-Twilio-Signature": signature(TOKEN, PUBLIC + "/voice/step", {"Digits": "12"})}

    answer = client.post("/voice/step", data=doubled, headers=headers, content_type="application/x-www-form-urlencoded")
    twice = post(client, "/voice/step?n=queue&n=welcome", SENT)

    assert "refused" in answer.text
    assert "refused" in twice.text
    assert behind.webhooks == []


def test_the_signature_covers_the_query_and_the_configured_address(client: FlaskClient, behind: Behind) -> None:
    post(client, "/voice/step?n=category&m=anonymous", SENT, base_url="http://127.0.0.1:8080/")
    headers = {"X-Twilio-Signature": signature(TOKEN, PUBLIC + "/voice/step?n=category", SENT)}
    changed = client.post("/voice/step?n=region", data=SENT, headers=headers)

    assert behind.webhooks[0].place == Place(node="category", mode=behind.webhooks[0].place.mode)
    assert "refused" in changed.text


def test_a_port_of_the_public_address_may_be_left_out_of_what_is_signed() -> None:
    given = signature(TOKEN, "https://line.example/voice/incoming", SENT)

    assert Signatures("https://line.example:8443", (TOKEN,)).right(given, "/voice/incoming", "", SENT)
    assert not Signatures("http://line.example:8080", (TOKEN,)).right(given, "/voice/incoming", "", SENT)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    for path in [*Route, "/voice/other"]:
        assert client.open(path, method=method, query_string={"From": CALLER}).status_code == 405


def test_an_oversize_request_is_not_read(client: FlaskClient, behind: Behind) -> None:
    sent = SENT | {"Padding": "x" * LARGEST_REQUEST}

    assert post(client, "/voice/incoming", sent).status_code == 413
    assert behind.webhooks == []


@pytest.mark.parametrize("path", ["/voice", "/voice/", "/voice/nowhere", "/voice/incoming/", "/voice//incoming"])
def test_an_unknown_page_apologises_and_never_redirects(client: FlaskClient, path: str) -> None:
    answer = post(client, path, SENT, signed_with=None)

    assert (answer.status_code, answer.text) == (200, APOLOGY)


def test_an_exception_behind_the_edge_is_spoken_as_an_apology(app: Flask, client: FlaskClient) -> None:
    def fails(_webhook: Webhook) -> str:
        raise RuntimeError(CALLER)

    failing = edge_app(fails, Signatures(PUBLIC, (TOKEN,)), LastWords(REFUSAL, APOLOGY), lambda: None)
    with structlog.testing.capture_logs() as log:
        answer = post(failing.test_client(), "/voice/incoming", SENT)

    assert (answer.status_code, answer.text) == (200, APOLOGY)
    assert CALLER not in str(log)


def test_every_route_of_the_application_is_signed(app: Flask, client: FlaskClient, behind: Behind) -> None:
    rules = [(rule.rule, rule.methods) for rule in app.url_map.iter_rules()]

    assert sorted(rule for rule, _ in rules) == sorted(Route)
    assert all(methods == {"POST"} for _, methods in rules)
    assert [client.post(rule, data=SENT).text for rule, _ in rules] == [REFUSAL] * len(Route)
    assert behind.webhooks == []


def test_what_is_handed_on_has_no_place_for_a_number() -> None:
    """Each field is one of a few words, an id of fixed shape, one key, or a count."""
    free = {name for name, kind in get_type_hints(Webhook).items() if kind is str}

    assert free == {"conference", "party", "call_sid", "conference_sid"}
    for sent in (CALLER, CALLER.lstrip("+"), "02079460123"):
        everything = dict.fromkeys(
            ("CallSid", "ConferenceSid", "Digits", "CallStatus", "QueueResult", "StatusCallbackEvent",
             "ParticipantLabel", "From", "SequenceNumber", "ReasonParticipantLeft"), sent,
        )  # fmt: skip
        query = dict.fromkeys((*"nlmcrftuxw", "conference", "party"), sent)

        webhook = allow(Route.STEP, query, everything)

        heard = Heard(sent)
        assert dataclasses.replace(webhook, heard=heard) == Webhook(Route.STEP, heard=heard)


def test_no_request_can_make_reading_it_fail() -> None:
    chance = random.Random(7)
    letters = "".join(chr(code) for code in (*range(0x20, 0x7F), 0, 0xFFFE, 0xD800, 0x1F600, 0x0663))
    names = ("CallSid", "Digits", "CallStatus", "QueueResult", "StatusCallbackEvent", "ParticipantLabel")

    def noise() -> str:
        return "".join(chance.choices(letters, k=chance.randrange(40)))

    for _ in range(500):
        webhook = allow(
            chance.choice(list(Route)),
            {name: noise() for name in (*"nlmcrftuxw", "conference", "party")},
            {name: noise() for name in names},
        )

        assert isinstance(webhook, Webhook)


def test_unknown_parameters_are_harmless(client: FlaskClient, behind: Behind) -> None:
    post(client, "/voice/incoming", SENT | {"SomethingNew": "value", "CallToken": CALLER})

    assert behind.webhooks == [allow(Route.INCOMING, {}, {"CallSid": LEG, "CallStatus": "ringing"})]
