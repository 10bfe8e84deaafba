"""PySide6 is pinned below 6.12, which loses references on Python 3.10 and 3.11 until the process ends."""

import sys
from typing import Any

import PySide6
from PySide6.QtWidgets import QLabel

TIMES = 6_000
MARGIN = 500


def test_pyside_is_within_its_pin() -> None:
    assert (6, 11) <= PySide6.__version_info__[:2] < (6, 12)


def test_setting_a_label_thousands_of_times_keeps_every_reference(qtbot: Any) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)

    for number in range(TIMES):
        label.setText(str(number))

    assert abs(sys.getrefcount(None) - before) < MARGIN
