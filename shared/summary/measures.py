"""The line's measures: each with what it is called, how it is worked out in words, and how in Python. It knows no call.

A ratio of a longer period is the ratio of its sums, never the mean of its days' ratios. What has nothing to divide by
is None, shown as n/a. A wait runs from the queue to the answer or to leaving. The service level leaves short waits out,
as contact centres do; which of its usual definitions is meant is said beside the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shared.domain.on_duty import ENOUGH
from shared.domain.vocabulary import CallOutcome, Dimension, Measure, OnTheWay, ReportState, Stood
from shared.summary.counts import Counts
from shared.summary.histogram import added_up, average, longest, nearest_rank, ratio
from shared.summary.published import CALLS_IN_WORDS, published_calls, tests

ANSWER_WITHIN: Final = 20  # seconds; a wait of exactly as long counts as within. Contact centres' convention.
SHORT_WAIT: Final = 5  # seconds; who leaves sooner was hardly waiting
PERCENTILES: Final = (50, 90, 95)
_HANDLING: Final = (Measure.TALK, Measure.HOLD, Measure.WRAP_UP)
_THEN: Final = "when the last day was closed"
_ENOUGH: Final = f"only of days on which {ENOUGH} or more stood ready for half an hour, so that it is of no person"


class Unit(StrEnum):
    """What a figure is counted in."""

    CALLS = "calls"
    REPORTS = "reports"
    INVESTIGATIONS = "investigations"
    DAYS = "days"
    PERCENT = "%"
    SECONDS = "s"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. ``value`` gives None where there is nothing to divide by; of a ratio, in hundredths of ``Unit``.

    ``settled``: made of what may be told only of settled days.
    """

    id: str
    label: str
    formula: str
    unit: Unit
    value: Callable[[Counts], int | Fraction | None]
    settled: bool = False

    def of(self, counts: Counts) -> int | Fraction | None:
        """None also where none of it may be told yet."""
        told = counts.told if self.settled else counts
        return None if told is None else self.value(told)


def _of(counts: Counts, measure: Measure) -> Mapping[int, int]:
    return counts.histograms[measure]


def _outcome(outcome: CallOutcome) -> Callable[[Counts], int]:
    return lambda counts: counts.total.by_outcome[outcome]


_answered = _outcome(CallOutcome.ANSWERED)
_abandoned = _outcome(CallOutcome.ABANDONED_IN_QUEUE)


def answered_within(counts: Counts) -> int:
    return sum(n for seconds, n in counts.histograms[Measure.WAIT_ANSWERED].items() if seconds <= ANSWER_WITHIN)


def short_abandoned(counts: Counts) -> int:
    return sum(n for seconds, n in counts.histograms[Measure.WAIT_ABANDONED].items() if seconds < SHORT_WAIT)


def _stayed(counts: Counts) -> int:
    return _answered(counts) + _abandoned(counts) - short_abandoned(counts)


def _abandoned_waits(counts: Counts) -> dict[int, int]:
    waits = counts.histograms[Measure.WAIT_ABANDONED]
    return {seconds: n for seconds, n in waits.items() if seconds >= SHORT_WAIT}


def handling_time(counts: Counts) -> Fraction | None:
    """Seconds of talk, hold and wrap-up for each answered call."""
    return ratio(_spent(counts, *_HANDLING), _answered(counts))


def available(counts: Counts) -> int | None:
    """Seconds; None where on no day enough people stood ready."""
    return counts.ready.available if counts.ready.days else None


def occupancy(counts: Counts) -> Fraction | None:
    """In hundredths: of all the time people had calls or stood ready for one, the part in which they had one."""
    return _of_duty(counts, _HANDLING)


def utilisation(counts: Counts) -> Fraction | None:
    """In hundredths: as occupancy, with callers on the line; wrap-up is not in the part."""
    return _of_duty(counts, (Measure.TALK, Measure.HOLD))


def _of_duty(counts: Counts, measures: tuple[Measure, ...]) -> Fraction | None:
    ready = counts.ready
    handling, part = (sum(ready.seconds[measure] for measure in each) for each in (_HANDLING, measures))
    return ratio(part, handling + ready.available, 100) if ready.days else None


def _spent(counts: Counts, *measures: Measure) -> int:
    return sum(added_up(counts.histograms[measure]) for measure in measures)


def patience(counts: Counts) -> Fraction | None:
    """Seconds a caller is prepared to wait, on average: all waiting there was, for each one that ended in leaving.

    The usual estimate where most are answered before they would have left (Mandelbaum and Zeltyn, 2007).
    """
    waited = sum(added_up(counts.histograms[measure]) for measure in (Measure.WAIT_ANSWERED, Measure.WAIT_ABANDONED))
    return ratio(waited, sum(counts.histograms[Measure.WAIT_ABANDONED].values()))


