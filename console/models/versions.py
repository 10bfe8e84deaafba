"""Whether the open report has another version beside it, and what to say of that; it knows no text of either."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr


class Other(StrEnum):
    """Where the other version comes from, as the person sees it."""

    NONE = "none"
    HERE = "here"  # kept on this computer while the service was away
    ELSEWHERE = "elsewhere"  # saved from another console
    SWAPPED = "swapped"  # what was shown until the other was taken


WORDS: Final = {
    Other.NONE: "",
    Other.HERE: tr("There are two versions of this report: this one, from the service, and one kept on this computer."),
    Other.ELSEWHERE: tr("There are two versions of this report: this one, and one saved from another console."),
    Other.SWAPPED: tr("This is now the version that is saved. The one you had before is kept on this computer."),
}
UNTIL: Final = tr("Both are kept until you submit one.")


class VersionsModel(QObject):
    """Emits `changed` when there is another version, or none any more."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.other = Other.NONE
        self.busy = False

    def show(self, other: Other) -> None:
        self.other, self.busy = other, False
        self.changed.emit()

    def wait(self) -> None:
        """The versions are changing places."""
        self.busy = True
        self.changed.emit()

    @property
    def words(self) -> str:
        return "" if self.other is Other.NONE else f"{WORDS[self.other]} {UNTIL}"
