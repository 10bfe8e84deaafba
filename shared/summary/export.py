"""A day's figures as CSV: the same figures give the same bytes, and no cell is a formula to a spreadsheet.

For use inside the charity only: small numbers are not suppressed here, so no day leaves the building.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from shared.domain.london import LONDON
from shared.store.database import Store
from shared.summary.measures import CallFigures, DayFigures, Spread, day_figures

HEADER: Final = ("section", "of", "figure", "value")
NOT_AVAILABLE: Final = "n/a"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

_Row = tuple[str, str, str, str]


def day_csv(store: Store, day: date) -> str:
    """The CSV of a London day, as it stands."""
    with store.read() as tx:
        return figures_csv(day_figures(tx, day))


def figures_csv(figures: DayFigures) -> str:
    """Four columns: section, of what, which figure, its value. Averages have one decimal; nothing to divide by: n/a."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([_cell(text) for text in row] for row in _rows(figures))
    return written.getvalue()


def _rows(figures: DayFigures) -> Iterator[_Row]:
    yield ("day", figures.day.isoformat(), "closed", "yes" if figures.closed else "no")
    yield ("day", figures.day.isoformat(), "open_calls", str(figures.open_calls))
    yield from _call_rows("calls", "day", figures.total)
    for start, calls in figures.hours.items():
        yield from _call_rows("hour", start.astimezone(LONDON).strftime("%H:%M %Z"), calls)
    for dimension, values in figures.counts.items():
        section = "reports" if dimension.value == "report_state" else dimension.value
        yield from ((section, value, "n", str(n)) for value, n in values.items())
    for measure, spread in figures.spreads.items():
        yield from _spread_rows(measure.value, spread)


def _call_rows(section: str, of: str, calls: CallFigures) -> Iterator[_Row]:
    yield (section, of, "arrived", str(calls.arrived))
    yield (section, of, "offered", str(calls.offered))
    yield from ((section, of, outcome.value, str(n)) for outcome, n in calls.by_outcome.items())


def _spread_rows(measure: str, spread: Spread) -> Iterator[_Row]:
    yield ("seconds", measure, "n", str(spread.n))
    yield ("seconds", measure, "average", _tenths(spread.average))
    yield ("seconds", measure, "longest", _whole(spread.longest))
    for percent, seconds in spread.percentiles.items():
        yield ("seconds", measure, f"percentile_{percent}", _whole(seconds))


def _whole(seconds: int | None) -> str:
    return NOT_AVAILABLE if seconds is None else str(seconds)


def _tenths(seconds: Fraction | None) -> str:
    if seconds is None:
        return NOT_AVAILABLE
    exact = Decimal(seconds.numerator) / Decimal(seconds.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _cell(text: str) -> str:
    """What a spreadsheet would take for a formula is written as text (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
