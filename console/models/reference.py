"""The caller's reference for ringing again, as the handler sees it: offered, read out once, or entered; never kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr


class Step(StrEnum):
    """How far it has come, for the report that is open."""

    CLOSED = "closed"  # no report, or the caller did not want one
    OFFER = "offer"
    MAKING = "making"
    READING = "reading"  # the words are on the screen, this once
    ENTERING = "entering"
    CHECKING = "checking"
    MARKED = "marked"  # the report carries the mark


HINTS: Final = {
    Step.CLOSED: "",
    Step.OFFER: tr("If you are cut off, or remember more: would the caller like a reference to ring again with?"),
    Step.MAKING: tr("Making a reference…"),
    Step.READING: tr("Read these five words out and have the caller say them back. They are shown this once."),
    Step.ENTERING: tr("Write the five words the caller says. The first four letters of each are enough."),
    Step.CHECKING: tr("Looking for it…"),
    Step.MARKED: "",
}
TAKEN: Final = tr("The caller has a reference. The unit will see which reports belong together, and nothing else.")
FOUND: Final = tr(
    "This is a reference of ours. The unit will see that this report belongs with the caller's earlier one."
)
FOUND_AND_ASKED: Final = tr(
    "This is a reference of ours. The unit that has the earlier report would like to know what stands below. Put it "
    "only if the caller is willing, and write what they say as an entry: nobody is told whether you asked."
)
NOT_SEEN: Final = tr("This is a reference of ours. Whether the unit asks something could not be seen just now.")


class ReferenceModel(QObject):
    """Emits `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.step = Step.CLOSED
        self.words: tuple[str, ...] = ()
        self.questions: tuple[str, ...] = ()
        self.notice = ""

    def go(self, step: Step, notice: str = "", words: tuple[str, ...] = ()) -> None:
        """Another step; words of an earlier one are gone."""
        self.step, self.notice, self.words, self.questions = step, notice, words, ()
        self.changed.emit()

    def ask(self, questions: tuple[str, ...]) -> None:
        """What the unit would like to know of the caller who has the reference, as a supervisor let it be put."""
        self.notice, self.questions = (FOUND_AND_ASKED, questions) if questions else (FOUND, ())
        self.changed.emit()

    @property
    def hint(self) -> str:
        """One calm line: what went wrong or what to do now."""
        return self.notice or HINTS[self.step]

    @property
    def is_busy(self) -> bool:
        return self.step in (Step.MAKING, Step.CHECKING)

    @property
    def asked(self) -> str:
        """The unit's questions, each in a paragraph; "" where there is none."""
        return "\n\n".join(self.questions)

    @property
    def spoken(self) -> str:
        """The words, as they are read out; "" but for the once."""
        return "   ".join(self.words)
