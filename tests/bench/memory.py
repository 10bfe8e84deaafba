"""What edge and line hold in memory after many calls, against after a hundredth of them, in the real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figures import Compared, Effort, Measure, Row, Unit
from tests.bench.load import Generator, Load, load_generator
from tests.bench.servers import free_port
from tests.bench.telephone import MENU_STEP
from tests.bench.webhooks import ACCOUNT, AUTH_TOKEN, LINE_NUMBER, address, batch

AT_ONCE: Final = 8
BATCH: Final = 1_000  # requests made ready at once
HUNDREDTH: Final = 100
_END_SECONDS: Final = 15.0


def _memory(effort: Effort) -> tuple[Compared, ...]:
    first = max(effort.calls // HUNDREDTH, 1)
    with _serving() as (port, service), load_generator() as generator:
        _ring(generator, port, first)
        early = _held(service)
        _ring(generator, port, effort.calls - first)
        late = _held(service)
    return tuple(Compared(late[name], early[name], late[name] / early[name]) for name in ("edge_process", "line"))


def _ring(generator: Generator, port: int, calls: int) -> None:
    """Each of so many calls says one thing in the menu."""
    for begun in range(0, calls, BATCH):
        requests = batch(port, MENU_STEP, min(BATCH, calls - begun), CallStatus="in-progress", Digits="3")
        generator.waits(Load(port, requests, b"<Gather "), AT_ONCE)


@contextmanager
def _serving() -> Iterator[tuple[int, int]]:
    """The line's port and the supervisor's process, on a new database."""
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        port = free_port()
        config = Path(folder) / "config.toml"
        config.write_text(_config(port), encoding="utf-8")
        command = [sys.executable, "-m", "ivr.cli", "--config", str(config), "serve"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as service:
            assert service.stdout is not None
            try:
                assert "Candour is ready." in map(str.rstrip, service.stdout)
                yield port, service.pid
            finally:
                service.terminate()
                service.wait(_END_SECONDS)


def _config(port: int) -> str:
    return f"""
        [line]
        public_url = "{address(port)}"
        listen = "127.0.0.1:{port}"
        [desk]
        listen = "127.0.0.1:{free_port()}"
        [telephony]
        provider = "simulator"
        account_sid = "{ACCOUNT}"
        auth_token = "{AUTH_TOKEN}"
        api_base_url = "http://127.0.0.1:{free_port()}"
        number = "{LINE_NUMBER}"
        """


def _held(supervisor: int) -> dict[str, float]:
    """Resident megabytes of each of the service's processes, by the last word of its command."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text(encoding="ascii").split()
    held = {}
    for child in children:
        name = Path(f"/proc/{child}/cmdline").read_bytes().decode().rstrip("\0").split("\0")[-1].rpartition(".")[2]
        held[name] = _resident(int(child))
    return held


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


MEMORY: Final = Measure(
    "memory",
    tuple(
        Row(f"memory-{name}", f"the {name}'s memory after all calls", "after a hundredth of them", Unit.MEGABYTES)
        for name in ("edge", "line")
    ),
    _memory,
)
