"""``candour serve`` as it really runs: every process, on ports of this machine, with a console's stream open."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from ivr.cli import main
from ivr.prefork import PROCESSES
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.sign_in import SignInParameters, derive

NAME, PASSPHRASE = "Rhian", "a supervisor's passphrase"
STOP_SECONDS = 8
PATIENCE_SECONDS = 40.0  # a process that died starts again after a pause

pytestmark = pytest.mark.timeout(60)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a service of this test's own is configured and listens."""

    config: Path
    line: str
    desk: str


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs, by its process id, and what it said."""

    places: Places
    process: int
    said: list[str]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return found(tmp_path_factory.mktemp("service"))


def found(folder: Path) -> Places:
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    line, desk = free_addresses(2)
    told = CliRunner().invoke(main, [
        "init", str(folder / "data"), "--supervisor", NAME, "--line", line, "--desk", desk,
        "--passphrase-file", str(passphrase), "--root-passphrase-file", str(passphrase),
    ])  # fmt: skip
    assert told.exit_code == 0, told.output
    return Places(folder / "data" / "config.toml", line, desk)


def free_addresses(count: int) -> list[str]:
    with ExitStack() as stack:
        probes = [stack.enter_context(closing(socket.create_server(("127.0.0.1", 0)))) for _ in range(count)]
        return [f"127.0.0.1:{probe.getsockname()[1]}" for probe in probes]


@contextmanager
def serving(config: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The service, once it says that it is ready, and what it said."""
    command = [sys.executable, "-m", "ivr.cli", "--config", str(config), "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        said: list[str] = []
        try:
            for line in service.stdout:
                said.append(line.rstrip())
                if said[-1] == "Candour is ready.":
                    break
            assert service.poll() is None, said
            yield service, said
        finally:
            service.terminate()
            service.wait(STOP_SECONDS + 5)


def sign_in(desk: str) -> str:
    given = httpx.post(f"http://{desk}/desk/v1/sign-in/parameters", json={"name": NAME}).json()
    parameters = SignInParameters(
        from_base64url(given["salt"]), given["memory_kib"], given["iterations"], given["lanes"]
    )
    key = to_base64url(derive(PASSPHRASE, parameters).authentication)
    answer = httpx.post(f"http://{desk}/desk/v1/sign-in", json={"name": NAME, "authentication_key": key})
    token: str = answer.json()["token"]
    return token


def family(process: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [one for child in children for one in (int(child), *family(int(child)))]


def ended(process: int, seconds: float) -> bool:
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service for the tests that leave it running."""
    places = found(tmp_path_factory.mktemp("running"))
    with serving(places.config) as (service, said):
        yield Running(places, service.pid, said)


def test_it_says_what_listens_where_and_answers_there(running: Running) -> None:
    places, said = running.places, running.said

    line = httpx.post(f"http://{places.line}/voice/incoming", data={"CallSid": "CA" + "0" * 32})
    desk = httpx.get(f"http://{places.desk}/desk/v1/events")

    assert f"The line listens on {places.line}, as http://{places.line}." in said
    assert f"The desk listens on {places.desk}, as http://{places.desk}." in said
    assert (line.status_code, line.text[:5]) == (200, "<?xml")
    assert desk.status_code == 401


def test_it_stops_cleanly_within_seconds_with_a_stream_open(places: Places) -> None:
    with serving(places.config) as (service, _), httpx.Client(base_url=f"http://{places.desk}") as console:
        headers = {"Authorization": f"Bearer {sign_in(places.desk)}"}
        processes = family(service.pid)
        with console.stream("GET", "/desk/v1/events", headers=headers, timeout=STOP_SECONDS) as stream:
            lines = stream.iter_lines()
            assert "snapshot" in next(lines)
            asked = time.monotonic()
            service.terminate()
            rest = list(lines)
        status = service.wait(STOP_SECONDS)

        assert service.stdout is not None
        assert service.stdout.read().splitlines()[-1] == "Candour has stopped."
    assert rest
    assert status == 0
    assert time.monotonic() - asked < STOP_SECONDS
    assert all(ended(process, seconds=0) for process in processes)


def test_every_process_dies_with_it_even_when_it_is_killed(places: Places) -> None:
    with serving(places.config) as (service, _):
        processes = family(service.pid)

        service.send_signal(signal.SIGKILL)

        assert len(processes) == 6 + PROCESSES  # edge and desk with those that answer
        assert all(ended(process, STOP_SECONDS) for process in processes)


@pytest.mark.parametrize("killed", ["edge_process", "--only\0line"])
def test_edge_and_line_come_back_when_they_are_killed(running: Running, killed: str) -> None:
    process = next(child for child in family(running.process) if killed in command_of(child))

    os.kill(process, signal.SIGKILL)
    assert ended(process, STOP_SECONDS)

    assert answers_again(running.places.line)


def test_a_second_service_on_the_same_ports_is_refused_before_it_starts_anything(running: Running) -> None:
    command = [sys.executable, "-m", "ivr.cli", "--config", str(running.places.config), "serve"]

    refused = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)

    assert refused.returncode == 1
    assert f"{running.places.line} is not free" in refused.stderr
    assert "Traceback" not in refused.stderr


def command_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")


def answers_again(address: str) -> bool:
    """Whether a caller gets through before patience runs out; one who rings as it dies may be cut off first."""
    pause, until = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            told = httpx.post(
                f"http://{address}/voice/incoming", data={"CallSid": "CA" + "0" * 32}, timeout=STOP_SECONDS
            )
        except httpx.TransportError:
            pause.wait(0.05)
        else:
            return told.status_code == 200
    return False


def test_an_empty_database_is_given_its_tables(tmp_path: Path) -> None:
    line, desk = free_addresses(2)
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [line]
        public_url = "http://{line}"
        listen = "{line}"
        [desk]
        listen = "{desk}"
        [telephony]
        provider = "simulator"
        account_sid = "AC{"0" * 32}"
        auth_token = "{"1" * 32}"
        api_base_url = "http://127.0.0.1:8090"
        number = "+448081570123"
        """,
        encoding="utf-8",
    )

    with serving(config):
        given = httpx.post(f"http://{desk}/desk/v1/sign-in/parameters", json={"name": "nobody"})

    assert given.status_code == 200
    assert (tmp_path / "candour.db").exists()
