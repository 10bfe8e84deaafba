"""Days and times as the console writes them, in the language spoken. It knows no time zone: dates come as they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from console.translation import tr

MONTHS: Final = (
    tr("January"),
    tr("February"),
    tr("March"),
    tr("April"),
    tr("May"),
    tr("June"),
    tr("July"),
    tr("August"),
    tr("September"),
    tr("October"),
    tr("November"),
    tr("December"),
)
WEEKDAYS: Final = (
    tr("Monday"),
    tr("Tuesday"),
    tr("Wednesday"),
    tr("Thursday"),
    tr("Friday"),
    tr("Saturday"),
    tr("Sunday"),
)


def day_words(day: date) -> str:
    """10 March."""
    return tr("{day} {month}").format(day=day.day, month=MONTHS[day.month - 1])


def day_and_year(day: date) -> str:
    """10 March 2026."""
    return tr("{day} {month} {year}").format(day=day.day, month=MONTHS[day.month - 1], year=day.year)


def weekday_words(day: date) -> str:
    """Tuesday."""
    return WEEKDAYS[day.weekday()]


def weekday_and_day(day: date) -> str:
    """Tuesday 10 March."""
    return tr("{weekday} {date}").format(weekday=weekday_words(day), date=day_words(day))


def weekday_and_year(day: date) -> str:
    """Tuesday 10 March 2026."""
    return tr("{weekday} {date}").format(weekday=weekday_words(day), date=day_and_year(day))


def time_words(at: datetime) -> str:
    """14:05."""
    return f"{at:%H:%M}"


def day_and_time(at: datetime) -> str:
    """Tuesday 10 March at 14:05."""
    return tr("{date} at {time}").format(date=weekday_and_day(at), time=time_words(at))
