"""How the calls of a period came, part by part, and of a single day how the days before it were. It knows no wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.domain.vocabulary import CallOutcome
from shared.summary.counts import CallCounts
from shared.summary.periods import Period, Span, between, parts_of

_DAYS_BEFORE: Final = 13  # shown before a single day
_MOST_DAYS: Final = 62  # of a longer period, months are shown


@dataclass(frozen=True, slots=True)
class Part:
    """A day, like 2026-03-10, or a month, like 2026-03, and its calls."""

    of: str
    calls: CallCounts


def stretch(period: Period) -> Period:
    """What a trend is shown of: the period; of a day, the fortnight that it ends."""
    return between(period.first - timedelta(days=_DAYS_BEFORE), period.last) if period.span is Span.DAY else period


def trend(shown: Period, by_day: Mapping[date, CallCounts]) -> list[Part]:
    """By the day; by the month where that would be too many. Days without a call are there too."""
    if shown.days <= _MOST_DAYS:
        days = [shown.first + timedelta(days=n) for n in range(shown.days)]
        return [Part(day.isoformat(), together([by_day[day]] if day in by_day else [])) for day in days]
    months: dict[str, list[CallCounts]] = {part.first.strftime("%Y-%m"): [] for part in parts_of(shown, Span.MONTH)}
    for day in sorted(by_day):
        months.setdefault(day.strftime("%Y-%m"), []).append(by_day[day])
    return [Part(month, together(months[month])) for month in sorted(months)]


def without_days_of(parts: list[Part], months: Collection[date]) -> list[Part]:
    """Leave out days of months (their first days) that are no longer kept by the day."""
    gone = {f"{month:%Y-%m}-" for month in months}
    return [part for part in parts if not any(part.of.startswith(month) for month in gone)]


def together(calls: list[CallCounts]) -> CallCounts:
    """Calls of several stretches as those of one."""
    by_outcome = {outcome: sum(each.by_outcome[outcome] for each in calls) for outcome in CallOutcome}
    return CallCounts(sum(each.offered for each in calls), by_outcome)
