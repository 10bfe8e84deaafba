"""The internal edition: every figure of a period, beside those of the period before and of a year ago.

For use inside the charity only: small numbers are not suppressed here, so nothing of it leaves the building.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from shared.audit import last_closed
from shared.domain.london import LONDON, london_day
from shared.domain.vocabulary import Dimension, WelshCall
from shared.summary.counts import OF_CALLS, CallCounts, Counts, days_counted, first_day, hours_counted
from shared.summary.erlang import WHY_C_MISLEADS, WHY_NO_A, ErlangA, ErlangC
from shared.summary.histogram import average, longest, nearest_rank
from shared.summary.hours import hour_profile
from shared.summary.in_words import rows_in_words
from shared.summary.launch_day import launch_of
from shared.summary.measures import ANSWER_WITHIN, MEASURES, PERCENTILES
from shared.summary.periods import Period, Span
from shared.summary.retention import USUAL, DaysRemoved, Kept, by_day_until, see_that_days_are_there, tombstones
from shared.summary.settled import counts_told, told_later
from shared.summary.sheet import NOT_AVAILABLE, NOT_THERE_YET, Edition, Row, Sheet, Value, value_of
from shared.summary.staffing import Staffed, demand, staffed
from shared.summary.trend import Part, stretch, trend, without_days_of
from shared.summary.welsh import welsh_calls

MARKING: Final = "INTERNAL: small numbers are shown as they are. Not to leave the charity."
# Not from the machine's locale: the same figures are the same bytes everywhere.
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNSTABLE: Final = "more work than they can do"


def internal_sheet(tx: Connection, period: Period, today: date, kept: Kept = USUAL) -> Sheet:
    """The internal edition of any period, as it stands. Raises DaysRemoved for days that are no longer kept."""
    see_that_days_are_there(tx, period)
    counts, hours = counts_told(tx, period, today), hours_counted(tx, period)
    beside, gone = _beside(tx, period, today)
    shown = stretch(period)
    removed = tombstones(tx, shown)
    course = without_days_of(trend(shown, days_counted(tx, shown)), {stone.month for stone in removed})
    sheet = sheet_of(counts, hours, beside, course, {} if counts.unsettled else _welsh(tx, period))
    audited = _audit_rows(tx, min(period.last + timedelta(days=1), today))
    removals = (Row("removed", f"{stone.month:%Y-%m}", "value", stone.said()) for stone in removed)
    began = _began_rows(beside, launch_of(tx, kept.launch) or first_day(tx))
    until, later = _until_rows(tx, period, kept), told_later(counts.unsettled, counts.open_calls, today)
    meaning = rows_in_words({row.section for row in sheet.rows}, put_together=bool(tombstones(tx, period)))
    return replace(sheet, rows=(*sheet.rows, *began, *removals, *gone, *later, *until, *meaning, *audited))


def _began_rows(beside: Mapping[str, Counts], began: date | None) -> Iterator[Row]:
    """Where a period is laid beside one in which the line was not there yet, or not all the time: that it was not."""
    for name, other in beside.items():
        if began is not None and other.period.first < began:
            there = NOT_THERE_YET if other.period.last < began else "it was there for a part of this only"
            yield Row("began", name, "value", f"the line began on {written_day(began)}: {there}")


def _until_rows(tx: Connection, period: Period, kept: Kept) -> Iterator[Row]:
    """What of it will be removed, and when."""
    until = by_day_until(tx, period, kept)
    if until is not None:
        yield Row("kept", "by day, hour and second", "value", f"until {until.isoformat()}; then by the month")


def _beside(tx: Connection, period: Period, today: date) -> tuple[dict[str, Counts], list[Row]]:
    """The periods it is laid beside, by name, and a row to say why of each that is not there."""
    beside, gone = {}, []
    for name, other in (("before", period.before()), ("a_year_ago", period.a_year_ago())):
        try:
            see_that_days_are_there(tx, other)
            beside[name] = counts_told(tx, other, today)
        except DaysRemoved as fact:
            gone.append(Row("removed", name, "value", str(fact)))
    return beside, gone


def _audit_rows(tx: Connection, before: date) -> Iterator[Row]:
    """What the audit log was then, on paper that is kept elsewhere: so that nobody can write it anew unseen."""
    checkpoint = last_closed(tx, before)
    if checkpoint is not None:
        yield Row("audit", "checkpoint", "value", checkpoint.printed())


def _welsh(tx: Connection, period: Period) -> dict[WelshCall, int]:
    """Of a calendar year, which is settled, or nothing: told day by day, they would be figures by the day."""
    return welsh_calls(tx, period.first.year) if period.span is Span.YEAR else {}


def sheet_of(
    counts: Counts,
    hours: Mapping[datetime, CallCounts],
    beside: Mapping[str, Counts],
    course: Sequence[Part] = (),
    welsh: Mapping[WelshCall, int] = MappingProxyType({}),
) -> Sheet:
    """``beside``: what else was counted, by what it is called in the sheet; ``course``, how the calls came."""
    period = counts.period
    rows = [
        *_period_rows(counts, beside),
        *_call_rows("calls", period.span.value, counts.total),
        *_late_rows(counts),
        *_measure_rows(counts, beside),
        *_hour_rows(period, hours),
        *(row for part in course for row in _call_rows("trend", part.of, part.calls)),
        *_dimension_rows(counts),
        *(Row("welsh", became.value, "n", n) for became, n in welsh.items()),
        *_seconds_rows(counts),
        *_staffing_rows(counts, hours),
    ]
    return Sheet(Edition.INTERNAL, title_of(period), MARKING, tuple(rows))


def title_of(period: Period) -> str:
    if period.span is Span.DAY:
        return f"The line on {DAYS[period.first.weekday()]} {written_day(period.first)}"
    return f"The line from {written_day(period.first)} to {written_day(period.last)} ({period.span.value})"


def title_since_launch(period: Period) -> str:
    return f"The line since its launch, from {written_day(period.first)} to {written_day(period.last)}"


def written_day(day: date) -> str:
    """As people write it: "9 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _period_rows(counts: Counts, beside: Mapping[str, Counts]) -> Iterator[Row]:
    period = counts.period
    yield Row("period", "this", "first", period.first.isoformat())
    yield Row("period", "this", "last", period.last.isoformat())
    yield Row("period", "this", "days", period.days)
    yield Row("period", "this", "closed_days", counts.closed_days)
    yield Row("period", "this", "open_calls", counts.open_calls)
    yield Row("period", "this", "revisions", len({(late.day, late.revision) for late in counts.late}))
    for name, other in beside.items():
        yield Row("period", name, "first", other.period.first.isoformat())
        yield Row("period", name, "last", other.period.last.isoformat())
    if period.span is Span.DAY:
        yield Row("day", period.first.isoformat(), "closed", "yes" if counts.closed_days else "no")
        yield Row("day", period.first.isoformat(), "open_calls", counts.open_calls)


