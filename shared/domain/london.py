"""London's calendar: a day here is a London day of 23 to 25 hours. It knows nothing of calls or reports."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def london_day(now: datetime) -> date:
    """The date on London's clocks at an aware instant."""
    return now.astimezone(LONDON).date()


def week_of(day: date) -> date:
    """The Monday of the week a date is in."""
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """The instant, in UTC, at which a London day begins."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)
