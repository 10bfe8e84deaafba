"""A report is withdrawn because its caller wishes it: it stops where it is, or whoever was sent it is sent a notice.

What has been read cannot be unread: a unit that was sent the report keeps it, and is told that it is withdrawn. So do
the supervisors, of one that left urgently, until a second of them has looked at what was sent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, or_, select, update

from shared import audit
from shared.domain.errors import OwnReport, ReportNotFound, ReportNotInThatState, StaleReport
from shared.domain.london import london_day
from shared.domain.notices import put_aside_for, send_notices, sent_to
from shared.domain.report_rows import count_reached, let_go
from shared.domain.role_keys import supervisors_key_among
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, ReportState, ReviewAskKind
from shared.outbox_messages import WithdrawnReport
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import delivery, report, reroute_ask, review_ask
from shared.store.schema import envelope as envelope_table
from shared.store.schema import wrap as wrap_table

NOT_WITHDRAWN: Final = frozenset({ReportState.DRAFT, ReportState.RETURNED})  # their author withdraws them by deleting
_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.PARKED)


def withdraw_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, notices: Collection[Envelope], now: datetime
) -> WithdrawnReport:
    """Withdraw a report that was submitted. Every wrap of what has not left is deleted; twice is once.

    One that may have left urgently stays with the supervisors, and with its author's name, while its second look is
    waited for: whoever released it must not be the last who could see what was sent.

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
    had = sent_to(tx, row.id)
    send_notices(tx, had, notices, now)
    looked_at = not had or not _second_look_is_open(tx, row.id)
    _stop(tx, row, looked_at)
    return _withdrawn(tx, row, supervisor_id, london_day(now), looked_at)


def _second_look_is_open(tx: Connection, report_id: str) -> bool:
    asked = select(review_ask.c.kind).where(review_ask.c.report_id == report_id)
    return tx.execute(asked).scalar_one_or_none() is ReviewAskKind.URGENT_SENT


def _stop(tx: Connection, row: Row[Any], looked_at: bool) -> None:
    """What has not left never does: the report and the caller's contact details."""
    unsent = delivery.c.report_id == row.id, delivery.c.kind != DeliveryKind.WITHDRAWAL
    stopped = {"state": DeliveryState.WITHDRAWN, "place": None, "lease_holder": None, "lease_until": None}
    tx.execute(update(delivery).where(*unsent, delivery.c.state.in_(_UNSENT)).values(stopped))
    still_shown = set() if looked_at else _for_the_second_look(tx, row.id)
    kept = or_(envelope_table.c.stage == EnvelopeStage.WITHDRAWAL, envelope_table.c.id.in_(still_shown))
    tx.execute(delete(envelope_table).where(envelope_table.c.report_id == row.id, ~kept))
    for asked in (review_ask, reroute_ask) if looked_at else (reroute_ask,):  # nobody else is waited for any more
        tx.execute(delete(asked).where(asked.c.report_id == row.id))
    let_go(tx, row.id)


def _for_the_second_look(tx: Connection, report_id: str) -> set[str]:
    """The envelope of what left, with the supervisors' wrap alone; none where only its unit could open it."""
    sent = kept_envelope(tx, report_id, EnvelopeStage.RELEASED)
    if sent is None:
        return set()
    envelope_id, theirs = sent.about.envelope_id, supervisors_key_among(tx, sent.wraps)
    if theirs not in sent.wraps:
        return set()
    tx.execute(delete(wrap_table).where(wrap_table.c.envelope_id == envelope_id, wrap_table.c.key_id != theirs))
    return {envelope_id}


def _withdrawn(tx: Connection, row: Row[Any], supervisor_id: str, day: date, looked_at: bool) -> WithdrawnReport:
    revision = random_id()
    values = {
        "state": ReportState.WITHDRAWN,
        "revision": revision,
        "author_id": None if looked_at else row.author_id,  # who wrote it is not the second who looks at it
        "flags_signature": None,
        "contact_waits": False,
        "contact_address": None,
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
