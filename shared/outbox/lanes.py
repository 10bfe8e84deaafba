"""The lines reports wait in: one for each unit and lane, in order. It says what is next; it sends nothing.

An ordinary report waits for its batch, and lots are drawn within it; so does the notice that one which was read is
withdrawn. Urgent ones, and contact details, do not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, assert_never

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, update

from shared.domain.london import start_of
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Lane
from shared.outbox.batches import Timetable
from shared.sealing.envelope_file import CONTACT_MARK, WITHDRAWAL_MARK
from shared.store.columns import random_id
from shared.store.schema import delivery, report

LEASE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=6)

_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED)
_DAYS: Final = report.c.released_on, report.c.answered_on
_FIRST: Final = (Lane.URGENT, Lane.ORDINARY, Lane.ADDITIONS)


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
    may_be_there: bool = False  # from an attempt before this one


def unscheduled(tx: Connection, timetable: Timetable, now: datetime) -> dict[str, datetime]:
    """New deliveries that have to wait for a batch, by id, and when theirs leaves.

    A new one waits for the beginning of the day it was released, or withdrawn; a scheduled one for an instant after.
    """
    if not timetable.departures:
        return {}
    # Contact details answer the unit, and say nothing of when anybody rang: they wait for no batch.
    notices = and_(delivery.c.kind == DeliveryKind.WITHDRAWAL, delivery.c.lane == Lane.ORDINARY)
    waiting = (
        delivery.c.state == DeliveryState.WAITING,
        delivery.c.attempts == 0,
        delivery.c.place.is_(None),
        or_(delivery.c.kind == DeliveryKind.REPORT, notices),
    )
    columns: Select[Any] = select(delivery.c.id, delivery.c.kind, delivery.c.lane, delivery.c.not_before, *_DAYS)
    new = [row for row in tx.execute(columns.join(report).where(*waiting)) if row.not_before <= start_of(_begun(row))]
    departures = {row.id: timetable.leaves(row.lane, now) for row in new}
    return {delivery_id: leaves for delivery_id, leaves in departures.items() if leaves is not None}


def _begun(row: Row[Any]) -> date:
    """The London day on which a report was released, or withdrawn."""
    day: date = row.answered_on if row.kind is DeliveryKind.WITHDRAWAL else row.released_on
    return day


def schedule(tx: Connection, timetable: Timetable, now: datetime) -> None:
    """Give newly released reports their batch. Those that leave at once are left as they are."""
    for delivery_id, leaves in sorted(unscheduled(tx, timetable, now).items()):
        tx.execute(update(delivery).where(delivery.c.id == delivery_id).values(not_before=leaves))


def leaving(tx: Connection, now: datetime) -> list[Row[Any]]:
    """Deliveries whose time has come and that have no place in their unit's lane yet."""
    ready = (
        delivery.c.state == DeliveryState.WAITING,
        delivery.c.place.is_(None),
        delivery.c.not_before <= now,
    )
    return list(tx.execute(select(delivery.c.id, delivery.c.unit_id, delivery.c.lane).where(*ready)))


def line_up(tx: Connection, now: datetime, chance: random.Random) -> None:
    """Draw lots among all that leave now, and put them behind what is in their unit's lane already."""
    batch = sorted(leaving(tx, now), key=lambda row: str(row.id))
    # Which of a batch goes first must not tell which was written first.
    chance.shuffle(batch)
    last = _last_places(tx)
    places: dict[str, int] = {}
    for row in batch:
        lane = row.unit_id, row.lane
        places[row.id] = last[lane] = last.get(lane, 0) + 1
    for delivery_id in sorted(places):  # in one order, or two couriers would wait for each other
        unplaced = delivery.c.id == delivery_id, delivery.c.place.is_(None)
        tx.execute(update(delivery).where(*unplaced).values(place=places[delivery_id]))


