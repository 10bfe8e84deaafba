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

from reportlab.lib.colors import Color, black
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
    Spacer,
    Table,
    TableStyle,
)

from shared.domain.forces import FORCES
from shared.summary.charts import Bar, lying, standing
from shared.summary.sheet import HAPPENINGS, Edition, Sheet, Value, happened, plain, tables
from shared.summary.sheet import Table as Figures

_MARGIN: Final = 15 * mm
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN - 12 * mm
_GREY: Final = Color(0.85, 0.85, 0.85)
_TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=8, leading=10)
_SMALL: Final = ParagraphStyle("small", parent=_TEXT, fontSize=6.5, leading=7.8)
_BOLD: Final = ParagraphStyle("bold", parent=_TEXT, fontName="Helvetica-Bold")
_RIGHT: Final = ParagraphStyle("right", parent=_TEXT, alignment=2)
_RIGHT_BOLD: Final = ParagraphStyle("right bold", parent=_BOLD, alignment=2)
_TITLE: Final = ParagraphStyle("title", parent=_BOLD, fontSize=16, leading=20)
_HEAD: Final = ParagraphStyle("head", parent=_BOLD, fontSize=10, leading=13, spaceBefore=7, spaceAfter=2)
_BIG: Final = ParagraphStyle("big", parent=_BOLD, fontSize=17, leading=20, alignment=1)
_UNDER: Final = ParagraphStyle("under", parent=_SMALL, alignment=1)
_SHOWN_LARGE: Final = (
    "arrived",
    "answered",
    "abandoned_in_queue",
    "service_level",
    "average_speed_of_answer",
    "released",
)
_LISTS: Final = {
    "category": "What calls were about",
    "mode": "How callers chose to be",
    "disposition": "What calls came to",
}
_FOOT_AT_MOST: Final = 100  # characters
_DAY_WITH_YEAR: Final = 10  # characters, like 2026-03-10
_HOW: Final = "how it is worked out"
_HANDLERS_SHOWN: Final = 6
_REVISIONS_SHOWN: Final = 8  # the online form's list alone makes one for each day


def as_pdf(sheet: Sheet) -> bytes:
    """The pages, A4. The same figures are the same bytes."""
    made = io.BytesIO()
    document = BaseDocTemplate(
        made, pagesize=A4, title=sheet.title, subject=sheet.marking, author="Candour", lang="en-GB", invariant=1
    )
    frame = Frame(_MARGIN, _MARGIN + 6 * mm, _WIDTH, _HEIGHT + 6 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_edges, sheet)))
    figures = tables(sheet)
    document.build(_two_pages(sheet, figures) if "calls" in figures and _is_internal(sheet) else _list(sheet, figures))
    return made.getvalue()


def _is_internal(sheet: Sheet) -> bool:
    return sheet.edition is Edition.INTERNAL


def _edges(sheet: Sheet, canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica-Bold", 7)
    canvas.drawString(
        _MARGIN, _MARGIN, sheet.marking if len(sheet.marking) < _FOOT_AT_MOST else sheet.edition.value.upper()
    )
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(A4[0] - _MARGIN, _MARGIN, f"{document.page}")


def _two_pages(sheet: Sheet, figures: Mapping[str, Figures]) -> list[Flowable]:
    to_see = [_heading(sheet), *_large(figures), *_charts(figures), _side_by_side(figures)]
    to_look_up = [
        *_measures(figures.get("measure", {})), *_forces(figures), *_staffing(figures), *_changes(figures),
        *_audit(figures),
    ]  # fmt: skip
    return [_one_page(to_see), PageBreak(), _one_page(to_look_up)]


def _one_page(content: Sequence[Flowable]) -> KeepInFrame:
    """On one page however much there is: what would not fit is drawn smaller."""
    return KeepInFrame(_WIDTH, _HEIGHT + 6 * mm, list(content), mode="shrink")


def _heading(sheet: Sheet) -> Paragraph:
    return Paragraph(escape(sheet.title), _TITLE)


def _large(figures: Mapping[str, Figures]) -> list[Flowable]:
    measures = {of: figures["measure"][of] for of in _SHOWN_LARGE if of in figures.get("measure", {})}
    if not measures:
        return []
    cells = [
        [
            Paragraph(escape(str(row["label"])), _UNDER),
            Paragraph(_with_unit(row["value"], str(row["unit"])), _BIG),
            Paragraph(f"before: {row.get('before', '')}<br/>a year ago: {row.get('a_year_ago', '')}", _UNDER),
        ]
        for row in measures.values()
    ]
    table = Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells))
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, black), ("INNERGRID", (0, 0), (-1, -1), 0.25, black)]))
    return [Spacer(0, 3 * mm), table]


def _with_unit(value: Value, unit: str) -> str:
    return f"{value}{'' if isinstance(value, str) or unit in ('calls', 'reports') else ' ' + unit}"


def _charts(figures: Mapping[str, Figures]) -> list[Flowable]:
    shown: list[Flowable] = []
    for section, words in (("trend", "How calls came"), ("hour", "By the hour of London's clock")):
        if rows := figures.get(section):
            bars = [Bar(_short(of), _number(row, "arrived"), _number(row, "answered")) for of, row in rows.items()]
            shown += [Paragraph(words, _HEAD), standing(bars, ("arrived", "answered"), _WIDTH, 150)]
    return shown


def _short(of: str) -> str:
    """A day without its year, an hour without its zone."""
    return of[5:] if len(of) == _DAY_WITH_YEAR and "-" in of else of.removesuffix(" GMT").removesuffix(" BST")


