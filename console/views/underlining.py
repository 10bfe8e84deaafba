"""Draws a line under words in a text field, and brings some of them up to be typed over. It knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtGui import QPalette, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QTextEdit, QWidget

MARGIN: Final = 60
Span = tuple[int, int]

_WAVE: Final = QTextCharFormat.UnderlineStyle.WaveUnderline


def control_at(surface: QWidget, name: str) -> QPlainTextEdit | QLineEdit | None:
    """The text field of this object name."""
    found = surface.findChild(QWidget, name)
    return found if isinstance(found, QPlainTextEdit | QLineEdit) else None


def underline(surface: QWidget, names: Iterable[str], spans: Mapping[str, list[Span]]) -> None:
    """Underline these spans, in characters from 0, in the fields of these names, and nothing else in any of them."""
    for name in {*names, *spans}:
        control = control_at(surface, name)
        if isinstance(control, QPlainTextEdit):
            control.setExtraSelections([_marked(control, span) for span in spans.get(name, ())])


def bring_up(control: QPlainTextEdit | QLineEdit, span: Span) -> None:
    """Give a field the focus with these words chosen, so that typing replaces them."""
    control.setFocus()
    around = control.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if isinstance(around, QScrollArea):
        around.ensureWidgetVisible(control, 0, MARGIN)
    if isinstance(control, QPlainTextEdit):
        control.setTextCursor(_cursor(control, span))
        control.ensureCursorVisible()
    else:
        start, end = _units(control.text(), span)
        control.setSelection(start, end - start)


def _marked(control: QPlainTextEdit, span: Span) -> QTextEdit.ExtraSelection:
    marked = QTextEdit.ExtraSelection()
    marked.cursor = _cursor(control, span)
    drawn = QTextCharFormat()
    drawn.setUnderlineStyle(_WAVE)
    drawn.setUnderlineColor(control.palette().color(QPalette.ColorRole.Highlight))  # the theme's own accent
    marked.format = drawn
    return marked


def _cursor(control: QPlainTextEdit, span: Span) -> QTextCursor:
    text = control.toPlainText()
    start, end = _units(text, span)
    cursor = QTextCursor(control.document())
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _units(text: str, span: Span) -> Span:
    """Qt counts in UTF-16 units. A span that lies beyond the text ends with it."""
    start, end = (min(place, len(text)) for place in span)
    before = len(text[:start].encode("utf-16-le")) // 2
    return before, before + len(text[start:end].encode("utf-16-le")) // 2
