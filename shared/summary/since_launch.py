"""The table the service publishes, as it stands inside the charity: everything since the launch, each line in words.

The lines are data: what a line counts is decided here and nowhere else. What may leave is in ``release``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from shared.domain.forces import FORCES
from shared.domain.people import directories
from shared.domain.vocabulary import Channel, Dimension, UnitOutcome
from shared.store.schema import day_count, unit_total
from shared.summary.counts import Counts, counts_of, first_day
from shared.summary.internal import MARKING, title_since_launch
from shared.summary.launch_day import see_launch
from shared.summary.measures import Unit
from shared.summary.periods import Period, Span, between, of
from shared.summary.published import CALLS_IN_WORDS, published_calls
from shared.summary.retention import see_that_days_are_there
from shared.summary.sheet import Edition, Row, Sheet

NOT_SAID: Final = "not said"

Said = Mapping[tuple[str, str], int | None]  # by unit and quarter; None where the unit has not said it yet


class NothingCounted(ValueError):
    """There is no day between the launch and the last day asked for."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Since when, and whose investigations are shown. ``day`` None: since the first day with anything counted."""

    first_force: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Launched:
    """All that the lines are made of. ``said``: investigations by the first force's units, as they last said it.

    ``put_right``: which revision that is, of what a unit has said more than once.
    """

    counts: Counts
    first_force: str
    said: Said
    put_right: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is called, what it counts, in words, and how. {force} stands for the first one."""

    id: str
    label: str
    words: str
    unit: Unit
    value: Callable[[Launched], int]


def calls(since: Launched) -> int:
    return published_calls(since.counts)


def online(since: Launched) -> int:
    return since.counts.counts[Dimension.CHANNEL][Channel.ONLINE.value]


def passed_on(since: Launched) -> int:
    return sum(since.counts.counts[Dimension.TAKEN].values())


def for_first_force(since: Launched) -> int:
    return since.counts.counts[Dimension.TAKEN][since.first_force]


def for_other_forces(since: Launched) -> int:
    return passed_on(since) - for_first_force(since)


def investigations(since: Launched) -> int:
    return sum(n for n in since.said.values() if n is not None)


LINES: Final[tuple[Line, ...]] = (
    Line(
        "calls", "Calls", CALLS_IN_WORDS, Unit.CALLS, calls,
    ),
    Line(
        "online", "Online reports",
        "reports that came by the online form, each once, by the London day on which it came",
        Unit.REPORTS, online,
    ),
    Line(
        "passed_on", "Pieces of intelligence passed on",
        "reports, from calls or online, of which a unit said that they are for it, each once, by the London day on "
        "which it said so. What is held, rejected, parked, on its way, unanswered or disowned is not among them; what "
        "was sent on is, once the next unit takes it; and what is withdrawn later was passed on all the same",
        Unit.REPORTS, passed_on,
    ),
    Line(
        "first_force", "Of them for {force}",
        "pieces passed on that a unit of this force took; where a unit serves several, that are about it",
        Unit.REPORTS, for_first_force,
    ),
    Line(
        "other_forces", "Of them for other forces", "pieces passed on, without those for {force}",
        Unit.REPORTS, for_other_forces,
    ),
    Line(
        "investigations", "Investigations by {force}",
        "what its units said in the totals they sign for each quarter, as they last said it; every unit that ever "
        "served it, whole, even where it serves others too",
        Unit.INVESTIGATIONS, investigations,
    ),
)  # fmt: skip


def since_launch_sheet(tx: Connection, launch: Launch, last: date) -> Sheet:
    """From the launch to a London day, as it stands. Raises as ``launched`` does."""
    return sheet_of(launched(tx, launch, last))


def launched(tx: Connection, launch: Launch, last: date) -> Launched:
    """All that the lines are made of. Raises NothingCounted, DaysRemoved for a last day no longer kept, LaunchMoved."""
    see_launch(tx, launch.day)
    began = launch.day or _first_day(tx)
    if began is None or last < began:
        raise NothingCounted
    period = between(began, last)
    see_that_days_are_there(tx, period)
    said, put_right = _said(tx, launch.first_force, quarters_of(period))
    return Launched(counts_of(tx, period), launch.first_force, said, put_right)


def sheet_of(since: Launched, lines: tuple[Line, ...] = LINES) -> Sheet:
    rows = (*_period_rows(since), *_line_rows(since, lines), *_sum_rows(since), *_said_rows(since))
    return Sheet(Edition.INTERNAL, title_since_launch(since.counts.period), MARKING, rows)


def quarters_of(period: Period) -> list[str]:
    """The calendar quarters that have a day of the period in them, as units write them: "2026-q1"."""
    quarters, day = [], period.first
    while day <= period.last:
        quarter = of(Span.QUARTER, day)
        quarters.append(f"{day.year}-q{quarter.last.month // 3}")
        day = quarter.last + timedelta(days=1)
    return quarters


def _first_day(tx: Connection) -> date | None:
    """Of calls, or of what came by another way."""
    other_way = select(func.min(day_count.c.day)).where(day_count.c.dimension == Dimension.CHANNEL)
    days = first_day(tx), tx.execute(other_way).scalar_one()
    return min((day for day in days if day is not None), default=None)


def _said(tx: Connection, force: str, quarters: Sequence[str]) -> tuple[Said, dict[tuple[str, str], int]]:
    """What was said by whoever served the force at some time, and the revision of what was put right."""
    units = sorted({unit.id for keys in directories(tx) for unit in keys.units_for_force(force)})
    c = unit_total.c
    of_outcome = c.outcome == UnitOutcome.INVESTIGATIONS, c.unit_id.in_(units)
    found = {(row.unit_id, row.period): row for row in tx.execute(select(unit_total).where(*of_outcome))}
    asked = [(unit, quarter) for unit in units for quarter in quarters]
    said = {key: found[key].n if key in found else None for key in asked}
    return said, {key: found[key].revision for key in asked if key in found and found[key].revision > 1}


def _period_rows(since: Launched) -> Iterator[Row]:
    period = since.counts.period
    yield Row("period", "this", "first", period.first.isoformat())
    yield Row("period", "this", "last", period.last.isoformat())
    yield Row("period", "this", "days", period.days)
    yield Row("period", "this", "open_calls", since.counts.open_calls)


def _line_rows(since: Launched, lines: Sequence[Line]) -> Iterator[Row]:
    force = FORCES[since.first_force].name
    for line in lines:
        yield Row("measure", line.id, "label", line.label.format(force=force))
        yield Row("measure", line.id, "value", line.value(since))
        yield Row("measure", line.id, "unit", line.unit.value)
        yield Row("measure", line.id, "formula", line.words.format(force=force))


def _sum_rows(since: Launched) -> Iterator[Row]:
    """Whether as many investigations were said to be as there are pieces for that force: nobody says it of any one."""
    whole, first, others = passed_on(since), investigations(since), for_other_forces(since)
    missing = whole - first - others
    said = f"{whole} = {first} + {others}" if not missing else f"{whole} is not {first} + {others}: {missing:+}"
    called = {line.id: line.label.format(force=FORCES[since.first_force].name) for line in LINES}
    words = f"{called['passed_on']} = {called['investigations']} + {called['other_forces']}"
    yield Row("adds_up", "figures", "value", said)
    yield Row("adds_up", "in_words", "value", words)


def _said_rows(since: Launched) -> Iterator[Row]:
    """Whose investigations are counted, and which totals have not come."""
    for (unit, quarter), n in since.said.items():
        yield Row("investigations", quarter, unit, NOT_SAID if n is None else n)
    for (unit, quarter), revision in since.put_right.items():
        yield Row("investigations_put_right", quarter, unit, f"revision {revision}")
