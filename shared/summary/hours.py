"""Calls by the hour of London's clock, over as many days as there are. It knows no figure of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.domain.london import LONDON
from shared.summary.counts import CallCounts
from shared.summary.trend import together


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the clock, like 09:00; ``times``, how often it came. 01:00 comes twice in October, in March never."""

    of: str
    times: int
    calls: CallCounts


def hour_profile(hours: Mapping[datetime, CallCounts]) -> list[Hour]:
    """From hours by their start (UTC); in the order of the clock."""
    of_clock: dict[str, list[CallCounts]] = {}
    for start, calls in hours.items():
        of_clock.setdefault(start.astimezone(LONDON).strftime("%H:00"), []).append(calls)
    return [Hour(of, len(of_clock[of]), together(of_clock[of])) for of in sorted(of_clock)]
