"""A report as pages laid out like a 3x5x2 intelligence report: numbered, graded entries and the marking on every page.

The text of the same report is its twin for those who cannot see the pages.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle

from shared.forms.rendering import dated

_MARGIN: Final = 18 * mm
_EDGE: Final = 10 * mm
_ABOVE_EDGE: Final = 14 * mm
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN
_GREY: Final = Color(0.75, 0.75, 0.75)
_TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=9.5, leading=12.5)
_SMALL: Final = ParagraphStyle("small", parent=_TEXT, fontSize=8, leading=10.5)
_BOLD: Final = ParagraphStyle("bold", parent=_TEXT, fontName="Helvetica-Bold")
_TITLE: Final = ParagraphStyle("title", parent=_BOLD, fontSize=15, leading=19, spaceAfter=4)
_HEAD: Final = ParagraphStyle("head", parent=_BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=3)
_LABEL: Final = 46 * mm
_NUMBER: Final = 9 * mm
_GRADE: Final = 18 * mm
_GRADES: Final = (("source", "Source"), ("assessment", "Assessment"), ("handling", "Handling"))
_AT_ONCE: Final = 1000  # characters in one cell: a cell cannot be taller than a page
_LINES_AT_ONCE: Final = 25
PLAINER: Final = "Some letters cannot be shown on these pages and stand here as plainer ones or ?; the text has them."


def as_pdf(document: Mapping[str, Any], heading: str) -> bytes:
    """The pages, A4; the same report is the same bytes. Raises KeyError or TypeError for what no form of ours made."""
    _, count = _laid_out(document, heading, 0)  # each page says of how many it is one: how many is known afterwards
    return _laid_out(document, heading, count)[0]


def _laid_out(document: Mapping[str, Any], heading: str, count: int) -> tuple[bytes, int]:
    made = io.BytesIO()
    marking = _shown(document["marking"])
    pages = BaseDocTemplate(
        made, pagesize=A4, title=heading, subject=marking, author="Candour", lang="en-GB", invariant=1
    )
    frame = Frame(_MARGIN, _MARGIN, _WIDTH, _HEIGHT, 0, 0, 0, 0)
    pages.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_edges, marking, heading, count)))
    pages.build(list(_content(document, heading)))
    return made.getvalue(), int(pages.page)


def _edges(marking: str, heading: str, count: int, canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawCentredString(A4[0] / 2, A4[1] - _EDGE, marking)
    canvas.drawCentredString(A4[0] / 2, _EDGE, marking)
    canvas.setFont("Helvetica", 7)
    canvas.drawString(_MARGIN, _ABOVE_EDGE, heading)  # a long one would run into the marking
    canvas.drawRightString(A4[0] - _MARGIN, _ABOVE_EDGE, f"Page {document.page} of {count}")


def _content(document: Mapping[str, Any], heading: str) -> Iterator[Flowable]:
    yield _paragraph(document["title"], _TITLE)
    yield _lined([[_paragraph(label, _BOLD), _paragraph(text)] for label, text in _head(document, heading)])
    if document.get("entries"):
        yield _paragraph("Entries, with the grading proposed", _HEAD)
        yield _entries(document)
    for section in document.get("sections", ()):
        yield _paragraph(section["title"], _HEAD)
        yield _lined(list(_rows(section["fields"])))
    if document.get("notes"):
        yield _paragraph("Notes", _HEAD)
        yield from (_paragraph(note, _SMALL) for note in document["notes"])
    if _needs_plainer(document):
        yield _paragraph(PLAINER, _SMALL)


def _head(document: Mapping[str, Any], heading: str) -> Iterator[tuple[str, str]]:
    yield "Report", heading
    if "force" in document:
        yield "Force", document["force"]["name"]
        yield "About", document["category"]["label"]
        yield "Reported by", document["reported_by"]
        yield dated(document)
    if "urgent" in document:
        yield "Urgent", _said_as_urgent(document["urgent"])


def _said_as_urgent(note: object) -> str:
    said = str(note).removeprefix("Urgent: ")
    return said[:1].upper() + said[1:]


def _entries(document: Mapping[str, Any]) -> Table:
    cells = [[_paragraph(words, _SMALL) for words in ("No.", "Entry", *(words for _, words in _GRADES))]]
    for entry in document["entries"]:
        grades = [_paragraph(entry["proposed_grade"][part], _BOLD) for part, _ in _GRADES]
        first, *rest = _pieces(entry["text"])
        cells.append([_paragraph(entry["number"], _BOLD), _paragraph(first), *grades])
        under = [_paragraph(piece) for piece in rest]
        for part, label in (("rationale", "Reason for E: "), ("condition", "Condition: ")):
            if part in entry:
                under.append(_paragraph(f"{label}{entry[part]}", _SMALL))
        cells += [[_paragraph(""), one, *(_paragraph("") for _ in _GRADES)] for one in under]
    widths = [_NUMBER, _WIDTH - _NUMBER - len(_GRADES) * _GRADE, *[_GRADE] * len(_GRADES)]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(_style())
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, black), ("LEFTPADDING", (0, 0), (-1, -1), 3)]))
    return table


def _rows(fields: list[Mapping[str, str]]) -> Iterator[list[Paragraph]]:
    group = ""
    for row in fields:
        if row.get("group", "") != group:
            group = row.get("group", "")
            yield [_paragraph(group, _BOLD), _paragraph("")]
        first, *rest = _pieces(row["text"])
        yield [_paragraph(row["label"]), _paragraph(first)]
        yield from ([_paragraph(""), _paragraph(piece)] for piece in rest)


def _lined(cells: list[list[Paragraph]]) -> Table:
    table = Table(cells, colWidths=[_LABEL, _WIDTH - _LABEL])
    table.setStyle(_style())
    return table


def _style() -> TableStyle:
    return TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, _GREY),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )


def _pieces(text: object) -> list[str]:
    """Long text in parts that can follow one another over the foot of a page, broken between words where it can be."""
    lines = str(text).splitlines() or [""]
    blocks = ["\n".join(lines[start : start + _LINES_AT_ONCE]) for start in range(0, len(lines), _LINES_AT_ONCE)]
    return [piece for block in blocks for piece in _short(block)]


def _short(rest: str) -> Iterator[str]:
    while len(rest) > _AT_ONCE:
        cut = rest.rfind(" ", 1, _AT_ONCE)
        cut = cut if cut > 0 else _AT_ONCE
        yield rest[:cut]
        rest = rest[cut:].lstrip(" ")
    yield rest


def _paragraph(text: object, style: ParagraphStyle = _TEXT) -> Paragraph:
    return Paragraph("<br/>".join(escape(line) for line in _shown(text).split("\n")), style)


def _shown(text: object) -> str:
    """In the letters the pages' font has; one it lacks is shown as the plainer letter under its accent, or as ?."""
    kept = ("\n" if mark == "\n" else " " if unicodedata.category(mark) in {"Cc", "Cf"} else mark for mark in str(text))
    return "".join(map(_letter, "".join(kept)))


def _letter(mark: str) -> str:
    try:
        mark.encode("cp1252")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", mark).encode("ascii", "ignore").decode("ascii") or "?"
    return mark


def _needs_plainer(value: object) -> bool:
    match value:
        case str():
            return any(_letter(mark) != mark for mark in value)
        case Mapping():
            return any(_needs_plainer(one) for one in value.values())
        case list():
            return any(_needs_plainer(one) for one in value)
        case _:  # a number
            return False
