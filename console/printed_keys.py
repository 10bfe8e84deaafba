"""The sheet of keys as a page to print (PDF), from the same table as the buttons, for whoever prints it.

It knows no printer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter

from console.actions import ACTIONS, Action, Place
from console.style.tokens import FONT_FAMILIES
from console.translation import tr
from console.views.parts import key_words

FILE_NAME: Final = "Candour keys.pdf"
DOTS_PER_INCH: Final = 300
MILLIMETRES: Final = QPageLayout.Unit.Millimeter
MARGIN_MM: Final = 18.0
COLUMNS: Final = (
    (Place.ANYWHERE, Place.OVERSIGHT, Place.LINE, Place.REVIEW),
    (Place.CALL, Place.OUTCOME, Place.REPORT),
)
_BODY, _HEAD, _TITLE = 10.0, 12.0, 18.0  # points


class KeysNotWritten(Exception):
    """The page could not be written where it was to go."""


def write_keys(folder: Path, allowed: Collection[str]) -> Path:
    """Write these actions on one page of A4 into a folder, over an earlier one; where it is. Raises KeysNotWritten.

    Takes some tens of milliseconds: not for the Qt thread.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")  # Qt itself would say nothing of a folder that cannot be written
    except OSError:
        raise KeysNotWritten from None
    writer = QPdfWriter(str(path))
    writer.setTitle(tr("Candour: your keys"))
    writer.setResolution(DOTS_PER_INCH)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, MILLIMETRES)
    writer.setPageLayout(layout)
    painter = QPainter()
    if not painter.begin(writer):
        raise KeysNotWritten
    _draw(painter, writer.width(), allowed)
    if not painter.end():
        raise KeysNotWritten
    return path


def _draw(painter: QPainter, width: int, allowed: Collection[str]) -> None:
    title = _line(painter, 0, 0, width, tr("Candour: your keys"), _TITLE, bold=True) * 2
    gap = width // 16
    column_width = (width - gap) // 2
    for number, places in enumerate(COLUMNS):
        left, top = number * (column_width + gap), title
        for place in places:
            actions = [action for action in ACTIONS.values() if action.place is place and action.id in allowed]
            if actions:
                top = _place(painter, left, top, column_width, place, actions)


def _place(painter: QPainter, left: int, top: int, width: int, place: Place, actions: Iterable[Action]) -> int:
    top += _line(painter, left, top, width, place.value, _HEAD, bold=True)
    for action in actions:
        _line(painter, left, top, width, key_words(action.id), _BODY, to_the_right=True)
        top += _line(painter, left, top, width, action.words, _BODY)
    return top + _gap(painter)


def _gap(painter: QPainter) -> int:
    """What stands between two places."""
    return painter.fontMetrics().height()


def _line(
    painter: QPainter,
    left: int,
    top: int,
    width: int,
    words: str,
    points: float,
    *,
    bold: bool = False,
    to_the_right: bool = False,
) -> int:
    """One line of text; how far down the next one begins."""
    font = QFont()
    font.setFamilies(list(FONT_FAMILIES))
    font.setPointSizeF(points)
    font.setBold(bold)
    painter.setFont(font)
    height = int(painter.fontMetrics().height() * 1.3)
    side = Qt.AlignmentFlag.AlignRight if to_the_right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRectF(left, top, width, height), side | Qt.AlignmentFlag.AlignVCenter, words)
    return height
