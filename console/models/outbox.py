"""The outbox in words a supervisor understands: each delivery, how it stands, and what can be done; it asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.dates import day_and_time, day_words, weekday_and_day
from console.translation import ntr, said, tr
from console.words import CATEGORIES, short_force_words
from shared.domain.london import LONDON
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Lane, Mode
from shared.outbox_messages import DeliveryCard, Outbox
from shared.sealing.canonical import from_base64url
from shared.sealing.spoken_digest import spoken

STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: tr("Waiting for its batch"),
    DeliveryState.SENDING: tr("Being sent"),
    DeliveryState.FAILED: tr("The last attempt failed; it is tried again by itself"),
    DeliveryState.DELIVERED: tr("Delivered"),
    DeliveryState.OPENED: tr("Opened by the unit"),
    DeliveryState.OURS: tr("The unit says that it is theirs"),
    DeliveryState.NOT_OURS: tr("The unit has read it and says that it is not theirs"),
    DeliveryState.PARKED: tr("Put aside"),
    DeliveryState.WITHDRAWN: tr("Withdrawn before it left"),
}
KINDS: Final[Mapping[DeliveryKind, str]] = {
    DeliveryKind.REPORT: tr("Report"),
    DeliveryKind.CONTACT: tr("Contact details"),
    DeliveryKind.WITHDRAWAL: tr("Notice of withdrawal"),
}
MODES: Final[Mapping[Mode, str]] = {
    Mode.UNSET: tr("anonymous, as nothing was said"),
    Mode.ANONYMOUS: tr("anonymous"),
    Mode.CONFIDENTIAL: tr("gave a name"),
}
TAKEN_BACK: Final = tr("Withdrawn after it had left; the unit is sent a notice")
LANES: Final[Mapping[Lane, str]] = {Lane.ORDINARY: "", Lane.URGENT: "urgent", Lane.ADDITIONS: ""}
EMPTY: Final = tr("The outbox is empty: everything has been delivered and answered.")
UNANSWERED: Final = tr("The unit has not answered for too long. Please get in touch with it.")
NONE_FITS: Final = tr("Nothing in the outbox has all of these words.")


@dataclass(frozen=True, slots=True)
class Withdrawable:
    """A report that can be withdrawn, as the service knows it now."""

    report_id: str
    revision: str
    sent_to: tuple[tuple[str, bytes], ...]  # every unit that has it or is to have it, and the digest of what it is sent


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A notice that was put aside before anything of it left: it is sealed when it is sent again."""

    delivery_id: str
    unit_id: str
    withdraws: bytes


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery as it is shown. `needs_someone` puts it in another colour and words, never in a colour alone."""

    id: str
    heading: str
    about: str  # what a caller can say of their report, of a report
    standing: str
    advice: str
    needs_someone: bool
    may_send_again: bool
    report_id: str = ""  # of a report that its unit says is not theirs: it may go to another
    digest: bytes = b""  # of that report as the unit was sent it: its reference is made of this
    unit_id: str = ""  # the one that disowned it
    asked_for: str = ""  # the unit that it is asked to go to
    withdrawable: Withdrawable | None = None
    unsealed: Unsealed | None = None


class OutboxModel(QObject):
    """Emits `changed` when deliveries did, `told` when the line about what was just done did."""

    changed = Signal()
    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.all: tuple[DeliveryRow, ...] = ()
        self.sought = ""  # words that a row has to have to be shown; they are told to nobody
        self.notice = ""
        self.notice_is_good = False

    @property
    def rows(self) -> tuple[DeliveryRow, ...]:
        """The deliveries that have every word that is sought, however it is capitalised; all while none is."""
        words = self.sought.casefold().split()
        return tuple(row for row in self.all if all(word in _read_in(row) for word in words))

    def seek(self, words: str) -> None:
        """Show only what has these words, and whatever stands in a reference without its gap."""
        if words != self.sought:
            self.sought = words
            self.changed.emit()

    @property
    def summary(self) -> str:
        """One line above the list."""
        rows = self.rows
        if len(rows) == len(self.all):
            return self._all_of_it()
        if not rows:
            return NONE_FITS
        return tr("{shown} of {count} shown").format(shown=len(rows), count=len(self.all))

    def _all_of_it(self) -> str:
        needing = sum(1 for row in self.all if row.needs_someone)
        if not self.all:
            return EMPTY
        count = len(self.all)
        if not needing:
            return ntr(
                "{count} delivery, none of them in need of somebody",
                "{count} deliveries, none of them in need of somebody",
                count,
            ).format(count=count)
        return ntr(
            "{count} delivery, {needing} of them in need of somebody",
            "{count} deliveries, {needing} of them in need of somebody",
            count,
        ).format(count=count, needing=needing)

    def show(self, outbox: Outbox | None) -> None:
        """What the service says now; None when nobody who may see it is signed in."""
        self.all = () if outbox is None else tuple(_row(card) for card in outbox.deliveries)
        self.changed.emit()

    def tell(self, words: str, good: bool = False) -> None:
        self.notice, self.notice_is_good = words, good
        self.told.emit()


def _row(card: DeliveryCard) -> DeliveryRow:
    lane = LANES[card.lane]
    words = (
        tr("{kind} to {unit} ({lane}), reference {reference}")
        if lane
        else tr("{kind} to {unit}, reference {reference}")
    )
    reference = spoken(from_base64url(card.report_digest))
    heading = words.format(kind=KINDS[card.kind], unit=card.unit_id, lane=lane, reference=reference)
    disowned = card.state is DeliveryState.NOT_OURS and not card.taken_back
    parked = card.state is DeliveryState.PARKED
    return DeliveryRow(
        id=card.id,
        heading=heading,
        about=_about(card) if card.kind is DeliveryKind.REPORT else "",
        standing=_standing(card),
        advice=_advice(card),
        needs_someone=parked or card.unanswered or disowned,
        may_send_again=parked,
        report_id=card.report_id if disowned else "",
        digest=from_base64url(card.report_digest) if disowned else b"",
        unit_id=card.unit_id,
        asked_for=card.asked_for or "",
        withdrawable=_withdrawable(card),
        unsealed=_unsealed(card),
    )


def _about(card: DeliveryCard) -> str:
    """What its caller can say of it without being asked for more: force, subject, name or none, and about when."""
    force, subject, mode = short_force_words(card.force_id), CATEGORIES[card.category], MODES[card.mode]
    words = tr("{force} · {subject} · {mode} · begun in the week of {day}")
    return words.format(force=force, subject=subject, mode=mode, day=day_words(card.week))


def _read_in(row: DeliveryRow) -> str:
    words = " ".join((row.heading, row.about, row.standing, row.unit_id)).casefold()
    return f"{words} {words.replace(' ', '')}"


def _withdrawable(card: DeliveryCard) -> Withdrawable | None:
    if card.kind is not DeliveryKind.REPORT or card.state is DeliveryState.WITHDRAWN or card.taken_back:
        return None
    before = ((one.unit_id, from_base64url(one.digest)) for one in card.before)
    return Withdrawable(card.report_id, card.revision, (*before, (card.unit_id, from_base64url(card.digest))))


def _unsealed(card: DeliveryCard) -> Unsealed | None:
    if card.withdraws is None:
        return None
    return Unsealed(card.id, card.unit_id, from_base64url(card.withdraws))


def _standing(card: DeliveryCard) -> str:
    left = card.taken_back and card.state is not DeliveryState.WITHDRAWN
    words = TAKEN_BACK if left else STATES[card.state]
    if card.until is not None:
        leaves = card.state is DeliveryState.WAITING
        said = tr("{state}: leaves {time}") if leaves else tr("{state}: again {time}")
        return said.format(state=words, time=day_and_time(card.until.astimezone(LONDON)))
    if card.since is not None:
        return f"{words}, {weekday_and_day(card.since)}"
    return words


def _advice(card: DeliveryCard) -> str:
    if card.unanswered:
        return UNANSWERED
    if card.asked_for is not None:
        return ntr(
            "One supervisor asks that it go to {unit}; two have to.",
            "{count} supervisors ask that it go to {unit}; two have to.",
            card.asking,
        ).format(count=card.asking, unit=card.asked_for)
    return said(card.reason)