def _call_rows(section: str, of: str, calls: CallCounts) -> Iterator[Row]:
    yield Row(section, of, "arrived", calls.arrived)
    yield Row(section, of, "offered", calls.offered)
    yield from (Row(section, of, outcome.value, n) for outcome, n in calls.by_outcome.items())


def _late_rows(counts: Counts) -> Iterator[Row]:
    """What changed since a day was closed, by revision; all of it is in the figures."""
    for late in counts.late:
        yield Row("came_late", f"{late.day.isoformat()}_revision_{late.revision}", late.came, late.n)


def _measure_rows(counts: Counts, beside: Mapping[str, Counts]) -> Iterator[Row]:
    for figure in MEASURES:
        yield Row("measure", figure.id, "label", figure.label)
        yield Row("measure", figure.id, "value", value_of(figure.of(counts)))
        yield Row("measure", figure.id, "unit", figure.unit.value)
        yield Row("measure", figure.id, "formula", figure.formula)
        for name, other in beside.items():
            yield Row("measure", figure.id, name, value_of(figure.of(other)))


def _hour_rows(period: Period, hours: Mapping[datetime, CallCounts]) -> Iterator[Row]:
    """A day's hours each for itself; a longer period's by the clock, with how often each came."""
    if period.span is Span.DAY:
        for start, calls in hours.items():
            yield from _call_rows("hour", start.astimezone(LONDON).strftime("%H:%M %Z"), calls)
        return
    for hour in hour_profile(hours):
        yield Row("hour", hour.of, "times", hour.times)
        yield from _call_rows("hour", hour.of, hour.calls)


def _dimension_rows(counts: Counts) -> Iterator[Row]:
    for dimension in counts.counts:
        told = counts.told if dimension in OF_CALLS else counts
        if dimension is Dimension.DUTY or told is None:
            continue  # of duty a single day's are few people's; what may be said of them is a measure
        section = "reports" if dimension is Dimension.REPORT_STATE else dimension.value
        yield from (Row(section, value, "n", n) for value, n in told.counts[dimension].items())


def _seconds_rows(counts: Counts) -> Iterator[Row]:
    told = counts.told
    for measure, histogram in () if told is None else told.histograms.items():
        yield Row("seconds", measure.value, "n", sum(histogram.values()))
        yield Row("seconds", measure.value, "average", value_of(average(histogram)))
        yield Row("seconds", measure.value, "longest", value_of(longest(histogram)))
        for percent in PERCENTILES:
            yield Row("seconds", measure.value, f"percentile_{percent}", value_of(nearest_rank(histogram, percent)))


def _staffing_rows(counts: Counts, hours: Mapping[datetime, CallCounts]) -> Iterator[Row]:
    told = counts.told
    of_settled = {start: calls for start, calls in hours.items() if london_day(start) not in counts.unsettled}
    wanted = None if told is None else demand(told, of_settled)
    if wanted is None:
        return
    yield Row("demand", "busiest_hour", "value", wanted.busiest)
    yield Row("demand", "calls_offered_in_it", "value", value_of(wanted.calls))
    yield Row("demand", "handling_seconds", "value", value_of(wanted.handling))
    yield Row("demand", "patience_seconds", "value", value_of(wanted.patience))
    yield Row("demand", "which_to_go_by", "value", WHY_C_MISLEADS)
    if wanted.patience is None:
        yield Row("demand", "without_patience", "value", WHY_NO_A)
    for each in staffed(wanted):
        yield from _staffed_rows(each)


def _staffed_rows(each: Staffed) -> Iterator[Row]:
    of = f"handlers_{each.handlers}"
    for figure, value in {**_c_figures(each.c), **_a_figures(each.a)}.items():
        yield Row("staffing", of, figure, value)


def _c_figures(c: ErlangC | None) -> dict[str, Value]:
    return {
        "c_waits_percent": _UNSTABLE if c is None else value_of(100 * c.waits),
        f"c_within_{ANSWER_WITHIN}_s_percent": _UNSTABLE if c is None else value_of(100 * c.within),
        "c_mean_wait_s": _UNSTABLE if c is None else value_of(c.mean_wait),
    }


def _a_figures(a: ErlangA | None) -> dict[str, Value]:
    return {
        "a_waits_percent": NOT_AVAILABLE if a is None else value_of(100 * a.waits),
        "a_abandons_percent": NOT_AVAILABLE if a is None else value_of(100 * a.abandons),
        "a_mean_wait_s": NOT_AVAILABLE if a is None else value_of(a.mean_wait),
    }
