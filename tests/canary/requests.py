"""Requests that nobody should send, with the number wherever a request has room for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from ivr.line.allow_list import Route
from ivr.simulator.webhook import Reply
from tests.canary.installation import NEXT_TOKEN, Installation
from tests.support.organisation import HANDLER

OURS: Final = ("n", "l", "m", "c", "r", "f", "t", "u", "x", "w", "conference")  # what our own addresses hold
READ: Final = ("CallSid", "Digits", "CallStatus", "QueueResult", "StatusCallbackEvent", "ParticipantLabel",
               "ConferenceSid")  # fmt: skip
TWILIOS: Final = (
    "From", "Caller", "To", "Called", "ForwardedFrom", "CallerName", "FromCity", "FromState", "FromZip", "FromCountry",
    "CallerCity", "CallerState", "CallerZip", "CallerCountry", "StirVerstat", "StirPassportToken", "ParentCallSid",
    "CalledVia", "SipHeader_X-Caller", "SipHeader_P-Asserted-Identity", "SipHeader_Remote-Party-ID", "SipCallId",
    "SpeechResult", "RecordingUrl", "ErrorUrl", "ErrorCode", "Body", "QueueSid", "FriendlyName", "DialCallSid",
)  # fmt: skip


def also_sent(number: str) -> dict[str, str]:
    """The number in every parameter that Twilio sends, sometimes sends, or never does."""
    kept = {"To", "Called", "ParentCallSid"}  # the local Twilio needs these itself
    values = {name: number for name in TWILIOS if name not in kept}
    values |= {"SipHeader_P-Asserted-Identity": f"<sip:{number}@carrier.example;user=phone>", "Unheard_of": number}
    return values | {number: number, quote(number): "1"}


def signatures_that_are_wrong(it: Installation) -> None:
    for route in Route:
        params = _params(it)
        it.posts(route, params, token="somebody else's")
        it.posts(route, params, headers={"X-Twilio-Signature": it.shown})
        it.posts(route, params, headers={"X-Twilio-Signature": ""})
        it.posts(route, {**params, "Digits": it.shown}, token=NEXT_TOKEN)
        it.posts(f"{route}?from={quote(it.shown)}", params, token=quote(it.shown))


def methods_that_are_wrong(it: Installation) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        for route in (Route.INCOMING, Route.STEP, Route.STATUS):
            it.posts(f"{route}?{urlencode(_params(it))}", {}, method=method)


def a_request_too_large(it: Installation) -> None:
    digits = it.shown.lstrip("+")  # which would be three bytes
    for size in (60_000, 70_000, 3_000_000):
        it.posts(Route.INCOMING, {**_params(it), "Padding": (digits * size)[:size]})


def bodies_of_other_kinds(it: Installation) -> None:
    params, number = _params(it), it.shown
    part = f'--b\r\nContent-Disposition: form-data; name="From"\r\n\r\n{number}\r\n--b--'
    bodies: Mapping[str, bytes | str] = {
        "application/json": json.dumps(params),
        "text/plain": f"From={number}",
        "application/x-www-form-urlencoded; charset=utf-16": urlencode(params).encode("utf-16"),
        "application/x-www-form-urlencoded": b"From=" + number.encode() + b"\xff\xfe%ZZ&&&=" + b"\0" * 40,
        "multipart/form-data; boundary=b": part,
        "multipart/form-data": f"--{number}",
    }
    for kind, body in bodies.items():
        it.posts(Route.INCOMING, {}, data=body, content_type=kind)
    file = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{number}"\r\n\r\n{number * 4000}\r\n--b--\r\n'
    it.posts(Route.INCOMING, {}, data=file, content_type="multipart/form-data; boundary=b")


def the_number_in_headers(it: Installation) -> None:
    number = it.shown
    names = ("X-Forwarded-For", "User-Agent", "Referer", "Cookie", "Authorization", "X-Request-Id", "Host", "Accept",
             "I-Twilio-Idempotency-Token", "Content-Language", "Forwarded", "X-Original-Url")  # fmt: skip
    for name in names:
        it.posts(Route.INCOMING, _params(it), headers={name: number})


def the_number_in_addresses(it: Installation) -> None:
    """Signed, for Twilio signs whatever address it was given: in the query, in the path, in paths not ours."""
    number = quote(it.shown, safe="")
    for route in Route:
        for name in OURS:
            it.posts(f"{route}?{name}={number}", _params(it))
        it.posts(f"{route}?{number}", _params(it))
    for path in (f"/voice/{number}", f"/voice/step/{number}", f"/{number}", f"/voice/../{number}", f"//{number}",
                 f"/desk/v1/{number}", f"/voice/incoming/?From={number}", f"/.env?{number}"):  # fmt: skip
        it.posts(path, _params(it))
        it.posts(path, {}, method="GET")


def the_number_where_the_line_reads(it: Installation) -> None:
    for route in Route:
        for name in READ:
            it.posts(route, {**_params(it), name: it.shown})


def parameters_twice(it: Installation) -> None:
    number, params = it.shown, _params(it)
    body = urlencode([*params.items(), ("Digits", "1"), ("Digits", number), ("From", number)])
    it.posts(Route.STEP, params, data=body, content_type="application/x-www-form-urlencoded")
    it.posts(f"{Route.STEP}?n=queue&n={quote(number)}", params)


def every_request_again(it: Installation) -> None:
    """Whatever Twilio sent of a call comes again after the call is forgotten, in order and in reverse."""
    sent: list[tuple[str, Mapping[str, str]]] = []
    carry = it.watched.carry

    def noted(method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        sent.append((url.removeprefix("https://line.example"), params))
        return carry(method, url, params, headers)

    it.watched.carry = noted
    it.at_work()
    phone = it.rings("0")
    it.pass_time(20)
    it.take()
    it.handset.answer()
    it.pass_time(12)
    it.handset.press("1")
    it.pass_time(10)
    phone.hang_up()
    it.forget()
    it.watched.carry = carry
    for path, params in (*sent, *reversed(sent)):
        it.posts(path, params)


def number_at_the_desk(it: Installation) -> None:
    """A console, or a stranger, sends the number in messages, paths and headers of the desk's."""
    number, desk = it.shown, it.handler
    desk.ask("POST", "/sign-in/parameters", {"name": number})
    desk.ask("POST", "/sign-in", {"name": number, "authentication_key": "AAAA"})
    desk.ask("POST", "/sign-in", {"name": HANDLER, "authentication_key": number})
    for method in ("GET", "POST", "PUT", "DELETE"):
        desk.ask(method, f"/calls/{quote(number)}/take?from={quote(number)}", {"number": number})
        desk.ask(method, f"/{quote(number)}")
    desk.ask("PUT", "/presence", {"state": number, number: number})
    desk.ask("POST", "/reports", {"revision": number, "facts": {"force_id": number}, "envelope": number})
    desk.client.get("/desk/v1/directory", headers={"Authorization": f"Bearer {number}", "Host": number})


def _params(it: Installation) -> dict[str, str]:
    """What Twilio sends of a call in progress; each request is about the same one."""
    with it.twilio.lock:
        call = next(iter(it.twilio.calls.values()), None) or it.rings("0").call
    assert call is not None
    it.watched.ids.add(call.sid)
    return {**call.parameters(), "CallStatus": "in-progress"}


SCENARIOS: Final[Mapping[str, Callable[[Installation], None]]] = MappingProxyType(
    {
        "signatures that are wrong": signatures_that_are_wrong,
        "methods that are wrong": methods_that_are_wrong,
        "a request too large": a_request_too_large,
        "bodies of other kinds": bodies_of_other_kinds,
        "the number in headers": the_number_in_headers,
        "the number in addresses": the_number_in_addresses,
        "the number where the line reads": the_number_where_the_line_reads,
        "parameters twice": parameters_twice,
        "every request again once the call is forgotten": every_request_again,
    }
)
