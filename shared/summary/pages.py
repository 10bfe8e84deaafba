"""A sheet as pages to print: of the internal edition two, to look at and to look things up in; of the other, tables.

Everything on them is in the sheet; the text of the same figures is its twin for those who cannot see the bars.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from shared.summary.at_a_glance import at_a_glance, name_of, number_of
from shared.summary.in_words import SECTION
from shared.summary.settled import SECTION as TOLD_LATER
from shared.summary.sheet import Edition, Sheet, plain, tables
from shared.summary.sheet import Table as Figures
from shared.summary.typeset import (
    BOLD,
    FIGURE,
    FIGURE_BOLD,
    HEAD,
    HEIGHT,
    MARGIN,
    SMALL,
    SMALL_BOLD,
    TEXT,
    TITLE,
    WIDTH,
    lined,
)

_NUMBER: Final = 0.075  # of the width
_FOOT_AT_MOST: Final = 100  # characters
_HOW: Final = "how it is worked out"
_HANDLERS_SHOWN: Final = 6
_REVISIONS_SHOWN: Final = 8  # the online form's list alone makes one for each day


def as_pdf(sheet: Sheet) -> bytes:
    """The pages, A4. The same figures are the same bytes."""
    made = io.BytesIO()
    document = BaseDocTemplate(
        made, pagesize=A4, title=sheet.title, subject=sheet.marking, author="Candour", lang="en-GB", invariant=1
    )
    frame = Frame(MARGIN, MARGIN + 6 * mm, WIDTH, HEIGHT + 6 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_edges, sheet)))
    figures = tables(sheet)
    document.build(_content(sheet, figures))
    return made.getvalue()


def _content(sheet: Sheet, figures: Mapping[str, Figures]) -> list[Flowable]:
    """Two pages of a period for inside, one for outside; of the table since the launch, as many as it needs."""
    if not _is_internal(sheet):
        return [_one_page(_list(sheet, figures))]
    return _two_pages(sheet, figures) if "calls" in figures else _list(sheet, figures)


def _is_internal(sheet: Sheet) -> bool:
    return sheet.edition is Edition.INTERNAL


def _edges(sheet: Sheet, canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica-Bold", 7)
    canvas.drawString(
        MARGIN, MARGIN, sheet.marking if len(sheet.marking) < _FOOT_AT_MOST else sheet.edition.value.upper()
    )
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN, f"{document.page}")


def _two_pages(sheet: Sheet, figures: Mapping[str, Figures]) -> list[Flowable]:
    to_see = [_heading(sheet), *at_a_glance(figures)]
    to_look_up = [*_measures(figures.get("measure", {})), *_staffing(figures), *_changes(figures), *_audit(figures)]
    return [_one_page(to_see), PageBreak(), _one_page(to_look_up)]


def _one_page(content: Sequence[Flowable]) -> KeepInFrame:
    """On one page however much there is: what would not fit is drawn smaller."""
    return KeepInFrame(WIDTH, HEIGHT + 6 * mm, list(content), mode="shrink")


def _heading(sheet: Sheet) -> Paragraph:
    return Paragraph(escape(sheet.title), TITLE)


def _measures(measures: Figures) -> list[Flowable]:
    beside = [name for name in ("value", "before", "a_year_ago") if any(name in row for row in measures.values())]
    head = [
        Paragraph("", SMALL), *(Paragraph(plain(name), FIGURE_BOLD) for name in beside), Paragraph(_HOW, SMALL_BOLD),
    ]  # fmt: skip
    rows = [
        [
            Paragraph(escape(f"{row['label']} ({row['unit']})"), SMALL),
            *(Paragraph(str(row.get(name, "")), FIGURE) for name in beside),
            Paragraph(escape(str(row["formula"])), SMALL),
        ]
        for row in measures.values()
    ]
    widths = [WIDTH * 0.21, *[WIDTH * _NUMBER] * len(beside), WIDTH * (0.79 - _NUMBER * len(beside))]
    table = Table([head, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    table.setStyle(lined())
    table.setStyle(TableStyle([("LEFTPADDING", (-1, 0), (-1, -1), 8)]))
    return [Paragraph("Every figure, and how it is worked out", HEAD), table]


def _staffing(figures: Mapping[str, Figures]) -> list[Flowable]:
    rows = list(figures.get("staffing", {}).items())[:_HANDLERS_SHOWN]
    if not rows:
        return []
    names = list(rows[0][1])
    cells = [["", *(Paragraph(plain(name), SMALL) for name in names)]]
    cells += [[Paragraph(plain(of), SMALL), *(Paragraph(str(row[name]), SMALL) for name in names)] for of, row in rows]
    table = Table(cells, colWidths=[WIDTH / (len(names) + 1)] * (len(names) + 1), hAlign="LEFT")
    table.setStyle(lined())
    demand = figures.get("demand", {})
    why = " ".join(str(demand[of]["value"]) for of in ("which_to_go_by", "without_patience") if of in demand)
    return [Paragraph("Handlers for the busiest hour", HEAD), Paragraph(escape(why), SMALL), table]


def _changes(figures: Mapping[str, Figures]) -> list[Flowable]:
    """What came after a day had been closed, what is no longer kept, and what will not be."""
    said = _late(figures.get("came_late", {}))
    for section in (TOLD_LATER, "began", "removed", "kept", SECTION):
        said += [f"<b>{plain(of)}:</b> {escape(str(row['value']))}" for of, row in figures.get(section, {}).items()]
    if not said:
        return []
    return [
        Paragraph("What came late, what is kept, and what is meant", HEAD),
        _in_two_columns([Paragraph(line, SMALL) for line in said]),
    ]


def _in_two_columns(lines: Sequence[Paragraph]) -> Table:
    middle = (len(lines) + 1) // 2
    columns = [list(lines[:middle]), list(lines[middle:])]
    table = Table([columns], colWidths=[WIDTH / 2] * 2, hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _late(revisions: Figures) -> list[str]:
    """Revision by revision, or, where that would be a page of them, added up by what came."""
    if len(revisions) <= _REVISIONS_SHOWN:
        return [
            f"{plain(of)}: " + ", ".join(f"{plain(name)} {value}" for name, value in row.items())
            for of, row in revisions.items()
        ]
    came: Counter[str] = Counter()
    for row in revisions.values():
        came.update({name: number_of(row, name) for name in row})
    added_up = ", ".join(f"{plain(name)} {n}" for name, n in sorted(came.items()))
    return [f"in {len(revisions)} revisions of days, all together: {added_up}; each by itself is in the workbook"]


def _audit(figures: Mapping[str, Figures]) -> list[Flowable]:
    checkpoint = figures.get("audit", {}).get("checkpoint", {}).get("value")
    if checkpoint is None:
        return []
    return [Paragraph("The audit log's checkpoint, to compare with later", HEAD), Paragraph(str(checkpoint), TEXT)]


def _list(sheet: Sheet, figures: Mapping[str, Figures]) -> list[Flowable]:
    content: list[Flowable] = [_heading(sheet), Paragraph(escape(sheet.marking), TEXT)]
    for section, rows in figures.items():
        if section == "measure":
            content += _measures(rows)
        else:
            content += [Paragraph(plain(section), HEAD), _section(rows, SMALL if section == SECTION else TEXT)]
    return content


def _section(rows: Figures, style: ParagraphStyle) -> Table:
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    cells: list[list[Any]] = (
        [["", *(Paragraph(plain(name), BOLD) for name in names)]] if names not in (["n"], ["value"]) else []
    )
    for of, row in rows.items():
        texts = (name_of(of), *(str(row.get(name, "")) for name in names))
        cells.append([Paragraph(escape(text), style) for text in texts])
    table = Table(cells, colWidths=[WIDTH * 0.3, *[WIDTH * 0.7 / len(names)] * len(names)], hAlign="LEFT")
    table.setStyle(lined())
    return table
