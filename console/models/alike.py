"""Rows that read alike, told apart by numbers and by what was read here, for as long as somebody is signed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from console.models.review_lists import ReportRow
from console.translation import tr

READ: Final = tr("you have read it")

_Read = tuple[str, str]  # a row's title and subject


class Alike:
    """Gives each report a number among those that read as it does; it keeps it, whatever becomes of the others."""

    def __init__(self) -> None:
        self._numbers: dict[str, tuple[_Read, int]] = {}
        self._given: Counter[_Read] = Counter()
        self._opened: set[str] = set()

    def read(self, report_id: str) -> None:
        """It was open here."""
        self._opened.add(report_id)

    def tell_apart(self, rows: Sequence[ReportRow]) -> tuple[ReportRow, ...]:
        """The rows that are there now. None: whoever signs in next begins anew."""
        if not rows:
            self._numbers, self._given, self._opened = {}, Counter(), set()
        for row in sorted(rows, key=lambda row: row.id):
            self._number(row)
        return tuple(self._told(row) for row in rows)

    def _number(self, row: ReportRow) -> None:
        words = row.title, row.subject
        if self._numbers.get(row.id, ("", 0))[0] != words:
            self._given[words] += 1
            self._numbers[row.id] = words, self._given[words]

    def _told(self, row: ReportRow) -> ReportRow:
        words, number = self._numbers[row.id]
        title = f"{row.title} · {number}" if self._given[words] > 1 else row.title
        detail = ", ".join(filter(None, (row.detail, READ if row.id in self._opened else "")))
        return replace(row, title=title, detail=detail[:1].upper() + detail[1:])
