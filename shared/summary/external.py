"""What may leave the charity: few figures, at one grain each for ever, none crossed, and none that gives a few away.

Calls by the month: all, and where there are enough, by outcome, choice and disposition. Choices are of the calls in
which one could be made: whoever counts those that ended before could take them away and know what is left. Reports
that forces took, by the month. Calls by force, by the calendar year. Both totals since launch, frozen at the end of
each quarter. No day, no week, no hour, no wait, no percentage, no language; no force beside anything. It knows no
database, only counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.vocabulary import CallOutcome, Category, Dimension, Disposition, Mode, ReportState
from shared.summary.counts import Counts
from shared.summary.disclosure import ANY, NOTHING_KNOWN, Knowledge, Range, Shown, Sum, meant, show_total, shown
from shared.summary.published import published_calls, tests

CALLS: Final = "calls"
TAKEN: Final = "taken"
OUTCOME: Final = "outcome"
DISPOSITION: Final = "disposition"
LEAST: Final = 25  # calls, as shown: a month with fewer is shown whole, and choices only of as many answered calls
# Nothing can have been chosen in these: turned away before the welcome, or gone while the menu was still speaking.
NEVER_CHOSE: Final = frozenset({CallOutcome.CLOSED, CallOutcome.FLOOD, CallOutcome.ABANDONED_IN_MENU})
_REACHED: Final = "reached"  # the other calls; never shown, but anybody may work out what they add up to
NOT_SAID: Final = "not_said"  # answered calls without a disposition: so that all of them add up

Cells = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Month:
    """A month's numbers as they are. Outcomes are all of ``calls`` once over; choices, of all but those of NEVER_CHOSE;
    dispositions, of those answered.
    """

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
    never_chose = sum(outcomes[outcome] for outcome in NEVER_CHOSE)
    for dimension, unset in ((Dimension.MODE, Mode.UNSET.value), (Dimension.CATEGORY, Category.UNSET.value)):
        chosen = counts.counts[dimension]
        margins[dimension.value] = {**chosen, unset: chosen[unset] - never_chose}
    came_to = counts.counts[Dimension.DISPOSITION].items()
    dispositions = {value: n for value, n in came_to if value != Disposition.TEST}
    margins[DISPOSITION] = {**dispositions, NOT_SAID: answered - sum(dispositions.values())}
    taken = counts.counts[Dimension.REPORT_STATE][ReportState.OURS.value]
    return Month(counts.period.first.strftime("%Y-%m"), published_calls(counts), margins, taken)


def show_month(month: Month, least: int = LEAST) -> ShownMonth:
    """Round and suppress a month's numbers. Depends on this month alone, so it never changes.

    ``least`` is a multiple of 5: fewer calls than are shown so are not shown by their margins.
    """
    calls, taken = _name(month.name, CALLS), shown(month.taken)
    margins, known = _shown_margins(month, least)
    calls_shown, known = show_total(known, calls, month.calls)
    with_taken = known.with_range(_name(month.name, TAKEN), meant(taken))
    assert with_taken is not None  # nothing was known of it
    return ShownMonth(month.name, calls_shown, margins, taken, with_taken)


_Margins = Mapping[str, Mapping[str, Shown]]


def _shown_margins(month: Month, least: int) -> tuple[_Margins, Knowledge]:
    """Those of which there are enough; or none, if together they would give something away.

    Were only some of them left out then, whoever reads the others would know that it was those that would have.
    """
    margins = _enough(month, least)
    known = _known_of_margins(month.name, margins, least)
    if known is None or known.gives_away():
        return {}, NOTHING_KNOWN
    return margins, known


def _enough(month: Month, least: int) -> _Margins:
    """What follows from the cells that are shown themselves: all calls, and how many of them were answered."""
    margins = {
        name: {value: shown(n) for value, n in cells.items()}
        for name, cells in month.margins.items()
        if _adds_up(month, name) and _at_least(least, shown(month.calls))
    }
    outcomes = margins.get(OUTCOME, {})
    if _at_least(least, outcomes.get(CallOutcome.ANSWERED.value, 0)):
        return margins
    return {OUTCOME: outcomes} if outcomes else {}


def _adds_up(month: Month, margin: str) -> bool:
    """It always should; what does not is not shown, for what it would give away cannot be told."""
    cells, outcomes = month.margins[margin].values(), month.margins[OUTCOME]
    if margin == OUTCOME:
        whole = month.calls
    elif margin == DISPOSITION:
        whole = outcomes[CallOutcome.ANSWERED.value]
    else:
        whole = sum(n for outcome, n in outcomes.items() if outcome not in NEVER_CHOSE)
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
    sums = tuple(each for margin, values in margins.items() for each in _sums(month, margin, list(values)))
    enough = {_name(month, CALLS): Range(meant(least).low, ANY.high)}
    return NOTHING_KNOWN.with_all({**cells, **enough}, sums)


def _sums(month: str, margin: str, values: Sequence[str]) -> Iterator[Sum]:
    """What anybody knows who knows what the line asks, and when."""
    reached = _name(month, _REACHED)
    names = {value: _name(month, margin, value) for value in values}
    if margin == OUTCOME:
        never_chose = tuple(name for value, name in names.items() if value in NEVER_CHOSE)
        yield Sum(_name(month, CALLS), (reached, *never_chose))
        yield Sum(reached, tuple(name for value, name in names.items() if value not in NEVER_CHOSE))
    elif margin == DISPOSITION:
        yield Sum(_name(month, OUTCOME, CallOutcome.ANSWERED.value), tuple(names.values()))
    else:
        yield Sum(reached, tuple(names.values()))


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

    There is no total of them beside: many callers name no force. Yet they are no more than the calls in which one
    could be named; where that could be told from anything in the table, there is none. In any answered call one could.
    """
    cells = {force: shown(n) for force, n in by_force.items()}
    at_least = sum(meant(cell).low for cell in cells.values())
    answered = (month.margins.get(OUTCOME, {}).get(CallOutcome.ANSWERED.value, 0) for month in months)
    return cells if at_least < sum(meant(cell).low for cell in answered) or not at_least else None