def _reports(state: ReportState) -> Callable[[Counts], int]:
    return lambda counts: counts.counts[Dimension.REPORT_STATE][state.value]


def _on_the_way(happened: OnTheWay) -> Callable[[Counts], int]:
    return lambda counts: counts.counts[Dimension.ON_THE_WAY][happened.value]


def _stood(how: Stood) -> Callable[[Counts], int | None]:
    return lambda counts: counts.counts[Dimension.STANDING].get(how.value)


# Each by the day on which it happened. The figure's id, what it is called, its definition, and how it is counted.
_OF_REPORTS: Final[tuple[tuple[str, str, str, Callable[[Counts], int]], ...]] = (
    ("drafted", "Reports begun", "reports begun in the period", _reports(ReportState.DRAFT)),
    ("submitted", "Reports handed in", "times that a report was handed in; again, if it had been returned",
     _reports(ReportState.IN_REVIEW)),
    ("returned", "Reports returned", "times that a supervisor returned a report", _reports(ReportState.RETURNED)),
    ("held", "Reports held", "times that a supervisor began to wait with a report", _reports(ReportState.HELD)),
    ("rejected", "Reports rejected", "reports that two supervisors rejected", _reports(ReportState.REJECTED)),
    ("withdrawn", "Reports withdrawn", "reports withdrawn at the caller's wish", _reports(ReportState.WITHDRAWN)),
    ("delivered", "Reports delivered", "deliveries that a unit's system took", _on_the_way(OnTheWay.DELIVERED)),
    ("failed", "Deliveries that failed", "deliveries whose first attempt failed", _on_the_way(OnTheWay.FAILED)),
    ("parked", "Deliveries parked", "times that a delivery was put aside for a person", _on_the_way(OnTheWay.PARKED)),
    ("ours", "Reports taken", "reports of which a unit said that they are for it", _reports(ReportState.OURS)),
    ("not_ours", "Reports disowned", "times that a unit said of a report: not ours", _reports(ReportState.NOT_OURS)),
    ("rerouted", "Reports sent on", "disowned reports sent to another unit", _on_the_way(OnTheWay.REROUTED)),
)  # fmt: skip

# As it stood when the last day was closed: at three in the morning after it. Nothing where nobody looked.
_STANDING: Final[tuple[tuple[str, str, str, Unit, Stood], ...]] = (
    ("in_review_then", "In review", f"reports that waited for a supervisor {_THEN}", Unit.REPORTS, Stood.IN_REVIEW),
    ("held_then", "Held", f"reports that a supervisor was waiting with {_THEN}", Unit.REPORTS, Stood.HELD),
    ("unsent_then", "Not sent yet", f"released reports that no unit had {_THEN}", Unit.REPORTS, Stood.UNSENT),
    ("parked_then", "Parked", f"of those, the ones that a person had to see to {_THEN}", Unit.REPORTS, Stood.PARKED),
    ("oldest_unsent", "Oldest not sent", f"days since the oldest of those was released, {_THEN}; n/a: all were sent",
     Unit.DAYS, Stood.OLDEST_UNSENT),
)  # fmt: skip


_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "answered": ("Answered", "calls that a handler answered"),
    "abandoned_in_menu": ("Left in the menu", "calls whose caller hung up before the queue"),
    "left_quietly": ("Left quietly", "calls whose caller pressed star"),
    "abandoned_in_queue": ("Abandoned", "calls whose caller left the queue before an answer"),
    "closed": ("Closed", "calls that came outside the line's hours"),
    "nobody_on_duty": ("Nobody on duty", "calls that came when nobody was on duty"),
    "overflow": ("Overflow", "calls that waited too long, or came when the queue was full"),
    "flood": ("Flood", "calls turned away at the door: more came at once than the line takes"),
    "fault": ("Fault", "calls that a fault of ours or of the telephone ended"),
}


def _by_outcome(outcome: CallOutcome) -> Figure:
    plain = outcome.value.replace("_", " ")
    label, formula = _OUTCOMES.get(outcome.value, (plain.capitalize(), f"calls that ended as: {plain}"))
    return Figure(outcome.value, label, formula, Unit.CALLS, _outcome(outcome))


def _percentile(percent: int) -> Figure:
    return Figure(
        f"wait_percentile_{percent}",
        f"Wait, {percent}th percentile",
        f"nearest rank: the least wait that {percent} in a hundred answered calls did not exceed",
        Unit.SECONDS,
        lambda counts: nearest_rank(counts.histograms[Measure.WAIT_ANSWERED], percent),
        settled=True,
    )


def _average(measure: Measure, label: str, words: str) -> Figure:
    formula = f"{words}, added up / how many there were"
    return Figure(
        f"average_{measure.value}", label, formula, Unit.SECONDS, lambda counts: average(counts.histograms[measure]),
        settled=True,
    )  # fmt: skip


