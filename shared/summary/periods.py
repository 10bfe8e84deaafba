"""The stretches of London days that figures are made for, and what each is laid beside. It knows no figure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

_WEEK = timedelta(weeks=1)


class Span(StrEnum):
    """How long a period is; ``PERIOD`` is any first and last day."""

    DAY = "day"
    WEEK = "week"  # Monday to Sunday
    MONTH = "month"
    QUARTER = "quarter"  # January to March, and so on
    YEAR = "year"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both of them London days and part of it."""

    span: Span
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The one that ends the day before this one begins, as long as this one."""
        eve = self.first - timedelta(days=1)
        return between(self.first - timedelta(days=self.days), eve) if self.span is Span.PERIOD else of(self.span, eve)

    def a_year_ago(self) -> Period:
        """The same a year ago; for days and weeks 52 weeks ago, so that a Monday is laid beside a Monday."""
        match self.span:
            case Span.DAY | Span.WEEK:
                return of(self.span, self.first - 52 * _WEEK)
            case Span.MONTH | Span.QUARTER | Span.YEAR:
                return of(self.span, _a_year_before(self.first))
            case Span.PERIOD:
                return between(_a_year_before(self.first), _a_year_before(self.last))
            case _:
                assert_never(self.span)


def between(first: date, last: date) -> Period:
    """Any period. Raises ValueError if it would end before it begins."""
    if last < first:
        raise ValueError("a period does not end before it begins")
    return Period(Span.PERIOD, first, last)


def of(span: Span, day: date) -> Period:
    """The day, week, month, quarter or year that has this day in it; of ``PERIOD``, the day alone."""
    match span:
        case Span.DAY | Span.PERIOD:
            return Period(span, day, day)
        case Span.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(span, monday, monday + _WEEK - timedelta(days=1))
        case Span.MONTH:
            return Period(span, day.replace(day=1), _end_of_month(day.year, day.month))
        case Span.QUARTER:
            month = 3 * ((day.month - 1) // 3) + 1
            return Period(span, date(day.year, month, 1), _end_of_month(day.year, month + 2))
        case Span.YEAR:
            return Period(span, date(day.year, 1, 1), date(day.year, 12, 31))
        case _:
            assert_never(span)


def parts_of(period: Period, span: Span) -> list[Period]:
    """The months, quarters and so on that lie wholly in a period, in order."""
    parts, day = [], period.first
    while day <= period.last:
        part = of(span, day)
        if part.first >= period.first and part.last <= period.last:
            parts.append(part)
        day = part.last + timedelta(days=1)
    return parts


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _a_year_before(day: date) -> date:
    """The same date; of 29 February, the 28th."""
    year = day.year - 1
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
