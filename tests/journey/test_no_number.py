"""The caller's number is looked for in everything the line leaves behind: database, logs, and what it says."""

import base64
import hashlib
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog

from ivr.line.app import LineSettings, line_app
from ivr.simulator.in_process import AUTH_TOKEN, LINE_NUMBER, PUBLIC_URL
from ivr.simulator.phone import Phone
from ivr.simulator.webhook import WsgiTransport, signature
from shared.domain import calls
from shared.domain.vocabulary import Disposition
from shared.store.database import Store, truncate_wal
from shared.store.schema import metadata

NUMBER = "+442079460123"
LEG = "CA" + "1" * 32
SETTINGS = LineSettings(PUBLIC_URL, (AUTH_TOKEN,), LINE_NUMBER)


def needles(number: str) -> set[bytes]:
    """The ways in which a number is written down, hashed and shortened forms among them."""
    digits = number.lstrip("+")
    national = "0" + digits[2:]
    plain = {number, digits, national, digits[2:], f"{national[:3]} {national[3:7]} {national[7:]}", digits[-7:]}
    encoded = {form.encode(encoding) for form in plain for encoding in ("utf-8", "utf-16-le")}
    hashed = {
        hashlib.new(algorithm, form.encode()).hexdigest().encode()
        for form in plain
        for algorithm in ("md5", "sha1", "sha256")
    }
    in_base64 = {base64.b64encode(b"x" * shift + number.encode())[4:12] for shift in range(3)}
    return encoded | hashed | in_base64 | {str(int(digits)).encode(), bytes.fromhex(digits)}


def found_in(folder: Path, wanted: set[bytes]) -> list[bytes]:
    everything = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return [needle for needle in wanted if needle in everything]


def test_the_search_finds_a_number_that_is_there(tmp_path: Path) -> None:
    for form in ("+442079460123", "020 7946 0123", base64.b64encode(b"ab+442079460123").decode()):
        (tmp_path / "planted").write_text(f"before {form} after")

        assert found_in(tmp_path, needles(NUMBER)) != [], form


@pytest.fixture
def said_in_logs(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):  # the service keeps them quiet (ivr/log.py)
        caplog.set_level(logging.CRITICAL, logger=name)
    return caplog


def test_after_calls_of_every_kind_the_number_is_nowhere(exchange: Any, tmp_path: Path, said_in_logs: Any) -> None:
    with structlog.testing.capture_logs() as log:
        phone, person_id, handset, call = exchange.talking()
        exchange.do(calls.hold_call, call.id, person_id, exchange.time.now())
        phone.listen(5)
        exchange.do(calls.resume_call, call.id, person_id, exchange.time.now())
        handset.hang_up()
        phone.listen(10).hang_up()
        Phone(exchange.twilio, NUMBER).dial().listen(3).press("*").listen(5)
        Phone(exchange.twilio, NUMBER).dial().listen(3).press("1").listen(2).hang_up()
        second, _ = exchange.handler("Bryn", "+442079460222")
        again, waiting = exchange.caller_in_queue()
        exchange.take(waiting, second)
        again.listen(20)
        exchange.do(calls.end_call, waiting.id, second, exchange.time.now())
        again.listen(40)
        exchange.do(calls.wrap_up, waiting.id, second, Disposition.REPORT, exchange.time.now())
        during = found_in(tmp_path, needles(NUMBER))
        exchange.time.advance(400)
    legs = {leg.sid.encode() for leg in (phone.call, again.call, handset.call)}

    assert during == []
    assert truncate_wal(exchange.store)
    assert found_in(tmp_path, needles(NUMBER) | legs) == []
    everything_said = (str(log) + said_in_logs.text).encode()
    assert [needle for needle in needles(NUMBER) | legs if needle in everything_said] == []


def test_a_number_in_every_parameter_goes_nowhere(
    sqlite_store: Store, clock: Any, tmp_path: Path, said_in_logs: Any
) -> None:
    transport = WsgiTransport(line_app(sqlite_store, SETTINGS, clock), PUBLIC_URL)
    fields = (
        "From", "Caller", "To", "Called", "Digits", "CallStatus", "QueueResult", "FriendlyName", "ForwardedFrom",
        "CallerName", "CallToken", "StatusCallbackEvent", "ParticipantLabel", "SipHeader_X", "QueueSid", "FromCity",
        "ConferenceSid", "SequenceNumber", "ReasonParticipantLeft", "SpeechResult",
    )  # fmt: skip
    answers = []
    with structlog.testing.capture_logs() as log:
        for path in (
            "incoming",
            "step",
            "wait",
            "queued",
            "join",
            "after",
            "hold",
            "handset",
            "handset/key",
            "handset/status",
            "conference",
            "status",
        ):
            for sid in (LEG, NUMBER):
                sent = dict.fromkeys(fields, NUMBER) | {"CallSid": sid}
                url = f"{PUBLIC_URL}/voice/{path}?n={NUMBER}&f={NUMBER}&t={NUMBER}&conference={NUMBER}"
                headers = {
                    "X-Twilio-Signature": signature(AUTH_TOKEN, url, sent),
                    "I-Twilio-Idempotency-Token": "0" * 32,
                }
                answers.append(transport("POST", url, sent, headers))

    assert {answer.status for answer in answers} <= {200, 204}
    everything = b"".join(answer.body for answer in answers) + (str(log) + said_in_logs.text).encode()
    assert [needle for needle in needles(NUMBER) if needle in everything] == []
    assert found_in(tmp_path, needles(NUMBER)) == []


def test_a_wrongly_signed_request_leaves_no_state(sqlite_store: Store, clock: Any) -> None:
    client = line_app(sqlite_store, SETTINGS, clock).test_client()
    sent = {"CallSid": LEG, "From": NUMBER, "CallStatus": "completed", "QueueResult": "hangup"}
    answers = {
        client.post(path, data=sent, headers={"X-Twilio-Signature": "wrong"}).data
        for path in ("/voice/incoming", "/voice/step", "/voice/wait", "/voice/queued", "/voice/status")
    }

    assert len(answers) == 1
    with sqlite_store.read() as tx:
        rows = {table.name: tx.execute(table.select()).all() for table in metadata.sorted_tables}
    assert {name for name, found in rows.items() if found} <= {"instance"}


def test_withheld_and_unwithheld_callers_hear_the_same(exchange: Any) -> None:
    heard = []
    for shown in (NUMBER, "anonymous", "+266696687"):
        phone = Phone(exchange.twilio, shown)
        phone.dial().listen(2).press("1").listen(2).press("0").listen(20)
        heard.append(phone.says)

    assert len(set(heard)) == 1
