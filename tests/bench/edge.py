"""What the edge itself costs, before a line that answers at once, against bare forks of the same process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from ivr.line.hand_over import LineServer
from ivr.prefork import PROCESSES
from ivr.process import PARENT
from tests.bench.figures import Compared, Effort, Measure, RatioAtMost, Row, Unit, at_percentile, compared
from tests.bench.load import Generator, Load, load_generator
from tests.bench.servers import free_port
from tests.bench.webhooks import batch

PATH: Final = "/voice/incoming"
ANSWER: Final = "<Response/>"
AT_ONCE: Final = 8
PAUSE_SECONDS: Final = 0.02  # in which the process that answered is replaced: a caller presses no key so soon
BURST: Final = 50  # calls that start at once
_ROOT: Final = Path(__file__).resolve().parents[2]
_END_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Round:
    """Milliseconds, all of them: what forks took and used, requests one by one, several at once, and in a burst."""

    forks: list[float]
    fork_processor: float
    alone: list[float]
    under_load: list[float]
    burst: float
    processor: float


def _edge(effort: Effort) -> tuple[Compared, ...]:
    with load_generator() as generator:
        rounds = [_round(generator, effort) for _ in range(effort.rounds)]
    forks = [median(one.forks) for one in rounds]
    return (
        compared([median(one.alone) for one in rounds], forks),
        compared([one.processor for one in rounds], [one.fork_processor for one in rounds]),
        compared([at_percentile(one.under_load, 99) for one in rounds],
                 [at_percentile(one.forks, 99) for one in rounds]),
        compared([one.burst for one in rounds], [BURST * fork for fork in forks]),
    )  # fmt: skip


def _round(generator: Generator, effort: Effort) -> _Round:
    number = max(effort.requests // 8, 4)
    with _serving(number) as (port, edge, forked):
        ask = [Load(port, batch(port, PATH, count), ANSWER.encode()) for count in (number, number, BURST)]
        alone = generator.waits(ask[0], at_once=1, pause=PAUSE_SECONDS)
        under_load = generator.waits(ask[1], AT_ONCE)
        burst = generator.waits(ask[2], BURST)
        edge.terminate()
        used = _said(edge)["processor"] / (2 * number + BURST + PROCESSES)
    return _Round(forked["forks"], max(forked["processor"], 0.01), alone, under_load, max(burst), used)


@contextmanager
def _serving(forks: int) -> Iterator[tuple[int, subprocess.Popen[str], dict[str, Any]]]:
    """The port of an edge, its process, and what bare forks of that process took."""
    stop = threading.Event()
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        path, port = Path(folder) / "line.socket", free_port()
        line = threading.Thread(target=LineServer(path, lambda _: ANSWER, PROCESSES).serve, args=(stop,))
        line.start()
        command = [sys.executable, "-m", "tests.bench.edge_served", str(port), str(path), str(forks)]
        environ = {**os.environ, PARENT: str(os.getpid())}
        edge = subprocess.Popen(command, cwd=_ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            forked = _said(edge)
            _said(edge)
            yield port, edge, forked
        finally:
            edge.terminate()
            edge.communicate(timeout=_END_SECONDS)
            stop.set()
            line.join()


def _said(edge: subprocess.Popen[str]) -> dict[str, Any]:
    assert edge.stdout is not None
    said: dict[str, Any] = json.loads(edge.stdout.readline())
    return said


EDGE: Final = Measure(
    "edge",
    (
        Row("edge", "the edge, a request on its own", "bare fork of it", Unit.MILLISECONDS, RatioAtMost(3)),
        Row("edge-processor", "the edge, processor time a request", "bare fork of it", Unit.MILLISECONDS),
        Row("edge-p99", f"the edge, {AT_ONCE} at once, p99", "bare fork of it, p99", Unit.MILLISECONDS),
        Row("edge-burst", f"the last of {BURST} calls at once", f"{BURST} bare forks in turn", Unit.MILLISECONDS),
    ),
    _edge,
)