def _side_by_side(figures: Mapping[str, Figures]) -> Table:
    half = _WIDTH / 2 - 4 * mm
    happenings = [(happened(of), _number(row, "n")) for of, row in figures.get("reports", {}).items()]
    left = [Paragraph(HAPPENINGS, _HEAD), lying(happenings or [("none", 0)], half)]
    for section in ("category",):
        left += [Paragraph(_LISTS[section], _HEAD), lying(_counted(figures, section), half)]
    right: list[Flowable] = []
    for section in ("disposition", "mode"):
        right += [Paragraph(_LISTS[section], _HEAD), lying(_counted(figures, section), half)]
    table = Table([[left, right]], colWidths=[_WIDTH / 2] * 2)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _counted(figures: Mapping[str, Figures], section: str) -> list[tuple[str, int]]:
    rows = {of: _number(row, "n") for of, row in figures.get(section, {}).items()}
    return [(plain(of), n) for of, n in rows.items() if n] or [("none", 0)]


def _number(row: Mapping[str, Value], figure: str) -> int:
    value = row.get(figure, 0)
    return value if isinstance(value, int) else 0


def _measures(measures: Figures) -> list[Flowable]:
    beside = [name for name in ("value", "before", "a_year_ago") if any(name in row for row in measures.values())]
    head = [Paragraph("", _BOLD), *(Paragraph(plain(name), _RIGHT_BOLD) for name in beside), Paragraph(_HOW, _BOLD)]
    rows = [
        [
            Paragraph(escape(f"{row['label']} ({row['unit']})"), _SMALL),
            *(Paragraph(str(row.get(name, "")), _RIGHT) for name in beside),
            Paragraph(escape(str(row["formula"])), _SMALL),
        ]
        for row in measures.values()
    ]
    widths = [_WIDTH * 0.26, *[_WIDTH * 0.1] * len(beside), _WIDTH * (0.74 - 0.1 * len(beside))]
    table = Table([head, *rows], colWidths=widths, repeatRows=1)
    table.setStyle(_lined())
    table.setStyle(TableStyle([("LEFTPADDING", (-1, 0), (-1, -1), 8)]))
    return [Paragraph("Every figure, and how it is worked out", _HEAD), table]


def _lined() -> TableStyle:
    return TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, _GREY),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ]
    )


def _forces(figures: Mapping[str, Figures]) -> list[Flowable]:
    rows = figures.get("force", {})
    counted = {of: _number(row, "n") for of, row in rows.items()}
    named = ", ".join(f"{FORCES[of].name} {n}" for of, n in counted.items() if n) or "none named"
    return [Paragraph("Calls by the force they were about", _HEAD), Paragraph(escape(named), _TEXT)]


def _staffing(figures: Mapping[str, Figures]) -> list[Flowable]:
    rows = list(figures.get("staffing", {}).items())[:_HANDLERS_SHOWN]
    if not rows:
        return []
    names = list(rows[0][1])
    cells = [["", *(Paragraph(plain(name), _SMALL) for name in names)]]
    cells += [
        [Paragraph(plain(of), _SMALL), *(Paragraph(str(row[name]), _SMALL) for name in names)] for of, row in rows
    ]
    table = Table(cells, colWidths=[_WIDTH / (len(names) + 1)] * (len(names) + 1))
    table.setStyle(_lined())
    why = str(figures.get("demand", {}).get("which_to_go_by", {}).get("value", ""))
    return [Paragraph("Handlers for the busiest hour", _HEAD), Paragraph(escape(why), _SMALL), table]


def _changes(figures: Mapping[str, Figures]) -> list[Flowable]:
    """What came after a day had been closed, what is no longer kept, and what will not be."""
    said = _late(figures.get("came_late", {}))
    for section in ("began", "removed", "kept", "in_words"):
        said += [f"{plain(of)}: {row['value']}" for of, row in figures.get(section, {}).items()]
    if not said:
        return []
    return [
        Paragraph("What came late, what is kept, and what is meant", _HEAD),
        *(Paragraph(escape(line), _SMALL) for line in said),
    ]


def _late(revisions: Figures) -> list[str]:
    """Revision by revision, or, where that would be a page of them, added up by what came."""
    if len(revisions) <= _REVISIONS_SHOWN:
        return [
            f"{plain(of)}: " + ", ".join(f"{plain(name)} {value}" for name, value in row.items())
            for of, row in revisions.items()
        ]
    came: Counter[str] = Counter()
    for row in revisions.values():
        came.update({name: _number(row, name) for name in row})
    added_up = ", ".join(f"{plain(name)} {n}" for name, n in sorted(came.items()))
    return [f"in {len(revisions)} revisions of days, all together: {added_up}; each by itself is in the workbook"]


def _audit(figures: Mapping[str, Figures]) -> list[Flowable]:
    checkpoint = figures.get("audit", {}).get("checkpoint", {}).get("value")
    if checkpoint is None:
        return []
    return [Paragraph("The audit log's checkpoint, to compare with later", _HEAD), Paragraph(str(checkpoint), _TEXT)]


def _list(sheet: Sheet, figures: Mapping[str, Figures]) -> list[Flowable]:
    content: list[Flowable] = [_heading(sheet), Paragraph(escape(sheet.marking), _TEXT)]
    for section, rows in figures.items():
        content += _measures(rows) if section == "measure" else [Paragraph(plain(section), _HEAD), _section(rows)]
    return content


def _section(rows: Figures) -> Table:
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    cells: list[list[Any]] = (
        [["", *(Paragraph(plain(name), _BOLD) for name in names)]] if names not in (["n"], ["value"]) else []
    )
    for of, row in rows.items():
        cells.append(
            [Paragraph(escape(text), _TEXT) for text in (plain(of), *(str(row.get(name, "")) for name in names))]
        )
    table = Table(cells, colWidths=[_WIDTH * 0.3, *[_WIDTH * 0.7 / len(names)] * len(names)])
    table.setStyle(_lined())
    return table
