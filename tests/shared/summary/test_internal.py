"""The internal edition: what is in it, beside what, and that every format says the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from shared.domain.vocabulary import CallOutcome, Dimension, Measure, WelshCall
from shared.store.counts import count
from shared.store.schema import year_count
from shared.summary.close import close_day
from shared.summary.counts import hours_of
from shared.summary.erlang import WHY_NO_A
from shared.summary.export import Format, as_csv, as_json, as_text, cell, written
from shared.summary.internal import internal_sheet, sheet_of
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of
from shared.summary.sheet import Edition, Row, Sheet, value_of
from tests.support.counts import calls, made
from tests.support.exported import words_of

DAY = date(2026, 3, 10)
SPANS = [of(span, DAY) for span in Span if span is not Span.PERIOD] + [between(DAY, date(2026, 3, 12))]


TODAY = date(2026, 12, 1)


def sheet(store, period: Period, today: date = TODAY) -> Sheet:
    with store.read() as tx:
        return internal_sheet(tx, period, today)


def csv_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def a_sheet() -> Sheet:
    counts = made(
        calls(offered=7, answered=4, abandoned_in_queue=3),
        {Measure.WAIT_ANSWERED: (3, 20, 21, 36), Measure.WAIT_ABANDONED: (4, 5, 61), Measure.TALK: (600,) * 4},
        {Dimension.FORCE: {"kent": 2}},
    )
    hours = dict.fromkeys(hours_of(counts.period), calls())
    hours[datetime(2026, 3, 10, 14, tzinfo=UTC)] = counts.total
    return sheet_of(counts, hours, {"before": made(), "a_year_ago": made(calls(offered=1, answered=1))})


def test_it_says_that_it_is_internal_before_anything_else() -> None:
    made_of = a_sheet()

    assert "INTERNAL" in csv_rows(as_csv(made_of))[1][3]
    assert "INTERNAL" in json.loads(as_json(made_of))["marking"]
    assert "INTERNAL" in as_text(made_of).splitlines()[1]


def test_every_measure_stands_beside_its_formula_what_was_before_and_a_year_ago() -> None:
    rows = {row[:3]: row.value for row in a_sheet().rows}

    for figure in MEASURES:
        assert rows["measure", figure.id, "formula"] == figure.formula
    assert str(rows["measure", "service_level", "value"]) == "33.3"  # 2 / (4 + 3 - 1)
    assert rows["measure", "service_level", "before"] == "n/a"
    assert rows["measure", "answered", "a_year_ago"] == 1


def test_every_format_has_the_same_figures() -> None:
    made_of = a_sheet()

    of_csv = [tuple(row) for row in csv_rows(as_csv(made_of))[2:]]
    of_json = [
        (section, of_what, figure, str(value))
        for section, table in json.loads(as_json(made_of))["sections"].items()
        for of_what, figures in table.items()
        for figure, value in figures.items()
    ]

    assert sorted(of_csv) == sorted(of_json)
    assert sorted(of_csv) == sorted((*row[:3], str(row.value)) for row in made_of.rows)
    text = as_text(made_of)
    for row in made_of.rows:
        if row.section == "measure" and row.figure == "value":
            label = next(figure.label for figure in MEASURES if figure.id == row.of)
            (line,) = (line for line in text.splitlines() if line.startswith(f"  {label} ("))
            assert line.split(")")[1].split()[0] == str(row.value)


@pytest.mark.parametrize("form", Format)
def test_the_same_figures_are_the_same_bytes(form: Format) -> None:
    assert written(a_sheet(), form) == written(a_sheet(), form)


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("period", SPANS, ids=lambda period: period.span.value)
def test_any_period_of_an_empty_line_can_be_written(sqlite_store, period: Period, form: Format) -> None:
    text = words_of(written(sheet(sqlite_store, period), form), form)

    assert "n/a" in text
    assert str(period.first.year) in text
    assert text.endswith("\n") or not form.is_text


def test_no_row_is_there_twice_on_the_day_with_an_hour_that_comes_twice(ledger) -> None:
    day = date(2026, 10, 25)
    ledger.ended(day, datetime(2026, 10, 25, 0, tzinfo=UTC), CallOutcome.ANSWERED, 2)
    ledger.ended(day, datetime(2026, 10, 25, 1, tzinfo=UTC), CallOutcome.ANSWERED, 3)

    rows = sheet(ledger.store, of(Span.DAY, day)).rows

    named = [row[:3] for row in rows]
    assert len(set(named)) == len(named)
    assert Row("hour", "01:00 BST", "arrived", 2) in rows
    assert Row("hour", "01:00 GMT", "arrived", 3) in rows


def test_the_day_that_loses_an_hour_has_23_and_no_call_at_one_o_clock(ledger) -> None:
    day = date(2026, 3, 29)
    ledger.ended(day, datetime(2026, 3, 29, 0, tzinfo=UTC), CallOutcome.ANSWERED, 2)
    ledger.ended(day, datetime(2026, 3, 29, 1, tzinfo=UTC), CallOutcome.ANSWERED, 3)  # two o'clock in summer time
    ledger.ended(day, datetime(2026, 3, 29, 22, tzinfo=UTC), CallOutcome.ANSWERED, 1)  # its last hour

    rows = sheet(ledger.store, of(Span.DAY, day)).rows

    hours = [row for row in rows if row.section == "hour" and row.figure == "arrived"]
    assert len(hours) == 23
    assert [(row.of, row.value) for row in hours if row.value] == [("00:00 GMT", 2), ("02:00 BST", 3), ("23:00 BST", 1)]
    assert Row("calls", "day", "arrived", 6) in rows


def test_a_month_s_hours_say_how_often_they_came(ledger) -> None:
    ledger.ended(date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC), CallOutcome.ANSWERED, 2)
    ledger.ended(date(2026, 10, 25), datetime(2026, 10, 25, 1, tzinfo=UTC), CallOutcome.ANSWERED, 3)

    rows = sheet(ledger.store, of(Span.MONTH, date(2026, 10, 1))).rows

    assert Row("hour", "01:00", "times", 32) in rows
    assert Row("hour", "02:00", "times", 31) in rows
    assert Row("hour", "01:00", "arrived", 5) in rows


def test_closing_a_day_changes_nothing_in_it_but_that_it_is_closed(ledger) -> None:
    ledger.ended(DAY, datetime(2026, 3, 10, 14, tzinfo=UTC), CallOutcome.ANSWERED, 3)
    before = sheet(ledger.store, of(Span.DAY, DAY)).rows
    with ledger.store.begin() as tx:
        close_day(tx, DAY)

    after = sheet(ledger.store, of(Span.DAY, DAY)).rows

    changed = {row[:3] for row in set(before) ^ set(after)}
    assert changed <= {
        ("day", "2026-03-10", "closed"), ("period", "this", "closed_days")
    }  # fmt: skip


def test_a_call_that_comes_late_revises_its_day_and_says_what_changed(ledger) -> None:
    at = datetime(2026, 3, 10, 14, tzinfo=UTC)
    ledger.ended(DAY, at, CallOutcome.ANSWERED, 3)
    late = [(CallOutcome.ANSWERED, 1), (CallOutcome.FAULT, 2)]
    with ledger.store.begin() as tx:
        close_day(tx, DAY)
    for outcome, n in late:
        ledger.ended(DAY, at, outcome, n)
        with ledger.store.begin() as tx:
            close_day(tx, DAY)
            close_day(tx, DAY)  # with nothing new, it is no new revision

    day, week = (sheet(ledger.store, of(span, DAY)).rows for span in (Span.DAY, Span.WEEK))

    for rows in (day, week):
        assert Row("period", "this", "revisions", 2) in rows
        assert Row("came_late", "2026-03-10_revision_2", "answered", 1) in rows
        assert Row("came_late", "2026-03-10_revision_3", "fault", 2) in rows
    assert Row("calls", "day", "answered", 4) in day
    assert not [row for row in sheet(ledger.store, of(Span.DAY, date(2026, 3, 11))).rows if row.section == "came_late"]


def test_calls_in_welsh_are_told_by_the_year_once_it_is_over_and_never_sooner(ledger) -> None:
    with ledger.store.begin() as tx:
        count(tx, year_count, 3, year=2026, became=WelshCall.OFFERED)
        count(tx, year_count, 2, year=2026, became=WelshCall.ANSWERED_IN_WELSH)

    over = sheet(ledger.store, of(Span.YEAR, DAY), date(2027, 1, 1)).rows
    others = [sheet(ledger.store, of(span, DAY), date(2027, 1, 1)).rows for span in Span if span is not Span.YEAR]
    not_over = sheet(ledger.store, of(Span.YEAR, DAY), date(2026, 12, 31)).rows

    assert Row("welsh", "welsh_offered", "n", 3) in over
    assert Row("welsh", "welsh_answered_in_welsh", "n", 2) in over
    assert not [row for rows in (not_over, *others) for row in rows if row.section == "welsh"]


def test_the_lines_that_others_read_stay_as_they_are(ledger) -> None:
    ledger.ended(DAY, datetime(2026, 3, 10, 14, tzinfo=UTC), CallOutcome.ANSWERED)

    lines = as_csv(sheet(ledger.store, of(Span.DAY, DAY))).splitlines()

    assert lines[0] == "section,of,figure,value"
    assert "calls,day,answered,1" in lines
    assert "day,2026-03-10,closed,no" in lines
    assert "seconds,wait_answered,percentile_95,n/a" in lines


def test_every_row_has_four_cells_and_no_cell_starts_a_formula() -> None:
    rows = csv_rows(as_csv(a_sheet()))

    assert {len(row) for row in rows} == {4}
    assert not [text for row in rows for text in row if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_be_a_formula_becomes_text(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert as_csv(Sheet(Edition.INTERNAL, "", "", (Row("a", "b", "c", f"{start}1"),))).count(f"'{start}1") == 1


@pytest.mark.parametrize(("exact", "shown"), [(None, "n/a"), (7, "7"), (0.25, "0.3"), (100.0, "100.0")])
def test_what_lies_between_whole_numbers_has_one_decimal(exact: float | None, shown: str) -> None:
    assert str(value_of(exact)) == shown


def test_staffing_says_why_one_way_of_reckoning_misleads() -> None:
    rows = {row[:3]: row.value for row in a_sheet().rows}

    assert "hangs up" in str(rows["demand", "which_to_go_by", "value"])
    assert {"c_waits_percent", "c_mean_wait_s", "a_waits_percent", "a_abandons_percent", "a_mean_wait_s"} <= {
        figure for section, of_what, figure in rows if section == "staffing" and of_what == "handlers_1"
    }


def test_where_nobody_left_the_queue_it_says_why_there_is_no_erlang_a() -> None:
    counts = made(calls(offered=4, answered=4), {Measure.WAIT_ANSWERED: (3,) * 4, Measure.TALK: (600,) * 4})
    hours = dict.fromkeys(hours_of(counts.period), calls())
    hours[datetime(2026, 3, 10, 14, tzinfo=UTC)] = counts.total

    rows = {row[:3]: row.value for row in sheet_of(counts, hours, {}).rows}

    assert rows["staffing", "handlers_1", "a_mean_wait_s"] == "n/a"
    assert rows["demand", "without_patience", "value"] == WHY_NO_A
    assert ("demand", "without_patience", "value") not in {row[:3] for row in a_sheet().rows}


def test_where_a_period_is_laid_beside_one_before_the_line_began_it_says_so(ledger) -> None:
    for day in (date(2026, 1, 20), DAY):
        ledger.ended(day, datetime(day.year, day.month, day.day, 14, tzinfo=UTC), CallOutcome.ANSWERED)

    quarter = sheet(ledger.store, of(Span.QUARTER, date(2026, 4, 1))).rows
    week = sheet(ledger.store, of(Span.WEEK, DAY)).rows

    of_quarter, of_week = ([(row.of, row.value) for row in rows if row.section == "began"] for rows in (quarter, week))
    assert of_quarter == [
        ("before", "the line began on 20 January 2026: it was there for a part of this only"),
        ("a_year_ago", "the line began on 20 January 2026: it was not there yet"),
    ]
    assert of_week == [("a_year_ago", "the line began on 20 January 2026: it was not there yet")]
