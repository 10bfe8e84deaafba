"""Rows that go on in the next line, rather than cut what is in them."""

from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from console.views.wrapping import sharing

HIGH, GAP = 36, 4


def row(qtbot: Any, least: tuple[int, ...], room: int) -> list[tuple[int, int, int]]:
    """Where parts stand that need at least these widths: from the left, from the top, how wide."""
    parts = [QWidget() for _ in least]
    for part, width in zip(parts, least, strict=True):
        part.setMinimumSize(width, HIGH)
    box = sharing(parts, GAP)
    qtbot.addWidget(box)
    layout = box.layout()
    assert layout is not None
    layout.setGeometry(QRect(0, 0, room, layout.heightForWidth(room)))
    return [(part.x(), part.y(), part.width()) for part in parts]


@pytest.mark.parametrize(
    ("least", "room", "stand"),
    [
        ((50, 60, 70), 308, [(0, 0, 100), (104, 0, 100), (208, 0, 100)]),
        ((150, 60), 254, [(0, 0, 150), (154, 0, 100)]),
        ((130, 95, 95), 284, [(0, 0, 140), (144, 0, 140), (0, HIGH + GAP, 284)]),
        ((200, 200), 300, [(0, 0, 300), (0, HIGH + GAP, 300)]),
    ],
)
def test_a_line_is_shared_and_what_would_be_cut_goes_on_in_the_next(
    qtbot: Any, least: tuple[int, ...], room: int, stand: list[tuple[int, int, int]]
) -> None:
    assert row(qtbot, least, room) == stand
