"""How many handlers an hour of a period would have needed. For planning the line, never for judging a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import count
from typing import Final

from shared.summary.counts import CallCounts, Counts
from shared.summary.erlang import ErlangA, ErlangC, erlang_a, erlang_c, load
from shared.summary.hours import Hour, hour_profile
from shared.summary.measures import ANSWER_WITHIN, handling_time, patience

_ENOUGH: Final = 0.95  # of callers answered in time; beyond that no more handlers are tried
_MOST_HANDLERS: Final = 60
_AN_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Demand:
    """What a line has to meet in the busiest hour of its clock: calls offered in an hour; the rest in seconds.

    ``handling`` is None where none was answered; ``patience`` where none was abandoned.
    """

    busiest: str
    calls: Fraction
    handling: Fraction | None
    patience: Fraction | None


@dataclass(frozen=True, slots=True)
class Staffed:
    """What so many handlers would come to. ``c`` is None where its queue would never end; ``a``, without patience."""

    handlers: int
    c: ErlangC | None
    a: ErlangA | None


def demand(counts: Counts, hours: Mapping[datetime, CallCounts]) -> Demand | None:
    """Of the hour of the clock with the most calls offered for each time it came; None if none was."""
    busiest = max(hour_profile(hours), key=_offered_an_hour, default=None)
    if busiest is None or not busiest.calls.offered:
        return None
    return Demand(busiest.of, _offered_an_hour(busiest), handling_time(counts), patience(counts))


def _offered_an_hour(hour: Hour) -> Fraction:
    return Fraction(hour.calls.offered, hour.times)


def staffed(wanted: Demand) -> Iterator[Staffed]:
    """For 1 handler, 2, and so on, until both ways of reckoning find enough; nothing without a handling time."""
    if not wanted.handling:
        return
    rate, handling = float(wanted.calls) / _AN_HOUR, float(wanted.handling)
    for handlers in count(1):
        c = erlang_c(rate, handling, handlers, ANSWER_WITHIN)
        a = erlang_a(rate, handling, handlers, float(wanted.patience)) if wanted.patience else None
        yield Staffed(handlers, c, a)
        if (c is not None and c.within >= _ENOUGH) or handlers >= max(_MOST_HANDLERS, load(rate, handling)):
            return
