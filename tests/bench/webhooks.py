"""Requests as Twilio sends them, signed and ready to be written to a socket; they know nothing of what answers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from ivr.simulator.webhook import signature

ACCOUNT: Final = "AC" + "5" * 32
AUTH_TOKEN: Final = "the token of the bench's own account"
LINE_NUMBER: Final = "+448081570199"
WITHHELD: Final = "anonymous"


def new_call_sid() -> str:
    return "CA" + secrets.token_hex(16)


def call_fields(call_sid: str, **more: str) -> dict[str, str]:
    """What Twilio says of a call in every request about it, with a withheld number."""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": call_sid,
        "CallStatus": "in-progress",
        "CallToken": "%7B%22parentCallInfoToken%22%3A%22" + "x" * 300 + "%22%7D",
        "Called": LINE_NUMBER,
        "CalledCity": "",
        "CalledCountry": "GB",
        "CalledState": "",
        "CalledZip": "",
        "Caller": WITHHELD,
        "CallerCity": "",
        "CallerCountry": "",
        "CallerState": "",
        "CallerZip": "",
        "Direction": "inbound",
        "From": WITHHELD,
        "FromCity": "",
        "FromCountry": "",
        "FromState": "",
        "FromZip": "",
        "To": LINE_NUMBER,
        "ToCity": "",
        "ToCountry": "GB",
        "ToState": "",
        "ToZip": "",
        **more,
    }


def signed_post(port: int, path: str, fields: Mapping[str, str]) -> bytes:
    """A whole HTTP/1.1 request to this machine, signed for the address it is sent to; the connection is kept."""
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"X-Twilio-Signature: {signature(AUTH_TOKEN, address(port) + path, fields)}",
        f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        "User-Agent: TwilioProxy/1.1",
        "Accept: */*",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def address(port: int) -> str:
    """Where a server of the bench is, as it is told and as its requests are signed."""
    return f"http://127.0.0.1:{port}"


def batch(port: int, path: str, number: int, **more: str) -> list[bytes]:
    """So many requests, each of a call of its own."""
    return [signed_post(port, path, call_fields(new_call_sid(), **more)) for _ in range(number)]


Batch = Callable[[int], list[bytes]]
