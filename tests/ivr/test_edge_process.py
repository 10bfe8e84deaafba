"""The real service, fifty callers at once and strangers among them: a second later no process holds a number.

Run as root, for no other user may look into the edge's memory.
"""

from __future__ import annotations

import os
import random
import socket
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ivr.line.edge import LARGEST_REQUEST
from ivr.line.signature import signature
from tests.ivr.test_serving import Places, family, found, serving
from tests.support.memory import copies

CALLERS = 50
SECONDS_AFTER = 1.0
ENOUGH_SECONDS = 5.0  # Twilio waits for fifteen; a machine with nothing else to do needs a third of one

pytestmark = [
    pytest.mark.timeout(100),
    pytest.mark.skipif(
        os.geteuid() != 0, reason="only root can look into the memory of a process that leaves no dumps"
    ),
]


def callers(chance: random.Random) -> list[str]:
    """Numbers for drama use (Ofcom)."""
    return [f"+442079460{last:03}" for last in chance.sample(range(1000), CALLERS)]


def fields(number: str) -> dict[str, str]:
    sid = "CA" + random.Random(number).randbytes(16).hex()
    return {"CallSid": sid, "From": number, "Caller": number, "Digits": "1", "CallStatus": "in-progress", "To": "0808"}


def post(places: Places, path: str, sent: dict[str, str], token: str) -> bytes:
    body = urlencode(sent)
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {places.line}",
        f"X-Twilio-Signature: {signature(token, f'http://{places.line}{path}', sent)}",
        f"X-Home-Number: {sent['From']}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def strangers(places: Places, number: str) -> Iterator[bytes]:
    """What is not Twilio's, or not whole: each holds a caller's number."""
    sent = fields(number)
    yield post(places, "/voice/incoming", sent, "somebody else's token")
    yield post(places, "/voice/incoming", sent | {"More": number * (LARGEST_REQUEST // 10)}, "somebody else's token")
    yield post(places, "/voice/incoming", sent, "somebody else's token")[:-20]  # hangs up in the middle
    yield f"GET /voice/incoming?From={number} HTTP/1.1\r\nHost: line\r\n\r\n".encode()
    yield f"{number} is no HTTP\r\n\r\n".encode()
    yield f"POST /voice/{number} HTTP/1.1\r\nHost: line\r\nContent-Length: 0\r\n\r\n".encode()


def ask(places: Places, request: bytes) -> bytes:
    host, port = places.line.split(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        try:
            connection.sendall(request)
            if request.endswith(b"in-prog"):
                return b""
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except OSError:  # whoever is refused may find the connection gone
            return b""


def everybody_rings(places: Places, numbers: list[str]) -> tuple[list[bytes], float]:
    """Fifty calls that start at once, each a menu's step later with a key, strangers in between; and how long both
    steps took."""
    token = tomllib.loads(places.config.read_text(encoding="utf-8"))["telephony"]["auth_token"]
    answers: list[bytes] = []
    took = 0.0
    with ThreadPoolExecutor(CALLERS) as ringing:
        for path in ("/voice/incoming", "/voice/step"):
            requests = [post(places, path, fields(number), token) for number in numbers]
            begun = time.monotonic()
            answers += ringing.map(lambda request: ask(places, request), requests)
            took = max(took, time.monotonic() - begun)
        odd = [request for number in numbers[:10] for request in strangers(places, number)]
        list(ringing.map(lambda request: ask(places, request), odd))
    return answers, took


def test_a_second_after_its_answer_no_process_holds_a_caller_s_number(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    places, numbers = found(tmp_path), callers(random.Random(5))

    with serving(places.config) as (service, _):
        answers, took = everybody_rings(places, numbers)
        time.sleep(SECONDS_AFTER)  # the promise is about that second
        held = copies([service.pid, *family(service.pid)], numbers)

    record_property("seconds for fifty calls at once", took)
    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 2 * CALLERS
    assert all(b"<Gather" in answer for answer in answers)
    assert took < ENOUGH_SECONDS
    assert held == {}


def test_where_edge_and_line_are_together_copies_are_found_and_it_says_so(tmp_path: Path) -> None:
    places, numbers = found(tmp_path), callers(random.Random(6))
    config = places.config.read_text(encoding="utf-8")
    places.config.write_text(config.replace("[line]\n", '[line]\nedge = "together"\n', 1), encoding="utf-8")

    with serving(places.config) as (service, said):
        answers, _ = everybody_rings(places, numbers)
        time.sleep(SECONDS_AFTER)
        held = copies([service.pid, *family(service.pid)], numbers)

    assert len(answers) == 2 * CALLERS
    assert sum(held.values()) > 0
    assert any(line.startswith("The edge is not apart") for line in said)
