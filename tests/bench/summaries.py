"""What a day's and a year's summary cost after many calls of history, against after a hundredth of them.

The days that are summed up are the same in both: cost may grow with them, and not with what was before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Circle,
    Dimension,
    Lane,
    Language,
    Measure,
    Mode,
    ReportState,
)
from shared.store.columns import random_id
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from shared.store.schema import closed_day, day_count, day_histogram, hour_count, report
from shared.summary.internal import internal_sheet
from shared.summary.periods import Period, Span, of
from tests.bench.figures import Compared, Effort, RatioAtMost, Row, Unit, compared, in_turn
from tests.bench.figures import Measure as BenchMeasure

YEAR: Final = of(Span.YEAR, date(2025, 7, 1))
DAY: Final = of(Span.DAY, date(2025, 7, 1))
TODAY: Final = date(2026, 2, 1)
CALLS_A_DAY: Final = 9  # in the years that are summed up
HISTORY: Final = 20  # years before those
TIMES: Final = 20  # as many calls as the effort's, in the longer history
HUNDREDTH: Final = 100
_WAITS: Final = 300  # seconds, the longest there is


def _summaries(effort: Effort) -> tuple[Compared, ...]:
    many = effort.calls * TIMES
    with _line_after(many) as long, _line_after(max(many // HUNDREDTH, 1)) as short:
        return tuple(_compared(long, short, period, effort) for period in (DAY, YEAR))


def _compared(long: Store, short: Store, period: Period, effort: Effort) -> Compared:
    def takes(store: Store) -> Callable[[], float]:
        def timed() -> float:
            begun = time.perf_counter()
            for _ in range(max(1, effort.repeats // 20)):
                with store.read() as tx:
                    internal_sheet(tx, period, TODAY)
            return (time.perf_counter() - begun) * 1000 / max(1, effort.repeats // 20)

        return timed

    figures = in_turn({"long": takes(long), "short": takes(short)}, effort.rounds)
    return compared(figures["long"], figures["short"])


@contextmanager
def _line_after(calls: int) -> Iterator[Store]:
    """A store with so many calls, and a third as many reports, in the years before those that are summed up."""
    with TemporaryDirectory(prefix="candour-bench-") as folder, ExitStack() as stack:
        store = open_store(f"sqlite:///{Path(folder) / 'candour.db'}")
        stack.callback(store.close)
        bring_up_to_date(store)
        with store.begin() as tx:
            for first, days, number in (
                (date(2024 - HISTORY, 1, 1), HISTORY * 365, calls),
                (date(2024, 1, 1), 2 * 366, 2 * 366 * CALLS_A_DAY),
            ):
                _closed_days(tx, [first + timedelta(days=n) for n in range(days)], number)
        yield store


def _closed_days(tx: Connection, days: list[date], calls: int) -> None:
    """So many calls, all answered, spread evenly over closed days; every third gave a report."""
    tx.execute(insert(closed_day), [{"day": day, "revision": 1} for day in days])
    each = [(days[number % len(days)], number) for number in range(calls)]
    for table, key in _COUNTED:
        counted: dict[tuple[Any, ...], int] = {}
        for day, n in each:
            row = tuple(key(day, n).items())
            counted[row] = counted.get(row, 0) + 1
        tx.execute(insert(table), [{**dict(row), "n": n} for row, n in counted.items()])
    reports = [_report(day) for day, number in each if number % 3 == 0]
    for start in range(0, len(reports), 10_000):
        tx.execute(insert(report), reports[start : start + 10_000])


_ANSWERED: Final = {"outcome": CallOutcome.ANSWERED, "offered": True}


def _hour(day: date, number: int) -> datetime:
    return datetime(day.year, day.month, day.day, 9 + number % 12, tzinfo=UTC)


_COUNTED: Final[tuple[tuple[Table, Callable[[date, int], dict[str, Any]]], ...]] = (
    (hour_count, lambda day, n: {"day": day, "hour_start": _hour(day, n), **_ANSWERED}),
    (day_histogram, lambda day, n: {"day": day, "measure": Measure.WAIT_ANSWERED, "seconds": n * 7 % _WAITS}),
    (day_count, lambda day, _n: {"day": day, "dimension": Dimension.CATEGORY, "value": Category.OTHER.value}),
)


def _report(day: date) -> dict[str, Any]:
    return {
        "id": random_id(), "state": ReportState.OURS, "revision": random_id(), "force_id": "kent", "unit_id": "kent",
        "lane": Lane.ORDINARY, "mode": Mode.ANONYMOUS, "category": Category.OTHER, "language": Language.EN,
        "form": "report.v1", "circle": Circle.MORE, "conflict": False, "contact_waits": False,
        "started_on": day, "submitted_on": day, "released_on": day, "answered_on": day,
    }  # fmt: skip


def _row(name: str, words: str) -> Row:
    return Row(
        f"summary-{name}", f"{words} summary after all calls", "after a hundredth of them", Unit.MILLISECONDS,
        RatioAtMost(1.2),
    )  # fmt: skip


SUMMARIES: Final = BenchMeasure("summaries", (_row("day", "a day's"), _row("year", "a year's")), _summaries)
