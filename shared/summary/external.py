"""What may leave the charity: few figures, at one grain each for ever, none crossed, and none that gives a few away.

Calls by the month: all, and where there are enough, by outcome, choice and disposition. Reports that forces took, by
the month. Calls by force, by the calendar year. Both totals since launch, frozen at the end of each quarter. No day, no
week, no hour, no wait, no percentage, no language; no force beside anything. It knows no database, only counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.vocabulary import CallOutcome, Dimension, Disposition, ReportState
from shared.summary.counts import Counts
from shared.summary.disclosure import ANY, NOTHING_KNOWN, Knowledge, Range, Shown, Sum, meant, show_total, shown
from shared.summary.published import published_calls, tests

CALLS: Final = "calls"
TAKEN: Final = "taken"
OUTCOME: Final = "outcome"
DISPOSITION: Final = "disposition"
LEAST: Final = 25  # calls, as shown: a month with fewer is shown whole, and dispositions only of as many answered calls
NOT_SAID: Final = "not_said"  # answered calls without a disposition: so that all of them add up

Cells = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Month:
    """A month's numbers as they are. Each margin is all of ``calls`` once over, but dispositions, of those answered."""

    name: str
    calls: int
    margins: Mapping[str, Cells]
    taken: int


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """As it may be seen. ``margins`` has those for which there are enough, and which give nothing away."""

    name: str
    calls: Shown
    margins: Mapping[str, Mapping[str, Shown]]
    taken: Shown
    known: Knowledge


@dataclass(frozen=True, slots=True)
class SinceLaunch:
    """Totals from the first month to the last of a quarter."""

    calls: Shown
    taken: Shown
    known: Knowledge


def month_of(counts: Counts) -> Month:
    """The external edition's part of what was counted in a month; tests are in none of it."""
    answered = counts.total.by_outcome[CallOutcome.ANSWERED] - tests(counts)
    outcomes = {outcome.value: n for outcome, n in counts.total.by_outcome.items()}
    margins: dict[str, Cells] = {OUTCOME: {**outcomes, CallOutcome.ANSWERED.value: answered}}
    for dimension in (Dimension.MODE, Dimension.CATEGORY):
        margins[dimension.value] = counts.counts[dimension]
    chosen = counts.counts[Dimension.DISPOSITION].items()
    dispositions = {value: n for value, n in chosen if value != Disposition.TEST}
    margins[DISPOSITION] = {**dispositions, NOT_SAID: answered - sum(dispositions.values())}
    taken = counts.counts[Dimension.REPORT_STATE][ReportState.OURS.value]
    return Month(counts.period.first.strftime("%Y-%m"), published_calls(counts), margins, taken)


def show_month(month: Month, least: int = LEAST) -> ShownMonth:
    """Round and suppress a month's numbers. Depends on this month alone, so it never changes.

    ``least`` is a multiple of 5: fewer calls than are shown so are not shown by their margins.
    """
    calls, taken = _name(month.name, CALLS), shown(month.taken)
    margins, known = next(_safe(month, least))
    calls_shown, known = show_total(known, calls, month.calls)
    with_taken = known.with_range(_name(month.name, TAKEN), meant(taken))
    assert with_taken is not None  # nothing was known of it
    return ShownMonth(month.name, calls_shown, margins, taken, with_taken)


_Margins = Mapping[str, Mapping[str, Shown]]


def _safe(month: Month, least: int) -> Iterator[tuple[_Margins, Knowledge]]:
    for margins in _attempts(month, least):
        known = _known_of_margins(month.name, margins, least)
        if known is not None and not known.gives_away():
            yield margins, known


def _attempts(month: Month, least: int) -> Iterator[_Margins]:
    """The margins that may be shown, the most first; how many there are tells of no number but those shown."""
    margins = {
        name: {value: shown(n) for value, n in cells.items()}
        for name, cells in month.margins.items()
        if _adds_up(month, name) and _at_least(least, shown(month.calls))
    }
    answered = margins.get(OUTCOME, {}).get(CallOutcome.ANSWERED.value, 0)
    if DISPOSITION in margins and _at_least(least, answered):
        yield margins
    if margins:
        yield {name: cells for name, cells in margins.items() if name != DISPOSITION}
    yield {}


