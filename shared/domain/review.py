"""A supervisor sends a colleague's report on or back, never their own; holding and rejecting are in `holding`.

The service knows no word of the report: what only a console can know is a reviewer's signed word.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, exists, insert, select

from shared import audit
from shared.domain.contact import sign_contact
from shared.domain.errors import (
    EnvelopeRefused,
    HintsUnsettled,
    NotReworded,
    NotUrgent,
    ReportNotFound,
    ReviewAskOpen,
)
from shared.domain.london import london_day, start_of
from shared.domain.report_rows import (
    UNDECIDED,
    check_nothing_asked,
    count_reached,
    is_next,
    let_go,
    others_report,
    revise,
    saved_of,
    write_ask,
)
from shared.domain.report_rules import check_leaving, drafting_readers
from shared.domain.sealed import check_unsigned, keep_only, keep_released
from shared.domain.vocabulary import (
    Circle,
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Lane,
    ReportState,
    ReviewAskKind,
)
from shared.messages import Saved
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.sealing.envelope import Envelope
from shared.sealing.errors import SignatureWrong
from shared.sealing.flags import ReleaseFlags, check_release_flags
from shared.sealing.header import EnvelopeKind
from shared.sealing.verify_key import VerifyKey
from shared.store.columns import random_id
from shared.store.schema import delivery, person, reading, review_ask
from shared.store.schema import envelope as envelope_table

IN_REVIEW: Final = frozenset({ReportState.IN_REVIEW})

_OF_REPORT: Final[BindParameter[Any]] = bindparam("of_report")
_IS_CONTACT: Final = envelope_table.c.report_id == _OF_REPORT, envelope_table.c.stage == EnvelopeStage.CONTACT
_FOUND: Final = select(
    exists(review_ask).where(review_ask.c.report_id == _OF_REPORT).label("asked"),
    exists(envelope_table).where(envelope_table.c.id == bindparam("envelope")).label("known"),
    exists(envelope_table).where(*_IS_CONTACT).label("contact"),
    select(person.c.verify_public)
    .where(person.c.id == bindparam("supervisor"))
    .scalar_subquery()
    .label("verify_public"),
)


@dataclass(frozen=True, slots=True)
class ReleaseWord:
    """What the releasing supervisor's console asserts of a report that the service cannot read, and their signature."""

    flags: ReleaseFlags
    signature: bytes


# --- returning and releasing ----------------------------------------------------------------------------------------


def return_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, envelope: Envelope, now: datetime
) -> Saved:
    """Give a report back to its author with remarks. Raises OwnReport, ReviewAskOpen, or as save_draft does."""
    row = others_report(tx, report_id, supervisor_id)
    if not is_next(tx, row, revision, UNDECIDED, EnvelopeStage.DRAFT, envelope):
        return saved_of(row)
    check_nothing_asked(tx, report_id)
    check_unsigned(envelope, EnvelopeKind.DRAFT, row.form, drafting_readers(tx, row.author_id, envelope))
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    back = {"state": ReportState.RETURNED, "flags_signature": None, "held_on": None, "held_until": None}
    saved = revise(tx, report_id, **back)
    let_go(tx, report_id)
    count_reached(tx, ReportState.RETURNED, london_day(now))
    verb, outcome = audit.AuditVerb.RETURN_REPORT, audit.Outcome.DONE
    audit.record(tx, supervisor_id, verb, report_id, outcome, london_day(now))
    return saved


