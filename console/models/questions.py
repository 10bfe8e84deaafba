"""What units ask of callers who ring again, as a supervisor reads it first; it knows no mark and no caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.dates import day_words
from console.translation import ntr, tr

EMPTY: Final = tr("No unit asks anything.")
ABOUT: Final = tr(
    "A unit may ask something of a caller who rings again. Whoever knows the five words hears it, so read it as if a "
    "stranger did. Reject what tells of a report, a person or an inquiry, and what only one person could answer. "
    "The unit is told neither your decision nor whether it was asked."
)
UNREADABLE: Final = tr("It cannot be opened: it is sealed to an earlier key, or was changed. Reject it.")


@dataclass(frozen=True, slots=True)
class AskedByUnit:
    """One question, opened; ``text`` is None where it could not be."""

    id: str
    unit_id: str
    received_on: date
    text: str | None
    sealed: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as it is shown."""

    id: str
    words: str
    may_accept: bool


class QuestionsModel(QObject):
    """Emits `changed` when the questions did, `told` when the line about what was just done did."""

    changed = Signal()
    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: tuple[AskedByUnit, ...] = ()
        self.units: Mapping[str, str] = {}
        self.notice = ""
        self.notice_is_good = False

    def show(self, asked: tuple[AskedByUnit, ...], units: Mapping[str, str]) -> None:
        """What waits now; `units` are their names by id."""
        self.asked, self.units = asked, units
        self.changed.emit()

    def tell(self, words: str, good: bool = False) -> None:
        self.notice, self.notice_is_good = words, good
        self.told.emit()

    @property
    def summary(self) -> str:
        count = len(self.asked)
        return ntr("{count} question waits", "{count} questions wait", count).format(count=count) if count else EMPTY

    @property
    def rows(self) -> tuple[QuestionRow, ...]:
        return tuple(self._row(one) for one in self.asked)

    def _row(self, one: AskedByUnit) -> QuestionRow:
        heading = tr("{unit}, {day}").format(
            unit=self.units.get(one.unit_id, one.unit_id), day=day_words(one.received_on)
        )
        text = UNREADABLE if one.text is None else one.text
        return QuestionRow(one.id, f"{heading}\n{text}", one.text is not None)

    def sealed(self, question_id: str) -> str:
        """The envelope of a question that is shown; "" for another."""
        return next((one.sealed for one in self.asked if one.id == question_id), "")
