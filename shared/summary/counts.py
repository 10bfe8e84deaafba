"""What was counted in a period, each figure for itself and none crossed with another; it knows no call and no report.

Everything a figure is made of is in ``Counts``, a plain value: what makes figures of it needs no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, or_, select

from shared.domain.forces import FORCES
from shared.domain.london import london_day, start_of
from shared.domain.signposts import SIGNPOSTS
from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Channel,
    Dimension,
    Disposition,
    Duty,
    Measure,
    Mode,
    OnTheWay,
    ProviderRecord,
    ReportState,
)
from shared.store.schema import (
    closed_day,
    day_count,
    day_histogram,
    finished_call,
    hour_count,
    late_count,
    live_call,
    report,
)
from shared.summary.periods import Period
from shared.summary.readiness import Readiness, readiness

_BY_FORCE: Final = tuple(sorted(FORCES))
_VALUES: Final[Mapping[Dimension, tuple[str, ...]]] = {
    Dimension.MODE: tuple(Mode),
    Dimension.CATEGORY: tuple(Category),
    Dimension.FORCE: _BY_FORCE,
    Dimension.DISPOSITION: tuple(Disposition),
    Dimension.SIGNPOST: tuple(signpost.id for signpost in SIGNPOSTS),
    Dimension.REPORT_STATE: tuple(ReportState),
    Dimension.PROVIDER_RECORD: tuple(ProviderRecord),
    Dimension.CHANNEL: tuple(Channel),
    Dimension.TAKEN: _BY_FORCE,
    Dimension.ON_THE_WAY: tuple(OnTheWay),
    Dimension.DUTY: tuple(Duty),
    Dimension.STANDING: (),
}
OF_CALLS: Final = frozenset(
    {Dimension.MODE, Dimension.CATEGORY, Dimension.FORCE, Dimension.DISPOSITION, Dimension.SIGNPOST}
)


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls of an hour or a period. ``by_outcome`` has every outcome and adds up to ``arrived``."""

    offered: int
    by_outcome: Mapping[CallOutcome, int]

    @property
    def arrived(self) -> int:
        return sum(self.by_outcome.values())


