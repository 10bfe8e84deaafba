"""Seconds in which anybody stood ready, added up by the London day and by nothing else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.domain.live_presence import settle_the_day
from shared.domain.on_duty import by_day
from shared.domain.vocabulary import Dimension, Duty, Measure, PresenceState
from shared.store.counts import count
from shared.store.schema import day_count, day_histogram, presence
from shared.summary.counts import counts_of
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of

TODAY = date(2026, 3, 10)


def duty(line: Any, of_what: Duty) -> dict[date, int]:
    rows = [row for row in line.rows(day_count) if row["dimension"] is Dimension.DUTY]
    return {row["day"]: row["n"] for row in rows if row["value"] == of_what.value}


def on_duty(line: Any, *names: str) -> list[str]:
    return [line.available(name) for name in names]


def go(line: Any, people: Sequence[str]) -> None:
    for each in people:
        line.is_now(each, PresenceState.OFFLINE)


def figures(line: Any, period: Period) -> dict[str, Any]:
    with line.store.read() as tx:
        counts = counts_of(tx, period)
    wanted = ("available", "occupancy", "utilisation")
    return {figure.id: figure.value(counts) for figure in MEASURES if figure.id in wanted}


def test_everybody_s_seconds_are_one_number_and_everybody_is_one_more_person(line: Any) -> None:
    asha, bryn = on_duty(line, "Asha", "Bryn")
    line.clock.advance(1800)
    line.is_now(asha, PresenceState.BREAK)
    line.clock.advance(30)
    go(line, [bryn])

    assert duty(line, Duty.AVAILABLE) == {TODAY: 1800 + 1800 + 30}
    assert duty(line, Duty.PEOPLE) == {TODAY: 2}


def test_saying_again_that_one_is_available_counts_nothing_twice(line: Any) -> None:
    [asha] = on_duty(line, "Asha")
    line.clock.advance(1860)
    line.is_now(asha, PresenceState.AVAILABLE)
    line.clock.advance(40)
    line.is_now(asha, PresenceState.OFFLINE)
    line.clock.advance(3600)
    line.is_now(asha, PresenceState.AVAILABLE)
    line.clock.advance(2000)
    line.is_now(asha, PresenceState.BREAK)

    assert duty(line, Duty.AVAILABLE) == {TODAY: 1900 + 2000}
    assert duty(line, Duty.PEOPLE) == {TODAY: 1}


def test_a_night_is_parted_at_london_s_midnight() -> None:
    # Summer time began on 29 March 2026 at 01:00 UTC: midnight before it is 00:00 UTC, after it 23:00 UTC.
    since, until = datetime(2026, 3, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, 5, tzinfo=UTC)

    assert list(by_day(since, until)) == [
        (date(2026, 3, 28), 60),
        (date(2026, 3, 29), 23 * 3600),
        (date(2026, 3, 30), 5),
    ]
    assert list(by_day(since, since - timedelta(hours=1))) == []


def test_who_is_ready_over_midnight_is_counted_to_the_day_that_is_over_before_it_is_closed(line: Any) -> None:
    people = on_duty(line, "Asha", "Bryn", "Chloe")
    until_midnight = int((datetime(2026, 3, 11, tzinfo=UTC) - line.now).total_seconds())
    line.clock.advance(until_midnight + 300)
    line.do(settle_the_day, line.now)
    line.do(settle_the_day, line.now)
    before = figures(line, of(Span.DAY, TODAY))
    line.clock.advance(7 * 3600)
    go(line, people)

    assert duty(line, Duty.AVAILABLE) == {TODAY: 3 * until_midnight, date(2026, 3, 11): 3 * (300 + 7 * 3600)}
    assert duty(line, Duty.PEOPLE) == {TODAY: 3, date(2026, 3, 11): 3}
    assert before["available"] == 3 * until_midnight
    assert figures(line, of(Span.DAY, TODAY)) == before


def test_what_was_forgotten_for_days_counts_nothing_more(line: Any) -> None:
    people = on_duty(line, "Asha", "Bryn", "Chloe")
    line.clock.advance(3 * 86400)
    line.do(settle_the_day, line.now)
    go(line, people)

    assert duty(line, Duty.AVAILABLE) == {}


@pytest.mark.parametrize(("names", "known"), [(("Asha", "Bryn"), False), (("Asha", "Bryn", "Chloe"), True)])
def test_of_a_day_with_few_people_neither_figure_nor_row_is_left(
    line: Any, names: tuple[str, ...], known: bool
) -> None:
    people = on_duty(line, *names)
    line.clock.advance(1800)
    go(line, people)
    with line.store.begin() as tx:
        count(tx, day_histogram, day=TODAY, measure=Measure.TALK, seconds=450)
        count(tx, day_histogram, day=TODAY, measure=Measure.HOLD, seconds=90)
        count(tx, day_histogram, day=TODAY, measure=Measure.WRAP_UP, seconds=60)
    line.clock.advance(86400)
    line.do(settle_the_day, line.now)

    shown = figures(line, between(TODAY, TODAY + timedelta(days=1)))

    assert duty(line, Duty.PEOPLE) == {TODAY: len(names)}
    assert duty(line, Duty.AVAILABLE) == ({TODAY: 5400} if known else {})
    assert shown["available"] == (5400 if known else None)
    assert shown["occupancy"] == (100 * 600 / 6000 if known else None)
    assert shown["utilisation"] == (100 * 540 / 6000 if known else None)


def test_a_service_that_was_away_for_months_forgets_the_seconds_of_few_and_settles_the_others(line: Any) -> None:
    go_after = 1800
    for names in (("Asha", "Bryn", "Chloe"), ("Dilys", "Elin")):
        people = on_duty(line, *names)
        line.clock.advance(go_after)
        go(line, people)
        line.clock.advance(86400 - go_after)
    line.clock.advance(100 * 86400)

    line.do(settle_the_day, line.now)

    assert duty(line, Duty.AVAILABLE) == {TODAY: 3 * go_after}
    assert duty(line, Duty.SETTLED) == {TODAY: 1}
    assert duty(line, Duty.PEOPLE) == {TODAY: 3, TODAY + timedelta(days=1): 2}


def test_a_day_with_few_people_is_in_no_ratio_of_a_longer_period(line: Any) -> None:
    people = on_duty(line, "Asha", "Bryn", "Chloe")
    line.clock.advance(1800)
    go(line, people)
    with line.store.begin() as tx:
        count(tx, day_histogram, day=TODAY, measure=Measure.TALK, seconds=1800)
        count(tx, day_histogram, day=TODAY + timedelta(days=1), measure=Measure.TALK, seconds=9999)
    line.clock.advance(86400)
    line.is_now(people[0], PresenceState.AVAILABLE)
    line.clock.advance(5000)
    go(line, people[:1])
    line.clock.advance(86400)
    line.do(settle_the_day, line.now)

    both = figures(line, between(TODAY, TODAY + timedelta(days=1)))

    assert both == figures(line, of(Span.DAY, TODAY))
    assert both["occupancy"] == 25


def test_only_when_somebody_was_last_counted_is_known_of_them(line: Any) -> None:
    [asha] = on_duty(line, "Asha")
    line.clock.advance(60)
    go(line, [asha])

    assert [(row["counted_to"], row["ready_on"]) for row in line.rows(presence)] == [(line.now, None)]


def test_two_looks_at_a_day_that_goes_on_do_not_tell_whose_seconds_came_between(line: Any) -> None:
    people = on_duty(line, "Asha", "Bryn", "Chloe", "Dilys")
    line.clock.advance(1800)
    go(line, people[:3])
    looks = [figures(line, of(Span.DAY, TODAY))["available"]]
    line.clock.advance(3600)
    go(line, people[3:])
    looks.append(figures(line, of(Span.DAY, TODAY))["available"])
    line.clock.advance(86400)
    looks.append(figures(line, of(Span.DAY, TODAY))["available"])  # over, and nobody has settled it yet
    line.do(settle_the_day, line.now)

    assert looks == [None, None, None]
    assert figures(line, of(Span.DAY, TODAY))["available"] == 4 * 1800 + 3600


def test_who_pressed_available_for_a_moment_hides_nobody(line: Any) -> None:
    people = on_duty(line, "Asha", "Bryn", "Chloe")
    line.clock.advance(1)
    go(line, people[1:])
    line.clock.advance(8 * 3600)
    go(line, people[:1])
    line.clock.advance(86400)
    line.do(settle_the_day, line.now)

    assert duty(line, Duty.PEOPLE) == {TODAY: 1}
    assert duty(line, Duty.AVAILABLE) == {}
