"""With a full dump, finished calls and reports cannot be joined: not one by one, and not by the order of things."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from statistics import fmean

from sqlalchemy import event

from shared.domain.mixing import Mixer
from shared.store.database import Store
from shared.summary.close import close_ended_days
from tests.support.full_dump import Dump, Order, dump
from tests.support.town import Day, Town

DAYS = 8
FIRST = date(2026, 3, 10)
# In standard deviations. Ids and mixing are truly random, so these leave a false alarm about one chance in 100,000.
FAR_ABOVE_CHANCE = 6.0
NO_ORDER = 5.0


@dataclass(frozen=True)
class Seen:
    """A day as it was, and a dump that was taken at its end, before it was closed."""

    day: Day
    dump: Dump


@dataclass(frozen=True)
class Lived:
    """The same days seen in two ways: as the service leaves them, and just before it has mixed them."""

    mixed: list[Seen]
    unmixed: list[Seen]


def live(store: Store) -> Lived:
    _without_waiting_for_the_disk(store)
    town, lived = Town(store, random.Random(11)), Lived([], [])
    for number in range(DAYS):
        day = town.lives(FIRST + timedelta(days=number))
        lived.unmixed.append(Seen(day, dump(store)))
        assert Mixer(store, partial(at_eleven, day)).step()
        lived.mixed.append(Seen(day, dump(store)))
        with store.begin() as tx:
            close_ended_days(tx, at_eleven(day) + timedelta(hours=5))
    return lived


def _without_waiting_for_the_disk(store: Store) -> None:
    if store.is_sqlite:
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def at_eleven(day: Day) -> datetime:
    return datetime.combine(day.day, time(23), UTC)


def leaky(seen: Seen) -> Seen:
    """The same day on a store whose tables number their rows in the order of writing."""
    numbered = {row_id: float(place) for row_id, place in seen.day.written.items()}
    return Seen(seen.day, Dump(seen.dump.hours, {"row id": numbered}, {"row id": numbered}))


def test_finished_calls_and_reports_cannot_be_joined(store: Store) -> None:
    lived = live(store)
    numbered = [leaky(seen) for seen in lived.mixed]

    # As the service leaves them: chance, and no order on the disk that follows the hours of the calls.
    assert matched(lived.mixed) < FAR_ABOVE_CHANCE
    assert [name for name, shown in order_shown(lived.mixed).items() if abs(shown) > NO_ORDER] == []

    # The matcher is no fool: it sees the order before mixing, and joins rows that are numbered as they are written.
    assert max(abs(shown) for shown in order_shown(lived.unmixed).values()) > NO_ORDER
    assert matched(numbered) > FAR_ABOVE_CHANCE
    assert order_shown(numbered)["row id"] > NO_ORDER


# --- what can be tried ----------------------------------------------------------------------------------------------


def guesses(seen: Seen) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every way of joining a day's reports to its answered calls: by rank, either way round, and by nearness."""
    reports = sorted(seen.day.truth)
    calls_by: dict[str, Order] = {"hour alone": {}, **seen.dump.calls}
    for how, order in seen.dump.reports.items():
        placed = [report for report in reports if report in order]
        for call_order_name, call_order in calls_by.items():
            calls = [call for call in seen.day.answered if call in seen.dump.hours]
            calls.sort(key=lambda call: (seen.dump.hours[call], call_order.get(call, 0.0), call))
            ranked = sorted(placed, key=lambda report: (order[report], report))
            yield f"{how} / {call_order_name}", _by_rank(ranked, calls)
            yield f"{how} / {call_order_name}, reversed", _by_rank(ranked[::-1], calls)
            if call_order:
                yield f"{how} / {call_order_name}, nearest", _by_nearness(placed, order, calls, call_order)


def _by_rank(reports: list[str], calls: list[str]) -> dict[str, str]:
    return {report: calls[(2 * place + 1) * len(calls) // (2 * len(reports))] for place, report in enumerate(reports)}


def _by_nearness(reports: list[str], order: Order, calls: list[str], call_order: Order) -> dict[str, str]:
    return {report: min(calls, key=lambda call: abs(call_order.get(call, 0.0) - order[report])) for report in reports}


def score(seen: list[Seen]) -> dict[str, list[tuple[int, float]]]:
    """For each way, by day: right guesses, and how many chance would make."""
    found: dict[str, list[tuple[int, float]]] = {}
    for one in seen:
        for name, guess in guesses(one):
            right = sum(one.day.truth[report] == call for report, call in guess.items())
            found.setdefault(name, []).append((right, len(guess) / len(one.day.answered)))
    return found


def excess(scores: list[tuple[int, float]]) -> float:
    """How far above chance, in standard deviations (of a Poisson count, which is on the safe side)."""
    right, expected = sum(one for one, _ in scores), sum(chance for _, chance in scores)
    return (right - expected) / math.sqrt(expected) if expected else 0.0


def matched(seen: list[Seen]) -> float:
    """How far above chance the matcher gets on the second half of the days.

    On the first half it is told the truth, and learns which way works best; then it is on its own.
    """
    learnt, tried = score(seen[: DAYS // 2]), score(seen[DAYS // 2 :])
    best = max(learnt, key=lambda name: excess(learnt[name]))
    return excess(tried.get(best, []))


def order_shown(seen: list[Seen]) -> dict[str, float]:
    """For each order on the disk, how far its ranks follow the hours of the calls, in standard deviations.

    This is more than a matcher has: the true times, as someone with a telephone bill would know one of them.
    """
    found: dict[str, list[float]] = {}
    for one in seen:
        for name, order in one.dump.reports.items():
            placed = [report for report in sorted(one.day.began) if report in order]
            if len({order[report] for report in placed}) > 2:
                times = {report: one.day.began[report].timestamp() for report in placed}
                found.setdefault(name, []).append(_rank_correlation(order, times) * math.sqrt(len(placed) - 1))
    return {name: sum(values) / math.sqrt(len(values)) for name, values in found.items()}


def _rank_correlation(left: Order, right: Order) -> float:
    ranks = [_ranks(one, sorted(right)) for one in (left, right)]
    means = [fmean(one) for one in ranks]
    spread = [math.sqrt(sum((rank - mean) ** 2 for rank in one)) for one, mean in zip(ranks, means, strict=True)]
    together = sum((a - means[0]) * (b - means[1]) for a, b in zip(*ranks, strict=True))
    return together / (spread[0] * spread[1])


def _ranks(order: Order, ids: list[str]) -> list[float]:
    values = [order[one] for one in ids]
    return [sum(other < value for other in values) + (values.count(value) - 1) / 2 for value in values]
