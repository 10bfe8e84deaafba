"""Dates as people know them: a day, a month or a year, exact or about. Knows no fields and no clock.

Kept as ISO 8601 writes them, of the precision that is known, with "~" behind for "about" (ISO 8601-2:2019, 4.4; the
Extended Date/Time Format, level 1): ``2026-03-10``, ``2026-03``, ``2026~``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_KEPT: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(~?)")
_SHORTEST_MONTH: Final = 3
_EARLIEST: Final = 1900
_ABOUT: Final = re.compile(r"^(?:about|around|approximately|~)\s*|~$", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(?:(?:([0-9]{1,2})[/. -])?([0-9]{1,2})[/. -])?([0-9]{4})")
_WORDS: Final = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?\s+)?([a-z]+)\s+([0-9]{4})", re.IGNORECASE)


def understood(text: str) -> str | None:
    """What somebody typed, as it is kept; None where it is no date. Day before month, as in Britain."""
    bare = text.strip()
    about = "~" if _ABOUT.search(bare) else ""
    bare = _ABOUT.sub("", bare).strip()
    if _KEPT.fullmatch(bare):
        return _kept_or_none(bare + about)
    if match := _NUMBERS.fullmatch(bare):
        day, month, year = match.groups()
    elif (match := _WORDS.fullmatch(bare)) and (number := _month_number(match[2])):
        day, month, year = match[1], str(number), match[3]
    else:
        return None
    parts = [year, *(part.zfill(2) for part in (month, day) if part is not None)]
    return _kept_or_none("-".join(parts) + about)


def days_of(kept: object) -> tuple[date, date] | None:
    """The first and the last day a kept date may mean; None for what is no kept date."""
    match = _KEPT.fullmatch(kept) if isinstance(kept, str) else None
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if year < _EARLIEST:
        return None
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return (first, last) if _has_no_zero(match) else None


def date_words(kept: str) -> str:
    """A kept date for people: "10 March 2026", "about March 2026"; anything else as it is."""
    if days_of(kept) is None:
        return kept
    year, *rest = kept.removesuffix("~").split("-")
    words = [year]
    if rest:
        words.insert(0, MONTHS[int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, str(int(rest[1])))
    return ("about " if kept.endswith("~") else "") + " ".join(words)


def _has_no_zero(match: re.Match[str]) -> bool:
    return match[2] != "00" and match[3] != "00"


def _kept_or_none(text: str) -> str | None:
    return text if days_of(text) is not None else None


def _month_number(name: str) -> int:
    fitting = [number for number, month in enumerate(MONTHS, 1) if month.lower().startswith(name.lower())]
    return fitting[0] if len(name) >= _SHORTEST_MONTH and len(fitting) == 1 else 0
