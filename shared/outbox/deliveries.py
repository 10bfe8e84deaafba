"""Deliveries in the store: noted, put off, parked or sent again. Each is a transaction's body; none sends.

A report is one delivery; its caller's contact details, once the unit said that it is theirs, are another beside it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select, update

from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.sealed import kept_envelope, kept_notice
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Dimension, EnvelopeStage, OnTheWay
from shared.outbox.lanes import LONGEST_PAUSE, Leased
from shared.outbox.troubles import CannotBeDelivered, Reason
from shared.sealing.envelope import Envelope
from shared.sealing.errors import NotForThisReader, UnknownUnit
from shared.store.counts import count
from shared.store.schema import day_count, delivery

FIRST_PAUSE: Final = timedelta(seconds=2)
MAX_ATTEMPTS: Final = 32  # with these pauses, four to five days

_STAGES: Final = {
    DeliveryKind.REPORT: EnvelopeStage.RELEASED,
    DeliveryKind.CONTACT: EnvelopeStage.CONTACT,
}


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that a person has to look at."""

    id: str
    unit_id: str
    reason: Reason


def sealed_for_unit(tx: Connection, leased: Leased) -> Envelope:
    """What is delivered, as the unit is sent it: with the unit's own wrap and no other. Raises CannotBeDelivered."""
    try:
        unit = current_directory(tx).unit(leased.unit_id)
    except UnknownUnit:
        raise CannotBeDelivered(Reason.UNIT_NOT_IN_DIRECTORY, nothing_left=True) from None
    envelope = _kept(tx, leased)
    if envelope is None:
        raise CannotBeDelivered(Reason.ENVELOPE_MISSING, nothing_left=True)
    if envelope.digest != leased.digest:
        raise CannotBeDelivered(Reason.ENVELOPE_ALTERED, nothing_left=True)
    try:
        # The unit's keys may have changed since the report was sealed for it.
        return envelope.only_wrap(unit.reader_id_among(envelope.wraps))
    except NotForThisReader:
        raise CannotBeDelivered(Reason.NO_WRAP_FOR_UNIT, nothing_left=True) from None


def _kept(tx: Connection, leased: Leased) -> Envelope | None:
    if leased.kind is DeliveryKind.WITHDRAWAL:
        return kept_notice(tx, leased.report_id, leased.digest)
    return kept_envelope(tx, leased.report_id, _STAGES[leased.kind])


def note_delivered(tx: Connection, leased: Leased, now: datetime) -> bool:
    """Note the receipt; False where the lease has passed to another courier, who will note it."""
    return _counted(tx, leased, now, OnTheWay.DELIVERED, _settle(tx, leased, now, DeliveryState.DELIVERED, None))


def put_off(
    tx: Connection,
    leased: Leased,
    now: datetime,
    chance: random.Random,
    reason: Reason = Reason.NO_CONNECTION,
    nothing_left: bool = False,
) -> bool:
    """Try again later: twice as long after each attempt, shaken by half, and parked when days have passed.

    ``nothing_left``: this attempt sent not one byte, so that what was known before it stands.
    """
    if leased.attempts >= MAX_ATTEMPTS:
        return park(tx, leased, Reason.UNIT_UNREACHABLE, now, nothing_left)
    later, there = now + pause_after(leased.attempts, chance), _may_be_there(leased, nothing_left)
    failed = _release_lease(tx, leased, state=DeliveryState.FAILED, not_before=later, reason=reason.value, **there)
    return _counted(tx, leased, now, OnTheWay.FAILED, failed) if leased.attempts == 1 else failed


def pause_after(attempts: int, chance: random.Random) -> timedelta:
    """Two seconds after the first attempt, doubled each time up to six hours; half of it to all of it."""
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE) * chance.uniform(0.5, 1.0)


def park(tx: Connection, leased: Leased, reason: Reason, now: datetime, nothing_left: bool = False) -> bool:
    """Put aside what trying again would not help; a person has to look. ``nothing_left`` as for put_off."""
    there = _may_be_there(leased, nothing_left)
    parked = _settle(tx, leased, now, DeliveryState.PARKED, reason.value, **there)
    return _counted(tx, leased, now, OnTheWay.PARKED, parked)


def _may_be_there(leased: Leased, nothing_left: bool) -> dict[str, bool]:
    return {"may_be_there": leased.may_be_there or not nothing_left}


def send_again(tx: Connection, delivery_id: str, now: datetime) -> bool:
    """Let a parked delivery be tried anew, once what was in the way is gone; False if it is not parked.

    A notice that nobody has sealed yet is sealed first (`domain.notices`), and not sent by this.
    """
    sealed = delivery.c.reason != Reason.NOTICE_NOT_SEALED.value
    parked = delivery.c.id == delivery_id, delivery.c.state == DeliveryState.PARKED, sealed
    # One attempt is counted, so that it waits for no batch again.
    anew = {"state": DeliveryState.WAITING, "attempts": 1, "reason": None, "not_before": start_of(london_day(now))}
    return tx.execute(update(delivery).where(*parked).values(anew)).rowcount == 1


def parked(tx: Connection) -> list[Parked]:
    """Every parked delivery, by id."""
    columns = select(delivery.c.id, delivery.c.unit_id, delivery.c.reason).order_by(delivery.c.id)
    rows = tx.execute(columns.where(delivery.c.state == DeliveryState.PARKED))
    return [Parked(row.id, row.unit_id, Reason(row.reason)) for row in rows]


def _counted(tx: Connection, leased: Leased, now: datetime, became: OnTheWay, noted: bool) -> bool:
    """Of reports, count what was noted; what follows them is in no figure."""
    if noted and leased.kind is DeliveryKind.REPORT:
        count(tx, day_count, day=london_day(now), dimension=Dimension.ON_THE_WAY, value=became.value)
    return noted


def _settle(
    tx: Connection, leased: Leased, now: datetime, state: DeliveryState, reason: str | None, **values: bool
) -> bool:
    # Dates only once it rests: when it was sent is nobody's business.
    rests = start_of(london_day(now))
    return _release_lease(tx, leased, state=state, place=None, not_before=rests, reason=reason, **values)


def _release_lease(tx: Connection, leased: Leased, **values: Any) -> bool:
    held = delivery.c.id == leased.id, delivery.c.lease_holder == leased.holder
    changed = update(delivery).where(*held).values(lease_holder=None, lease_until=None, **values)
    return tx.execute(changed).rowcount == 1
