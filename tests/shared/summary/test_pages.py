"""Workbooks and printed pages have the sheet's figures, no formula, and no more pages than one would hand on."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shared.domain.vocabulary import CallOutcome, Category, Dimension, Disposition
from shared.store.counts import count
from shared.store.schema import day_count
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.measures import MEASURES
from shared.summary.periods import Period, Span, between, of
from shared.summary.sheet import Edition, Row, Sheet
from tests.support.exported import words_of

DAY = date(2026, 3, 10)
TODAY = date(2026, 12, 1)
SPANS = [of(span, DAY) for span in Span if span is not Span.PERIOD] + [between(DAY, date(2026, 3, 12))]


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


def test_pages_say_what_they_are_to_whoever_hears_them_read(busy) -> None:
    printed = PdfReader(io.BytesIO(written(sheet(busy, of(Span.DAY, DAY)), Format.PDF)))

    assert printed.metadata.title == "The line on Tuesday 10 March 2026"
    assert "INTERNAL" in printed.metadata.subject
    assert printed.trailer["/Root"]["/Lang"] == "en-GB"
