"""Days that are old become their month: whole months keep every figure, and what is gone is explained or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.vocabulary import CallOutcome, Dimension, Duty, Measure, ReportState, Stood
from shared.store.counts import count
from shared.store.schema import day_count, day_histogram, finished_call, hour_count
from shared.summary.brought_back import BroughtBack, bring_back
from shared.summary.close import close_day
from shared.summary.counts import counts_of, hours_counted
from shared.summary.export import Format, written
from shared.summary.hours import hour_profile
from shared.summary.internal import internal_sheet
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of
from shared.summary.release import external_sheet, external_since_launch
from shared.summary.removed import what_is_removed
from shared.summary.retention import (
    DaysRemoved,
    Kept,
    due_on,
    put_old_days_together,
    see_that_days_are_there,
    still_by_day,
    tombstones,
)
from shared.summary.since_launch import LINES, Launch, launched
from tests.support.exported import words_of

KEPT = Kept(months_by_day=14)
OCTOBER, LATER = of(Span.MONTH, date(2023, 10, 1)), date(2025, 1, 1)
DAYS = (date(2023, 9, 30), *(date(2023, 10, day) for day in (1, 14, 28, 29)), date(2023, 11, 2))


@pytest.fixture
def autumn(ledger: Any) -> Any:
    """A September with the first call, an October on whose 29th the clocks went back, and a November."""
    for number, day in enumerate(DAYS):
        for hour in (0, 1, 14):  # UTC; in the night of the 29th both of the first are one o'clock in London
            ledger.ended(
                day, datetime(day.year, day.month, day.day, hour, tzinfo=UTC), CallOutcome.ANSWERED, 10 + number
            )
        ledger.waited(day, 5, 5, 30 + number)
        ledger.waited(day, 200, measure=Measure.TALK)
        with ledger.store.begin() as tx:
            calls = 3 * (10 + number)
            counted = ((Dimension.MODE, "anonymous", calls), (Dimension.CATEGORY, "other", calls),
                       (Dimension.REPORT_STATE, ReportState.OURS, 7), (Dimension.TAKEN, "kent", 7),
                       (Dimension.DUTY, Duty.PEOPLE, 3), (Dimension.DUTY, Duty.AVAILABLE, 999),
                       (Dimension.STANDING, Stood.UNSENT, 4))  # fmt: skip
            for dimension, value, n in counted:
                count(tx, day_count, n, day=day, dimension=dimension, value=value)
            close_day(tx, day)
    return ledger


def remove(ledger: Any, today: date = LATER) -> list[date]:
    with ledger.store.begin() as tx:
        return put_old_days_together(tx, today, KEPT)


def internal(ledger: Any, period: Period) -> Any:
    with ledger.store.read() as tx:
        return internal_sheet(tx, period, LATER)


def test_a_month_s_days_go_once_so_many_whole_months_have_passed(autumn: Any) -> None:
    assert due_on(date(2023, 10, 14), KEPT) == date(2025, 1, 1)
    assert remove(autumn, date(2024, 12, 31)) == []
    assert remove(autumn) == [OCTOBER.first]
    assert remove(autumn) == []
    with autumn.store.read() as tx:
        days = {
            day for table in (hour_count, day_count, day_histogram) for day in tx.execute(select(table.c.day)).scalars()
        }
    assert days == {DAYS[0], OCTOBER.first, DAYS[-1]}


def test_the_month_of_the_launch_stays_by_the_day(autumn: Any) -> None:
    with autumn.store.read() as tx:
        by_first_call = list(still_by_day(tx, KEPT))
        by_launch = list(still_by_day(tx, Kept(14, launch=date(2023, 10, 14))))

    assert by_first_call == [date(2023, 10, 1), date(2023, 11, 1)]
    assert by_launch == [date(2023, 9, 1), date(2023, 11, 1)]


def test_every_count_wait_and_hour_of_the_clock_of_a_whole_month_stays(autumn: Any) -> None:
    def figures() -> Any:
        with autumn.store.read() as tx:
            counts, hours = counts_of(tx, OCTOBER), hours_counted(tx, OCTOBER)
        of_single_days = {"available", "occupancy", "utilisation", "unsent_then"}
        shown = {figure.id: figure.value(counts) for figure in MEASURES if figure.id not in of_single_days}
        return counts.total, counts.histograms, shown, [(each.of, each.calls) for each in hour_profile(hours)]

    before = figures()
    remove(autumn)

    assert figures() == before


def test_what_leaves_is_the_same_to_the_byte_after_the_days_are_gone(autumn: Any) -> None:
    def editions() -> list[bytes]:
        with autumn.store.read() as tx:
            sheets = [external_sheet(tx, OCTOBER, LATER), external_sheet(tx, of(Span.YEAR, date(2023, 1, 1)), LATER),
                      external_since_launch(tx, LATER)]  # fmt: skip
        return [written(sheet, form) for sheet in sheets for form in Format]

    before = editions()
    remove(autumn)

    assert editions() == before


def test_the_table_since_the_launch_is_the_same_and_refuses_a_last_day_within_such_a_month(autumn: Any) -> None:
    def table(last: date) -> dict[str, int]:
        with autumn.store.read() as tx:
            since = launched(tx, Launch("metropolitan"), last)
        return {line.id: line.value(since) for line in LINES}

    before = table(date(2023, 12, 31))
    remove(autumn)

    assert table(date(2023, 12, 31)) == before
    with pytest.raises(DaysRemoved, match="2023-10"):
        table(date(2023, 10, 14))


GONE = (
    of(Span.DAY, date(2023, 10, 14)),
    of(Span.DAY, date(2023, 10, 1)),
    of(Span.WEEK, date(2023, 10, 31)),
    between(date(2023, 10, 2), date(2023, 11, 30)),
)


def test_days_that_are_gone_are_refused_with_the_reason_and_never_shown_as_nothing(autumn: Any) -> None:
    remove(autumn)

    for period in GONE:
        with pytest.raises(DaysRemoved) as refused:
            internal(autumn, period)
        assert "Of 2023-10 there are no figures by the day: its 4 days were put together on 2025-01" in str(
            refused.value
        )
        assert str(refused.value).endswith("Ask for whole months.")


def test_a_sheet_says_what_it_has_no_longer(autumn: Any) -> None:
    remove(autumn)

    month, day = internal(autumn, OCTOBER).rows, internal(autumn, of(Span.DAY, date(2023, 11, 2))).rows

    [stone] = [row for row in month if row.section == "removed"]
    assert (stone.of, str(stone.value).split(":")[0]) == ("2023-10", "its 4 days were put together on 2025-01-01")
    assert not [row for row in month if row.section == "trend"]
    assert {row.of for row in day if row.section == "removed"} == {"2023-10"}
    assert {row.of for row in day if row.section == "trend"} == {"2023-11-01", "2023-11-02"}


@pytest.mark.parametrize("form", Format)
def test_every_format_says_in_words_why_a_month_put_together_has_figures_that_are_not_available(
    autumn: Any, form: Format
) -> None:
    before = " ".join(words_of(written(internal(autumn, OCTOBER), form), form).split())
    remove(autumn)

    after = " ".join(words_of(written(internal(autumn, OCTOBER), form), form).split())

    assert "there was nothing to divide by" in before
    assert "put together" not in before
    assert "nothing is kept by the day, hour or second" in after
    assert "once days are put together there are none" in after


def test_what_it_is_laid_beside_is_left_out_and_said_where_its_days_are_gone(autumn: Any) -> None:
    remove(autumn)

    shown = internal(autumn, of(Span.DAY, date(2023, 11, 1))).rows

    assert not [row for row in shown if row.figure == "before"]
    [why] = [row.value for row in shown if (row.section, row.of) == ("removed", "before")]
    assert "put together" in str(why)


def test_what_is_removed_is_listed_with_its_day(autumn: Any) -> None:
    with autumn.store.read() as tx:
        before = {one.what.split(",")[0]: one.stands for one in what_is_removed(tx, KEPT)}
    remove(autumn)
    with autumn.store.read() as tx:
        after = {one.what.split(",")[0]: one.stands for one in what_is_removed(tx, KEPT)}

    assert before["Figures by the day"] == "None so far; the next is 2023-10, on 2025-01-01"
    assert after["Figures by the day"] == "1 so far, the last 2023-10; the next is 2023-11, on 2025-02-01"
    assert before["Five words given to callers"] == "None there"
    assert before["Seconds in which people stood ready for a call"] == "6 there; the next goes on 2023-10-01"


def test_a_backup_brought_back_becomes_what_the_service_would_have_made_of_it_and_only_once(autumn: Any) -> None:
    late = date(2024, 12, 30)
    autumn.ended(late, datetime(2024, 12, 30, 14, tzinfo=UTC), CallOutcome.ANSWERED, 3)  # never closed
    with autumn.store.begin() as tx:
        count(tx, day_count, 4000, day=late, dimension=Dimension.DUTY, value=Duty.AVAILABLE)
    before = {period: shown(autumn, period) for period in (OCTOBER, of(Span.DAY, late))}

    with autumn.store.begin() as tx:
        first, second = (bring_back(tx, datetime(2025, 1, 1, 4, tzinfo=UTC), KEPT) for _ in range(2))

    assert first == BroughtBack(last=late, put_together=(OCTOBER.first,))
    assert second == BroughtBack(last=late, put_together=())
    assert {period: shown(autumn, period) for period in before} == before
    with autumn.store.read() as tx:
        assert tx.execute(select(finished_call)).all() == []
        assert tx.execute(select(day_count.c.n).where(day_count.c.day == late)).all() == []


def shown(ledger: Any, period: Period) -> Any:
    with ledger.store.read() as tx:
        counts = counts_of(tx, period)
    return counts.total, counts.histograms


def test_a_tombstone_is_only_of_months_that_a_period_touches(autumn: Any) -> None:
    remove(autumn)

    with autumn.store.read() as tx:
        see_that_days_are_there(tx, of(Span.DAY, OCTOBER.last + timedelta(days=1)))
        assert tombstones(tx, of(Span.MONTH, date(2023, 9, 1))) == ()
        assert [stone.days for stone in tombstones(tx, of(Span.YEAR, date(2023, 1, 1)))] == [4]


def test_a_year_with_a_month_put_together_does_not_tell_how_time_was_spent_in_the_others_as_if_it_were_all(
    autumn: Any,
) -> None:
    year = of(Span.YEAR, date(2023, 1, 1))
    with autumn.store.begin() as tx:
        for day in DAYS:
            count(tx, day_count, day=day, dimension=Dimension.DUTY, value=Duty.SETTLED)

    def days_told(period: Period) -> int:
        with autumn.store.read() as tx:
            return counts_of(tx, period).ready.days

    before = days_told(year), days_told(OCTOBER)
    remove(autumn)

    assert before == (6, 4)
    assert (days_told(year), days_told(OCTOBER), days_told(of(Span.MONTH, DAYS[-1]))) == (0, 0, 1)
