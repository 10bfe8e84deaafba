"""Carries a request whose answer may hold a caller's number in a process that ends with it.

Twilio answers whatever is asked or told about a caller's leg with the whole call, the number included. The answer is
read, and cut to what we need, in a process made for that one request; when it ends, its memory goes with it. The
process that asked has never held the number.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

import httpx

KEPT_OF_A_CALL: Final = ("sid", "status", "code")
KEPT_HEADERS: Final = frozenset({"content-type", "date", "retry-after"})
_GRACE_SECONDS: Final = 2.0
# A whole call comes back from these: one leg looked up or told something, and the list of legs.
_ABOUT_CALLS: Final = re.compile(r"/Calls(/CA[0-9a-f]{32})?\.json$")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it is handed over: bytes and headers, ready to be sent. Times are in seconds."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    content: bytes
    timeout: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What is handed back of an answer; `content` is already cut."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


def without_the_call(answer: bytes) -> bytes:
    """Of an answer about calls, only each call's id, status and error code."""
    try:
        whole = json.loads(answer)
    except ValueError:
        return b"{}"
    if not isinstance(whole, dict):
        return b"{}"
    listed = {"calls": [_kept(call) for call in whole["calls"]]} if "calls" in whole else {}
    return json.dumps(_kept(whole) | listed).encode()


def _kept(call: dict[str, Any]) -> dict[str, Any]:
    return {key: call[key] for key in KEPT_OF_A_CALL if key in call}


class ApartTransport(httpx.BaseTransport):
    """Sends requests about calls each in a process of its own, and all others directly.

    Raises httpx.TransportError as the direct way does, ReadTimeout for a process that does not answer.
    """

    def __init__(self, direct: httpx.BaseTransport, timeout: float) -> None:
        self._direct = direct
        self._timeout = timeout
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["__main__", __name__])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE" or not _ABOUT_CALLS.search(request.url.path):
            return self._direct.handle_request(request)
        headers = list(request.headers.items())
        asked = Asked(request.method, str(request.url), headers, request.read(), self._timeout)
        answered = self._ask(asked)
        if isinstance(answered, str):
            raise httpx.TransportError(answered)
        return httpx.Response(answered.status, headers=answered.headers, content=answered.content)

    def _ask(self, asked: Asked) -> Answered | str:
        ours, theirs = self._processes.Pipe(duplex=False)
        process = self._processes.Process(target=carry, args=(theirs, asked), daemon=True)
        process.start()
        theirs.close()
        try:
            if not ours.poll(self._timeout + _GRACE_SECONDS):
                raise httpx.ReadTimeout("no answer in time")
            answered: Answered | str = ours.recv()
        except EOFError:
            raise httpx.ReadError("the process that asked ended early") from None
        finally:
            ours.close()
            process.kill()
            process.join()
        return answered

    def close(self) -> None:
        self._direct.close()


def carry(back: Connection, asked: Asked, send: Callable[[Asked], httpx.Response] | None = None) -> None:
    """In the process of its own: send, cut, hand back. A failure of the network is handed back by its name."""
    try:
        response = (send or _send)(asked)
        headers = [(name, value) for name, value in response.headers.items() if name in KEPT_HEADERS]
        back.send(Answered(response.status_code, headers, without_the_call(response.content)))
    except httpx.TransportError as failure:
        back.send(type(failure).__name__)
    finally:
        back.close()


def _send(asked: Asked) -> httpx.Response:
    with httpx.Client(timeout=asked.timeout, trust_env=False) as client:
        return client.request(asked.method, asked.url, headers=asked.headers, content=asked.content)
