"""Notices of withdrawal: one for each unit that may have the report, and each names only what that unit was sent.

Where nothing may be sealed for a unit, its notice is put aside without words, and sealed when it can be. Nobody is told
of another: the usual unit of a report about itself was sent nothing, and is sent no notice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.errors import NothingPutAside, NoticeNotForNow, ReportOnItsWay
from shared.domain.key_changes import published_directory
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.sealed import check_released, keep_beside
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, Lane
from shared.forms.withdrawal import WITHDRAWAL_FORM
from shared.outbox.troubles import Reason
from shared.sealing.directory import Directory
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import delivery
from shared.store.schema import envelope as envelope_table

_READ: Final = frozenset({DeliveryState.OPENED, DeliveryState.OURS, DeliveryState.NOT_OURS})
# A notice that was put aside for one of these is sealed anew; nothing of it has left.
SEALED_ANEW: Final = frozenset({Reason.NOTICE_NOT_SEALED.value, Reason.NO_WRAP_FOR_UNIT.value})


def sent_to(tx: Connection, report_id: str) -> list[Row[Any]]:
    """The deliveries by which units may have the report, one for each unit. Locked until the transaction ends.

    Those of which not one byte has left are locked too, and left out: who was never sent it is told of nothing.
    """
    of_report = delivery.c.report_id == report_id, delivery.c.kind == DeliveryKind.REPORT
    rows = tx.execute(select(delivery).where(*of_report).order_by(delivery.c.id).with_for_update())
    return [row for row in rows if row.may_be_there]


def send_notices(tx: Connection, had: Sequence[Row[Any]], sealed: Collection[Envelope], now: datetime) -> None:
    """Queue a notice for each of these deliveries' units; put aside those for whom nothing may be sealed now.

    A unit that is in no directory any more could open none, and is sent none. Raises ReportOnItsWay where one is
    missing that could have been sealed, or EnvelopeRefused.
    """
    keys, enrolled = current_directory(tx), {unit.id for unit in published_directory(tx).units}
    by_unit = {one.about.unit: one for one in sealed}
    for row in had:
        if row.unit_id not in enrolled:
            continue
        notice = by_unit.get(row.unit_id)
        if not _may_be_sealed_for(keys, row.unit_id, london_day(now)):
            put_aside = {"state": DeliveryState.PARKED, "reason": Reason.NOTICE_NOT_SEALED.value}
            _queue(tx, row, row.digest, now, **put_aside)
        elif notice is None:
            raise ReportOnItsWay
        else:
            _keep(tx, keys, row.report_id, row.unit_id, notice)
            _queue(tx, row, notice.digest, now, state=DeliveryState.WAITING)


def put_aside_for(tx: Connection, report_id: str) -> tuple[str, ...]:
    """The units whose notice about this report is still to be sealed, by id."""
    notices = delivery.c.report_id == report_id, delivery.c.kind == DeliveryKind.WITHDRAWAL
    unsealed = delivery.c.state == DeliveryState.PARKED, delivery.c.reason == Reason.NOTICE_NOT_SEALED.value
    return tuple(sorted(tx.execute(select(delivery.c.unit_id).where(*notices, *unsealed)).scalars()))


def withdrawn_digest(tx: Connection, row: Row[Any]) -> bytes:
    """What a notice by this delivery names, and what follows a report belongs to: the digest of the report as its unit
    was sent it."""
    same = delivery.c.report_id == row.report_id, delivery.c.unit_id == row.unit_id
    named = select(delivery.c.digest).where(*same, delivery.c.kind == DeliveryKind.REPORT)
    digest: bytes = tx.execute(named).scalar_one()
    return digest


def seal_notice(tx: Connection, supervisor_id: str, delivery_id: str, notice: Envelope | None, now: datetime) -> None:
    """Send a notice that was put aside, sealed now. None: its unit is in no directory any more, and it is over.

    Raises NothingPutAside, NoticeNotForNow, ReportOnItsWay where one has to be sealed, or EnvelopeRefused.
    """
    row = _put_aside(tx, delivery_id)
    day, keys = london_day(now), current_directory(tx)
    if row.unit_id not in {unit.id for unit in published_directory(tx).units}:
        changed: dict[str, Any] = {"state": DeliveryState.WITHDRAWN}
    elif not _may_be_sealed_for(keys, row.unit_id, day):
        raise NoticeNotForNow
    elif notice is None:
        raise ReportOnItsWay
    else:
        stale = envelope_table.c.stage == EnvelopeStage.WITHDRAWAL, envelope_table.c.digest == row.digest
        tx.execute(delete(envelope_table).where(envelope_table.c.report_id == row.report_id, *stale))
        _keep(tx, keys, row.report_id, row.unit_id, notice)
        changed = {"state": DeliveryState.WAITING, "attempts": 1, "digest": notice.digest}
    settled = {"reason": None, "not_before": start_of(day)}
    tx.execute(update(delivery).where(delivery.c.id == delivery_id).values(**settled, **changed))
    audit.record(tx, supervisor_id, audit.AuditVerb.SEND_AGAIN, delivery_id, audit.Outcome.DONE, day)


def _put_aside(tx: Connection, delivery_id: str) -> Row[Any]:
    row = tx.execute(select(delivery).where(delivery.c.id == delivery_id).with_for_update()).one_or_none()
    waits = row is not None and row.kind is DeliveryKind.WITHDRAWAL and row.state is DeliveryState.PARKED
    if row is None or not waits or row.reason not in SEALED_ANEW:
        raise NothingPutAside
    return row


def _may_be_sealed_for(keys: Directory, unit_id: str, day: date) -> bool:
    """Nothing is sealed to an expired or suspended key, nor while the directory has expired."""
    known = next((unit for unit in keys.units if unit.id == unit_id), None)
    return known is not None and keys.is_good_for(known, day)


def _keep(tx: Connection, keys: Directory, report_id: str, unit_id: str, notice: Envelope) -> None:
    check_released(notice, unit_id, WITHDRAWAL_FORM, {keys.unit(unit_id).reader.key_id}, keys)
    keep_beside(tx, report_id, EnvelopeStage.WITHDRAWAL, notice)


def _lane_of_notice(had: Row[Any]) -> Lane:
    """With the next batch, for the hour at which it leaves would tell when the caller rang back.

    At once only where that may spare the caller something: nobody has opened the report, or they may be acting on it.
    """
    return Lane.ORDINARY if had.state in _READ and had.lane is not Lane.URGENT else Lane.ADDITIONS


def _queue(tx: Connection, had: Row[Any], digest: bytes, now: datetime, **values: Any) -> None:
    queued = {
        "id": random_id(),
        "report_id": had.report_id,
        "kind": DeliveryKind.WITHDRAWAL,
        "unit_id": had.unit_id,
        "lane": _lane_of_notice(had),
        "digest": digest,
        "attempts": 0,
        "not_before": start_of(london_day(now)),
    }
    tx.execute(insert(delivery), queued | values)
