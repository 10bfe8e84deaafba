"""How long after a caller's first wait page the console's list holds them, through real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Final

from shared.store.database import open_store
from tests.bench.figures import Compared, Effort, FigureBelow, Measure, Row, Unit, at_percentile
from tests.bench.servers import free_port, serving
from tests.bench.service import THREADS, Service, new_database, signed_in_handler
from tests.bench.watching import WatchingConsole, qt
from tests.bench.webhooks import address, call_fields, new_call_sid, signed_post
from tests.bench.wire import Wire

WARM_UP: Final = 3
LONGEST_PAUSE_SECONDS: Final = 0.03

Sample = Callable[[], float]


def _waiting(effort: Effort) -> tuple[Compared, ...]:
    with _ours() as ours, bare_stream() as bare:
        for _ in range(WARM_UP):
            ours(), bare()
        pairs = [(ours(), bare()) for _ in range(effort.samples)]
    waits, reference = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return tuple(_at(percent, waits, reference) for percent in (50, 99))


def _at(percent: float, waits: list[float], reference: list[float]) -> Compared:
    figure, other = at_percentile(waits, percent), at_percentile(reference, percent)
    return Compared(figure, other, figure / other)


@contextmanager
def _ours() -> Iterator[Sample]:
    """Milliseconds from sending the first wait page's request until the console's list holds the caller."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="candour-bench-")))
        service = Service(new_database(folder))
        store = open_store(service.database)
        token = signed_in_handler(store)
        store.close()
        stack.enter_context(service.line())
        stack.enter_context(service.desk())
        app = qt()
        console = WatchingConsole(address(service.desk_port), token)
        stack.callback(app.processEvents)
        stack.callback(console.stop)
        console.start()
        line = stack.enter_context(Wire(service.line_port))
        random = Random(1)
        yield lambda: _one_caller(service.line_port, line, console, random)


def _one_caller(port: int, line: Wire, console: WatchingConsole, random: Random) -> float:
    call_sid = new_call_sid()

    def request(path: str, **more: str) -> bytes:
        return signed_post(port, path, call_fields(call_sid, **more))

    line.ask(request("/voice/incoming", CallStatus="ringing"))
    line.ask(request("/voice/step", Digits="0"))
    first_page = request("/voice/wait?n=queue", QueuePosition="1", QueueTime="0")
    sleep(random.random() * LONGEST_PAUSE_SECONDS)  # or callers would fall in step with whoever looks for them
    begun = perf_counter()
    line.send(first_page)
    seen = console.seen_at(lambda model: len(model.calls) == 1)
    line.answer()
    line.ask(request("/voice/queued?n=queue", QueueResult="hangup", QueueTime="1"))
    console.seen_at(lambda model: not model.calls)
    return (seen - begun) * 1000


@contextmanager
def bare_stream() -> Iterator[Sample]:
    """Milliseconds from sending a request that commits one row until an open stream has told of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="candour-bench-")))
        port = free_port()
        settings = {"database": str(folder / "bare.db")}
        stack.enter_context(serving("tests.bench.bare:commit_and_stream", port, THREADS, settings))
        line, stream = stack.enter_context(Wire(port)), stack.enter_context(Wire(port))
        stream.send(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        stream.until(b"data: {}\n\n")
        yield lambda: _one_row(port, line, stream)


def _one_row(port: int, line: Wire, stream: Wire) -> float:
    request = signed_post(port, "/wait", call_fields(new_call_sid()))
    begun = perf_counter()
    line.send(request)
    stream.until(b"event: change\n")
    seen = perf_counter()
    line.answer()
    return (seen - begun) * 1000


_AGAINST: Final = "bare commit, in-process stream"
WAITING: Final = Measure(
    "waiting",
    (
        Row("waiting-p50", "a waiting caller is listed, median", _AGAINST, Unit.MILLISECONDS),
        Row("waiting-p99", "a waiting caller is listed, p99", _AGAINST, Unit.MILLISECONDS, FigureBelow(200)),
    ),
    _waiting,
)
