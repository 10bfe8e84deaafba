"""How many handlers a line needs, after Erlang: C, where nobody ever leaves the queue, and A, where callers do.

Both think of calls coming at random and at one rate, and of handling times spread as a half-life. Erlang A is M/M/n+M:
patience is spread so too (Palm, 1957; Garnett, Mandelbaum and Reiman, 2002). They know of no call that was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_NEGLIGIBLE: Final = 1e-16

WHY_C_MISLEADS: Final = (
    "Erlang C takes it that nobody ever hangs up. Where few handlers answer, it counts callers as waiting on who would "
    "long have left: it says that waits are far longer than they are, or without end, and asks for more handlers; it "
    "cannot say how many callers are lost. Erlang A lets callers leave: on a small line, go by that."
)
WHY_NO_A: Final = (
    "Nobody left the queue, so for how long callers would wait is not known, and Erlang A cannot be reckoned: "
    "look at a longer period."
)


@dataclass(frozen=True, slots=True)
class ErlangC:
    """Of 1: ``waits``, who has to wait; ``within``, answered in time; ``occupancy``. ``mean_wait`` in seconds."""

    waits: float
    within: float
    mean_wait: float
    occupancy: float


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Of 1: ``waits``, who has to wait; ``abandons``, who leaves; ``occupancy``. ``mean_wait`` in seconds, of all."""

    waits: float
    abandons: float
    mean_wait: float
    occupancy: float


def load(calls_per_second: float, handling_seconds: float) -> float:
    """The work that comes in, in handlers who would do nothing else (erlangs)."""
    return calls_per_second * handling_seconds


def erlang_c(calls_per_second: float, handling_seconds: float, handlers: int, within: float) -> ErlangC | None:
    """None where more work comes in than the handlers can do: the queue would grow without end."""
    work = load(calls_per_second, handling_seconds)
    if work >= handlers:
        return None
    blocked = 1.0  # Erlang B, by its recurrence
    for n in range(1, handlers + 1):
        blocked = work * blocked / (n + work * blocked)
    waits = blocked / (1 - work / handlers * (1 - blocked))
    spare = handlers - work
    return ErlangC(
        waits=waits,
        within=1 - waits * math.exp(-spare * within / handling_seconds),
        mean_wait=waits * handling_seconds / spare,
        occupancy=work / handlers,
    )


def erlang_a(calls_per_second: float, handling_seconds: float, handlers: int, patience: float) -> ErlangA:
    """``patience`` is the mean time, in seconds, that a caller is prepared to wait; more than 0."""
    weight, free = 1.0, 0.0  # of nobody on the line; weights of there being a free handler, added up
    for n in range(handlers):
        free += weight
        weight *= load(calls_per_second, handling_seconds) / (n + 1)
    busy, queued, waiting = 0.0, 0.0, 0
    while weight > _NEGLIGIBLE * (free + busy) or waiting == 0:
        busy += weight
        queued += waiting * weight
        waiting += 1
        weight *= calls_per_second / (handlers / handling_seconds + waiting / patience)
    mean_queue = queued / (free + busy)
    abandons = mean_queue / patience / calls_per_second if calls_per_second else 0.0
    return ErlangA(
        waits=busy / (free + busy),
        abandons=abandons,
        mean_wait=mean_queue / calls_per_second if calls_per_second else 0.0,
        occupancy=load(calls_per_second, handling_seconds) * (1 - abandons) / handlers,
    )
