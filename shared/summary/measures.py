"""The figures of one London day, each for itself and none crossed with another; they know no call and no report.

Arrived is every call; offered, every call that reached the queue; abandoned, one whose caller left the queue before an
answer. A wait is from the queue to the answer or to leaving. Percentiles are nearest-rank.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final

from sqlalchemy import Column, Connection, func, select

from shared.domain.forces import FORCES
from shared.domain.london import london_day, start_of
from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Dimension,
    Disposition,
    Measure,
    Mode,
    ProviderRecord,
    ReportState,
)
from shared.store.schema import (
    closed_day,
    day_count,
    day_histogram,
    finished_call,
    hour_count,
    live_call,
    report,
)

PERCENTILES: Final = (50, 90, 95)


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Calls of an hour or a day. ``by_outcome`` has every outcome and adds up to ``arrived``."""

    offered: int
    by_outcome: Mapping[CallOutcome, int]

    @property
    def arrived(self) -> int:
        return sum(self.by_outcome.values())


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; ``average`` and ``longest`` are None where ``n`` is 0."""

    n: int
    average: Fraction | None
    longest: int | None
    percentiles: Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """All of a London day. ``hours`` are the day's 23 to 25 hours by their start (UTC), in order.

    ``counts`` has, for each dimension, a number for each value; ``open_calls`` have not ended and are in no figure.
    """

    day: date
    closed: bool
    open_calls: int
    total: CallFigures
    hours: Mapping[datetime, CallFigures]
    counts: Mapping[Dimension, Mapping[str, int]]
    spreads: Mapping[Measure, Spread]


def day_figures(tx: Connection, day: date) -> DayFigures:
    """The figures of a London day, closed or not."""
    rows = _counted_calls(tx, day)
    hours = {start: _calls(row for row in rows if row[0] == start) for start in hours_of(day)}
    return DayFigures(
        day=day,
        closed=tx.execute(select(closed_day.c.day).where(closed_day.c.day == day)).first() is not None,
        open_calls=_open_calls(tx, day),
        total=_calls(rows),
        hours=hours,
        counts=_counts(tx, day),
        spreads={measure: _spread_of(tx, day, measure) for measure in Measure},
    )


def hours_of(day: date) -> list[datetime]:
    """The hours of a London day by their start, in UTC: 23 of them in March once, 25 in October once."""
    first, end = start_of(day), start_of(day + timedelta(days=1))
    return [first + timedelta(hours=hour) for hour in range(int((end - first) / timedelta(hours=1)))]


_Counted = tuple[datetime, CallOutcome, bool, int]


def _counted_calls(tx: Connection, day: date) -> list[_Counted]:
    """Hour, outcome, offered and number, from the day's finished calls and its counts alike."""
    key = (finished_call.c.hour_start, finished_call.c.outcome, finished_call.c.offered)
    fresh = select(*key, func.count()).where(finished_call.c.day == day).group_by(*key)
    kept = select(hour_count.c.hour_start, hour_count.c.outcome, hour_count.c.offered, hour_count.c.n)
    rows = [*tx.execute(fresh), *tx.execute(kept.where(hour_count.c.day == day))]
    return [(start.astimezone(UTC), outcome, offered, n) for start, outcome, offered, n in rows]


def _calls(rows: Iterable[_Counted]) -> CallFigures:
    by_outcome, offered = dict.fromkeys(CallOutcome, 0), 0
    for _, outcome, was_offered, n in rows:
        by_outcome[outcome] += n
        offered += n if was_offered else 0
    return CallFigures(offered, by_outcome)


def _open_calls(tx: Connection, day: date) -> int:
    return sum(london_day(arrived) == day for arrived in tx.execute(select(live_call.c.arrived_at)).scalars())


def _counts(tx: Connection, day: date) -> dict[Dimension, dict[str, int]]:
    counts = {dimension: dict.fromkeys(_values(dimension), 0) for dimension in Dimension}
    for row in tx.execute(select(day_count).where(day_count.c.day == day).order_by(day_count.c.value)):
        counts[row.dimension][row.value] = row.n
    reached = counts[Dimension.REPORT_STATE]
    reached[ReportState.DRAFT] = _reports(tx, report.c.started_on, day)
    reached[ReportState.IN_REVIEW] = _reports(tx, report.c.submitted_on, day)
    reached[ReportState.RELEASED] = _reports(tx, report.c.released_on, day)
    return counts


def _values(dimension: Dimension) -> list[str]:
    """Every value a dimension may have, so that a nought is written as one."""
    match dimension:
        case Dimension.MODE:
            return [mode.value for mode in Mode]
        case Dimension.CATEGORY:
            return [category.value for category in Category]
        case Dimension.FORCE:
            return sorted(FORCES)
        case Dimension.DISPOSITION:
            return [disposition.value for disposition in Disposition]
        case Dimension.REPORT_STATE:
            return [state.value for state in ReportState if state is not ReportState.RETURNED]
        case Dimension.PROVIDER_RECORD:
            return [record.value for record in ProviderRecord]


def _reports(tx: Connection, dated: Column[date], day: date) -> int:
    """Reports that reached a state on this day: there are dates for the first three, counts for the rest."""
    return int(tx.execute(select(func.count()).select_from(report).where(dated == day)).scalar_one())


def _spread_of(tx: Connection, day: date, measure: Measure) -> Spread:
    of_it = day_histogram.c.day == day, day_histogram.c.measure == measure
    ordered = select(day_histogram.c.seconds, day_histogram.c.n).where(*of_it).order_by(day_histogram.c.seconds)
    return spread(tx.execute(ordered).all())


def spread(histogram: Iterable[tuple[int, int]]) -> Spread:
    """From seconds and how often, in ascending order."""
    bars = [(seconds, n) for seconds, n in histogram if n > 0]
    total = sum(n for _, n in bars)
    return Spread(
        n=total,
        average=Fraction(sum(seconds * n for seconds, n in bars), total) if total else None,
        longest=bars[-1][0] if bars else None,
        percentiles={percent: _nearest_rank(bars, total, percent) for percent in PERCENTILES},
    )


def _nearest_rank(bars: list[tuple[int, int]], total: int, percent: int) -> int | None:
    """The least value that at least ``percent`` in a hundred do not exceed; None of nothing."""
    rank, passed = math.ceil(Fraction(percent * total, 100)), 0
    for seconds, n in bars:
        passed += n
        if passed >= rank:
            return seconds
    return None
