"""The longest time the console's window answers nothing, with a crowd on the line that never stops changing."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter
from typing import Final

from PySide6.QtCore import QTimer

from tests.bench.crowd import A_SECOND, HANDLERS, WAITING
from tests.bench.desktop import console_at, wait_until
from tests.bench.figures import Compared, Effort, FigureBelow, Measure, Row, Unit
from tests.bench.servers import free_port, serving
from tests.bench.webhooks import address

_BEAT_MS: Final = 1
_SETTLE_SECONDS: Final = 1.0
_MOST_SECONDS: Final = 10.0


def _stall(effort: Effort) -> tuple[Compared, ...]:
    seconds = min(_MOST_SECONDS, effort.samples / 20)
    longest, still = _longest(A_SECOND, seconds), _longest(0, seconds)
    return (Compared(longest, still, longest / still),)


def _longest(updates: int, seconds: float) -> float:
    """Milliseconds of the longest gap between two beats of the console's event loop, in so many seconds."""
    port = free_port()
    with (
        serving("tests.bench.crowd:crowded", port, 2, {"updates": str(updates)}),
        console_at(address(port), "token") as console,
    ):
        wait_until(lambda: len(console.line.calls) == WAITING)
        _beats(_SETTLE_SECONDS if seconds > _SETTLE_SECONDS else seconds)
        return max(_beats(seconds))


def _beats(seconds: float) -> list[float]:
    """The gaps between beats, in milliseconds."""
    beats = [perf_counter()]
    timer = QTimer(interval=_BEAT_MS)
    timer.timeout.connect(lambda: beats.append(perf_counter()))
    timer.start()
    until = perf_counter() + seconds
    wait_until(lambda: perf_counter() > until and len(beats) > 1)  # a window still busy with its first picture has none
    timer.stop()
    return [(late - early) * 1000 for early, late in pairwise(beats)]


STALL: Final = Measure(
    "stall",
    (
        Row(
            "stall",
            f"longest stall, {WAITING} waiting, {HANDLERS} on duty, {A_SECOND} updates a second",
            "the same, no updates",
            Unit.MILLISECONDS,
            FigureBelow(50),
        ),
    ),
    _stall,
)
