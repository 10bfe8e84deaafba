"""What of the ledger may leave the charity, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.domain.vocabulary import CallOutcome, Dimension
from shared.store.counts import count
from shared.store.schema import day_count
from shared.summary.close import close_day
from shared.summary.export import Format, written
from shared.summary.periods import Period, Span, between, of
from shared.summary.published import CALLS_IN_WORDS
from shared.summary.release import WITHHELD, NotForOutside, external_sheet, external_since_launch
from shared.summary.sheet import Row, Sheet
from tests.support.exported import words_of

AFTER = date(2026, 4, 1)
MARCH = of(Span.MONTH, date(2026, 3, 1))


def external(ledger, period: Period = MARCH, today: date = AFTER, launch: date | None = None) -> Sheet:
    with ledger.store.read() as tx:
        return external_sheet(tx, period, today, launch)


def since_launch(ledger, today: date = AFTER, launch: date | None = None) -> Sheet:
    with ledger.store.read() as tx:
        return external_since_launch(tx, today, launch)


def came(ledger, day: date, n: int, outcome: CallOutcome = CallOutcome.ANSWERED) -> None:
    ledger.ended(day, datetime(day.year, day.month, day.day, 14, tzinfo=UTC), outcome, n)
    with ledger.store.begin() as tx:
        for dimension, value in ((Dimension.MODE, "anonymous"), (Dimension.CATEGORY, "other")):
            count(tx, day_count, n, day=day, dimension=dimension, value=value)


def test_a_month_is_rounded_and_its_small_numbers_are_not_told(ledger) -> None:
    came(ledger, date(2026, 3, 10), 41)
    came(ledger, date(2026, 3, 12), 3, CallOutcome.LEFT_QUIETLY)

    rows = external(ledger).rows

    assert Row("outcome", "answered", "n", 40) in rows
    assert Row("outcome", "left_quietly", "n", "<5") in rows
    assert Row("outcome", "fault", "n", 0) in rows
    assert Row("calls", "month", "calls", 45) in rows
    assert Row("mode", "anonymous", "n", 45) in rows
    assert not [row for row in rows if row.value in (3, 41, 44)]


def test_no_line_of_a_month_has_the_tests_in_it(ledger) -> None:
    came(ledger, date(2026, 3, 10), 40)
    tests = datetime(2026, 3, 10, 15, tzinfo=UTC)
    ledger.ended(tests.date(), tests, CallOutcome.ANSWERED, 35)
    with ledger.store.begin() as tx:
        for value, n in (("report", 30), ("test", 35)):
            count(tx, day_count, n, day=tests.date(), dimension=Dimension.DISPOSITION, value=value)

    rows = external(ledger).rows

    shown = {(row.section, row.of): row.value for row in rows if row.section != "in_words"}
    assert shown["calls", "month"] == shown["outcome", "answered"] == shown["mode", "anonymous"] == 40
    assert (shown["disposition", "report"], shown["disposition", "not_said"]) == (30, 10)
    assert ("disposition", "test") not in shown
    assert {row.value for row in rows if row.of in ("calls", "answered") and row.section == "in_words"} == {
        CALLS_IN_WORDS,
        "calls that a handler answered, without those said to be a test",
    }


def test_a_month_with_few_calls_is_not_shown_by_anything(ledger) -> None:
    came(ledger, date(2026, 3, 10), 12)

    rows = external(ledger).rows

    assert Row("calls", "month", "calls", 10) in rows
    assert {row.value for row in rows if row.section in ("outcome", "mode", "category", "disposition")} == {WITHHELD}


def test_it_has_no_force_beside_a_month_and_nothing_but_forces_beside_a_year(ledger) -> None:
    came(ledger, date(2025, 3, 10), 60)
    with ledger.store.begin() as tx:
        for force, n in (("kent", 12), ("essex", 2)):
            count(tx, day_count, n, day=date(2025, 3, 10), dimension=Dimension.FORCE, value=force)

    year = external(ledger, of(Span.YEAR, date(2025, 1, 1))).rows
    month = external(ledger, of(Span.MONTH, date(2025, 3, 1))).rows

    assert {row.section for row in year} == {"force", "period", "in_words"}
    assert Row("force", "kent", "n", 10) in year
    assert Row("force", "essex", "n", "<5") in year
    assert "force" not in {row.section for row in month}
    assert not [row for row in (*year, *month) if row.section in ("hour", "seconds", "measure", "staffing")]


@pytest.mark.parametrize(
    "period",
    [of(Span.DAY, date(2026, 3, 1)), of(Span.WEEK, date(2026, 3, 3)), of(Span.QUARTER, date(2026, 1, 1)),
     between(date(2026, 3, 1), date(2026, 3, 31))],
    ids=lambda period: period.span.value,
)  # fmt: skip
def test_no_other_period_leaves(ledger, period: Period) -> None:
    with pytest.raises(NotForOutside):
        external(ledger, period)


@pytest.mark.parametrize("today", [date(2026, 3, 10), date(2026, 3, 31)])
def test_a_month_that_is_not_over_does_not_leave(ledger, today: date) -> None:
    with pytest.raises(NotForOutside):
        external(ledger, today=today)


def test_the_day_that_is_named_is_the_first_on_which_it_leaves(ledger) -> None:
    with pytest.raises(NotForOutside, match="of this month from 1 April 2026 on, not before"):
        external(ledger, today=date(2026, 3, 31))

    assert external(ledger, today=date(2026, 4, 1))


@pytest.mark.parametrize("span", [Span.DAY, Span.WEEK, Span.QUARTER])
def test_what_never_leaves_is_not_put_off_to_another_day(ledger, span: Span) -> None:
    with pytest.raises(NotForOutside, match="by the calendar month"):
        external(ledger, of(span, date(2026, 3, 10)), date(2026, 3, 10))


def test_a_month_waits_for_its_last_call_to_be_wrapped_up_so_that_it_never_changes(ledger) -> None:
    came(ledger, date(2026, 3, 10), 41)
    ledger.still_open(datetime(2026, 3, 31, 22, 59, tzinfo=UTC))

    with pytest.raises(NotForOutside, match="still open"):
        external(ledger)
    with pytest.raises(NotForOutside, match="still open"):
        since_launch(ledger)


@pytest.mark.parametrize("form", Format)
def test_it_is_the_same_bytes_today_and_a_year_later(ledger, form: Format) -> None:
    came(ledger, date(2026, 3, 10), 41)
    first, total = written(external(ledger), form), written(since_launch(ledger), form)
    with ledger.store.begin() as tx:
        close_day(tx, date(2026, 3, 10))
    came(ledger, date(2026, 4, 10), 99)

    assert written(external(ledger, today=date(2027, 3, 1)), form) == first
    assert written(since_launch(ledger, today=date(2026, 6, 30)), form) == total


def test_totals_since_launch_move_only_with_the_quarter(ledger) -> None:
    came(ledger, date(2026, 1, 31), 20)
    came(ledger, date(2026, 3, 31), 21)
    came(ledger, date(2026, 5, 1), 50)

    first, same, next_one = (since_launch(ledger, AFTER + timedelta(days=days)) for days in (0, 90, 91))

    assert first == same
    assert Row("since_launch", "calls", "value", 40) in first.rows
    assert Row("since_launch", "calls", "value", 90) in next_one.rows
    assert Row("since_launch", "frozen_on", "value", "2026-06-30") in next_one.rows


def test_before_a_quarter_is_over_there_is_no_total(ledger) -> None:
    with pytest.raises(NotForOutside):
        since_launch(ledger)
    came(ledger, date(2026, 3, 10), 41)
    with pytest.raises(NotForOutside):
        since_launch(ledger, date(2026, 3, 31))


def test_a_line_that_nobody_rang_since_its_launch_says_so_with_noughts(ledger) -> None:
    totals = since_launch(ledger, launch=date(2026, 1, 10))

    assert {row.value for row in totals.rows if row.of in ("calls", "taken") and row.section == "since_launch"} == {0}


def test_it_says_of_which_days_it_is_and_what_is_meant(ledger) -> None:
    came(ledger, date(2026, 3, 10), 41)

    month, launch = external(ledger).rows, since_launch(ledger).rows

    assert Row("period", "this", "first", "2026-03-01") in month
    assert Row("period", "this", "last", "2026-03-31") in month
    words = {row.of for row in month if row.section == "in_words"}
    assert {"calls", "taken_by_forces", *(outcome.value for outcome in CallOutcome)} <= words
    assert {row.of for row in launch if row.section == "in_words"} == {"calls", "taken"}


@pytest.mark.parametrize("form", Format)
def test_every_format_of_it_says_that_it_is_for_outside(ledger, form: Format) -> None:
    text = words_of(written(external(ledger), form), form)

    assert "EXTERNAL" in text
    assert "INTERNAL" not in text


def test_what_was_tried_before_the_launch_is_in_nothing_that_leaves(ledger) -> None:
    launch = date(2025, 12, 10)
    with ledger.store.begin() as tx:
        for day, n in ((date(2025, 11, 20), 50), (date(2025, 12, 9), 30), (launch, 20)):
            count(tx, day_count, n, day=day, dimension=Dimension.FORCE, value="kent")
    for day, n in ((date(2025, 11, 20), 100), (date(2025, 12, 9), 60), (launch, 40), (date(2026, 2, 3), 30)):
        came(ledger, day, n)

    month, year = (external(ledger, of(span, launch), launch=launch) for span in (Span.MONTH, Span.YEAR))
    totals = since_launch(ledger, launch=launch)

    assert Row("calls", "month", "calls", 40) in month.rows
    assert Row("force", "kent", "n", 20) in year.rows
    assert Row("since_launch", "calls", "value", 70) in totals.rows
    assert {sheet.rows[0].value for sheet in (month, year, totals)} == {"2025-12-10"}
    assert totals.title == "The line since its launch, from 10 December 2025 to 31 March 2026"
    with pytest.raises(NotForOutside, match="launched on 10 December 2025"):
        external(ledger, of(Span.MONTH, date(2025, 11, 1)), launch=launch)
