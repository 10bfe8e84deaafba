"""A signed key press and a call's arrival against views that only check the signature, on the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figures import Compared, Effort, Measure, RatioAtLeast, Row, Unit, compared, in_turn
from tests.bench.load import Generator, Load, load_generator
from tests.bench.servers import free_port, serving
from tests.bench.service import THREADS, Service, new_database
from tests.bench.webhooks import AUTH_TOKEN, batch

MENU_STEP: Final = "/voice/step?n=category&m=anonymous"  # someone who chose to stay anonymous says what it is about
INCOMING: Final = "/voice/incoming"
WARM_UP: Final = 50


@dataclass(frozen=True, slots=True)
class _Side:
    """One address under load. Every answer must hold `expected`; `fields` are sent beside the usual ones."""

    port: int
    path: str
    expected: bytes
    status: str
    digits: str = ""

    def load(self, number: int) -> Load:
        digits = {"Digits": self.digits} if self.digits else {}
        return Load(self.port, batch(self.port, self.path, number, CallStatus=self.status, **digits), self.expected)

    def rate(self, generator: Generator, number: int) -> Callable[[], float]:
        generator.rate(self.load(WARM_UP))
        return lambda: generator.rate(self.load(number))


def _menu_step(effort: Effort) -> tuple[Compared, ...]:
    with _line_and_bare() as (line, bare):
        ours = _Side(line, MENU_STEP, b"<Gather ", "in-progress", "3")
        found = _rates(ours, bare, effort)
    return compared(found["ours"], found["validated"]), compared(found["ours"], found["once"])


def _incoming(effort: Effort) -> tuple[Compared, ...]:
    with _line_and_bare() as (line, bare):
        found = _rates(_Side(line, INCOMING, b"<Gather ", "ringing"), bare, effort)
    return (compared(found["ours"], found["validated"]),)


def _rates(ours: _Side, bare: int, effort: Effort) -> dict[str, list[float]]:
    """Requests a second of our side and of both bare views, which are sent the same fields and the same query."""
    query = ours.path.partition("?")[2]
    sides = {
        "ours": ours,
        "validated": _Side(bare, f"/validated?{query}", b"Thank you", ours.status, ours.digits),
        "once": _Side(bare, f"/once?{query}", b"Thank you", ours.status, ours.digits),
    }
    with load_generator() as generator:
        rates = {name: side.rate(generator, effort.requests) for name, side in sides.items()}
        return in_turn(rates, effort.rounds)


@contextmanager
def _line_and_bare() -> Iterator[tuple[int, int]]:
    """The ports of the line and of the bare views."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="candour-bench-")))
        service = Service(new_database(folder))
        stack.enter_context(service.line())
        bare = free_port()
        stack.enter_context(serving("tests.bench.bare:signed_views", bare, THREADS, {"auth_token": AUTH_TOKEN}))
        yield service.line_port, bare


MENU: Final = Measure(
    "menu-step",
    (
        Row("menu-step", "a key in the menu", "bare view, RequestValidator", Unit.PER_SECOND, RatioAtLeast(0.7)),
        Row("menu-step-once", "a key in the menu", "bare view, one HMAC", Unit.PER_SECOND),
    ),
    _menu_step,
)
ARRIVAL: Final = Measure(
    "incoming",
    (Row("incoming", "a call's arrival, stored", "bare view, RequestValidator", Unit.PER_SECOND),),
    _incoming,
)
