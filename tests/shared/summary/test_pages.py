"""Workbooks and printed pages have the sheet's figures, no formula, and no more pages than one would hand on."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Channel,
    Dimension,
    Disposition,
    Measure,
    ReportState,
    Stood,
    WelshCall,
)
from shared.store.counts import count
from shared.store.database import Store
from shared.store.schema import day_count, year_count
from shared.summary.close import came_late, close_day
from shared.summary.counts import values_of
from shared.summary.export import Format, written
from shared.summary.in_words import PARTS
from shared.summary.internal import internal_sheet
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of
from shared.summary.release import external_sheet
from shared.summary.sheet import Edition, Row, Sheet
from tests.support.exported import words_of

DAY = date(2026, 3, 10)
TODAY = date(2026, 12, 1)
SPANS = [of(span, DAY) for span in Span if span is not Span.PERIOD] + [between(DAY, date(2026, 3, 12))]


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """A sheet is the same from either database; what is looked at here is how it is written."""
    return sqlite_store


@pytest.fixture
def busy(ledger):
    """A day on which everything came to something."""
    for hour in range(24):
        for outcome in CallOutcome:
            ledger.ended(DAY, datetime(2026, 3, 10, hour, tzinfo=UTC), outcome, 3)
    ledger.waited(DAY, *range(120))
    with ledger.store.begin() as tx:
        for dimension, values in ((Dimension.CATEGORY, Category), (Dimension.DISPOSITION, Disposition)):
            for value in values:
                count(tx, day_count, 7, day=DAY, dimension=dimension, value=value.value)
        for force in ("kent", "gwent", "dyfed-powys", "police-scotland", "northern-ireland", "civil-nuclear"):
            count(tx, day_count, 11, day=DAY, dimension=Dimension.FORCE, value=force)
    return ledger.store


def sheet(store, period: Period) -> Sheet:
    with store.read() as tx:
        return internal_sheet(tx, period, TODAY)


def test_a_workbook_has_every_figure_and_its_numbers_are_numbers(busy) -> None:
    made_of = sheet(busy, of(Span.MONTH, DAY))

    book = load_workbook(io.BytesIO(written(made_of, Format.XLSX)))

    for row in made_of.rows:
        page = book[row.section]
        names = [str(cell.value or "").replace(" ", "_") for cell in page[1]]
        (line,) = (cells for cells in page.iter_rows(min_row=2) if str(cells[0].value) == row.of)
        held = line[names.index(row.figure)].value
        assert held == (float(row.value) if isinstance(row.value, Decimal) else row.value)
    assert not any(cell.data_type == "f" for page in book for line in page.iter_rows() for cell in line)


def test_no_cell_of_a_workbook_begins_a_formula() -> None:
    sly = Sheet(Edition.INTERNAL, "=1+1", "@it", (Row("calls", "=cmd|'/c calc'!A0", "+n", "=HYPERLINK(1)"),))

    book = load_workbook(io.BytesIO(written(sly, Format.XLSX)))

    assert {cell.data_type for page in book for line in page.iter_rows() for cell in line if cell.value} == {"s"}


@pytest.mark.parametrize("period", SPANS, ids=lambda period: period.span.value)
def test_the_internal_edition_is_two_pages_with_every_measure_and_formula(busy, period: Period) -> None:
    made_of = sheet(busy, period)

    printed = written(made_of, Format.PDF)

    words = " ".join(words_of(printed, Format.PDF).split())
    assert len(PdfReader(io.BytesIO(printed)).pages) == 2
    for figure in MEASURES:
        assert figure.label in words
        assert figure.formula[:40] in words
    for row in made_of.rows:
        if row.section == "measure" and row.figure in ("value", "before", "a_year_ago"):
            assert str(row.value) in words


@pytest.mark.parametrize("form", Format)
def test_every_format_has_the_number_of_everything_that_is_counted_by_itself(ledger, form: Format) -> None:
    year, n = of(Span.YEAR, DAY), 1000
    with ledger.store.begin() as tx:
        for dimension in set(Dimension) - {Dimension.DUTY, Dimension.STANDING}:
            for value in values_of(dimension):
                n += 1
                count(tx, day_count, n, day=DAY, dimension=dimension, value=value)
        for became in WelshCall:
            n += 1
            count(tx, year_count, n, year=DAY.year, became=became)
    with ledger.store.read() as tx:
        made_of = internal_sheet(tx, year, date(2027, 1, 1))

    words = set(re.findall(r"[0-9]+", words_of(written(made_of, form), form)))

    counted = {row.section: str(row.value) for row in made_of.rows if row.figure == "n" and row.section != "seconds"}
    missing = [row for row in made_of.rows if row.section in counted and str(row.value) not in words]
    assert len(counted) == 11
    assert missing == []


@pytest.mark.parametrize("form", Format)
def test_every_format_says_what_each_of_them_counts_or_names_it(ledger, form: Format) -> None:
    with ledger.store.begin() as tx:
        count(tx, day_count, 7, day=date(2025, 12, 31), dimension=Dimension.STANDING, value=Stood.HELD)
    ledger.ended(date(2025, 3, 10), datetime(2025, 3, 10, 14, tzinfo=UTC), CallOutcome.ANSWERED, 3)
    ledger.waited(date(2025, 3, 10), 200, measure=Measure.TALK)
    made_of = sheet(ledger.store, of(Span.YEAR, date(2025, 3, 10)))

    words = " ".join(words_of(written(made_of, form), form).split())

    assert {row.section for row in made_of.rows} >= set(PARTS)
    for said in PARTS.values():
        assert said in words


def test_where_reports_stood_is_drawn_of_the_last_day_and_only_where_somebody_looked(ledger) -> None:
    def words() -> str:
        return " ".join(words_of(written(sheet(ledger.store, of(Span.DAY, DAY)), Format.PDF), Format.PDF).split())

    before = words()
    with ledger.store.begin() as tx:
        for how, n in ((Stood.IN_REVIEW, 31), (Stood.HELD, 32), (Stood.UNSENT, 34), (Stood.PARKED, 33)):
            count(tx, day_count, n, day=DAY, dimension=Dimension.STANDING, value=how)

    assert "Where reports stood" not in before
    assert "stood when the last day was closed in review 31 held 32 not sent yet 34 of those, put aside 33" in words()


def test_the_hour_that_comes_twice_is_told_apart_below_its_bars(ledger) -> None:
    def words(day: date) -> str:
        return words_of(written(sheet(ledger.store, of(Span.DAY, day)), Format.PDF), Format.PDF)

    for hour in ("01:00 BST", "01:00 GMT"):
        assert hour in words(date(2026, 10, 25))
        assert hour not in words(date(2026, 10, 24))


def test_pages_say_what_they_are_to_whoever_hears_them_read(busy) -> None:
    printed = PdfReader(io.BytesIO(written(sheet(busy, of(Span.DAY, DAY)), Format.PDF)))

    assert printed.metadata.title == "The line on Tuesday 10 March 2026"
    assert "INTERNAL" in printed.metadata.subject
    assert printed.trailer["/Root"]["/Lang"] == "en-GB"


def test_pages_say_what_happened_to_reports_and_not_that_they_stand_so(busy) -> None:
    with busy.begin() as tx:
        for state, n in ((ReportState.IN_REVIEW, 31), (ReportState.RELEASED, 29)):
            count(tx, day_count, n, day=DAY, dimension=Dimension.REPORT_STATE, value=state.value)

    words = words_of(written(sheet(busy, of(Span.MONTH, DAY)), Format.PDF), Format.PDF)

    assert "What happened to reports" in words
    assert "handed in\n31" in words
    assert "stand" not in words.split("Every figure")[0]


def test_a_month_in_which_something_came_late_each_day_is_still_large_enough_to_read(busy) -> None:
    def smallest() -> float:
        sizes: list[float] = []
        page = PdfReader(io.BytesIO(written(sheet(busy, of(Span.MONTH, DAY)), Format.PDF))).pages[1]
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: sizes.append(size * cm[3]) if text.strip() else 0
        )
        return min(sizes)

    before = smallest()
    with busy.begin() as tx:
        for day in range(1, 32):
            close_day(tx, date(2026, 3, day))
            came_late(tx, date(2026, 3, day), Channel.ONLINE.value, 3)

    words = " ".join(words_of(written(sheet(busy, of(Span.MONTH, DAY)), Format.PDF), Format.PDF).split())
    assert smallest() > 0.9 * before
    assert "in 31 revisions of days, all together: online 93" in words


@pytest.mark.parametrize("span", [Span.MONTH, Span.YEAR])
def test_the_edition_for_outside_is_a_page_with_the_forces_names(busy, span: Span) -> None:
    with busy.read() as tx:
        printed = written(external_sheet(tx, of(span, DAY), date(2027, 1, 1)), Format.PDF)

    words = words_of(printed, Format.PDF)
    assert len(PdfReader(io.BytesIO(printed)).pages) == 1
    assert ("Police Service of Northern Ireland" in words) is (span is Span.YEAR)
    assert "northern-ireland" not in words


def test_long_words_are_wrapped_in_a_workbook_and_numbers_are_not(busy) -> None:
    book = load_workbook(io.BytesIO(written(sheet(busy, of(Span.DAY, DAY)), Format.XLSX)))

    wrapped = {(len(str(cell.value)) > 60, cell.alignment.wrap_text) for line in book["measure"] for cell in line}
    assert wrapped == {(True, True), (False, None)}
