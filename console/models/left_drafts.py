"""Drafts whose authors are not here, in words, and what may be done about each; it asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.dates import day_and_year, day_words
from console.translation import ntr, tr
from shared.recovery_messages import LeftDraftCard, LeftDrafts, TakerCard

EMPTY: Final = tr("No drafts are left behind: whoever has one open is signed in.")
ABOUT: Final = tr(
    "Nobody can read these but their authors. If one is away for good, or has lost their passphrase, ask to recover "
    "the draft. A second supervisor confirms; then either of you gives it to a handler. The author is told."
)
NO_DETAILS: Final = tr("How to reach the caller was sealed to the author alone. It is deleted when the draft is given.")
_HEADINGS: Final = {  # by whether it was returned, and whether its author may still sign in
    (False, True): tr("Draft of {day} by {author}"),
    (False, False): tr("Draft of {day} by {author}, who is suspended"),
    (True, True): tr("Returned report of {day} by {author}"),
    (True, False): tr("Returned report of {day} by {author}, who is suspended"),
}


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One draft as it is shown."""

    id: str
    words: str
    may_ask: bool
    may_confirm: bool
    may_leave: bool
    may_give: bool


class LeftDraftsModel(QObject):
    """Emits `changed` when the drafts did, `told` when the line about what was just done did."""

    changed = Signal()
    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[LeftRow, ...] = ()
        self.takers: tuple[TakerCard, ...] = ()
        self.notice = ""
        self.notice_is_good = False

    def show(self, left: LeftDrafts | None) -> None:
        """What the service says now; None when nobody who may see it is signed in."""
        self.rows = () if left is None else tuple(_row(card) for card in left.drafts)
        self.takers = () if left is None else left.takers
        self.changed.emit()

    def tell(self, words: str, good: bool = False) -> None:
        self.notice, self.notice_is_good = words, good
        self.told.emit()


def _row(card: LeftDraftCard) -> LeftRow:
    return LeftRow(
        id=card.id,
        words="\n".join(filter(None, (_heading(card), _standing(card), NO_DETAILS if card.confidential else ""))),
        may_ask=not card.asked,
        may_confirm=card.asked and not card.asked_by_me and not card.confirmed,
        may_leave=card.asked,
        may_give=card.confirmed,
    )


def _heading(card: LeftDraftCard) -> str:
    words = _HEADINGS[card.returned, card.author_active]
    return words.format(day=day_and_year(card.started_on), author=card.author)


def _standing(card: LeftDraftCard) -> str:
    if card.confirmed:
        return tr("Two supervisors agree. Choose a handler below and give it to them.")
    if card.asked_by_me:
        return tr("You ask to recover it. A second supervisor has to confirm.")
    return tr("A supervisor asks to recover it. Please confirm, or leave it.") if card.asked else ""


def given_words(days: tuple[date, ...]) -> str:
    """What an author is told who signs in again; "" where nothing was given."""
    if not days:
        return ""
    words = ntr(
        "On {day} two supervisors gave a draft of yours to a colleague.",
        "Two supervisors gave {count} drafts of yours to colleagues, the last on {day}.",
        len(days),
    )
    return words.format(count=len(days), day=day_words(max(days)))
