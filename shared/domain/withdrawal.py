"""A report is withdrawn because its caller wishes it: it stops where it is, or its unit is sent a notice.

What has been read cannot be unread: a unit that was sent the report keeps it, and is told that it is withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.errors import (
    OwnReport,
    ReportNotFound,
    ReportNotInThatState,
    ReportOnItsWay,
    StaleReport,
)
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.report_rows import count_reached, let_go
from shared.domain.sealed import check_released, keep_beside
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, Lane, ReportState
from shared.forms.withdrawal import WITHDRAWAL_FORM
from shared.messages import Saved
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import delivery, report, reroute_ask, review_ask
from shared.store.schema import envelope as envelope_table

NOT_WITHDRAWN: Final = frozenset({ReportState.DRAFT, ReportState.RETURNED})  # their author withdraws them by deleting
_SENT: Final = frozenset({DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.OURS, DeliveryState.NOT_OURS})
_MAY_BE_THERE: Final = frozenset({DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.PARKED})


def withdraw_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, notice: Envelope | None, now: datetime
) -> Saved:
    """Withdraw a report that was submitted. Every wrap of what has not left is deleted; twice is once.

    ``notice`` is needed once the unit may have the report: sealed for it, signed with the release key, of the form
    WITHDRAWAL_FORM. To a unit that is in the directory no more nothing is sent, and no notice either. Raises
    OwnReport, ReportNotFound, ReportNotInThatState, StaleReport, ReportOnItsWay where a notice is needed and none was
    given, or EnvelopeRefused.
    """
    row = _others(tx, report_id, supervisor_id)
    if row.state is ReportState.WITHDRAWN:
        return Saved(id=row.id, revision=row.revision)
    if row.state in NOT_WITHDRAWN:
        raise ReportNotInThatState
    if row.revision != revision:
        raise StaleReport
    sent = _report_delivery(tx, row)
    if _may_be_there(sent) and _is_enrolled(tx, row.unit_id):
        if notice is None:
            raise ReportOnItsWay
        _send_notice(tx, row, notice, now)
    _stop(tx, row, sent)
    return _withdrawn(tx, row, supervisor_id, london_day(now))


def _may_be_there(sent: Row[Any] | None) -> bool:
    """One that is to be sent again after it was put aside waits too, and has been on its way."""
    return sent is not None and (sent.state is not DeliveryState.WAITING or sent.attempts > 0)


def _is_enrolled(tx: Connection, unit_id: str) -> bool:
    return any(unit.id == unit_id for unit in current_directory(tx).units)


def _stop(tx: Connection, row: Row[Any], sent: Row[Any] | None) -> None:
    """What has not left never does: the report and the caller's contact details."""
    unsent = delivery.c.report_id == row.id, delivery.c.kind != DeliveryKind.WITHDRAWAL
    waiting = delivery.c.state.in_((DeliveryState.WAITING, *_MAY_BE_THERE))
    stopped = {"state": DeliveryState.WITHDRAWN, "place": None, "lease_holder": None, "lease_until": None}
    tx.execute(update(delivery).where(*unsent, waiting).values(stopped))
    kept = envelope_table.c.report_id == row.id, envelope_table.c.stage != EnvelopeStage.WITHDRAWAL
    tx.execute(delete(envelope_table).where(*kept))
    for asked in (review_ask, reroute_ask):  # nobody is waited for any more
        tx.execute(delete(asked).where(asked.c.report_id == row.id))
    let_go(tx, row.id)


def _withdrawn(tx: Connection, row: Row[Any], supervisor_id: str, day: date) -> Saved:
    revision = random_id()
    values = {
        "state": ReportState.WITHDRAWN,
        "revision": revision,
        "author_id": None,
        "flags_signature": None,
        "contact_waits": False,
        "answered_on": day,
    }
    tx.execute(update(report).where(report.c.id == row.id).values(values))
    count_reached(tx, ReportState.WITHDRAWN, day)
    audit.record(tx, supervisor_id, audit.AuditVerb.WITHDRAW_REPORT, row.id, audit.Outcome.DONE, day)
    return Saved(id=row.id, revision=revision)


def _send_notice(tx: Connection, row: Row[Any], notice: Envelope, now: datetime) -> None:
    keys = current_directory(tx)
    check_released(notice, row.unit_id, WITHDRAWAL_FORM, {keys.unit(row.unit_id).reader.key_id}, keys)
    keep_beside(tx, row.id, EnvelopeStage.WITHDRAWAL, notice)
    queued = {
        "id": random_id(),
        "report_id": row.id,
        "kind": DeliveryKind.WITHDRAWAL,
        "unit_id": row.unit_id,
        "lane": Lane.ADDITIONS,
        "state": DeliveryState.WAITING,
        "digest": notice.digest,
        "attempts": 0,
        "not_before": start_of(london_day(now)),
    }
    tx.execute(insert(delivery), queued)


def _others(tx: Connection, report_id: str, supervisor_id: str) -> Row[Any]:
    row = tx.execute(select(report).where(report.c.id == report_id).with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise ReportNotFound
    if row.author_id == supervisor_id:
        raise OwnReport
    return row


def _report_delivery(tx: Connection, row: Row[Any]) -> Row[Any] | None:
    """The delivery to the unit the report is with now, or on its way to."""
    current = (
        delivery.c.report_id == row.id,
        delivery.c.kind == DeliveryKind.REPORT,
        delivery.c.unit_id == row.unit_id,
    )
    return tx.execute(select(delivery).where(*current).with_for_update()).one_or_none()