MEASURES: Final[tuple[Figure, ...]] = (
    Figure(
        "arrived", "Arrived", "every call that reached the line, tests among them; the line's measures are of these",
        Unit.CALLS, lambda counts: counts.total.arrived,
    ),
    Figure(
        "tests", "Tests", "answered calls whose handler said that they were a test; their choices are not counted",
        Unit.CALLS, tests, settled=True,
    ),
    Figure("calls", "Calls, as published", CALLS_IN_WORDS, Unit.CALLS, published_calls, settled=True),
    Figure(
        "offered", "Offered", "calls that reached the queue, whatever became of them there", Unit.CALLS,
        lambda counts: counts.total.offered,
    ),
    *(_by_outcome(outcome) for outcome in CallOutcome),
    Figure(
        "short_abandoned", "Abandoned at once", f"abandoned after a wait of less than {SHORT_WAIT} s", Unit.CALLS,
        short_abandoned, settled=True,
    ),
    Figure(
        "answered_within", f"Answered within {ANSWER_WITHIN} s",
        f"answered after a wait of {ANSWER_WITHIN} s or less", Unit.CALLS, answered_within, settled=True,
    ),
    Figure(
        "service_level", "Service level",
        f"answered within {ANSWER_WITHIN} s / (answered + abandoned - abandoned in less than {SHORT_WAIT} s)",
        Unit.PERCENT, lambda counts: ratio(answered_within(counts), _stayed(counts), 100),
        settled=True,
    ),
    Figure(
        "abandonment_rate", "Abandonment rate",
        f"(abandoned - abandoned in less than {SHORT_WAIT} s) / "
        f"(answered + abandoned - abandoned in less than {SHORT_WAIT} s)",
        Unit.PERCENT, lambda counts: ratio(_abandoned(counts) - short_abandoned(counts), _stayed(counts), 100),
        settled=True,
    ),
    Figure(
        "average_speed_of_answer", "Average speed of answer", "waits of answered calls, added up / answered",
        Unit.SECONDS, lambda counts: ratio(added_up(counts.histograms[Measure.WAIT_ANSWERED]), _answered(counts)),
        settled=True,
    ),
    Figure(
        "average_time_to_abandon", "Average time to abandon",
        f"waits of abandoned calls of {SHORT_WAIT} s or more, added up / how many there were",
        Unit.SECONDS, lambda counts: average(_abandoned_waits(counts)), settled=True,
    ),
    Figure(
        "longest_wait", "Longest wait", "the longest wait, answered or abandoned", Unit.SECONDS,
        lambda counts: longest({**_of(counts, Measure.WAIT_ANSWERED), **_of(counts, Measure.WAIT_ABANDONED)}),
        settled=True,
    ),
    Figure(
        "waits", "Waits measured", "the number of answered calls that the percentiles are of", Unit.CALLS,
        lambda counts: sum(counts.histograms[Measure.WAIT_ANSWERED].values()), settled=True,
    ),
    *(_percentile(percent) for percent in PERCENTILES),
    _average(Measure.TALK, "Average talk", "seconds from the answer to the end of the call, less those on hold"),
    _average(Measure.HOLD, "Average hold", "seconds on hold of calls that were talked on; most have none"),
    _average(Measure.WRAP_UP, "Average wrap-up", "seconds from the end of a call to the end of its wrap-up"),
    Figure(
        "handling_time", "Handling time",
        "(talk + hold + wrap-up) / answered; for planning how many are on duty, never of a person",
        Unit.SECONDS, handling_time, settled=True,
    ),
    Figure(
        "available", "Available", f"seconds in which people stood ready for a call, everybody's added up; {_ENOUGH}",
        Unit.SECONDS, available, settled=True,
    ),
    Figure(
        "occupancy", "Occupancy",
        f"(talk + hold + wrap-up) / (talk + hold + wrap-up + available), everybody's added up; {_ENOUGH}",
        Unit.PERCENT, occupancy, settled=True,
    ),
    Figure(
        "utilisation", "Utilisation", f"(talk + hold) / (talk + hold + wrap-up + available); {_ENOUGH}",
        Unit.PERCENT, utilisation, settled=True,
    ),
    Figure(
        "released", "Reports released", "reports that a second person released; sent on, they are not counted again",
        Unit.REPORTS,
        _reports(ReportState.RELEASED),
    ),
    Figure(
        "conversion", "Reports for a hundred calls", "reports released / answered; one call may give several",
        Unit.PERCENT, lambda counts: ratio(_reports(ReportState.RELEASED)(counts), _answered(counts), 100),
    ),
    *(Figure(name, label, formula, Unit.REPORTS, value) for name, label, formula, value in _OF_REPORTS),
    *(Figure(name, label, formula, unit, _stood(how)) for name, label, formula, unit, how in _STANDING),
)  # fmt: skip
