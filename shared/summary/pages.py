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

from reportlab.lib.colors import black
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
from shared.summary.in_words import SECTION
from shared.summary.sheet import HAPPENINGS, Edition, Sheet, Value, happened, plain, tables
from shared.summary.sheet import Table as Figures
from shared.summary.typeset import (
    BIG,
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
    UNDER,
    WIDTH,
    lined,
)

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
_NAMED: Final = {
    "force": "Calls by the force they were about",
    "taken": "Reports taken, by force",
    "signpost": "Callers sent on to",
    "channel": "Reports that came another way",
    "welsh": "Callers who chose Welsh",
    "provider_record": "Twilio's records of calls",
}
_NUMBER: Final = 0.075  # of the width
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
    to_see = [_heading(sheet), *_large(figures), *_charts(figures), _side_by_side(figures), *_listed(figures)]
    to_look_up = [*_measures(figures.get("measure", {})), *_staffing(figures), *_changes(figures), *_audit(figures)]
    return [_one_page(to_see), PageBreak(), _one_page(to_look_up)]


def _one_page(content: Sequence[Flowable]) -> KeepInFrame:
    """On one page however much there is: what would not fit is drawn smaller."""
    return KeepInFrame(WIDTH, HEIGHT + 6 * mm, list(content), mode="shrink")


def _heading(sheet: Sheet) -> Paragraph:
    return Paragraph(escape(sheet.title), TITLE)


def _large(figures: Mapping[str, Figures]) -> list[Flowable]:
    measures = {of: figures["measure"][of] for of in _SHOWN_LARGE if of in figures.get("measure", {})}
    if not measures:
        return []
    cells = [
        [
            Paragraph(escape(str(row["label"])), UNDER),
            Paragraph(_with_unit(row["value"], str(row["unit"])), BIG),
            Paragraph(f"before: {row.get('before', '')}<br/>a year ago: {row.get('a_year_ago', '')}", UNDER),
        ]
        for row in measures.values()
    ]
    table = Table([cells], colWidths=[WIDTH / len(cells)] * len(cells))
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, black), ("INNERGRID", (0, 0), (-1, -1), 0.25, black)]))
    return [Spacer(0, 3 * mm), table]


def _with_unit(value: Value, unit: str) -> str:
    return f"{value}{'' if isinstance(value, str) or unit in ('calls', 'reports') else ' ' + unit}"


def _charts(figures: Mapping[str, Figures]) -> list[Flowable]:
    shown: list[Flowable] = []
    for section, words in (("trend", "How calls came"), ("hour", "By the hour of London's clock")):
        if rows := figures.get(section):
            named = _short(list(rows))
            bars = [Bar(named[of], _number(row, "arrived"), _number(row, "answered")) for of, row in rows.items()]
            shown += [Paragraph(words, HEAD), standing(bars, ("arrived", "answered"), WIDTH, 150)]
    return shown


def _short(names: Sequence[str]) -> dict[str, str]:
    """A day without its year, an hour without its zone: but for the hour that comes twice."""
    short = {
        of: of[5:] if len(of) == _DAY_WITH_YEAR and "-" in of else of.removesuffix(" GMT").removesuffix(" BST")
        for of in names
    }
    times = Counter(short.values())
    return {of: of if times[name] > 1 else name for of, name in short.items()}


def _side_by_side(figures: Mapping[str, Figures]) -> Table:
    half = WIDTH / 2 - 4 * mm
    happenings = [(happened(of), _number(row, "n")) for of, row in figures.get("reports", {}).items()]
    left = [Paragraph(HAPPENINGS, HEAD), lying(happenings or [("none", 0)], half)]
    for section in ("category",):
        left += [Paragraph(_LISTS[section], HEAD), lying(_counted(figures, section), half)]
    right: list[Flowable] = []
    for section in ("disposition", "mode"):
        right += [Paragraph(_LISTS[section], HEAD), lying(_counted(figures, section), half)]
    table = Table([[left, right]], colWidths=[WIDTH / 2] * 2)
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


def _listed(figures: Mapping[str, Figures]) -> list[Flowable]:
    """What has too many values to draw, or too few: those that are not nought, one after the other."""
    lines: list[Flowable] = [Spacer(0, 2 * mm)]
    for section, words in _NAMED.items():
        if section in figures:
            counted = {of: _number(row, "n") for of, row in figures[section].items()}
            named = ", ".join(f"{_name_of(of)} {n}" for of, n in counted.items() if n) or "none"
            lines.append(Paragraph(f"<b>{escape(words)}:</b> {escape(named)}", SMALL))
    return lines


def _name_of(value: str) -> str:
    return FORCES[value].name if value in FORCES else plain(value)


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
    for section in ("began", "removed", "kept", SECTION):
        said += [f"<b>{plain(of)}:</b> {escape(str(row['value']))}" for of, row in figures.get(section, {}).items()]
    if not said:
        return []
    return [
        Paragraph("What came late, what is kept, and what is meant", HEAD),
        *(Paragraph(line, SMALL) for line in said),
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
        texts = (_name_of(of), *(str(row.get(name, "")) for name in names))
        cells.append([Paragraph(escape(text), style) for text in texts])
    table = Table(cells, colWidths=[WIDTH * 0.3, *[WIDTH * 0.7 / len(names)] * len(names)], hAlign="LEFT")
    table.setStyle(lined())
    return table
