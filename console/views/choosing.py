"""Editors for answers that are chosen: from a list that opens, from a few in sight, or any number of a few."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from console.translation import tr
from console.views.editor import Editor, name_control
from console.views.open_list import KeysGoOn
from console.views.parts import column, restyle
from console.views.pressing import PressBox, PressButton
from console.views.wrapping import WrappingLayout
from shared.forms import Choice

CHOOSE: Final = tr("Choose…")


class ChoiceBox(QComboBox):
    """A list that opens; the wheel only turns it while it has the focus, so that scrolling past changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # so that the style sheet gives rows their height
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._keys: KeysGoOn | None = None

    def showPopup(self) -> None:
        self._keys = self._keys or KeysGoOn(self)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def shown_words(self) -> str:
        """What is chosen, as far as there is room; it ends in "…" where there is not enough. The list has the whole."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        room -= 2 * self.fontMetrics().averageCharWidth()  # the style keeps clear of the edges of it
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_words()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.6))
        side = self.fontMetrics().height() / 4
        across, down = self.width() - 14.0 - side, self.height() / 2
        corners = ((across - side, down - side / 2), (across, down + side / 2), (across + side, down - side / 2))
        painter.drawPolyline([QPointF(*corner) for corner in corners])
        painter.end()


class BoxEditor(Editor):
    """One of many, from a list that opens."""

    def __init__(self, name: str, accessible: str, choices: tuple[Choice, ...], empty: bool = True) -> None:
        super().__init__()
        self._box = ChoiceBox()
        if empty:
            self._box.addItem(CHOOSE, "")
        for choice in choices:
            self._box.addItem(choice.label, choice.value)
        self._box.activated.connect(lambda _: self.edited.emit(self._box.currentData()))
        self._hold(self._box, name, accessible)

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(max(0, self._box.findData(value)))

    def focus_on(self) -> QWidget:
        return self._box


class SegmentsEditor(Editor):
    """One of a few, all in sight."""

    def __init__(self, name: str, accessible: str, choices: tuple[Choice, ...], gap: int) -> None:
        super().__init__()
        name_control(self, name, accessible)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = WrappingLayout(gap)
        self.setLayout(layout)
        for choice in choices:
            button = PressButton(choice.label)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("look", "segment")
            name_control(button, f"{name}.{choice.value}", f"{accessible}: {choice.label}")
            button.clicked.connect(partial(self._chosen, choice.value))
            self._group.addButton(button)
            self._buttons[choice.value] = button
            layout.addWidget(button)

    def _chosen(self, value: str, _: bool = False) -> None:
        self.edited.emit(value)

    def show_value(self, value: Any) -> None:
        self._group.setExclusive(False)
        for own, button in self._buttons.items():
            button.setChecked(own == value)
        self._group.setExclusive(True)

    def focus_on(self) -> QWidget:
        checked = self._group.checkedButton()
        return checked if checked is not None else next(iter(self._buttons.values()))

    @property
    def tab_stops(self) -> list[QWidget]:
        return list(self._buttons.values())

    def mark(self, wrong: bool) -> None:
        for button in self._buttons.values():
            restyle(button, "tone", "danger" if wrong else "")


class SeveralEditor(Editor):
    """Any number of a few."""

    def __init__(self, name: str, accessible: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        name_control(self, name, accessible)
        self._boxes: dict[str, PressBox] = {}
        layout = column(2)
        self.setLayout(layout)
        for choice in choices:
            box = PressBox(choice.label)
            name_control(box, f"{name}.{choice.value}", f"{accessible}: {choice.label}")
            box.clicked.connect(lambda _: self.edited.emit(self._chosen()))
            self._boxes[choice.value] = box
            layout.addWidget(box)

    def _chosen(self) -> list[str]:
        return [value for value, box in self._boxes.items() if box.isChecked()]

    def show_value(self, value: Any) -> None:
        chosen = value if isinstance(value, list) else []
        for own, box in self._boxes.items():
            box.setChecked(own in chosen)

    def focus_on(self) -> QWidget:
        return next(iter(self._boxes.values()))
