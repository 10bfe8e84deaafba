"""One request, one answer, and the connection ends: whatever comes over it, and however."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.line.edge import LARGEST_REQUEST
from ivr.one_request import LARGEST_HEAD
from tests.support.apart import answer_to

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY = b"From=%2B442079460123"
HEAD = b"POST /voice/%69ncoming?n=a%20b HTTP/1.1\r\nHost: line\r\nX-Twilio-Signature: abc\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(BODY)


class Application:
    """Says what it was told; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        self.asked.append({name: value for name, value in environ.items() if name.isupper()} | {"body": body})
        start("200 OK", [("Content-Type", "text/xml"), ("Content-Length", "11")])
        return [b"<Response/>"]


@pytest.fixture
def application() -> Iterator[Application]:
    yield Application()


def status(answered: bytes) -> int:
    assert answered.startswith(b"HTTP/1.1 ")
    return int(answered[9:12])


def test_a_request_is_answered_and_the_connection_ends(application: Application) -> None:
    answered = answer_to(application, HEAD + LENGTH + BODY)

    head, _, body = answered.partition(b"\r\n\r\n")
    assert (status(answered), body) == (200, b"<Response/>")
    assert b"connection: close" in head
    assert application.asked[0]["PATH_INFO"] == "/voice/incoming"
    assert application.asked[0]["QUERY_STRING"] == "n=a%20b"
    assert application.asked[0]["HTTP_X_TWILIO_SIGNATURE"] == "abc"
    assert application.asked[0]["body"] == BODY


def test_the_application_sees_no_header_that_it_needs_not(application: Application) -> None:
    answer_to(application, HEAD + b"X-Forwarded-For: 203.0.113.9\r\nX-Home-Number: 02079460123\r\n" + LENGTH + BODY)

    headers = {name for name in application.asked[0] if name.startswith("HTTP_")}
    assert headers == {"HTTP_X_TWILIO_SIGNATURE"}


def test_a_doubled_signature_is_none(application: Application) -> None:
    answer_to(application, HEAD + b"X-Twilio-Signature: abc\r\n" + LENGTH + BODY)

    assert application.asked[0]["HTTP_X_TWILIO_SIGNATURE"] == "abc,abc"


def test_a_body_in_chunks_is_put_together(application: Application) -> None:
    answer_to(application, HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nFrom=\r\n1\r\n1\r\n0\r\n\r\n")

    assert (application.asked[0]["body"], application.asked[0]["CONTENT_LENGTH"]) == (b"From=1", "6")


def test_whoever_waits_to_be_told_to_go_on_is_told(application: Application) -> None:
    answered = answer_to(application, HEAD + b"Expect: 100-continue\r\n" + LENGTH + BODY)

    assert answered.startswith(b"HTTP/1.1 100") or status(answered) == 200
    assert application.asked[0]["body"] == BODY


def test_head_is_answered_without_a_body(application: Application) -> None:
    answered = answer_to(application, b"HEAD /voice/audio/a.wav HTTP/1.1\r\nHost: line\r\n\r\n")

    assert answered.endswith(b"\r\n\r\n")


def test_an_oversize_body_is_not_read_but_its_length_is_known(application: Application) -> None:
    huge = LARGEST_REQUEST + 1

    announced = answer_to(application, HEAD + b"Content-Length: %d\r\n\r\n" % huge + b"x" * huge)
    chunk = b"%x\r\n" % huge + b"x" * huge + b"\r\n"
    in_chunks = answer_to(application, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)

    assert status(announced) == status(in_chunks) == 200  # the application's to refuse, by the length
    assert application.asked[0]["body"] == b""
    assert [int(str(one["CONTENT_LENGTH"])) > LARGEST_REQUEST for one in application.asked] == [True, True]


@pytest.mark.parametrize(
    "malformed",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting\r\n\r\n",
        b"POST /voice/incoming\r\n\r\n",
        b"POST /voice/incoming HTTP/1.1\r\n\r\n",  # no host
        HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot a length\r\n",
        HEAD + b"X-Long: " + b"x" * 2 * LARGEST_HEAD + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_asks_nothing(application: Application, malformed: bytes) -> None:
    answered = answer_to(application, malformed)

    assert 400 <= status(answered) < 500
    assert application.asked == []


@pytest.mark.parametrize("cut", [b"", b"PO", HEAD, HEAD + LENGTH, HEAD + LENGTH + BODY[:5]])
def test_whoever_hangs_up_in_the_middle_is_not_answered(application: Application, cut: bytes) -> None:
    assert answer_to(application, cut, then_close=True) == b""
    assert application.asked == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, len(HEAD + LENGTH + BODY)))
def test_no_bytes_are_too_odd(application: Application, noise: bytes, at: int) -> None:
    whole = HEAD + LENGTH + BODY

    answered = answer_to(application, whole[:at] + noise + whole[at:], then_close=True)

    assert answered == b"" or status(answered) < 500
