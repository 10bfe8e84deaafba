"""How long after a caller's first wait page the offer is drawn on a handler's screen, through real processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Final

from PySide6.QtWidgets import QFrame

from console.app import Console
from shared.store.database import open_store
from tests.bench.desktop import Painted, console_at, wait_until
from tests.bench.figures import Compared, Effort, FigureBelow, Measure, Row, Unit, at_percentile
from tests.bench.service import Service, new_database, signed_in_handler
from tests.bench.waiting import LONGEST_PAUSE_SECONDS, WARM_UP, Sample, bare_stream
from tests.bench.webhooks import address, call_fields, new_call_sid, signed_post
from tests.bench.wire import Wire


def _offer(effort: Effort) -> tuple[Compared, ...]:
    with _on_the_screen() as ours, bare_stream() as bare:
        for _ in range(WARM_UP):
            ours(), bare()
        pairs = [(ours(), bare()) for _ in range(effort.samples)]
    waits, reference = at_percentile([pair[0] for pair in pairs], 99), at_percentile([pair[1] for pair in pairs], 99)
    return (Compared(waits, reference, waits / reference),)


@contextmanager
def _on_the_screen() -> Iterator[Sample]:
    """Milliseconds from sending the first wait page's request until the offer's card has been drawn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="candour-bench-")))
        service = Service(new_database(folder))
        store = open_store(service.database)
        token = signed_in_handler(store)
        store.close()
        stack.enter_context(service.line())
        stack.enter_context(service.desk())
        console = stack.enter_context(console_at(address(service.desk_port), token))
        card = console.window.findChild(QFrame, "line.offer")
        assert card is not None
        painted = Painted(card)
        line = stack.enter_context(Wire(service.line_port))
        random = Random(1)
        yield lambda: _one_offer(service.line_port, line, console, painted, random)


def _one_offer(port: int, line: Wire, console: Console, painted: Painted, random: Random) -> float:
    call_sid = new_call_sid()

    def request(path: str, **more: str) -> bytes:
        return signed_post(port, path, call_fields(call_sid, **more))

    line.ask(request("/voice/incoming", CallStatus="ringing"))
    line.ask(request("/voice/step", Digits="0"))
    first_page = request("/voice/wait?n=queue", QueuePosition="1", QueueTime="0")
    sleep(random.random() * LONGEST_PAUSE_SECONDS)
    begun = perf_counter()
    line.send(first_page)
    wait_until(lambda: console.line.offer is not None and painted.at > begun)
    line.answer()
    line.ask(request("/voice/queued?n=queue", QueueResult="hangup", QueueTime="1"))
    wait_until(lambda: not console.line.calls)
    return (painted.at - begun) * 1000


OFFER: Final = Measure(
    "offer",
    (
        Row(
            "offer-p99",
            "an offer is on the screen, p99",
            "bare commit, in-process stream",
            Unit.MILLISECONDS,
            FigureBelow(150),
        ),
    ),
    _offer,
)
