"""The outbox as supervisors see it: every delivery that is not over, those that need a person first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, or_, select

from shared.domain.london import london_day, start_of
from shared.domain.notices import SEALED_ANEW, withdrawn_digest
from shared.domain.rerouting import asked_for
from shared.domain.vocabulary import DeliveryKind, DeliveryState, ReportState
from shared.outbox.alarms import alarms
from shared.outbox.troubles import WORDS, Reason
from shared.outbox_messages import DeliveryCard, Outbox, SentTo
from shared.sealing.canonical import to_base64url
from shared.store.schema import delivery, report

_OVER: Final = (DeliveryState.OURS, DeliveryState.WITHDRAWN)
_UNDER_WAY: Final = frozenset({DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED})
_FIRST: Final = (
    DeliveryState.PARKED,
    DeliveryState.NOT_OURS,
    DeliveryState.FAILED,
    DeliveryState.SENDING,
    DeliveryState.WAITING,
    DeliveryState.DELIVERED,
    DeliveryState.OPENED,
    DeliveryState.OURS,
    DeliveryState.WITHDRAWN,
)


def read_outbox(tx: Connection, now: datetime, unanswered_days: int) -> Outbox:
    """What is under way or needs somebody, and what was over today. A unit that disowned a report which has gone to
    another is left out."""
    today = start_of(london_day(now))
    shown = or_(delivery.c.state.not_in(_OVER), delivery.c.not_before == today)
    gone_on = (delivery.c.state == DeliveryState.NOT_OURS) & (report.c.state != ReportState.NOT_OURS)
    # What follows a report is over once it is there: nobody answers it.
    followed = (delivery.c.kind != DeliveryKind.REPORT) & (delivery.c.state == DeliveryState.DELIVERED)
    # Its notice is shown instead: the unit has the report and owes no answer to it any more.
    was = report.c.state == ReportState.WITHDRAWN, delivery.c.state != DeliveryState.WITHDRAWN
    taken_back = and_(*was, delivery.c.kind == DeliveryKind.REPORT)
    rows = tx.execute(
        select(delivery, report.c.revision).join(report).where(shown, ~gone_on, ~followed, ~taken_back)
    ).all()
    late = {alarm.about for alarm in alarms(tx, now, unanswered_days)}
    before = _disowned_before(tx)
    cards = [_card(tx, row, now, row.id in late, before.get(row.report_id, ())) for row in rows]
    return Outbox(deliveries=tuple(sorted(cards, key=_place)))


def _place(card: DeliveryCard) -> tuple[Any, ...]:
    # Last by random id: an order of release would lie beside the day's calls.
    return not card.unanswered and _FIRST.index(card.state), card.unit_id, card.id


def _disowned_before(tx: Connection) -> dict[str, tuple[SentTo, ...]]:
    """By report, the units that disowned it before it went to another, and what they were sent."""
    gone_on = delivery.c.state == DeliveryState.NOT_OURS, report.c.state != ReportState.NOT_OURS
    found = select(delivery.c.report_id, delivery.c.unit_id, delivery.c.digest).join(report).where(*gone_on)
    before: dict[str, tuple[SentTo, ...]] = {}
    for row in tx.execute(found.where(report.c.state != ReportState.WITHDRAWN).order_by(delivery.c.unit_id)):
        one = SentTo(unit_id=row.unit_id, digest=to_base64url(row.digest))
        before[row.report_id] = (*before.get(row.report_id, ()), one)
    return before


def _card(tx: Connection, row: Row[Any], now: datetime, late: bool, before: tuple[SentTo, ...]) -> DeliveryCard:
    under_way = row.state in _UNDER_WAY
    unsealed = row.kind is DeliveryKind.WITHDRAWAL and row.state is DeliveryState.PARKED and row.reason in SEALED_ANEW
    asked = asked_for(tx, row.report_id) if row.state is DeliveryState.NOT_OURS else None
    return DeliveryCard(
        id=row.id,
        report_id=row.report_id,
        revision=row.revision,
        digest=to_base64url(row.digest),
        kind=row.kind,
        unit_id=row.unit_id,
        lane=row.lane,
        state=row.state,
        attempts=row.attempts,
        until=row.not_before if under_way and row.not_before > now else None,
        since=None if under_way else london_day(row.not_before),
        reason=WORDS[Reason(row.reason)] if row.reason else "",
        unanswered=late and row.state is not DeliveryState.PARKED,
        asked_for=asked[0] if asked else None,
        asking=asked[1] if asked else 0,
        before=before if row.kind is DeliveryKind.REPORT else (),
        withdraws=to_base64url(withdrawn_digest(tx, row)) if unsealed else None,
    )
