"""Bars for pages that are printed: black, grey and outlines, so that no colour has to be told from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import Color, black, white

_DARK: Final = Color(0.25, 0.25, 0.25)
_FONT: Final = "Helvetica"
_SMALL: Final = 7  # points
_ROW: Final = 13.0  # points of a lying bar
_STEPS: Final = 4
_MOST_NAMES: Final = 31  # along the bottom; of more, every other is named


class Bar(NamedTuple):
    """What a bar is of, the whole of it and the part that is filled."""

    of: str
    whole: int
    part: int


def standing(bars: Sequence[Bar], legend: tuple[str, str], width: float, height: float) -> Drawing:
    """Two bars to each name: the whole in outline, the part filled. Sizes in points."""
    drawing = Drawing(width, height)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 26, 26, width - 30, height - 44
    chart.data = [[bar.whole for bar in bars], [bar.part for bar in bars]]
    chart.categoryAxis.categoryNames = _thinned([bar.of for bar in bars])
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = _FONT
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = _SMALL
    chart.categoryAxis.labels.angle, chart.categoryAxis.labels.boxAnchor = 45, "ne"
    step = _step(max((bar.whole for bar in bars), default=0))
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 0, _STEPS * step, step
    chart.valueAxis.labelTextFormat = "%d"
    for number, filled in enumerate((white, _DARK)):
        chart.bars[number].fillColor, chart.bars[number].strokeColor, chart.bars[number].strokeWidth = (
            filled,
            black,
            0.5,
        )
    drawing.add(chart)
    drawing.add(_legend(legend, width, height))
    return drawing


def _step(highest: int) -> int:
    """The distance of the lines beside the bars: 1, 2 or 5 of a power of ten, so that they are read at a glance."""
    steps = (digit * int(10**power) for power in range(12) for digit in (1, 2, 5))
    for step in steps:
        if _STEPS * step >= highest:
            return step
    return highest


def _thinned(names: list[str]) -> list[str]:
    if len(names) <= _MOST_NAMES:
        return names
    return [name if number % 2 == 0 else "" for number, name in enumerate(names)]


def _legend(words: tuple[str, str], width: float, height: float) -> Legend:
    legend = Legend()
    legend.x, legend.y, legend.boxAnchor = width - 4, height, "ne"
    legend.fontName, legend.fontSize, legend.alignment, legend.deltax = _FONT, _SMALL, "right", 60
    legend.columnMaximum, legend.dxTextSpace, legend.strokeColor = 1, 4, black
    legend.colorNamePairs = list(zip((white, _DARK), words, strict=True))
    return legend


def lying(bars: Sequence[tuple[str, int]], width: float) -> Drawing:
    """One bar under the other, each with its name before it and its number after it."""
    height = _ROW * max(1, len(bars))
    drawing, most = Drawing(width, height), max((n for _, n in bars), default=0)
    names, room = width * 0.5, width * 0.5 - 30
    for row, (of, n) in enumerate(bars):
        y = height - _ROW * (row + 1) + 3
        drawing.add(String(0, y + 2, of, fontName=_FONT, fontSize=_SMALL + 1))
        drawing.add(
            Rect(
                names, y, room * n / most if most else 0, _ROW - 5, fillColor=_DARK, strokeColor=black, strokeWidth=0.5
            )
        )
        drawing.add(
            String(names + (room * n / most if most else 0) + 4, y + 2, str(n), fontName=_FONT, fontSize=_SMALL + 1)
        )
    return drawing
