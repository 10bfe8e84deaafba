"""The measures, faces and rules that printed pages share; it knows no figure."""

from __future__ import annotations

from typing import Final

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import TableStyle

MARGIN: Final = 15 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - 12 * mm
GREY: Final = Color(0.85, 0.85, 0.85)
TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=8, leading=10)
SMALL: Final = ParagraphStyle("small", parent=TEXT, fontSize=6.5, leading=7.8)
BOLD: Final = ParagraphStyle("bold", parent=TEXT, fontName="Helvetica-Bold")
FIGURE: Final = ParagraphStyle("figure", parent=SMALL, fontSize=7.5, alignment=2)
SMALL_BOLD: Final = ParagraphStyle("small bold", parent=SMALL, fontName="Helvetica-Bold")
FIGURE_BOLD: Final = ParagraphStyle("figure bold", parent=SMALL_BOLD, alignment=2)
TITLE: Final = ParagraphStyle("title", parent=BOLD, fontSize=16, leading=20)
HEAD: Final = ParagraphStyle("head", parent=BOLD, fontSize=10, leading=13, spaceBefore=7, spaceAfter=2, keepWithNext=1)
BIG: Final = ParagraphStyle("big", parent=BOLD, fontSize=17, leading=20, alignment=1)
UNDER: Final = ParagraphStyle("under", parent=SMALL, alignment=1)


def lined() -> TableStyle:
    """A table with a thin grey rule below each row."""
    return TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, GREY),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 0.7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
