"""An editor for each kind of field: it shows a value and says when a person changed it; it knows no rule.

Object names: `field.<id>` for the editor, `field.<id>.<value>` for each button or box of a choice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, assert_never

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QIntValidator, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from console.style.tokens import Tokens
from console.views.parts import across, column, restyle
from shared.domain.forces import FORCES
from shared.forms import Choice, Field, FieldKind

CHOOSE: Final = "Choose…"
MOST_SEGMENTS: Final = 5
MOST_SEGMENT_LETTERS: Final = 40
LARGEST_NUMBER: Final = 999_999_999


class Editor(QWidget):
    """What every editor is: a widget that emits `edited` with the new value when a person changes it."""

    edited = Signal(object)

    def show_value(self, value: Any) -> None:
        """Show a value without emitting."""
        raise NotImplementedError

    def focus_on(self) -> QWidget:
        """The control that typing goes to."""
        raise NotImplementedError

    def mark(self, wrong: bool) -> None:
        """Show that something is wrong here; words say what elsewhere."""
        restyle(self.focus_on(), "tone", "danger" if wrong else "")

    def _hold(self, control: QWidget, name: str, accessible: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(control)
        _name(control, name, accessible)
        self.setFocusProxy(control)


class LineEditor(Editor):
    """One line of text, a date or a number."""

    def __init__(self, name: str, accessible: str, limit: int, placeholder: str = "", number: bool = False) -> None:
        super().__init__()
        self._number = number
        self._line = QLineEdit()
        self._line.setMaxLength(limit)
        self._line.setPlaceholderText(placeholder)
        self._line.setDragEnabled(False)
        if number:
            self._line.setValidator(QIntValidator(0, LARGEST_NUMBER, self._line))
        self._line.textEdited.connect(lambda text: self.edited.emit(self._value(text)))
        self._hold(self._line, name, accessible)

    def _value(self, text: str) -> Any:
        if not self._number:
            return text
        return int(text) if text.isdigit() else None

    def show_value(self, value: Any) -> None:
        self._line.setText("" if value is None else str(value))
        self._line.setCursorPosition(0)

    def focus_on(self) -> QWidget:
        return self._line


class GrowingText(QPlainTextEdit):
    """Plain text that is as tall as what is in it, between two heights; Tab leaves it."""

    def __init__(self, lines: int, most_lines: int) -> None:
        super().__init__()
        self._lines, self._most_lines = lines, most_lines
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        # A plain text document measures its height in lines.
        lines = min(self._most_lines, max(self._lines, int(self.document().size().height())))
        frame = 2 * int(self.document().documentMargin()) + 22
        height = lines * self.fontMetrics().lineSpacing() + frame
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class TextEditor(Editor):
    """Several lines of plain text."""

    def __init__(self, name: str, accessible: str, lines: int = 3, most_lines: int = 14) -> None:
        super().__init__()
        self._text = GrowingText(lines, most_lines)
        self._showing = False
        self._text.textChanged.connect(self._changed)
        self._hold(self._text, name, accessible)

    def _changed(self) -> None:
        if not self._showing:
            self.edited.emit(self._text.toPlainText())

    def show_value(self, value: Any) -> None:
        self._showing = True
        self._text.setPlainText(str(value or ""))  # forgets what could be undone, too
        self._showing = False

    def focus_on(self) -> QWidget:
        return self._text


class ChoiceBox(QComboBox):
    """A list that opens; the wheel only turns it while it has the focus, so that scrolling past changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # so that the style sheet gives rows their height
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.6))
        across, down = self.width() - 18.0, self.height() / 2
        painter.drawPolyline([QPointF(across - 4, down - 2), QPointF(across, down + 2), QPointF(across + 4, down - 2)])
        painter.end()


class TickBox(QCheckBox):
    """A box with a tick, so that colour is not the only sign."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        left, top, side = float(box.left()), float(box.top()), float(box.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlightedText().color(), 1.8))
        tick = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))
        painter.drawPolyline([QPointF(left + across * side, top + down * side) for across, down in tick])
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
        _name(self, name, accessible)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = across(gap)
        self.setLayout(layout)
        for choice in choices:
            button = QPushButton(choice.label)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("look", "segment")
            _name(button, f"{name}.{choice.value}", f"{accessible}: {choice.label}")
            button.clicked.connect(partial(self._chosen, choice.value))
            self._group.addButton(button)
            self._buttons[choice.value] = button
            layout.addWidget(button)
        layout.addStretch(1)

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

    def mark(self, wrong: bool) -> None:
        for button in self._buttons.values():
            restyle(button, "tone", "danger" if wrong else "")


class SeveralEditor(Editor):
    """Any number of a few."""

    def __init__(self, name: str, accessible: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        _name(self, name, accessible)
        self._boxes: dict[str, TickBox] = {}
        layout = column(2)
        self.setLayout(layout)
        for choice in choices:
            box = TickBox(choice.label)
            _name(box, f"{name}.{choice.value}", f"{accessible}: {choice.label}")
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


def _name(control: QWidget, name: str, accessible: str) -> None:
    control.setObjectName(name)
    control.setAccessibleName(accessible)


def _force_choices() -> tuple[Choice, ...]:
    return tuple(Choice(force.id, force.name) for force in sorted(FORCES.values(), key=lambda force: force.name))


def _choice(field: Field, name: str, tokens: Tokens) -> Editor:
    letters = sum(len(choice.label) for choice in field.choices)
    if len(field.choices) <= MOST_SEGMENTS and letters <= MOST_SEGMENT_LETTERS:
        return SegmentsEditor(name, field.label, field.choices, tokens.hair)
    return BoxEditor(name, field.label, field.choices, empty=not field.default)


def editor_for(field: Field, name: str, tokens: Tokens, entries: Callable[[Field, str, Tokens], Editor]) -> Editor:
    """The editor of a field; `entries` makes the one for repeated entries."""
    match field.kind:
        case FieldKind.TEXT:
            return LineEditor(name, field.label, field.max_length)
        case FieldKind.LONG_TEXT:
            return TextEditor(name, field.label)
        case FieldKind.CHOICE:
            return _choice(field, name, tokens)
        case FieldKind.YES_NO_NOT_ASKED:
            return SegmentsEditor(name, field.label, field.choices, tokens.hair)
        case FieldKind.SEVERAL:
            return SeveralEditor(name, field.label, field.choices)
        case FieldKind.DATE:
            return LineEditor(name, field.label, len("2026-03-10"), "year-month-day")
        case FieldKind.NUMBER:
            return LineEditor(name, field.label, len(str(LARGEST_NUMBER)), number=True)
        case FieldKind.FORCE:
            return BoxEditor(name, field.label, _force_choices())
        case FieldKind.ENTRIES:
            return entries(field, name, tokens)
        case _ as never:
            assert_never(never)
