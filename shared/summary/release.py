"""The external edition as sheets, from the store: whether a period may leave yet, and what of it. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, assert_never

from sqlalchemy import Connection

from shared.domain.vocabulary import CallOutcome, Dimension
from shared.store.database import Store
from shared.summary.counts import Counts, counts_of, first_day
from shared.summary.external import (
    CALLS,
    NOT_SAID,
    TAKEN,
    Month,
    SinceLaunch,
    month_of,
    show_forces,
    show_month,
    show_since_launch,
)
from shared.summary.internal import title_of, title_since_launch, written_day
from shared.summary.launch_day import keep_launch, see_launch, see_launch_set
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of, parts_of
from shared.summary.published import CALLS_IN_WORDS
from shared.summary.retention import see_that_days_are_there
from shared.summary.sheet import Edition, Row, Sheet

MARKING: Final = (
    'EXTERNAL: 1 to 4 is shown as "<5", everything else and every total rounded to 5, each for itself; '
    "where that would give a small number away, a total is drawn to the next 5."
)
BY_MONTH_AND_YEAR: Final = "The external edition is by the calendar month, and by force by the calendar year."
_SPANS: Final = (Span.MONTH, Span.YEAR)
WITHHELD: Final = "withheld: too few"
_TAKEN_WORDS: Final = "reports of which a force said, in the period, that they are for it"
_OUTCOMES: Final = frozenset(outcome.value for outcome in CallOutcome)
_CHOICE_WORDS: Final = (
    "calls in which something could be chosen: without those that came while the line was closed, were turned away "
    "before the welcome, or ended in the menu, and without tests"
)
_MONTH_WORDS: Final = {
    CALLS: CALLS_IN_WORDS,
    **{figure.id: figure.formula for figure in MEASURES if figure.id in _OUTCOMES},
    CallOutcome.ANSWERED.value: "calls that a handler answered, without those said to be a test",
    "taken_by_forces": _TAKEN_WORDS,
    **dict.fromkeys((Dimension.MODE.value, Dimension.CATEGORY.value), _CHOICE_WORDS),
    NOT_SAID: "answered calls of which no disposition was chosen",
}
_YEAR_WORDS: Final = {
    "force": "calls, without tests, by the force that the caller chose, or the handler after them; many have none"
}
_LAUNCH_WORDS: Final = {
    CALLS: f"from the launch to that day: {CALLS_IN_WORDS}",
    TAKEN: _TAKEN_WORDS,
}


class NotForOutside(ValueError):
    """What the external edition never has, or does not have yet; the words say which, and what it has."""


def look_at_edition(store: Store, period: Period | None, today: date, launch: date | None) -> Sheet:
    """The external edition of a period, or where there is none since the launch. Nothing leaves by looking at it.

    Raises NotForOutside, LaunchNotSet, DaysRemoved, or LaunchMoved where figures left that begin with another day.
    """
    with store.read() as tx:
        see_launch(tx, launch)
        _see_that_there_is_one(period)
        see_launch_set(tx, launch)
        if period is None:
            return external_since_launch(tx, today, launch)
        return external_sheet(tx, period, today, launch)


def take_edition(store: Store, period: Period | None, today: date, launch: date | None) -> Sheet:
    """The same to be handed on: with the first of them the launch is written down for good. Raises as above."""
    sheet = look_at_edition(store, period, today, launch)
    with store.begin() as tx:
        keep_launch(tx, launch, today)
    return sheet


def external_sheet(tx: Connection, period: Period, today: date, launch: date | None = None) -> Sheet:
    """A calendar month, or a calendar year's calls by force; of that of the launch, from the launch on.

    Raises NotForOutside, or DaysRemoved where that can no longer be told.
    """
    _see_that_there_is_one(period)
    _see_that_it_is_over(tx, period, today)
    whole, period = period, _since(launch, period)
    match period.span:
        case Span.MONTH:
            rows = [*_month_rows(month_of(_counted(tx, period))), *_in_words(_MONTH_WORDS)]
        case Span.YEAR:
            rows = [*_year_rows(tx, whole, launch), *_in_words(_YEAR_WORDS)]
        case Span.DAY | Span.WEEK | Span.QUARTER | Span.PERIOD:
            raise NotForOutside(BY_MONTH_AND_YEAR)
        case _:
            assert_never(period.span)
    return _sheet(period, rows)


def external_since_launch(tx: Connection, today: date, launch: date | None = None) -> Sheet:
    """Totals from the launch, or the first call, to the end of the last quarter that is over. Raises as above."""
    began = launch or first_day(tx)
    months = [] if began is None else _months(tx, of(Span.MONTH, began).first, _last_quarter_day(today), launch)
    result = show_since_launch([month_of(counts) for counts in months])
    if result is None:
        raise NotForOutside("The line has not yet been there to the end of a quarter.")
    for counts in months:
        _see_that_it_is_over(tx, counts.period, today)
    covered = between(months[0].period.first, months[-1].period.last)
    sheet = _sheet(covered, [*_launch_rows(covered, result), *_in_words(_LAUNCH_WORDS)])
    return replace(sheet, title=title_since_launch(covered))


def _see_that_there_is_one(period: Period | None) -> None:
    if period is not None and period.span not in _SPANS:
        raise NotForOutside(BY_MONTH_AND_YEAR)


def _since(launch: date | None, period: Period) -> Period:
    """A period without what was tried before the launch: nothing of that leaves."""
    if launch is None or launch <= period.first:
        return period
    if launch > period.last:
        raise NotForOutside(f"The line was launched on {written_day(launch)}; of what was before, nothing leaves.")
    return Period(period.span, launch, period.last)


def _counted(tx: Connection, period: Period) -> Counts:
    see_that_days_are_there(tx, period)
    return counts_of(tx, period)


def _sheet(period: Period, rows: list[Row]) -> Sheet:
    when = [
        Row("period", "this", name, day.isoformat()) for name, day in (("first", period.first), ("last", period.last))
    ]
    return Sheet(Edition.EXTERNAL, title_of(period), MARKING, (*when, *rows))


def _in_words(definitions: Mapping[str, str]) -> Iterator[Row]:
    yield from (Row("in_words", name, "value", words) for name, words in definitions.items())


def _last_quarter_day(today: date) -> date:
    return of(Span.QUARTER, today).before().last


def _months(tx: Connection, first: date, last: date, launch: date | None) -> list[Counts]:
    if last < first:
        return []
    months = parts_of(between(first, last), Span.MONTH)
    return [_counted(tx, _since(launch, month)) for month in months if launch is None or launch <= month.last]


def _see_that_it_is_over(tx: Connection, period: Period, today: date) -> None:
    """What is shown outside never changes, so it is shown only once nothing more can come."""
    if today <= period.last:
        raise NotForOutside(
            "The external edition has only what is over: "
            f"of this {period.span} from {written_day(period.last + timedelta(days=1))} on, not before."
        )
    if counts_of(tx, period).open_calls:
        raise NotForOutside("A call of this period is still open; the external edition waits until it is wrapped up.")


def _month_rows(month: Month) -> Iterator[Row]:
    seen = show_month(month)
    yield Row("calls", "month", CALLS, seen.calls)
    yield Row("reports", "taken_by_forces", "n", seen.taken)
    for margin, values in month.margins.items():
        cells = seen.margins.get(margin, {})
        yield from (Row(margin, value, "n", cells.get(value, WITHHELD)) for value in values)


def _year_rows(tx: Connection, year: Period, launch: date | None) -> Iterator[Row]:
    months = [show_month(month_of(counts)) for counts in _months(tx, year.first, year.last, launch)]
    cells = show_forces(_counted(tx, _since(launch, year)).counts[Dimension.FORCE], months)
    if cells is None:
        yield Row("force", "all", "n", WITHHELD)
    else:
        yield from (Row("force", force, "n", cell) for force, cell in cells.items())


def _launch_rows(covered: Period, result: SinceLaunch) -> Iterator[Row]:
    yield Row("since_launch", "frozen_on", "value", covered.last.isoformat())
    yield Row("since_launch", CALLS, "value", result.calls)
    yield Row("since_launch", TAKEN, "value", result.taken)
