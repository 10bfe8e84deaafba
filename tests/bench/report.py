"""Tells what was measured: an aligned table for people as it goes, JSON lines for machines. It measures nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from tests.bench.figures import Compared, Measure, Row, Unit, is_met

EXPLANATION = (
    "Both figures of a row were measured in turn, in this run. They are medians of the rounds unless the row says\n"
    "otherwise; the ratio is the first to the second, the median of each round's own."
)
_HEADINGS = ("what", "", "against", "", "ratio", "goal", "")
_FIGURE_WIDTH = len("12,345 requests/s")


class Table:
    """Prints a row as soon as it is known, in columns wide enough for all that will come."""

    def __init__(self, measures: Sequence[Measure], out: TextIO) -> None:
        rows = [row for measure in measures for row in measure.rows]
        self._out = out
        self._widths = (
            max((len(row.what) for row in rows), default=0),
            _FIGURE_WIDTH,
            max((len(row.against) for row in rows), default=0),
            _FIGURE_WIDTH,
            6,
            max((len(_goal(row)) for row in rows), default=0),
            0,
        )

    def begin(self) -> None:
        self._say(EXPLANATION + "\n")
        self._line(_HEADINGS)

    def add(self, row: Row, found: Compared) -> None:
        verdict = "" if row.goal is None else "met" if is_met(row.goal, found) else "missed"
        figure, reference = _figure(found.figure, row.unit), _figure(found.reference, row.unit)
        self._line((row.what, figure, row.against, reference, f"{found.ratio:.2f}", _goal(row), verdict))

    def failed(self, measure: Measure, reason: str) -> None:
        """Says that a measure gave no figures, and why."""
        self._say(f"{measure.name} could not be measured: {reason}")

    def _line(self, cells: Sequence[str]) -> None:
        what, figure, against, reference, ratio, goal, _ = self._widths
        layout = f"{{:<{what}}}  {{:>{figure}}}  {{:<{against}}}  {{:>{reference}}}  {{:>{ratio}}}  {{:<{goal}}}  {{}}"
        self._say(layout.format(*cells).rstrip())

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


class JsonLines:
    """Adds one JSON object for each row to a file, which is made if it is not there."""

    def __init__(self, path: Path, run_at: datetime, quick: bool) -> None:
        self._path = path
        self._same = {"run_at": run_at.isoformat(timespec="seconds"), "quick": quick}
        path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, row: Row, found: Compared) -> None:
        written = {
            **self._same,
            "measure": row.name,
            "what": row.what,
            "against": row.against,
            "unit": row.unit.value,
            "figure": round(found.figure, 4),
            "reference": round(found.reference, 4),
            "ratio": round(found.ratio, 4),
            "goal": None if row.goal is None else str(row.goal),
            "met": None if row.goal is None else is_met(row.goal, found),
        }
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(written, ensure_ascii=False) + "\n")


def _goal(row: Row) -> str:
    return "" if row.goal is None else str(row.goal)


def _figure(value: float, unit: Unit) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 3
    return f"{value:,.{digits}f} {unit}"
