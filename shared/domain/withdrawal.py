"""A report is withdrawn because its caller wishes it: it stops where it is, or whoever was sent it is sent a notice.

What has been read cannot be unread: a unit that was sent the report keeps it, and is told that it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from shared import audit
from shared.domain.errors import OwnReport, ReportNotFound, ReportNotInThatState, StaleReport
from shared.domain.london import london_day
from shared.domain.notices import put_aside_for, send_notices, sent_to
from shared.domain.report_rows import count_reached, let_go
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, ReportState
from shared.outbox_messages import WithdrawnReport
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import delivery, report, reroute_ask, review_ask
from shared.store.schema import envelope as envelope_table

NOT_WITHDRAWN: Final = frozenset({ReportState.DRAFT, ReportState.RETURNED})  # their author withdraws them by deleting
_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.PARKED)


def withdraw_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, notices: Collection[Envelope], now: datetime
) -> WithdrawnReport:
    """Withdraw a report that was submitted. Every wrap of what has not left is deleted; twice is once.

    A notice is needed for each unit that may have the report, those that disowned it too: sealed for it, signed with
    the release key, of the form WITHDRAWAL_FORM; others are passed over. Where nothing may be sealed for a unit now,
    its notice is put aside, and the answer names the unit. Raises OwnReport, ReportNotFound, ReportNotInThatState,
    StaleReport, ReportOnItsWay where a notice is missing, or EnvelopeRefused.
    """
    row = _others(tx, report_id, supervisor_id)
    if row.state is ReportState.WITHDRAWN:
        return WithdrawnReport(id=row.id, revision=row.revision, put_aside=put_aside_for(tx, row.id))
    if row.state in NOT_WITHDRAWN:
        raise ReportNotInThatState
    if row.revision != revision:
        raise StaleReport
    send_notices(tx, sent_to(tx, row.id), notices, now)
    _stop(tx, row)
    return _withdrawn(tx, row, supervisor_id, london_day(now))


def _stop(tx: Connection, row: Row[Any]) -> None:
    """What has not left never does: the report and the caller's contact details."""
    unsent = delivery.c.report_id == row.id, delivery.c.kind != DeliveryKind.WITHDRAWAL
    stopped = {"state": DeliveryState.WITHDRAWN, "place": None, "lease_holder": None, "lease_until": None}
    tx.execute(update(delivery).where(*unsent, delivery.c.state.in_(_UNSENT)).values(stopped))
    kept = envelope_table.c.report_id == row.id, envelope_table.c.stage != EnvelopeStage.WITHDRAWAL
    tx.execute(delete(envelope_table).where(*kept))
    for asked in (review_ask, reroute_ask):  # nobody is waited for any more
        tx.execute(delete(asked).where(asked.c.report_id == row.id))
    let_go(tx, row.id)


def _withdrawn(tx: Connection, row: Row[Any], supervisor_id: str, day: date) -> WithdrawnReport:
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
    return WithdrawnReport(id=row.id, revision=revision, put_aside=put_aside_for(tx, row.id))


def _others(tx: Connection, report_id: str, supervisor_id: str) -> Row[Any]:
    row = tx.execute(select(report).where(report.c.id == report_id).with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise ReportNotFound
    if row.author_id == supervisor_id:
        raise OwnReport
    return row