def _adds_up(month: Month, margin: str) -> bool:
    """It always should; what does not is not shown, for what it would give away cannot be told."""
    cells = month.margins[margin].values()
    whole = month.margins[OUTCOME][CallOutcome.ANSWERED.value] if margin == DISPOSITION else month.calls
    return sum(cells) == whole and min(cells) >= 0


def _at_least(least: int, cell: Shown) -> bool:
    return isinstance(cell, int) and cell >= least


def _known_of_margins(month: str, margins: _Margins, least: int) -> Knowledge | None:
    """None if they do not add up."""
    if not margins:
        return NOTHING_KNOWN
    cells = {
        _name(month, margin, value): meant(cell) for margin, values in margins.items() for value, cell in values.items()
    }
    sums = tuple(
        Sum(_whole_of(month, margin), tuple(_name(month, margin, value) for value in values))
        for margin, values in margins.items()
    )
    enough = {_name(month, CALLS): Range(meant(least).low, ANY.high)}
    return NOTHING_KNOWN.with_all({**cells, **enough}, sums)


def _whole_of(month: str, margin: str) -> str:
    return _name(month, OUTCOME, CallOutcome.ANSWERED.value) if margin == DISPOSITION else _name(month, CALLS)


def _name(*parts: str) -> str:
    return "/".join(parts)


def show_since_launch(months: Sequence[Month], least: int = LEAST) -> SinceLaunch | None:
    """Totals of all whole quarters, from the quarter of the launch on; ``months`` are all months from then, in order.

    Each quarter's total is chosen so that with all that was shown before it gives nothing away; a later one never
    changes an earlier. None before the first quarter is over.
    """
    known, calls, taken, result = NOTHING_KNOWN, 0, 0, None
    for number, quarter in enumerate(_quarters(months)):
        known = _all_known(known, [show_month(month, least) for month in quarter], number)
        calls += sum(month.calls for month in quarter)
        taken += sum(month.taken for month in quarter)
        calls_shown, known = show_total(known, _total(CALLS, number), calls)
        taken_shown, known = show_total(known, _total(TAKEN, number), taken)
        result = SinceLaunch(calls_shown, taken_shown, known)
    return result


def _quarters(months: Sequence[Month]) -> list[list[Month]]:
    """Whole ones, by the calendar; the first may lack the months before the launch."""
    quarters: dict[str, list[Month]] = {}
    for month in months:
        year, number = month.name.split("-")
        quarters.setdefault(f"{year}/{(int(number) - 1) // 3}", []).append(month)
    return [quarter for quarter in quarters.values() if int(quarter[-1].name.split("-")[1]) % 3 == 0]


def _all_known(known: Knowledge, quarter: list[ShownMonth], number: int) -> Knowledge:
    ranges = {name: value for month in quarter for name, value in month.known.ranges.items()}
    sums = tuple(each for month in quarter for each in month.known.sums)
    for what in (CALLS, TAKEN):
        before = (_total(what, number - 1),) if number else ()
        sums += (Sum(_total(what, number), (*before, *(_name(month.name, what) for month in quarter))),)
    after = known.with_all(ranges, sums)
    assert after is not None  # all of it is true
    return after


def _total(what: str, quarter: int) -> str:
    return f"since launch/{what}/{quarter}"


def show_forces(by_force: Cells, months: Sequence[ShownMonth]) -> Mapping[str, Shown] | None:
    """A calendar year's calls by force, given the year's twelve months; or None.

    There is no total of them beside: many callers name no force. Yet they are no more than all calls; where that
    could be told from anything in the table, there is none.
    """
    cells = {force: shown(n) for force, n in by_force.items()}
    at_least = sum(meant(cell).low for cell in cells.values())
    calls_at_least = sum(month.known.ranges[_name(month.name, CALLS)].low for month in months)
    return cells if at_least < calls_at_least or not at_least else None
