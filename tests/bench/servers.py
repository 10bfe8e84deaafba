"""Starts applications on the service's own listener, each a child process, and ends them; it knows no application."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from ivr.process import PARENT

SETTINGS: Final = "CANDOUR_BENCH_SETTINGS"  # JSON: what an application of the bench is told
_ROOT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 30.0
_END_SECONDS: Final = 10.0


class ServerNotUp(Exception):
    """A server of the bench did not begin to listen."""


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(application: str, port: int, threads: int, settings: Mapping[str, str]) -> Iterator[None]:
    """Serve `module:factory` on this machine while the block runs. Raises ServerNotUp."""
    command = [sys.executable, "-m", "tests.bench.served", application, str(port), str(threads)]
    told = {SETTINGS: json.dumps(dict(settings)), PARENT: str(os.getpid())}
    server = subprocess.Popen(command, cwd=_ROOT, env={**os.environ, **told})
    try:
        _wait_until_up(server, port)
        yield
    finally:
        server.terminate()
        try:
            server.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def told(name: str) -> str:
    """One of the settings a served application was given."""
    value = json.loads(os.environ[SETTINGS])[name]
    assert isinstance(value, str)
    return value


def _wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    until = monotonic() + _START_SECONDS
    while monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            try:
                raise ServerNotUp(f"ended with {server.wait(0.05)} before it listened")
            except subprocess.TimeoutExpired:
                continue
    raise ServerNotUp(f"not listening after {_START_SECONDS:g} s")
