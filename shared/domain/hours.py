"""When the line is open: spans of each weekday on London's clocks, dates on which it is closed, and a word by hand.

It knows no configuration and no call. Where the clocks change, a time that comes twice begins something at
its first coming and ends something at its second; a time that does not come is the moment an hour later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.domain.london import LONDON, london_day, start_of

DAYS_A_WEEK: Final = 7
LOOKS_AHEAD: Final = 366  # days; whoever is closed for longer names no day
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:(24):(00)|([01]\d|2[0-3]):([0-5]\d))", re.ASCII)
_DAY: Final = timedelta(days=1)


class SpanMalformed(ValueError):
    """A span of opening hours is not written as "09:00-17:30"."""


@dataclass(frozen=True, slots=True)
class _Open:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` to `closes` on London's clocks; not later than it opens, it closes on the next day."""

    opens: time
    closes: time

    @classmethod
    def from_text(cls, written: str) -> "Span":
        """From "09:00-17:30", "22:00-06:00" over midnight, or "00:00-24:00". Raises SpanMalformed."""
        found = _SPAN.fullmatch(written)
        if found is None:
            raise SpanMalformed
        hour, minute, end, _, last_hour, last_minute = found.groups()
        closes = time.min if end else time(int(last_hour), int(last_minute))
        span = cls(time(int(hour), int(minute)), closes)
        if span.opens == span.closes and not end:
            raise SpanMalformed
        return span

    def on(self, day: date) -> _Open:
        """The span that begins on this London day, as instants in UTC."""
        ends_on = day if self.closes > self.opens else day + _DAY
        closes = datetime.combine(ends_on, self.closes.replace(fold=1), LONDON)
        return _Open(datetime.combine(day, self.opens, LONDON).astimezone(UTC), closes.astimezone(UTC))


ALL_DAY: Final = (Span(time.min, time.min),)


@dataclass(frozen=True, slots=True)
class ByHand:
    """The line is open, or closed, until an aware instant, whatever its usual hours are."""

    open: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` has the spans of each weekday, Monday first; `closed`, London days on which nobody answers.

    `by_hand` goes before both until it is over.
    """

    week: tuple[tuple[Span, ...], ...] = (ALL_DAY,) * DAYS_A_WEEK
    closed: frozenset[date] = frozenset()
    by_hand: ByHand | None = None

    @property
    def always(self) -> bool:
        """Whether the line is open day and night, dates on which it is closed and words by hand aside."""
        return all(spans == ALL_DAY for spans in self.week)

    def is_open(self, now: datetime) -> bool:
        """Whether the line is open at an aware instant."""
        if self.by_hand is not None and now < self.by_hand.until:
            return self.by_hand.open
        return self._usually_open(now)

    def closes(self, now: datetime) -> datetime | None:
        """When the line, open now, closes (UTC); None if it is closed, or does not close within LOOKS_AHEAD days."""
        if self.by_hand is None or now >= self.by_hand.until:
            return self._usually_closes(now)
        if not self.by_hand.open:
            return None
        until = self.by_hand.until
        return self._usually_closes(until) if self._usually_open(until) else until

    def opens(self, now: datetime) -> datetime | None:
        """When the line, closed now, opens next (UTC); None if it does not within LOOKS_AHEAD days."""
        if self.by_hand is None or now >= self.by_hand.until:
            return self._usually_opens(now)
        until = self.by_hand.until
        return until if self._usually_open(until) else self._usually_opens(until)

    @property
    def _never_closes(self) -> bool:
        return self.always and not self.closed

    def _usually_open(self, now: datetime) -> bool:
        if self._never_closes:
            return True
        following = next(self._ahead(now), None)
        return following is not None and following.start <= now

    def _usually_closes(self, now: datetime) -> datetime | None:
        if self._never_closes:
            return None
        end = None
        for span in self._ahead(now):
            if span.start > (end or now):
                break
            end = max(end or now, span.end)
        looked_until = start_of(london_day(now) + LOOKS_AHEAD * _DAY)  # where the search ends, the line need not
        return end if end is None or end < looked_until else None

    def _usually_opens(self, now: datetime) -> datetime | None:
        return next((span.start for span in self._ahead(now)), None)

    def _ahead(self, now: datetime) -> Iterator[_Open]:
        """What is not over yet, in order of beginning, without the dates on which the line is closed."""
        today = london_day(now)
        for days in range(-1, LOOKS_AHEAD):
            day = today + days * _DAY
            parts = (part for span in self.week[day.weekday()] for part in self._parts(span.on(day), day))
            yield from sorted((part for part in parts if part.end > now), key=lambda part: part.start)

    def _parts(self, span: _Open, day: date) -> Iterator[_Open]:
        """A span before and after midnight; nothing begins on a closed date, or goes on into one."""
        midnight = start_of(day + _DAY)
        for part, of in ((_Open(span.start, min(span.end, midnight)), day), (_Open(midnight, span.end), day + _DAY)):
            if part.start < part.end and self.closed.isdisjoint((day, of)):
                yield part


ALWAYS_OPEN: Final = Hours()