@dataclass(frozen=True, slots=True)
class Late:
    """What a revision of a day brought, after it had been closed. The first closing is revision 1.

    ``came``: calls by their outcome, or the other way by which something came.
    """

    day: date
    revision: int
    came: str
    n: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All that was counted in a period, by the London day on which each call arrived.

    ``histograms`` has how often something took so many seconds, in ascending order; ``counts``, a number for each value
    of each dimension, and of how things stood only what was seen at the end of the last day; ``ready`` is of the days
    with enough people; ``open_calls`` have not ended and are in no figure; what came ``late`` is in all of them.
    ``unsettled``: days of which choices and seconds may not be told yet; ``of_settled``, the others, if there are any.
    """

    period: Period
    closed_days: int
    late: tuple[Late, ...]
    open_calls: int
    total: CallCounts
    counts: Mapping[Dimension, Mapping[str, int]]
    histograms: Mapping[Measure, Mapping[int, int]]
    ready: Readiness
    unsettled: frozenset[date] = frozenset()
    of_settled: Counts | None = None

    @property
    def told(self) -> Counts | None:
        """The same of the days of which all may be told; None if there is none."""
        return self.of_settled if self.unsettled else self


def counts_of(tx: Connection, period: Period, unsettled: frozenset[date] = frozenset()) -> Counts:
    """What was counted in a period, its days closed or not."""
    counts = _counted(tx, period, frozenset())
    others = _counted(tx, period, unsettled) if 0 < len(unsettled) < period.days else None
    return replace(counts, unsettled=unsettled, of_settled=others)


def _counted(tx: Connection, period: Period, but: frozenset[date]) -> Counts:
    within = closed_day.c.day.between(period.first, period.last)
    return Counts(
        period=period,
        closed_days=int(tx.execute(select(func.count()).select_from(closed_day).where(within)).scalar_one()),
        late=_late(tx, period),
        open_calls=_open_calls(tx, period),
        total=_total(tx, period, but),
        counts=_counts(tx, period, but),
        histograms=_histograms(tx, period, but),
        ready=readiness(tx, period, but),
    )


def hours_counted(tx: Connection, period: Period) -> dict[datetime, CallCounts]:
    """The calls of every hour of a period by its start (UTC), in order; hours without a call among them."""
    rows: dict[datetime, list[_Counted]] = {}
    for start, *row in _counted_calls(tx, period, by_hour=True):
        rows.setdefault(start.astimezone(UTC), []).append((row[0], row[1], row[2]))
    return {start: _calls(rows.get(start, [])) for start in hours_of(period)}


def days_counted(tx: Connection, period: Period) -> dict[date, CallCounts]:
    """The calls of each London day of a period that had any."""
    rows: dict[date, list[_Counted]] = {}
    for table, number in ((finished_call, func.count()), (hour_count, func.sum(hour_count.c.n))):
        key = (table.c.day, table.c.outcome, table.c.offered)
        for day, outcome, offered, n in tx.execute(select(*key, number).where(_in(table.c.day, period)).group_by(*key)):
            rows.setdefault(day, []).append((outcome, offered, int(n)))
    return {day: _calls(found) for day, found in rows.items()}


def hours_of(period: Period) -> list[datetime]:
    """The hours of London days by their start, in UTC: 23 of them on a day in March, 25 on one in October."""
    first, end = start_of(period.first), start_of(period.last + timedelta(days=1))
    return [first + timedelta(hours=hour) for hour in range(int((end - first) / timedelta(hours=1)))]


def first_day(tx: Connection) -> date | None:
    """The London day of the first call there was; None if there was none."""
    first = [tx.execute(select(func.min(table.c.day))).scalar_one() for table in (hour_count, finished_call)]
    return min((day for day in first if day is not None), default=None)


_Counted = tuple[CallOutcome, bool, int]


def _total(tx: Connection, period: Period, but: frozenset[date]) -> CallCounts:
    return _calls([(row[0], row[1], row[2]) for row in _counted_calls(tx, period, but, by_hour=False)])


def _counted_calls(
    tx: Connection, period: Period, but: frozenset[date] = frozenset(), *, by_hour: bool
) -> list[tuple[Any, ...]]:
    """(Hour,) outcome, offered and number, from finished calls and from the counts of closed days alike."""
    found: list[tuple[Any, ...]] = []
    for table, number in ((finished_call, func.count()), (hour_count, func.sum(hour_count.c.n))):
        key: list[Column[Any]] = [table.c.hour_start] if by_hour else []
        key += [table.c.outcome, table.c.offered]
        statement: Select[Any] = select(*key, number).where(_in(table.c.day, period, but)).group_by(*key)
        found += [(*row[:-1], int(row[-1])) for row in tx.execute(statement)]
    return found


def _calls(rows: list[_Counted]) -> CallCounts:
    by_outcome, offered = dict.fromkeys(CallOutcome, 0), 0
    for outcome, was_offered, n in rows:
        by_outcome[outcome] += n
        offered += n if was_offered else 0
    return CallCounts(offered, by_outcome)


def _late(tx: Connection, period: Period) -> tuple[Late, ...]:
    rows = select(late_count).where(_in(late_count.c.day, period))
    ordered = rows.order_by(late_count.c.day, late_count.c.revision, late_count.c.came)
    return tuple(Late(row.day, row.revision, row.came, row.n) for row in tx.execute(ordered))


def _open_calls(tx: Connection, period: Period) -> int:
    arrived = tx.execute(select(live_call.c.arrived_at)).scalars()
    return sum(period.first <= london_day(at) <= period.last for at in arrived)


def _histograms(tx: Connection, period: Period, but: frozenset[date]) -> dict[Measure, dict[int, int]]:
    key = (day_histogram.c.measure, day_histogram.c.seconds)
    rows = select(*key, func.sum(day_histogram.c.n)).where(_in(day_histogram.c.day, period, but)).group_by(*key)
    histograms: dict[Measure, dict[int, int]] = {measure: {} for measure in Measure}
    for measure, seconds, n in sorted(tx.execute(rows)):
        histograms[measure][seconds] = int(n)
    return histograms


def _counts(tx: Connection, period: Period, but: frozenset[date]) -> dict[Dimension, dict[str, int]]:
    counts = {dimension: dict.fromkeys(values_of(dimension), 0) for dimension in Dimension}
    key = (day_count.c.dimension, day_count.c.value)
    added_up = or_(day_count.c.dimension != Dimension.STANDING, day_count.c.day == period.last)
    told = or_(day_count.c.dimension.not_in(OF_CALLS), day_count.c.day.not_in(but))
    rows = select(*key, func.sum(day_count.c.n)).where(_in(day_count.c.day, period), added_up, told).group_by(*key)
    for dimension, value, n in sorted(tx.execute(rows)):
        counts[dimension][value] = int(n)
    # Of this state alone the row's date is for good; the others a report may reach again, or go on from.
    counts[Dimension.REPORT_STATE][ReportState.DRAFT] = _begun(tx, period)
    return counts


def values_of(dimension: Dimension) -> list[str]:
    """Every value a dimension may have, so that a nought is written as one."""
    return [str(value) for value in _VALUES[dimension]]


def _begun(tx: Connection, period: Period) -> int:
    began = select(func.count()).select_from(report).where(_in(report.c.started_on, period))
    return int(tx.execute(began).scalar_one())


def _in(day: Column[date], period: Period, but: frozenset[date] = frozenset()) -> ColumnElement[bool]:
    within = day.between(period.first, period.last)
    return and_(within, day.not_in(but)) if but else within
