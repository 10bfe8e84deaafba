"""A sheet as a workbook: one page to each section, numbers as numbers, text as text and never a formula."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.summary.sheet import Sheet, Table, Value, plain, tables

# A workbook says when it was made; the same figures are the same bytes, so it says nothing of that.
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zones
_NAME_AT_MOST: Final = 31  # characters of a page's name (Excel)
_WIDEST: Final = 60
_AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def as_xlsx(sheet: Sheet) -> bytes:
    """The workbook. Its first page says of what it is and for whom; then come the sections, in order."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, **_AS_TEXT}) as book:
        book.set_properties({"title": sheet.title, "subject": sheet.marking, "created": _MADE})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        cover = book.add_worksheet("about")
        cover.set_column(0, 0, 100)
        for row, text in enumerate((sheet.title, sheet.marking)):
            cover.write_string(row, 0, text, bold if row == 0 else wrapped)
        for section, table in tables(sheet).items():
            _page(book.add_worksheet(section[:_NAME_AT_MOST]), table, bold, wrapped)
            book.worksheets()[-1].set_header(f"&L{sheet.title.replace('&', '&&')}&R{sheet.edition.value}")
    return made.getvalue()


def _page(page: Worksheet, table: Table, bold: Format, wrapped: Format) -> None:
    names = list(dict.fromkeys(name for figures in table.values() for name in figures))
    for column, name in enumerate(["", *names]):
        page.write_string(0, column, plain(name), bold)
    for row, (of, figures) in enumerate(table.items(), start=1):
        page.write_string(row, 0, of)
        for column, name in enumerate(names, start=1):
            if name in figures:
                _write(page, row, column, figures[name], wrapped)
    for column, cells in enumerate(
        [list(table), *([str(row.get(name, "")) for row in table.values()] for name in names)]
    ):
        title = ["", *names][column]
        page.set_column(column, column, min(_WIDEST, max(len(text) for text in [title, *cells]) + 2))
    page.freeze_panes(1, 1)


def _write(page: Worksheet, row: int, column: int, value: Value, wrapped: Format) -> None:
    match value:
        case int():
            page.write_number(row, column, value)
        case Decimal():
            page.write_number(row, column, float(value))
        case str():
            page.write_string(row, column, value, wrapped if len(value) > _WIDEST else None)
