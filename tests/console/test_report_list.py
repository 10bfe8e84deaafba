"""A list of reports: rows that are made anew are the same rows to whoever is on one of them."""

from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from console.models.review_lists import ReportRow
from console.style.tokens import LIGHT_TOKENS
from console.views.report_list import ReportList


def row(number: int) -> ReportRow:
    return ReportRow(f"{number:032x}", f"Report {number}", "", "", may_open=True)


@pytest.mark.qt_log_ignore("This plugin does not support")  # said by Qt where there is no screen
def test_the_keyboard_stays_on_a_row_while_others_come_and_go(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout, reports = QVBoxLayout(window), ReportList("To review", "review", LIGHT_TOKENS)
    layout.addWidget(reports)
    layout.addWidget(QPushButton("after"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    reports.show_rows((row(1), row(2)), ())
    reports.buttons[row(1).id].show()
    reports.buttons[row(1).id].setFocus()

    reports.show_rows((row(3), row(1), row(2)), ())

    assert reports.buttons[row(1).id].hasFocus()
