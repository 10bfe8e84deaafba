"""A process that asks about a caller's leg never holds the caller's number, which the answer does."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from ivr.apart import ApartTransport, without_the_call

NUMBER = "+442079460" + "777"
LEG = "CA" + "1" * 32

ASKS = """
import sys
import httpx
from ivr.apart import ApartTransport

if __name__ == "__main__":
    direct = httpx.HTTPTransport()
    transport = direct if sys.argv[1] == "direct" else ApartTransport(direct, 8.0)
    client = httpx.Client(transport=transport)
    kept = [client.get(sys.argv[2]).status_code for _ in range(5)]
    print("asked", kept, flush=True)
    sys.stdin.readline()
"""


class _Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"sid": LEG, "status": "completed", "from": NUMBER, "to": "+448081570123"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/2010-04-01/Accounts/AC1/Calls/{LEG}.json"
    server.shutdown()
    serving.join()
    server.server_close()


def copies_in_memory(pid: int) -> int:
    """How often the number stands in what a process can write to."""
    found = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            if mapped := re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line):
                start, end = (int(address, 16) for address in mapped.groups())
                with suppress(OSError, ValueError):
                    memory.seek(start)
                    found += memory.read(end - start).count(NUMBER[1:].encode())
    return found


def family_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in family_of(int(child)))]


def copies_after_asking(how: str, url: str, script: Path) -> int:
    script.write_text(ASKS, encoding="utf-8")
    asking = subprocess.Popen(
        [sys.executable, script, how, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert asking.stdin is not None
    assert asking.stdout is not None
    with asking:
        assert asking.stdout.readline() == "asked [200, 200, 200, 200, 200]\n"
        found = sum(copies_in_memory(pid) for pid in family_of(asking.pid))
        asking.stdin.write("\n")
        asking.stdin.close()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_no_copy_of_the_number_is_left_where_it_was_asked_from(provider: str, tmp_path: Path) -> None:
    assert copies_after_asking("apart", provider, tmp_path / "asks.py") == 0


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_asking_directly_leaves_copies_so_that_the_test_above_can_fail(provider: str, tmp_path: Path) -> None:
    assert copies_after_asking("direct", provider, tmp_path / "asks.py") > 0


def test_an_answer_is_cut_to_id_status_and_error(provider: str) -> None:
    with httpx.Client(transport=ApartTransport(httpx.HTTPTransport(), 8.0)) as client:
        answered = client.get(provider)

    assert answered.json() == {"sid": LEG, "status": "completed"}


def test_a_network_that_is_away_is_said_to_be(provider: str) -> None:
    nowhere = re.sub(r":\d+/", ":1/", provider)

    with (
        httpx.Client(transport=ApartTransport(httpx.HTTPTransport(), 8.0)) as client,
        pytest.raises(httpx.TransportError, match="ConnectError"),
    ):
        client.get(nowhere)


def test_what_is_not_about_a_leg_goes_directly() -> None:
    direct = httpx.MockTransport(lambda request: httpx.Response(200, json={"path": request.url.path}))
    client = httpx.Client(transport=ApartTransport(direct, 8.0))

    queues = client.get("http://provider.example/2010-04-01/Accounts/AC1/Queues.json")

    assert queues.json() == {"path": "/2010-04-01/Accounts/AC1/Queues.json"}


@pytest.mark.parametrize("answer", [b"", b"no JSON", b"[1]", b'"text"'])
def test_an_answer_that_is_no_call_is_cut_to_nothing(answer: bytes) -> None:
    assert without_the_call(answer) == b"{}"


def test_of_a_list_of_calls_each_is_cut() -> None:
    answer = json.dumps({"calls": [{"sid": LEG, "status": "ringing", "from": NUMBER}], "uri": NUMBER}).encode()

    assert json.loads(without_the_call(answer)) == {"calls": [{"sid": LEG, "status": "ringing"}]}
