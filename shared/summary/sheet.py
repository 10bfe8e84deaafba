"""A summary as rows, the one structure that every format is written from. It knows no format and no database."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

NOT_AVAILABLE: Final = "n/a"
NOT_THERE_YET: Final = "it was not there yet"  # the line, in a period that another is laid beside

Value = int | Decimal | str


class Edition(StrEnum):
    """Who a summary is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Row(NamedTuple):
    """One cell of a sheet and where it belongs: section, of what, which figure, its value."""

    section: str
    of: str
    figure: str
    value: Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A summary. ``marking`` heads it in every format; section, of and figure are together unlike in each row."""

    edition: Edition
    title: str
    marking: str
    rows: tuple[Row, ...]


def value_of(exact: Fraction | float | int | None) -> Value:
    """A whole number as it is, anything between rounded to one decimal (halves up), nothing to divide by as n/a."""
    if exact is None:
        return NOT_AVAILABLE
    if isinstance(exact, int):
        return exact
    fraction = Fraction(exact)
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)


Table = dict[str, dict[str, Value]]


def tables(sheet: Sheet) -> dict[str, Table]:
    """The rows by section; in that by what they are of; in that by figure. All in the order of the rows."""
    found: dict[str, Table] = {}
    for section, of, figure, value in sheet.rows:
        found.setdefault(section, {}).setdefault(of, {})[figure] = value
    return found


# What is counted of reports is what happened to them in the period: none of it says how many stand so now.
HAPPENINGS: Final = "What happened to reports"
_HAPPENED: Final = {"draft": "begun", "in_review": "handed in", "ours": "taken", "not_ours": "disowned"}


def happened(state: str) -> str:
    """What happened to reports that reached a state."""
    return _HAPPENED.get(state, plain(state))


def plain(name: str) -> str:
    """A name of the sheet as people write it."""
    return name.replace("_", " ")


def short_names(names: Iterable[str]) -> dict[str, str]:
    """As under bars; but both of an hour that comes twice keep their zone."""
    short_of = {name: short(name) for name in names}
    times = Counter(short_of.values())
    return {name: name if times[shown] > 1 else shown for name, shown in short_of.items()}


def short(name: str) -> str:
    """Under a bar: a day without its year ("9 Mar"), an hour without its zone; any other name as it is."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return name.removesuffix(" GMT").removesuffix(" BST")
    return f"{day.day} {calendar.month_abbr[day.month]}"