def _last_places(tx: Connection) -> dict[tuple[str, Lane], int]:
    taken = select(delivery.c.unit_id, delivery.c.lane, func.max(delivery.c.place)).where(delivery.c.place.is_not(None))
    rows = tx.execute(taken.group_by(delivery.c.unit_id, delivery.c.lane))
    return {(unit_id, lane): last for unit_id, lane, last in rows}


def units_due(tx: Connection, now: datetime) -> set[str]:
    """The units for which there is something to send now, by id."""
    in_line = tx.execute(select(delivery.c.unit_id).where(delivery.c.place.is_not(None)).distinct()).scalars().all()
    return {unit_id for unit_id in in_line if is_due(tx, unit_id, now)}


def lease(tx: Connection, unit_id: str, now: datetime) -> Leased | None:
    """Take what comes next in one of a unit's lanes, urgent first; the attempt is counted before anything is sent.

    Nothing overtakes within a lane: while the first is being sent, or waits to be tried again, the others wait.
    """
    for head in (row for row in _heads(tx, unit_id) if _is_due(row, now)):
        locked = select(delivery).where(delivery.c.id == head.id).with_for_update(skip_locked=True)
        row = tx.execute(locked).one_or_none()
        if row is not None and row.state in _UNSENT and _is_due(row, now):
            return _leased(tx, row, now)
    return None


def _leased(tx: Connection, row: Row[Any], now: datetime) -> Leased:
    holder = random_id()
    taken = {
        "state": DeliveryState.SENDING,
        "attempts": row.attempts + 1,
        "may_be_there": True,  # until the attempt is known to have sent nothing
        "lease_holder": holder,
        "lease_until": now + LEASE,
    }
    tx.execute(update(delivery).where(delivery.c.id == row.id).values(taken))
    about = row.id, _name(tx, row), row.kind, row.report_id, row.unit_id, row.digest
    return Leased(*about, row.attempts + 1, holder, row.may_be_there)


def is_due(tx: Connection, unit_id: str, now: datetime) -> bool:
    """Whether there is something to send to this unit now."""
    return any(_is_due(row, now) for row in _heads(tx, unit_id))


def _heads(tx: Connection, unit_id: str) -> list[Row[Any]]:
    """The first of every lane of a unit, urgent first."""
    # One look for each lane, by its index: however long the lines are, it costs the same.
    first = [tx.execute(_in_line(unit_id, lane).order_by(delivery.c.place).limit(1)).one_or_none() for lane in _FIRST]
    return [row for row in first if row is not None]


def _in_line(unit_id: str, lane: Lane) -> Select[Any]:
    placed = delivery.c.unit_id == unit_id, delivery.c.lane == lane, delivery.c.place.is_not(None)
    return select(delivery).where(*placed, delivery.c.state.in_(_UNSENT))


def _is_due(row: Row[Any], now: datetime) -> bool:
    """Whether it may be sent now. What a clock put further ahead than it could be was put there by a wrong clock."""
    leased = row.lease_until is not None and now < row.lease_until <= now + LEASE
    later = now < row.not_before <= now + LONGEST_PAUSE
    return not leased and not later


def _name(tx: Connection, row: Row[Any]) -> str:
    """What the unit sees: what follows a report lies beside it under its name."""
    match row.kind:
        case DeliveryKind.REPORT:
            return str(row.id)
        case DeliveryKind.CONTACT:
            return f"{_report_delivery(tx, row)}{CONTACT_MARK}"
        case DeliveryKind.WITHDRAWAL:
            return f"{_report_delivery(tx, row)}{WITHDRAWAL_MARK}"
        case _ as never:
            assert_never(never)


def _report_delivery(tx: Connection, row: Row[Any]) -> str:
    beside = (
        delivery.c.report_id == row.report_id,
        delivery.c.unit_id == row.unit_id,
        delivery.c.kind == DeliveryKind.REPORT,
    )
    return str(tx.execute(select(delivery.c.id).where(*beside)).scalar_one())
