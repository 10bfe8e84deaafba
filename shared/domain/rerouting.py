"""A report that its unit says is not theirs goes to another unit, once two supervisors have asked for it.

The unit that disowned it has read it: its delivery stays as it was, and so does its answer. It is told nothing of who
is asked next, and the next is told nothing of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.contact import sign_contact
from shared.domain.errors import (
    DirectoryOutOfDate,
    EnvelopeRefused,
    OwnReport,
    ReportNotFound,
    ReportNotInThatState,
    SecondSupervisorNeeded,
    StaleReport,
    UnitUnknown,
)
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.role_keys import supervisors_key_among
from shared.domain.sealed import check_released, is_kept, is_new, keep_only, kept_envelope
from shared.domain.vocabulary import (
    DeliveryKind,
    DeliveryState,
    Dimension,
    EnvelopeStage,
    Lane,
    OnTheWay,
    ReportState,
)
from shared.messages import Saved
from shared.sealing.directory import Directory, Standing, Unit, key_standing
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_count, delivery, report, reroute_ask

WANTED: Final = 2  # supervisors who have to ask


def units_for_another_try(tx: Connection, row: Row[Any], now: datetime) -> tuple[Unit, ...]:
    """The units a disowned report may go to: any with a good key that has not read it.

    With a conflict of interest only those that stand in for the unit it was about.
    """
    keys, today = current_directory(tx), london_day(now)
    had = select(delivery.c.unit_id).where(delivery.c.report_id == row.id, delivery.c.kind == DeliveryKind.REPORT)
    read = set(tx.execute(had).scalars())
    choice = keys.recipients(row.force_id, Lane.ORDINARY, True) if row.conflict else keys.units
    return tuple(unit for unit in choice if unit.id not in read and key_standing(unit, today) is not Standing.EXPIRED)


def ask_to_reroute(tx: Connection, supervisor_id: str, report_id: str, unit_id: str, now: datetime) -> int:
    """A supervisor asks that the report go to this unit. How many now ask just that; asking again changes nothing.

    Who names another unit than before asks for that instead. Raises ReportNotFound, OwnReport, ReportNotInThatState
    or UnitUnknown.
    """
    row = _disowned(tx, report_id, supervisor_id)
    _check_unit(tx, row, unit_id, now)
    mine = reroute_ask.c.report_id == report_id, reroute_ask.c.person_id == supervisor_id
    before = tx.execute(select(reroute_ask.c.unit_id).where(*mine)).scalar_one_or_none()
    if before != unit_id:
        day = london_day(now)
        tx.execute(delete(reroute_ask).where(*mine))
        asked = {"report_id": report_id, "person_id": supervisor_id, "unit_id": unit_id, "asked_on": day}
        tx.execute(insert(reroute_ask), asked)
        tx.execute(update(report).where(report.c.id == report_id).values(revision=random_id()))
        verb = audit.AuditVerb.ASK_TO_REROUTE
        audit.record(tx, supervisor_id, verb, report_id, audit.Outcome.DONE, day)
    return len(_asking(tx, report_id, unit_id))


def asked_for(tx: Connection, report_id: str) -> tuple[str, int] | None:
    """The unit that supervisors ask for, and how many of them; the one most ask for where they differ."""
    asks = list(tx.execute(select(reroute_ask.c.unit_id).where(reroute_ask.c.report_id == report_id)).scalars())
    return max(((unit_id, asks.count(unit_id)) for unit_id in sorted(asks)), key=lambda one: one[1], default=None)


def readable_to_reroute(tx: Connection, supervisor_id: str, report_id: str) -> tuple[Row[Any], Envelope]:
    """The report for one of two supervisors who ask: with the supervisors' wrap, withheld until then.

    Raises as ask_to_reroute does, or SecondSupervisorNeeded.
    """
    row = _disowned(tx, report_id, supervisor_id)
    _check_asked(tx, supervisor_id, report_id, None)
    kept = kept_envelope(tx, report_id, EnvelopeStage.RELEASED)
    if kept is None:
        raise ReportNotFound
    return row, kept.only_wrap(supervisors_key_among(tx, kept.wraps))


def reroute_report(
    tx: Connection,
    supervisor_id: str,
    report_id: str,
    revision: str,
    unit_id: str,
    envelope: Envelope,
    now: datetime,
    contact_signature: bytes | None = None,
    contact_address: bytes | None = None,
) -> Saved:
    """Send a disowned report, sealed anew, to the unit that two supervisors ask for. Sending it twice is sending once.

    Contact details wait until their author has sealed them for that unit. Raises as readable_to_reroute does, or
    StaleReport, UnitUnknown, DirectoryOutOfDate or EnvelopeRefused.
    """
    row = _locked(tx, report_id)
    if row.state is ReportState.RELEASED and is_kept(tx, report_id, EnvelopeStage.RELEASED, envelope):
        return Saved(id=row.id, revision=row.revision)
    row = _disowned(tx, report_id, supervisor_id)
    if row.revision != revision:
        raise StaleReport
    _check_asked(tx, supervisor_id, report_id, unit_id)
    _check_leaving(tx, row, _check_unit(tx, row, unit_id, now), envelope, now)
    waits = _keep(tx, row.id, unit_id, envelope, contact_signature, contact_address)
    return _send(tx, row, supervisor_id, unit_id, envelope, now, waits)


def _keep(
    tx: Connection, report_id: str, unit_id: str, envelope: Envelope, signature: bytes | None, address: bytes | None
) -> bool:
    """True where contact details wait for their author."""
    keep_only(tx, report_id, EnvelopeStage.RELEASED, envelope)
    return sign_contact(tx, report_id, unit_id, signature, address)


def _send(
    tx: Connection,
    row: Row[Any],
    supervisor_id: str,
    unit_id: str,
    envelope: Envelope,
    now: datetime,
    waits: bool,
) -> Saved:
    day, revision = london_day(now), random_id()
    left = {"state": ReportState.RELEASED, "unit_id": unit_id, "released_on": day, "answered_on": None}
    values = {**left, "contact_waits": waits, "revision": revision}
    tx.execute(update(report).where(report.c.id == row.id).values(values))
    queued = {
        "id": random_id(),
        "report_id": row.id,
        "kind": DeliveryKind.REPORT,
        "unit_id": unit_id,
        "lane": row.lane,
        "state": DeliveryState.WAITING,
        "digest": envelope.digest,
        "attempts": 0,
        "not_before": start_of(day),
    }
    tx.execute(insert(delivery), queued)
    tx.execute(delete(reroute_ask).where(reroute_ask.c.report_id == row.id))
    count(tx, day_count, day=day, dimension=Dimension.ON_THE_WAY, value=OnTheWay.REROUTED.value)
    audit.record(tx, supervisor_id, audit.AuditVerb.REROUTE_REPORT, row.id, audit.Outcome.DONE, day)
    return Saved(id=row.id, revision=revision)


# --- what must hold -------------------------------------------------------------------------------------------------


def _locked(tx: Connection, report_id: str) -> Row[Any]:
    row = tx.execute(select(report).where(report.c.id == report_id).with_for_update(key_share=True)).one_or_none()
    if row is None or row.state is ReportState.DRAFT:
        raise ReportNotFound
    return row


def _disowned(tx: Connection, report_id: str, supervisor_id: str) -> Row[Any]:
    row = _locked(tx, report_id)
    if row.author_id == supervisor_id:
        raise OwnReport
    if row.state is not ReportState.NOT_OURS:
        raise ReportNotInThatState
    return row


def _asking(tx: Connection, report_id: str, unit_id: str) -> set[str]:
    same = reroute_ask.c.report_id == report_id, reroute_ask.c.unit_id == unit_id
    return set(tx.execute(select(reroute_ask.c.person_id).where(*same)).scalars())


def _check_asked(tx: Connection, supervisor_id: str, report_id: str, unit_id: str | None) -> None:
    """Two ask for the same unit, this one among them."""
    asked = asked_for(tx, report_id)
    agreed = asked is not None and asked[1] >= WANTED and unit_id in (None, asked[0])
    if asked is None or not agreed or supervisor_id not in _asking(tx, report_id, asked[0]):
        raise SecondSupervisorNeeded


def _check_unit(tx: Connection, row: Row[Any], unit_id: str, now: datetime) -> Unit:
    for unit in units_for_another_try(tx, row, now):
        if unit.id == unit_id:
            return unit
    raise UnitUnknown


def _check_leaving(tx: Connection, row: Row[Any], unit: Unit, envelope: Envelope, now: datetime) -> None:
    keys: Directory = current_directory(tx)
    if keys.standing(london_day(now)) is Standing.EXPIRED:
        raise DirectoryOutOfDate
    if not is_new(tx, envelope):
        raise EnvelopeRefused
    check_released(envelope, unit.id, row.form, {unit.reader.key_id, supervisors_key_among(tx, envelope.wraps)}, keys)
