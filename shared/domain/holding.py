"""Waiting with a report, and what needs two supervisors: rejecting it, a long hold, a look at what left urgently.

One asks and it waits, visibly, for a second; it happens only then. Never about one's own.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, assert_never

from sqlalchemy import Connection, Row, delete, select, update

from shared import audit
from shared.domain.errors import (
    DayNotAhead,
    HoldNeedsTwo,
    OwnReviewAsk,
    ReasonNeeded,
    ReportNotFound,
    ReviewAskNotFound,
)
from shared.domain.london import london_day
from shared.domain.report_rows import (
    UNDECIDED,
    check_newest,
    check_nothing_asked,
    count_reached,
    let_go,
    others_report,
    own_report,
    revise,
    write_ask,
)
from shared.domain.role_keys import supervisors_key_among
from shared.domain.sealed import keep_contact, keep_none, keep_notices_alone, kept_envelope
from shared.domain.vocabulary import (
    EnvelopeStage,
    RejectReason,
    ReportState,
    ReviewAskKind,
)
from shared.messages import Saved
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import report, review_ask

HELD_BY_ONE: Final = timedelta(days=7)
LONGEST_HOLD: Final = timedelta(days=90)

_ASKED_WHILE: Final[Mapping[ReviewAskKind, frozenset[ReportState]]] = {
    ReviewAskKind.REJECT: UNDECIDED,
    ReviewAskKind.HOLD_LONGER: UNDECIDED,
    ReviewAskKind.URGENT_SENT: frozenset(ReportState),
}


# --- holding --------------------------------------------------------------------------------------------------------


def hold_report(tx: Connection, supervisor_id: str, report_id: str, revision: str, until: date, now: datetime) -> Saved:
    """Wait with a report until a London day, seven days from its first hold at most.

    Raises OwnReport, ReviewAskOpen, DayNotAhead, HoldNeedsTwo, or as save_draft does.
    """
    row, day = others_report(tx, report_id, supervisor_id), london_day(now)
    check_newest(row, revision, UNDECIDED)
    check_nothing_asked(tx, report_id)
    if not day < until:
        raise DayNotAhead
    if until > _one_may_hold_until(row, day):
        raise HoldNeedsTwo
    return _hold(tx, supervisor_id, row, until, day, audit.Outcome.DONE)


def take_up_report(tx: Connection, supervisor_id: str, report_id: str, revision: str, now: datetime) -> Saved:
    """Go on with a report that was held. Raises OwnReport, or as save_draft does."""
    row = others_report(tx, report_id, supervisor_id)
    check_newest(row, revision, frozenset({ReportState.HELD}))
    saved = revise(tx, report_id, state=ReportState.IN_REVIEW, held_until=None)
    audit.record(tx, supervisor_id, audit.AuditVerb.TAKE_UP_REPORT, report_id, audit.Outcome.DONE, london_day(now))
    return saved


def take_up_what_is_due(tx: Connection, now: datetime) -> int:
    """Every held report whose day has come is in review again, by itself. How many there were.

    Nothing in it has changed: it keeps its revision, so that whoever has it open goes on.
    """
    due = report.c.state == ReportState.HELD, report.c.held_until <= london_day(now)
    taken_up = {"state": ReportState.IN_REVIEW, "held_until": None}
    return int(tx.execute(update(report).where(*due).values(taken_up)).rowcount)


def sent_urgently(tx: Connection, supervisor_id: str, report_id: str) -> tuple[Row[Any], Envelope]:
    """A report that left urgently, as it left, for the second supervisor who looks at it afterwards.

    With the supervisors' wrap, withheld from everybody else, and only while that look is asked for: so it is still when
    the report was withdrawn meanwhile.
    Raises OwnReport, OwnReviewAsk, ReviewAskNotFound, or ReportNotFound once the unit alone can open it.
    """
    row, asked = others_report(tx, report_id, supervisor_id), _asked(tx, report_id)
    if asked.kind is not ReviewAskKind.URGENT_SENT:
        raise ReviewAskNotFound
    if asked.asked_by == supervisor_id:
        raise OwnReviewAsk
    kept = kept_envelope(tx, report_id, EnvelopeStage.RELEASED)
    if kept is None or row.state is ReportState.OURS:
        raise ReportNotFound
    return row, kept.only_wrap(supervisors_key_among(tx, kept.wraps))


def _one_may_hold_until(row: Row[Any], day: date) -> date:
    return (row.held_on or day) + HELD_BY_ONE


def _hold(tx: Connection, by: str, row: Row[Any], until: date, day: date, outcome: audit.Outcome) -> Saved:
    if row.state is not ReportState.HELD:
        count_reached(tx, ReportState.HELD, day)
    saved = revise(tx, row.id, state=ReportState.HELD, held_on=row.held_on or day, held_until=until)
    audit.record(tx, by, audit.AuditVerb.HOLD_REPORT, row.id, outcome, day)
    return saved


# --- what needs two -------------------------------------------------------------------------------------------------


def ask_second(
    tx: Connection,
    supervisor_id: str,
    report_id: str,
    revision: str,
    kind: ReviewAskKind,
    now: datetime,
    until: date | None = None,
    reason: RejectReason | None = None,
) -> Saved:
    """Ask a second supervisor to reject a report, or to hold it for longer than one may alone.

    Raises OwnReport, ReviewAskOpen, ReasonNeeded, DayNotAhead, or as save_draft does.
    """
    row, day = others_report(tx, report_id, supervisor_id), london_day(now)
    if kind is ReviewAskKind.URGENT_SENT:
        raise ReviewAskNotFound  # only a release asks that
    check_newest(row, revision, _ASKED_WHILE[kind])
    check_nothing_asked(tx, report_id)
    if kind is ReviewAskKind.REJECT and reason is None:
        raise ReasonNeeded
    if kind is ReviewAskKind.HOLD_LONGER and not (until is not None and day < until <= day + LONGEST_HOLD):
        raise DayNotAhead
    write_ask(tx, report_id, kind, supervisor_id, day, until, reason)
    audit.record(tx, supervisor_id, audit.AuditVerb.ASK_SECOND, report_id, kind.value, day)
    return revise(tx, report_id)


def confirm_ask(tx: Connection, supervisor_id: str, report_id: str, revision: str, now: datetime) -> Saved:
    """Have what a colleague asked about a report happen. Raises OwnReport, OwnReviewAsk, ReviewAskNotFound, or as
    save_draft does: a second person confirms the report as they saw it.
    """
    row, asked, day = others_report(tx, report_id, supervisor_id), _asked(tx, report_id), london_day(now)
    if asked.asked_by == supervisor_id:
        raise OwnReviewAsk
    check_newest(row, revision, _ASKED_WHILE[asked.kind])
    tx.execute(delete(review_ask).where(review_ask.c.report_id == report_id))
    audit.record(tx, supervisor_id, audit.AuditVerb.CONFIRM_SECOND, report_id, asked.kind.value, day)
    return _carry_out(tx, supervisor_id, row, asked, day)


def decline_ask(tx: Connection, supervisor_id: str, report_id: str, now: datetime) -> Saved:
    """Leave a report as it is: take back one's own request, or decline a colleague's.

    Raises OwnReport, ReportNotFound, or ReviewAskNotFound; so too for an urgent report, which has left.
    """
    others_report(tx, report_id, supervisor_id)
    asked = _asked(tx, report_id)
    if asked.kind is ReviewAskKind.URGENT_SENT:
        raise ReviewAskNotFound
    tx.execute(delete(review_ask).where(review_ask.c.report_id == report_id))
    audit.record(tx, supervisor_id, audit.AuditVerb.DECLINE_SECOND, report_id, asked.kind.value, london_day(now))
    return revise(tx, report_id)


def _carry_out(tx: Connection, by: str, row: Row[Any], asked: Row[Any], day: date) -> Saved:
    match asked.kind:
        case ReviewAskKind.REJECT:
            return _reject(tx, by, row, asked.reason, day)
        case ReviewAskKind.HOLD_LONGER:
            return _hold(tx, by, row, asked.until, day, audit.Outcome.DONE_BY_TWO)
        case ReviewAskKind.URGENT_SENT:
            return _looked_at(tx, row)
        case _ as never:
            assert_never(never)


def _looked_at(tx: Connection, row: Row[Any]) -> Saved:
    """One that was withdrawn meanwhile was kept, with its author's name, for this look alone."""
    if row.state is not ReportState.WITHDRAWN:
        return revise(tx, row.id)
    keep_notices_alone(tx, row.id)
    return revise(tx, row.id, author_id=None)


