"""When reports leave: ordinary ones in batches at set London times, so that leaving says nothing of being written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.domain.london import LONDON, london_day
from shared.domain.vocabulary import Lane

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WRITTEN: Final = re.compile(rf"(?:({'|'.join(_DAYS)}) )?([01][0-9]|2[0-3]):([0-5][0-9])")
_A_WEEK_AND_A_DAY: Final = 8


class DepartureMalformed(ValueError):
    """A departure is written "Tue 06:00", or "06:00" for every day."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure of the week, on London's clocks; ``weekday`` 0 is Monday, None every day."""

    weekday: int | None
    at: time

    def on(self, day: date) -> datetime | None:
        """The instant, in UTC, of this departure on a London day; None where it does not go."""
        if self.weekday not in (None, day.weekday()):
            return None
        return datetime.combine(day, self.at, LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Timetable:
    """All departures; none means that every report leaves at once."""

    departures: tuple[Departure, ...] = ()

    def leaves(self, lane: Lane, now: datetime) -> datetime | None:
        """When a report that is ready now leaves; None for at once, as urgent ones do."""
        if lane is Lane.URGENT or not self.departures:
            return None
        today = london_day(now)
        days = [today + timedelta(days=ahead) for ahead in range(_A_WEEK_AND_A_DAY)]
        instants = (departure.on(day) for departure in self.departures for day in days)
        return min(instant for instant in instants if instant is not None and instant > now)


def timetable(written: Iterable[str | time]) -> Timetable:
    """From the configuration: "Tue 06:00", "06:00" or a time of day. Raises DepartureMalformed."""
    return Timetable(tuple(_departure(one) for one in written))


def _departure(written: str | time) -> Departure:
    if isinstance(written, time):
        return Departure(None, written)
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise DepartureMalformed
    day, hour, minute = found.groups()
    return Departure(_DAYS.index(day) if day else None, time(int(hour), int(minute)))
