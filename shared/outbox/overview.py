"""The outbox as supervisors see it: every delivery that is not over, those that need a person first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, or_, select

from shared.domain.london import london_day, start_of, week_of
from shared.domain.notices import SEALED_ANEW, withdrawn_digest
from shared.domain.rerouting import asked_for
from shared.domain.vocabulary import DeliveryKind, DeliveryState, ReportState
from shared.outbox.alarms import alarms
from shared.outbox.troubles import WORDS, Reason
from shared.outbox_messages import DeliveryCard, Outbox, SentTo
from shared.sealing.canonical import to_base64url
from shared.store.schema import delivery, report

_OVER: Final = (DeliveryState.OURS, DeliveryState.WITHDRAWN)
_WITHDRAWN_SHOWN: Final = timedelta(days=7)  # so that who withdrew one can say so when its unit rings
_UNDER_WAY: Final = frozenset({DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED})
_ABOUT: Final = (report.c.force_id, report.c.category, report.c.mode, report.c.started_on, report.c.answered_on)
_ROWS: Final = select(delivery, report.c.revision, report.c.state.label("report_state"), *_ABOUT).join(report)
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
    """What is under way or needs somebody, what was over today, and what was withdrawn in the last seven days. A unit
    that disowned a report which has gone to another is left out, unless the report was withdrawn."""
    today = start_of(london_day(now))
    shown = or_(delivery.c.state.not_in(_OVER), delivery.c.not_before == today)
    gone_on = (delivery.c.state == DeliveryState.NOT_OURS) & (report.c.state != ReportState.NOT_OURS)
    # What follows a report is over once it is there: nobody answers it.
    followed = (delivery.c.kind != DeliveryKind.REPORT) & (delivery.c.state == DeliveryState.DELIVERED)
    taken_back = and_(report.c.state == ReportState.WITHDRAWN, delivery.c.kind == DeliveryKind.REPORT)
    lately = and_(taken_back, report.c.answered_on > london_day(now) - _WITHDRAWN_SHOWN)
    standing = and_(~taken_back, shown, ~gone_on, ~followed)
    rows = tx.execute(_ROWS.where(or_(lately, standing))).all()
    late = {alarm.about for alarm in alarms(tx, now, unanswered_days)}
    before = _disowned_before(tx)
    cards = [_card(tx, row, now, row.id in late, before.get(row.report_id, ())) for row in rows]
    return Outbox(deliveries=tuple(sorted(cards, key=_place)))


def _place(card: DeliveryCard) -> tuple[Any, ...]:
    # Last by random id: an order of release would lie beside the day's calls.
    state = DeliveryState.WITHDRAWN if card.taken_back else card.state
    return not card.unanswered and _FIRST.index(state), card.unit_id, card.id


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
    is_report = row.kind is DeliveryKind.REPORT
    taken_back = is_report and row.report_state is ReportState.WITHDRAWN
    report_digest = row.digest if is_report else withdrawn_digest(tx, row)
    unsealed = row.kind is DeliveryKind.WITHDRAWAL and row.state is DeliveryState.PARKED and row.reason in SEALED_ANEW
    asked = asked_for(tx, row.report_id) if row.state is DeliveryState.NOT_OURS and not taken_back else None
    return DeliveryCard(
        id=row.id,
        report_id=row.report_id,
        revision=row.revision,
        digest=to_base64url(row.digest),
        report_digest=to_base64url(report_digest),
        kind=row.kind,
        unit_id=row.unit_id,
        force_id=row.force_id,
        category=row.category,
        mode=row.mode,
        week=week_of(row.started_on),
        lane=row.lane,
        state=row.state,
        attempts=row.attempts,
        until=row.not_before if under_way and row.not_before > now else None,
        since=_since(row, taken_back),
        reason=WORDS[Reason(row.reason)] if row.reason else "",
        unanswered=late and row.state is not DeliveryState.PARKED,
        asked_for=asked[0] if asked else None,
        asking=asked[1] if asked else 0,
        before=before if is_report else (),
        taken_back=taken_back,
        withdraws=to_base64url(report_digest) if unsealed else None,
    )


def _since(row: Row[Any], taken_back: bool) -> date | None:
    if taken_back:
        withdrawn_on: date = row.answered_on
        return withdrawn_on
    return None if row.state in _UNDER_WAY else london_day(row.not_before)
