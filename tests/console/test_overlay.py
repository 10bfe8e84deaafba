"""A sheet over the window has the keyboard while it is there, whatever goes away inside it; and Escape closes it."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from console.style.tokens import LIGHT_TOKENS
from console.views.overlay import Overlay
from console.views.sheet import Sheet


class Desk(QWidget):
    """A button under two sheets, each with two buttons of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.under = QPushButton("under", self)
        self.sheets = (Overlay(self), Overlay(self))
        self.presses = [[QPushButton("first"), QPushButton("second")] for _ in self.sheets]
        for sheet, presses in zip(self.sheets, self.presses, strict=True):
            layout = QVBoxLayout(sheet)
            for press in presses:
                layout.addWidget(press)
        self.after = QPushButton("after", self)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    desk = Desk()
    qtbot.addWidget(desk)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    desk.under.setFocus()
    yield desk


def press_escape(desk: Desk) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_Escape)


@pytest.mark.parametrize("lost", ["disabled", "hidden", "deleted", "all disabled", "cleared", "taken"])
def test_escape_closes_a_sheet_whatever_became_of_the_button_that_was_pressed(
    desk: Desk, qtbot: Any, lost: str
) -> None:
    sheet, (first, second) = desk.sheets[0], desk.presses[0]
    sheet.toggle()
    first.setFocus()

    if lost == "disabled":
        first.setEnabled(False)
    elif lost == "hidden":
        first.hide()
    elif lost == "deleted":
        first.deleteLater()
        qtbot.waitUntil(lambda: not sheet.findChildren(QPushButton) or QApplication.focusWidget() is not first)
    elif lost == "all disabled":
        second.setEnabled(False)
        first.setEnabled(False)
    elif lost == "cleared":
        first.clearFocus()
    else:
        desk.under.setFocus()

    assert not second.hasFocus() and not desk.under.hasFocus() and not desk.after.hasFocus()
    press_escape(desk)
    assert not sheet.isVisible() and desk.under.hasFocus()


def test_what_is_typed_in_a_sheet_stays_there_when_the_desk_asks_for_the_keyboard(desk: Desk) -> None:
    desk.sheets[0].toggle()
    desk.presses[0][1].setFocus()

    desk.after.setFocus()

    assert desk.presses[0][1].hasFocus()


def test_tab_goes_round_inside_a_sheet(desk: Desk) -> None:
    desk.sheets[0].toggle()
    first, second = desk.presses[0]
    first.setFocus()

    QTest.keyClick(first, Qt.Key.Key_Tab)
    there = second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Tab)

    assert there and first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Backtab)
    assert second.hasFocus()


def test_of_two_sheets_the_upper_one_has_the_keyboard_and_goes_first(desk: Desk) -> None:
    lower, upper = desk.sheets
    lower.toggle()
    upper.toggle()
    desk.presses[1][0].setFocus()
    desk.presses[0][0].setFocus()  # it is covered
    assert desk.presses[1][0].hasFocus()

    lower.toggle()  # asked for again: it comes over the other

    assert lower.isVisible() and lower.is_uppermost and lower.hasFocus()
    press_escape(desk)
    press_escape(desk)
    assert not lower.isVisible() and not upper.isVisible()


def test_where_the_keyboard_came_from_may_be_gone_when_a_sheet_goes(desk: Desk, qtbot: Any) -> None:
    passing = QPushButton("passing", desk)
    passing.show()
    passing.setFocus()
    desk.sheets[0].toggle()
    with qtbot.waitSignal(passing.destroyed):
        passing.deleteLater()

    press_escape(desk)

    assert not desk.sheets[0].isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")  # said by Qt where there is no screen
def test_a_list_that_opens_from_a_sheet_keeps_the_keyboard(desk: Desk, qtbot: Any) -> None:
    box = QComboBox()
    box.addItems(["one", "two"])
    desk.sheets[0].layout().addWidget(box)
    desk.sheets[0].toggle()
    box.setFocus()

    box.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    QTest.keyClick(box.view(), Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert desk.sheets[0].isVisible()


def test_what_was_done_is_told_for_a_while_and_what_was_refused_until_something_else_is(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = Sheet(window, LIGHT_TOKENS, "sheet", "A sheet")
    sheet.fill(QWidget())
    said = sheet.findChild(QLabel, "sheet.notice")
    sheet._fading.setInterval(0)

    sheet.tell("Done.", good=True)
    assert said.text() == "Done."
    qtbot.waitUntil(lambda: said.text() == "")

    sheet.tell("That is not possible.")
    assert not sheet._fading.isActive()
