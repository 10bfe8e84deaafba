"""A day, typed as people write it or taken from a calendar that opens. It knows nothing of what the day is for."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit

from console.dates import day_and_year
from console.translation import tr
from console.views.choosing import ChoiceBox
from shared.forms.dates import days_of, understood

NOT_READ: Final = tr("“{text}” was not read as a day. Write it as 25 October 2026 or 25/10/2026.")
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
_ENTERS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: Final = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
_LEAVES_OPEN: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_MONTHS: Final = 12
_DAY_PART, _MONTH_PART, _YEAR_PART = range(3)


class DayBox(ChoiceBox):
    """Emits `chosen` with a date once an entry is finished, and `not_read` with a sentence about what is no day.

    That sentence is "" once it is mended.

    Up and Down turn the day, the month or the year the cursor is in; Alt and Down opens the calendar.
    """

    chosen = Signal(object)
    not_read = Signal(str)

    def __init__(self, name: str, last_of_it: bool = False) -> None:
        """``last_of_it``: a month or a year that is typed means its last day."""
        super().__init__()
        self._day, self._shown, self._last_of_it = EARLIEST, EARLIEST, last_of_it
        self._refused = False
        self.setObjectName(name)
        self._edit = QLineEdit()
        self.setLineEdit(self._edit)
        self.setCompleter(None)  # type: ignore[arg-type]  # the stubs know no null here
        self.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(len("30 September 2026"))
        self._edit.setObjectName(f"{name}.written")
        self._calendar: QCalendarWidget | None = None

    @property
    def day(self) -> date:
        return self._day

    def name_it(self, accessible: str) -> None:
        """What a screen reader calls it, and the calendar."""
        self.setAccessibleName(accessible)
        self._edit.setAccessibleName(accessible)

    def show_day(self, day: date) -> None:
        """As it is chosen now; nothing is emitted, and what is being typed is left alone while the day is the same."""
        if day != self._day or self._is_as_shown():
            self._day = day
            self._write(day)

    def showPopup(self) -> None:
        if not self._finish():
            return
        opened = self._calendar = self._calendar or self._new_calendar()
        opened.setAccessibleName(self.accessibleName())
        opened.setSelectedDate(_in_qt(self._day))
        opened.adjustSize()
        opened.move(self._within_the_screen(opened.sizeHint()))
        opened.show()
        opened.setFocus()

    def _new_calendar(self) -> QCalendarWidget:
        made = QCalendarWidget(self)
        made.setWindowFlag(Qt.WindowType.Popup)
        made.setDateRange(_in_qt(EARLIEST), _in_qt(LATEST))
        made.activated.connect(self._take)
        made.clicked.connect(self._take)
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ENTERS:
            self._finish()
            self._edit.selectAll()
        elif key is Qt.Key.Key_Escape and not self._is_as_shown():
            self._write(self._day)
            self._refuse("")
        elif key in _STEPS and not plain:
            self._turn(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _STEPS and not event.isAutoRepeat():
            self._finish()  # once, however long the key was held
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _LEAVES_OPEN and not self._finish():
            self._write(self._day)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _finish(self) -> bool:
        """Whether what is written is a day; it is chosen then."""
        day = self._read()
        self._refuse("" if day is not None else NOT_READ.format(text=self.currentText().strip()))
        if day is None:
            return False
        self._write(day)
        if day != self._day:
            self._day = day
            self.chosen.emit(day)
        return True

    def _refuse(self, words: str) -> None:
        if words or self._refused:
            self._refused = bool(words)
            self.not_read.emit(words)

    def _read(self) -> date | None:
        if self._is_as_shown():
            return self._shown
        days = days_of(understood(self.currentText()))
        if days is None:
            return None
        day = days[1 if self._last_of_it else 0]
        return day if EARLIEST <= day <= LATEST else None

    def _is_as_shown(self) -> bool:
        return self.currentText() == day_and_year(self._shown)

    def _write(self, day: date) -> None:
        self._shown = day
        if not self._is_as_shown():
            self.setEditText(day_and_year(day))

    def _turn(self, steps: int) -> None:
        """By days, months or years, whichever the cursor is in; of a text that is no day, nothing."""
        day, part = self._read(), self._part()
        if day is None:
            return
        self._write(_turned(day, steps, part))
        words = [found.span() for found in re.finditer(r"\S+", self.currentText())]
        start, end = words[min(part, len(words) - 1)]
        self._edit.setSelection(start, end - start)

    def _part(self) -> int:
        edit = self._edit
        place = edit.selectionStart() if edit.hasSelectedText() else edit.cursorPosition()
        return min(self.currentText()[:place].count(" "), _YEAR_PART)

    def _take(self, day: QDate) -> None:
        if self._calendar is not None:
            self._calendar.hide()
        self._write(date(day.year(), day.month(), day.day()))
        self._finish()
        self.setFocus()

    def _within_the_screen(self, size: QSize) -> QPoint:
        """Under the box, or over it where there is no room below."""
        room = self.screen().availableGeometry()
        under = self.mapToGlobal(QPoint(0, self.height()))
        down = under.y() if under.y() + size.height() <= room.bottom() else under.y() - self.height() - size.height()
        return QPoint(max(room.left(), min(under.x(), room.right() - size.width())), down)


def _in_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _turned(day: date, steps: int, part: int) -> date:
    """Never before EARLIEST or after LATEST; in a shorter month, on its last day."""
    if part == _DAY_PART:
        return max(EARLIEST, min(LATEST, day + steps * timedelta(days=1)))
    months = day.year * _MONTHS + day.month - 1 + steps * (1 if part == _MONTH_PART else _MONTHS)
    months = max(EARLIEST.year * _MONTHS, min(LATEST.year * _MONTHS + _MONTHS - 1, months))
    year, month = months // _MONTHS, months % _MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