def _reject(tx: Connection, by: str, row: Row[Any], reason: RejectReason, day: date) -> Saved:
    """The supervisors alone keep the words; a caller's details go at once."""
    keep_contact(tx, row.id, None)
    rejected = {"state": ReportState.REJECTED, "rejected_because": reason, "flags_signature": None}
    saved = revise(tx, row.id, **rejected, held_on=None, held_until=None, contact_waits=False)
    let_go(tx, row.id)
    count_reached(tx, ReportState.REJECTED, day)
    audit.record(tx, by, audit.AuditVerb.REJECT_REPORT, row.id, reason.value, day)
    return saved


def note_rejection(tx: Connection, author_id: str, report_id: str) -> None:
    """The author has read that their report was rejected: it is off their list and no longer names them, and as nobody
    is to do anything with its words any more, they are deleted with every wrap.

    Raises ReportNotFound or ReportNotInThatState.
    """
    row = own_report(tx, report_id, author_id)
    check_newest(row, row.revision, frozenset({ReportState.REJECTED}))
    tx.execute(update(report).where(report.c.id == report_id).values(author_id=None, revision=random_id()))
    keep_none(tx, report_id)


def _asked(tx: Connection, report_id: str) -> Row[Any]:
    row = tx.execute(select(review_ask).where(review_ask.c.report_id == report_id)).one_or_none()
    if row is None:
        raise ReviewAskNotFound
    return row
