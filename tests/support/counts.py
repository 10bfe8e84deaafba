"""Counts of a period, made by hand: what is not said is nought."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from shared.domain.on_duty import ENOUGH
from shared.domain.vocabulary import CallOutcome, Dimension, Duty, Measure
from shared.summary.counts import CallCounts, Counts, values_of
from shared.summary.periods import Period, Span, of
from shared.summary.readiness import Readiness

DAY = of(Span.DAY, date(2026, 3, 10))


def calls(offered: int = 0, **by_outcome: int) -> CallCounts:
    return CallCounts(offered, {outcome: by_outcome.get(outcome.value, 0) for outcome in CallOutcome})


def made(
    total: CallCounts | None = None,
    seconds: Mapping[Measure, Iterable[int]] | None = None,
    counts: Mapping[Dimension, Mapping[str, int]] | None = None,
    period: Period = DAY,
) -> Counts:
    given, spent = counts or {}, seconds or {}
    return Counts(
        period=period,
        closed_days=period.days,
        late=(),
        open_calls=0,
        total=total or calls(),
        counts={each: dict.fromkeys(values_of(each), 0) | dict(given.get(each, {})) for each in Dimension},
        histograms={measure: dict(sorted(Counter(spent.get(measure, ())).items())) for measure in Measure},
        ready=_ready(given.get(Dimension.DUTY, {}), spent),
    )


def _ready(duty: Mapping[str, int], spent: Mapping[Measure, Iterable[int]]) -> Readiness:
    """One day of it, where there were people enough."""
    enough = duty.get(Duty.PEOPLE, 0) >= ENOUGH
    seconds = {measure: sum(spent.get(measure, ())) if enough else 0 for measure in Measure}
    return Readiness(int(enough), duty.get(Duty.AVAILABLE, 0) if enough else 0, seconds)