def release_report(
    tx: Connection,
    supervisor_id: str,
    report_id: str,
    revision: str,
    unit_id: str,
    envelope: Envelope,
    word: ReleaseWord,
    now: datetime,
    contact_signature: bytes | None = None,
    failpoint: Fail = go_on,
    contact_address: bytes | None = None,
) -> Saved:
    """Send a report to a unit: the sealed report, its delivery and the audit entry are written together.

    An urgent one leaves at once, on its author's word and this one's; a second supervisor is asked to look afterwards.
    Contact details stay here until the unit says *ours*; ``contact_signature`` is the release key's over them,
    ``contact_address`` over where they go.
    Raises OwnReport, HintsUnsettled, NotReworded, NotUrgent, ReviewAskOpen, UnitUnknown, DirectoryOutOfDate, or as
    save_draft does; EnvelopeRefused too where the supervisor did not sign their word.
    """
    row = others_report(tx, report_id, supervisor_id)
    if not is_next(tx, row, revision, IN_REVIEW, EnvelopeStage.RELEASED, envelope):
        return saved_of(row)
    found = _found(tx, supervisor_id, report_id, envelope)
    if found.asked:
        raise ReviewAskOpen
    _check_word(VerifyKey(found.verify_public), row, envelope, word)
    lane = Lane.URGENT if word.flags.urgent else Lane.ORDINARY
    check_leaving(tx, row, unit_id, envelope, now, lane)
    if found.known:  # newly sealed, never the one that was read
        raise EnvelopeRefused
    keep_released(tx, report_id, envelope)
    failpoint(Failpoint.RESEALED)
    day = london_day(now)
    # The flags were checked on submitting; kept, their signature would name the author for ever.
    left = {"state": ReportState.RELEASED, "unit_id": unit_id, "released_on": day, "flags_signature": None}
    held = {"held_on": None, "held_until": None, "lane": lane}
    has_contact = found.contact or contact_signature is not None
    waits = has_contact and sign_contact(tx, report_id, unit_id, contact_signature, contact_address)
    saved = revise(tx, report_id, **left, **held, contact_waits=waits)
    let_go(tx, report_id)
    count_reached(tx, ReportState.RELEASED, day)
    _queue_delivery(tx, report_id, lane, unit_id, envelope, now)
    if word.flags.urgent:
        write_ask(tx, report_id, ReviewAskKind.URGENT_SENT, supervisor_id, day)
    outcome = audit.Outcome.DONE_REWORDED if word.flags.reworded else audit.Outcome.DONE
    audit.record(tx, supervisor_id, audit.AuditVerb.RELEASE_REPORT, report_id, outcome, day)
    failpoint(Failpoint.RELEASE_QUEUED)
    return saved


def _found(tx: Connection, supervisor_id: str, report_id: str, envelope: Envelope) -> Row[Any]:
    """What else a release depends on, in one look after the report is locked: all of it changes only under that lock,
    or never."""
    about = {"of_report": report_id, "supervisor": supervisor_id, "envelope": envelope.about.envelope_id}
    return tx.execute(_FOUND, about).one()


def _check_word(verify: VerifyKey, row: Row[Any], envelope: Envelope, word: ReleaseWord) -> None:
    try:
        check_release_flags(word.signature, envelope.digest, word.flags, verify)
    except SignatureWrong:
        raise EnvelopeRefused from None
    if not word.flags.hints_settled:
        raise HintsUnsettled
    if word.flags.urgent and row.lane is not Lane.URGENT:
        raise NotUrgent
    if row.circle is Circle.ONE_OR_TWO and not word.flags.reworded:
        raise NotReworded


def _queue_delivery(
    tx: Connection, report_id: str, lane: Lane, unit_id: str, envelope: Envelope, now: datetime
) -> None:
    tx.execute(
        insert(delivery),
        {
            "id": random_id(),
            "report_id": report_id,
            "kind": DeliveryKind.REPORT,
            "unit_id": unit_id,
            "lane": lane,
            "state": DeliveryState.WAITING,
            "digest": envelope.digest,
            "attempts": 0,
            # The hour of release is nobody's business, and the courier decides when the batch leaves.
            "not_before": start_of(london_day(now)),
        },
    )


# --- who has it open ------------------------------------------------------------------------------------------------


def open_for_review(tx: Connection, supervisor_id: str, report_id: str) -> None:
    """Let colleagues see that this report is open. One at a time. Raises OwnReport or ReportNotFound."""
    row = others_report(tx, report_id, supervisor_id)
    if row.state not in UNDECIDED:
        raise ReportNotFound
    leave_review(tx, supervisor_id)
    tx.execute(insert(reading), {"person_id": supervisor_id, "report_id": report_id})


def leave_review(tx: Connection, supervisor_id: str) -> None:
    """Nothing is open any more."""
    tx.execute(delete(reading).where(reading.c.person_id == supervisor_id))
