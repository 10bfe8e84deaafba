"""A sheet as CSV, JSON, a table for people, a workbook or pages: the same figures and the same bytes each time.

No cell is a formula to a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, assert_never

from shared.summary.sheet import Row, Sheet, Table, Value, plain, tables

HEADER: Final = ("section", "of", "figure", "value")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTH: Final = 100
_LONG: Final = 15  # rows; of a longer table people are spared those without anything in them
_BESIDE: Final = ("value", "before", "a_year_ago")


class Format(StrEnum):
    """What a summary is written as."""

    CSV = "csv"
    JSON = "json"
    TEXT = "text"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def is_text(self) -> bool:
        """Whether it can be shown where it was asked for; the others are files."""
        return self in _TEXTS


def written(sheet: Sheet, form: Format) -> bytes:
    """The sheet in a format, the same bytes for the same figures; text is UTF-8 and ends in a new line."""
    match form:
        case Format.XLSX:
            from shared.summary.spreadsheet import as_xlsx

            return as_xlsx(sheet)
        case Format.PDF:
            from shared.summary.pages import as_pdf

            return as_pdf(sheet)
        case Format.CSV | Format.JSON | Format.TEXT:
            return _TEXTS[form](sheet).encode()
        case _:
            assert_never(form)


def as_csv(sheet: Sheet) -> str:
    """Four columns: section, of what, which figure, its value. The first row names the edition."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    rows = [Row("edition", sheet.edition.value, "marking", sheet.marking), *sheet.rows]
    writer.writerows([cell(str(value)) for value in row] for row in rows)
    return text.getvalue()


def as_json(sheet: Sheet) -> str:
    """Sections by name, in them what the figures are of, in that the figures. Numbers are numbers."""
    sections: dict[str, dict[str, dict[str, int | float | str]]] = {}
    for section, of, figure, value in sheet.rows:
        number = float(value) if isinstance(value, Decimal) else value  # one decimal: written as it is
        sections.setdefault(section, {}).setdefault(of, {})[figure] = number
    whole = {"edition": sheet.edition.value, "marking": sheet.marking, "title": sheet.title, "sections": sections}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def as_text(sheet: Sheet) -> str:
    """For people to read: a table to each section; columns, and in long tables rows, without anything left out."""
    parts = [f"{sheet.title}\n{textwrap.fill(sheet.marking, _WIDTH)}"]
    for section, table in tables(sheet).items():
        lines = _measure_lines(table) if section == "measure" else _table_lines(table)
        parts.append("\n".join([plain(section), *lines]))
    return "\n\n".join(parts) + "\n"


def cell(text: str) -> str:
    """What a spreadsheet would take for a formula is written as text (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _measure_lines(table: Table) -> list[str]:
    """Each measure with its unit, beside it what it was before, below it how it is worked out."""
    beside = [name for name in _BESIDE if any(name in figures for figures in table.values())]
    lines = _aligned([["", *map(plain, beside)], *([_named(row), *_beside(row, beside)] for row in table.values())])
    told = [lines[0]]
    for line, figures in zip(lines[1:], table.values(), strict=True):
        told += [
            line,
            *textwrap.wrap(str(figures["formula"]), _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6),
        ]
    return told


def _named(figures: Mapping[str, Value]) -> str:
    return f"{figures['label']} ({figures['unit']})"


def _beside(figures: Mapping[str, Value], names: list[str]) -> list[str]:
    return [str(figures.get(name, "")) for name in names]


def _table_lines(table: Table) -> list[str]:
    names = list(dict.fromkeys(name for figures in table.values() for name in figures))
    told = {of: figures for of, figures in table.items() if not _is_empty(figures)}
    left_out = len(table) - len(told) if len(table) > _LONG else 0
    rows = told if left_out else table
    kept = [name for name in names if any(figures.get(name, 0) != 0 for figures in rows.values())] or names[:1]
    if kept in (["n"], ["value"]):
        lines = [line for of, figures in rows.items() for line in _entry(plain(of), str(figures[kept[0]]), table)]
    else:
        lines = _aligned([["", *map(plain, kept)], *([plain(of), *_beside(row, kept)] for of, row in rows.items())])
    return [*lines, *([f"  {left_out} others: 0"] if left_out else [])]


def _is_empty(figures: Mapping[str, Value]) -> bool:
    return all(value == 0 for name, value in figures.items() if name != "times")


def _entry(of: str, value: str, table: Table) -> list[str]:
    width = max(len(other) for other in table) + 4
    return textwrap.wrap(
        value, max(_WIDTH - width, 20), initial_indent=f"  {of:<{width - 2}}", subsequent_indent=" " * width
    )


def _aligned(rows: list[list[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]  # fmt: skip


_TEXTS: Final[Mapping[Format, Callable[[Sheet], str]]] = {
    Format.CSV: as_csv,
    Format.JSON: as_json,
    Format.TEXT: as_text,
}
