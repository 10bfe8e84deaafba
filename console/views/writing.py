"""Editors for answers that are written: a line, a number, a date, a way to reach somebody, several lines."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from console import telephones
from console.translation import tr
from console.views.editor import Editor
from console.views.parts import text_label
from shared.forms.dates import date_words, understood
from shared.forms.form import LARGEST_NUMBER

MOST_DATE_LETTERS: Final = 40


class LineEditor(Editor):
    """One line of text or a number."""

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on selected text only moves the cursor: text cannot be dragged out of a report."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)


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


class DateEditor(Editor):
    """A day, a month or a year, as people write them; what was understood stands below."""

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._line.setMaxLength(MOST_DATE_LETTERS)
        self._line.setDragEnabled(False)
        self._line.setPlaceholderText(tr("10 March 2026, March 2026, about 2026"))
        self._line.textEdited.connect(self._typed)
        self._hold(self._line, name, accessible)
        self._words = text_label("", "small", "muted", f"{name}.understood")
        own = self.layout()
        if own is not None:
            own.addWidget(self._words)

    def _typed(self, text: str) -> None:
        kept = understood(text)
        self._words.setText("" if kept is None else date_words(kept))
        self.edited.emit(text.strip() if kept is None else kept)

    def show_value(self, value: Any) -> None:
        if understood(self._line.text()) != value or not value:
            self._line.setText(date_words(str(value or "")))
            self._words.setText("")

    def focus_on(self) -> QWidget:
        return self._line


class ReachEditor(Editor):
    """A telephone number, kept as E.164 and shown as it is dialled here, or an e-mail address."""

    def __init__(self, name: str, accessible: str, limit: int) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._line.setMaxLength(limit)
        self._line.setDragEnabled(False)
        self._line.textEdited.connect(lambda text: self.edited.emit(telephones.kept(text)))
        self._line.editingFinished.connect(self._settle)
        self._hold(self._line, name, accessible)

    def _settle(self) -> None:
        self._line.setText(telephones.shown(telephones.kept(self._line.text())))

    def show_value(self, value: Any) -> None:
        if telephones.kept(self._line.text()) != value or not value:
            self._line.setText(telephones.shown(str(value or "")))
            self._line.setCursorPosition(0)

    def focus_on(self) -> QWidget:
        return self._line
