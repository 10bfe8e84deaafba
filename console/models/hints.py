"""Words in the open report that could point to a person, and which of them is looked at. It finds none itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import ntr, tr
from shared.identity_hints.placed import Acceptance, AcceptReason, PlacedHint, unsettled

REASON_WORDS: Final = {
    AcceptReason.ABOUT_THE_SUBJECT: tr("About the subject"),
    AcceptReason.WIDELY_KNOWN: tr("Widely known"),
    AcceptReason.NEEDED_TO_ACT: tr("Needed to act"),
    AcceptReason.NOT_SO: tr("Points to nobody"),
}
NONE_OPEN: Final = tr("Nothing here seems to point to a person.")
SUBMIT_AGAIN: Final = tr("Submit again to leave that to the reviewer.")
MOST_WORDS: Final = 60


class HintsModel(QObject):
    """Emits `changed` when other hints are known or it is asked for or put away, `looked` when another is looked at."""

    changed = Signal()
    looked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wanted = False
        self.read = False  # whether the whole report has been read since it was asked for
        self.all: tuple[PlacedHint, ...] = ()
        self.open: tuple[PlacedHint, ...] = ()
        self.place = -1
        self.held_up = False  # submitting waits until somebody has looked at them

    def want(self, wanted: bool) -> None:
        """Ask for hints, or let them be quiet."""
        if wanted != self.wanted:
            self.wanted, self.read = wanted, False
            self.all, self.open, self.place = (), (), -1
            self.held_up = False
            self.changed.emit()

    def show(self, found: Sequence[PlacedHint], accepted: Sequence[Acceptance]) -> None:
        """What is found now. The hint that is looked at stays so while it is there, else the one after it is."""
        found, before = tuple(found), self.current
        open_ones = unsettled(found, accepted)
        if self.read and (found, open_ones) == (self.all, self.open):
            return
        self.all, self.open, self.read = found, open_ones, True
        place = min(max(self.place, 0), len(self.open) - 1)
        self.place = next((n for n, one in enumerate(self.open) if before is not None and _same(one, before)), place)
        self.changed.emit()

    @property
    def current(self) -> PlacedHint | None:
        """The hint that is looked at."""
        return self.open[self.place] if 0 <= self.place < len(self.open) else None

    def look_at(self, place: int) -> None:
        """Look at one of the open hints, by its place in the list."""
        if 0 <= place < len(self.open):
            self.place = place
            self.looked.emit()

    def next(self) -> None:
        """Look at the one after, round and round."""
        if self.open:
            self.look_at((self.place + 1) % len(self.open))

    def hold_up(self) -> None:
        """Say that submitting waits."""
        self.held_up = True
        self.changed.emit()

    @property
    def title(self) -> str:
        if not self.read:
            return tr("Reading…")
        if not self.open:
            return NONE_OPEN
        count = len(self.open)
        counted = ntr("{count} place could point to a person", "{count} places could point to a person", count)
        counted = counted.format(count=count)
        return f"{counted}. {SUBMIT_AGAIN}" if self.held_up else counted

    @property
    def rows(self) -> tuple[str, ...]:
        """One line for each open hint."""
        return tuple(f"{one.label}: “{_short(one.hint.words)}”" for one in self.open)


def _same(one: PlacedHint, other: PlacedHint) -> bool:
    return (one.path, one.hint.kind, one.hint.words) == (other.path, other.hint.kind, other.hint.words)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= MOST_WORDS else plain[: MOST_WORDS - 1] + "…"
