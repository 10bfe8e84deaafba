"""What became of reports, day by day, worked out by hand: counted as it happens, by London's day, on both databases.

Every step here is a day after the last, at 23:30 UTC. The clocks go forward on 29 March 2026, so the first step is on
the 28th of March and the second on the 30th, half an hour after midnight.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.domain.vocabulary import Dimension
from shared.store.counts import count
from shared.store.database import Store
from shared.store.schema import day_count
from shared.summary.counts import counts_of
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of
from shared.summary.standing import note_standing
from tests.launch.offices import FIRST_FORCE, KENT, Offices, open_offices
from tests.launch.written import Fate, OneReport

BEGINS = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
A_DAY = timedelta(days=1)
MARCH, APRIL = of(Span.MONTH, date(2026, 3, 1)), of(Span.MONTH, date(2026, 4, 1))


@pytest.fixture
def offices(store: Store) -> Offices:
    return open_offices(store, random.Random(1), BEGINS - A_DAY)


def lives(offices: Offices, fate: Fate, steps: int | None = None) -> None:
    """A report for Kent's unit, a step a day; one that is sent on was with the first force's before."""
    wrongly = (FIRST_FORCE, KENT, "metropolitan-psd")
    one = OneReport(offices, fate, *(wrongly if fate is Fate.SENT_ON else ("kent", KENT)))
    happens = [happens for _, happens in one.steps(BEGINS, BEGINS)]
    for number, happens_then in enumerate(happens[:steps]):
        happens_then(BEGINS + number * A_DAY)


def figures(offices: Offices, period: Period) -> dict[str, Any]:
    with offices.store.read() as tx:
        counts = counts_of(tx, period)
    return {figure.id: figure.value(counts) for figure in MEASURES}


def days_of(offices: Offices, figure: str) -> list[int]:
    """The days on which a figure is not nought, from 28 March on, as if March went on for ever."""
    first = date(2026, 3, 28)
    days = [first + number * A_DAY for number in range(15)]
    return [28 + number for number, day in enumerate(days) if figures(offices, of(Span.DAY, day))[figure]]


def test_a_report_that_is_returned_is_handed_in_twice_and_the_first_day_keeps_its_figure(offices: Offices) -> None:
    lives(offices, Fate.REVISED)

    days = {each: days_of(offices, each) for each in ("drafted", "submitted", "returned", "released", "delivered")}

    assert days == {"drafted": [28], "submitted": [30, 32], "returned": [31], "released": [33], "delivered": [34]}
    assert days_of(offices, "ours") == [36]
    assert (figures(offices, MARCH)["submitted"], figures(offices, APRIL)["submitted"]) == (1, 1)


def test_a_report_that_is_sent_on_is_released_once_and_is_taken_by_the_second(offices: Offices) -> None:
    lives(offices, Fate.SENT_ON)

    days = {each: days_of(offices, each) for each in ("released", "delivered", "not_ours", "rerouted", "ours")}

    assert days == {"released": [31], "delivered": [32, 37], "not_ours": [34], "rerouted": [36], "ours": [39]}
    assert (figures(offices, MARCH)["released"], figures(offices, APRIL)["released"]) == (1, 0)
    with offices.store.read() as tx:
        taken = counts_of(tx, APRIL).counts[Dimension.TAKEN]
    assert {force: n for force, n in taken.items() if n} == {"kent": 1}
    assert taken[FIRST_FORCE] == 0


ON_THE_WAY = (
    Fate.HELD_FIRST, Fate.DUPLICATE, Fate.WITHDRAWN_UNSENT, Fate.WITHDRAWN_LATER, Fate.FAILED_FIRST, Fate.PARKED,
)  # fmt: skip


def test_what_happens_on_the_way_is_counted_on_its_day(offices: Offices) -> None:
    for fate in ON_THE_WAY:
        lives(offices, fate)

    days = {each: days_of(offices, each) for each in ("held", "rejected", "withdrawn", "failed", "parked")}

    assert days == {"held": [31], "rejected": [32], "withdrawn": [31, 35], "failed": [32], "parked": [32]}


def test_with_no_reports_and_no_calls_there_is_no_ratio_of_them(offices: Offices) -> None:
    lives(offices, Fate.TAKEN)

    assert figures(offices, MARCH)["released"] == 1
    assert figures(offices, MARCH)["conversion"] is None


def test_how_reports_stood_is_noted_once_when_the_day_is_closed_and_never_added_up(offices: Offices) -> None:
    for fate, steps in ((Fate.HELD, None), (Fate.IN_REVIEW, None), (Fate.PARKED, None), (Fate.TAKEN, 3)):
        lives(offices, fate, steps)
    looked = [_notes(offices, datetime(2026, 4, 3, hour, 30, tzinfo=UTC)) for hour in (1, 2, 9)]
    second = _notes(offices, datetime(2026, 4, 4, 2, 30, tzinfo=UTC))

    friday, month = figures(offices, of(Span.DAY, date(2026, 4, 3))), figures(offices, between(MARCH.first, second))
    month_without = figures(offices, APRIL)

    assert (looked, second) == ([date(2026, 4, 1), date(2026, 4, 2), None], date(2026, 4, 3))
    then = {name: friday[name] for name in ("in_review_then", "held_then", "unsent_then", "parked_then")}
    assert then == {"in_review_then": 1, "held_then": 1, "unsent_then": 2, "parked_then": 1}
    assert friday["oldest_unsent"] == 3  # released on 31 March, looked at for 3 April
    assert {name: month[name] for name in then} == then
    assert month_without["unsent_then"] is None  # nobody has looked on the last of April yet


def test_where_everything_was_sent_nothing_is_the_oldest(offices: Offices) -> None:
    lives(offices, Fate.TAKEN)
    _notes(offices, datetime(2026, 4, 10, 2, 30, tzinfo=UTC))

    shown = figures(offices, of(Span.DAY, date(2026, 4, 9)))

    assert (shown["unsent_then"], shown["oldest_unsent"]) == (0, None)


def test_whatever_happens_to_reports_later_a_day_s_sheet_stays_the_same_to_the_byte(offices: Offices) -> None:
    lives(offices, Fate.SENT_ON, steps=3)
    lives(offices, Fate.REVISED, steps=2)
    day = of(Span.DAY, date(2026, 3, 30))
    with offices.store.read() as tx:
        before = written(internal_sheet(tx, day, date(2026, 6, 1)), Format.CSV)

    lives(offices, Fate.TAKEN, steps=1)
    with offices.store.begin() as tx:
        count(tx, day_count, day=date(2026, 4, 1), dimension=Dimension.MODE, value="anonymous")
    with offices.store.read() as tx:
        after = written(internal_sheet(tx, day, date(2026, 6, 1)), Format.CSV)

    assert after == before


def _notes(offices: Offices, now: datetime) -> date | None:
    with offices.store.begin() as tx:
        return note_standing(tx, now)
