"""Deliveries in the store: scheduled, leased, noted, put off or parked. Each is a transaction's body; none sends.

A report is one delivery; its caller's contact details, once the unit said that it is theirs, are another beside it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage
from shared.outbox.batches import Timetable
from shared.outbox.troubles import CannotBeDelivered, Reason
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import CONTACT_MARK
from shared.sealing.errors import NotForThisReader, UnknownUnit
from shared.store.columns import random_id
from shared.store.schema import delivery, report

LEASE: Final = timedelta(minutes=5)
FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(hours=6)
MAX_ATTEMPTS: Final = 32  # with these pauses, four to five days

_STAGES: Final = {DeliveryKind.REPORT: EnvelopeStage.RELEASED, DeliveryKind.CONTACT: EnvelopeStage.CONTACT}
_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery this courier may make until its lease runs out. ``holder`` is fresh for each lease.

    ``name`` is what the unit sees: contact details lie beside their report under its name.
    """

    id: str
    name: str
    kind: DeliveryKind
    report_id: str
    unit_id: str
    digest: bytes
    attempts: int
    holder: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that a person has to look at."""

    id: str
    unit_id: str
    reason: Reason


def unscheduled(tx: Connection, timetable: Timetable, now: datetime) -> dict[str, datetime]:
    """Newly released deliveries that have to wait for a batch, by id, and when theirs leaves.

    A new delivery waits for the beginning of the day it was released, a scheduled one for an instant after that.
    """
    if not timetable.departures:
        return {}
    # Contact details answer the unit, and say nothing of when the report was written: they never wait for a batch.
    waiting = (
        delivery.c.state == DeliveryState.WAITING,
        delivery.c.attempts == 0,
        delivery.c.kind == DeliveryKind.REPORT,
    )
    columns = select(delivery.c.id, delivery.c.lane, delivery.c.not_before, report.c.released_on)
    new = [
        row for row in tx.execute(columns.join(report).where(*waiting)) if row.not_before <= start_of(row.released_on)
    ]
    departures = {row.id: timetable.leaves(row.lane, now) for row in new}
    return {delivery_id: leaves for delivery_id, leaves in departures.items() if leaves is not None}


def schedule(tx: Connection, timetable: Timetable, now: datetime) -> None:
    """Give newly released reports their batch. Those that leave at once are left as they are."""
    for delivery_id, leaves in unscheduled(tx, timetable, now).items():
        tx.execute(update(delivery).where(delivery.c.id == delivery_id).values(not_before=leaves))


def is_any_due(tx: Connection, now: datetime) -> bool:
    """Whether there is a delivery to lease."""
    return tx.execute(select(delivery.c.id).where(_is_due(now)).limit(1)).first() is not None


def lease(tx: Connection, now: datetime, chance: random.Random) -> Leased | None:
    """Take any one delivery that is due, whichever it is; the attempt is counted before anything is sent."""
    due = select(delivery).where(_is_due(now)).with_for_update(skip_locked=True)
    rows = tx.execute(due).all()
    if not rows:
        return None
    # Which of a batch goes first must not tell which was written first.
    row = chance.choice(sorted(rows, key=lambda one: str(one.id)))
    holder = random_id()
    taken = {
        "state": DeliveryState.SENDING,
        "attempts": row.attempts + 1,
        "lease_holder": holder,
        "lease_until": now + LEASE,
    }
    tx.execute(update(delivery).where(delivery.c.id == row.id).values(taken))
    name = _name(tx, row)
    return Leased(row.id, name, row.kind, row.report_id, row.unit_id, row.digest, row.attempts + 1, holder)


def _name(tx: Connection, row: Row[Any]) -> str:
    if row.kind is DeliveryKind.REPORT:
        return str(row.id)
    beside = delivery.c.report_id == row.report_id, delivery.c.kind == DeliveryKind.REPORT
    return f"{tx.execute(select(delivery.c.id).where(*beside)).scalar_one()}{CONTACT_MARK}"


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= now)
    return and_(delivery.c.state.in_(_UNSENT), delivery.c.not_before <= now, free)


def sealed_for_unit(tx: Connection, leased: Leased) -> Envelope:
    """What is delivered, as the unit is sent it: with the unit's own wrap and no other. Raises CannotBeDelivered."""
    try:
        unit = current_directory(tx).unit(leased.unit_id)
    except UnknownUnit:
        raise CannotBeDelivered(Reason.UNIT_NOT_IN_DIRECTORY) from None
    envelope = kept_envelope(tx, leased.report_id, _STAGES[leased.kind])
    if envelope is None:
        raise CannotBeDelivered(Reason.ENVELOPE_MISSING)
    if envelope.digest != leased.digest:
        raise CannotBeDelivered(Reason.ENVELOPE_ALTERED)
    try:
        return envelope.only_wrap(unit.reader.key_id)
    except NotForThisReader:
        raise CannotBeDelivered(Reason.NO_WRAP_FOR_UNIT) from None


def note_delivered(tx: Connection, leased: Leased, now: datetime) -> bool:
    """Note the receipt; False where the lease has passed to another courier, who will note it."""
    return _settle(tx, leased, now, DeliveryState.DELIVERED)


def put_off(tx: Connection, leased: Leased, now: datetime, chance: random.Random) -> bool:
    """Try again later: twice as long after each attempt, shaken by half, and parked when days have passed."""
    if leased.attempts >= MAX_ATTEMPTS:
        return park(tx, leased, Reason.UNIT_UNREACHABLE, now)
    later = now + pause_after(leased.attempts, chance)
    return _release_lease(tx, leased, state=DeliveryState.SENDING, not_before=later)


def pause_after(attempts: int, chance: random.Random) -> timedelta:
    """Two seconds after the first attempt, doubled each time up to six hours; half of it to all of it."""
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE) * chance.uniform(0.5, 1.0)


def park(tx: Connection, leased: Leased, reason: Reason, now: datetime) -> bool:
    """Put aside what trying again would not help; a person has to look."""
    return _settle(tx, leased, now, DeliveryState.PARKED, reason=reason.value)


def send_again(tx: Connection, delivery_id: str, now: datetime) -> bool:
    """Let a parked delivery be tried anew, once what was in the way is gone; False if it is not parked."""
    parked = delivery.c.id == delivery_id, delivery.c.state == DeliveryState.PARKED
    anew = {"state": DeliveryState.WAITING, "attempts": 0, "reason": None, "not_before": start_of(london_day(now))}
    return tx.execute(update(delivery).where(*parked).values(anew)).rowcount == 1


def parked(tx: Connection) -> list[Parked]:
    """Every parked delivery, by id."""
    columns = select(delivery.c.id, delivery.c.unit_id, delivery.c.reason).order_by(delivery.c.id)
    rows = tx.execute(columns.where(delivery.c.state == DeliveryState.PARKED))
    return [Parked(row.id, row.unit_id, Reason(row.reason)) for row in rows]


def _settle(tx: Connection, leased: Leased, now: datetime, state: DeliveryState, **values: Any) -> bool:
    # Dates only once it rests: when it was sent is nobody's business.
    return _release_lease(tx, leased, state=state, not_before=start_of(london_day(now)), **values)


def _release_lease(tx: Connection, leased: Leased, **values: Any) -> bool:
    held = delivery.c.id == leased.id, delivery.c.lease_holder == leased.holder
    changed = update(delivery).where(*held).values(lease_holder=None, lease_until=None, **values)
    return tx.execute(changed).rowcount == 1
