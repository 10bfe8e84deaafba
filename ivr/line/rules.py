"""What the configuration says of who is let in and how long they wait, as the rules of the domain know it."""

from datetime import timedelta

from shared.domain.limits import Capacity, Door, Patience
from shared.settings import Line


def door(line: Line) -> Door:
    """Who is let in."""
    return Door(line.hours.hours, Capacity(line.max_calls, line.starts_per_minute, line.burst))


def patience(line: Line) -> Patience:
    """How long callers wait."""
    return Patience(timedelta(minutes=line.longest_wait_minutes), timedelta(minutes=line.welsh_wait_minutes))
