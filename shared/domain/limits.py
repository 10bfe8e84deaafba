"""Who is let in and how long anyone waits, as values; knows no store, so that whatever is configured may hold them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.domain.hours import ALWAYS_OPEN, Hours


@dataclass(frozen=True, slots=True)
class Capacity:
    """At most `max_calls` in progress, and a bucket of `burst` call starts that fills by `starts_per_minute`."""

    max_calls: int
    starts_per_minute: int
    burst: int


@dataclass(frozen=True, slots=True)
class Door:
    """When callers are let in, and how many; no `capacity`: all of them."""

    hours: Hours = ALWAYS_OPEN
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """`longest`: after so long a caller hears of the other ways. `welsh`: a Welsh caller is asked after so long."""

    longest: timedelta = timedelta(minutes=30)
    welsh: timedelta = timedelta(minutes=5)


EVERYONE: Final = Door()
ORDINARY: Final = Patience()
