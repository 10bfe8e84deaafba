"""A report from the first key pressed to its release: drafted, submitted, returned, released, always sealed.

The service knows a report's facts and dates, never its words, and nothing of the call it came from.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from shared import audit
from shared.domain.contact import check_contact, check_contact_submitted, sign_contact
from shared.domain.errors import NotReworded, OwnReport, ReportNotFound, ReportNotInThatState, StaleReport
from shared.domain.london import london_day, start_of
from shared.domain.report_rules import (
    check_draft,
    check_leaving,
    check_submitted,
    drafting_readers,
    flags_signature,
    reader_of,
)
from shared.domain.sealed import check_unsigned, is_kept, keep_contact, keep_only, kept_envelope, report_holding
from shared.domain.vocabulary import Circle, DeliveryKind, DeliveryState, EnvelopeStage, Lane, ReportState
from shared.messages import ReportFacts, Saved
from shared.sealing.envelope import Envelope
from shared.sealing.header import EnvelopeKind
from shared.store.columns import random_id
from shared.store.schema import delivery, report

WITH_THE_AUTHOR: Final = frozenset({ReportState.DRAFT, ReportState.RETURNED})


def start_draft(
    tx: Connection,
    author_id: str,
    facts: ReportFacts,
    envelope: Envelope,
    now: datetime,
    contact: Envelope | None = None,
) -> Saved:
    """A new draft. The same envelope sent twice makes one. Raises ForceUnknown or EnvelopeRefused."""
    check_draft(tx, author_id, facts, envelope)
    check_contact(tx, author_id, facts, contact)
    if (held_by := report_holding(tx, envelope)) is not None:
        return _saved(_own(tx, held_by, author_id))
    report_id, revision = random_id(), random_id()
    row = {
        "id": report_id,
        "state": ReportState.DRAFT,
        "revision": revision,
        "author_id": author_id,
        "lane": Lane.ORDINARY,
        "contact_waits": False,
        "started_on": london_day(now),
    }
    tx.execute(insert(report), row | _columns(facts))
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    keep_contact(tx, report_id, contact)
    return Saved(id=report_id, revision=revision)


def save_draft(
    tx: Connection,
    author_id: str,
    report_id: str,
    revision: str,
    facts: ReportFacts,
    envelope: Envelope,
    contact: Envelope | None = None,
) -> Saved:
    """Save a draft or a returned report over `revision`, the one last seen; the same save twice is one.

    Contact details are saved with it: a save without any deletes those that were kept.
    Raises ReportNotFound, ReportNotInThatState, StaleReport, ForceUnknown or EnvelopeRefused; then nothing changed.
    """
    row = _own(tx, report_id, author_id)
    if not _is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.DRAFT, envelope):
        return _saved(row)
    check_draft(tx, author_id, facts, envelope)
    check_contact(tx, author_id, facts, contact)
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    keep_contact(tx, report_id, contact)
    return _revise(tx, report_id, **_columns(facts))


def submit_report(
    tx: Connection,
    author_id: str,
    report_id: str,
    revision: str,
    facts: ReportFacts,
    envelope: Envelope,
    now: datetime,
    contact: Envelope | None = None,
) -> Saved:
    """Hand a report to the supervisors; what was sealed to the author is deleted. Submitting twice is submitting once.

    Contact details alone stay sealed to the author, and to the unit that serves the force.

    Raises as save_draft does, or ReportIncomplete; EnvelopeRefused too where the author did not sign the flags.
    """
    row = _own(tx, report_id, author_id)
    if not _is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.REVIEW, envelope):
        return _saved(row)
    check_submitted(tx, author_id, facts, envelope)
    check_contact_submitted(tx, author_id, facts, contact)
    keep_only(tx, report_id, EnvelopeStage.REVIEW, envelope)
    keep_contact(tx, report_id, contact)
    submitted = {"state": ReportState.IN_REVIEW, "submitted_on": london_day(now)}
    signature = flags_signature(facts)
    return _revise(tx, report_id, **_columns(facts), **submitted, flags_signature=signature)


def return_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, envelope: Envelope, now: datetime
) -> Saved:
    """Give a report back to its author with remarks. Raises OwnReport, or as save_draft does."""
    row = _others(tx, report_id, supervisor_id)
    if not _is_next(tx, row, revision, frozenset({ReportState.IN_REVIEW}), EnvelopeStage.DRAFT, envelope):
        return _saved(row)
    check_unsigned(envelope, EnvelopeKind.DRAFT, row.form, drafting_readers(tx, row.author_id))
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    saved = _revise(tx, report_id, state=ReportState.RETURNED, flags_signature=None)
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
    reworded: bool,
    now: datetime,
    contact_signature: bytes | None = None,
) -> Saved:
    """Send a report to a unit: the sealed report, its delivery and the audit entry are written together.

    Contact details stay here until the unit says *ours*; ``contact_signature`` is the release key's over them.
    Raises OwnReport, NotReworded, UnitUnknown, DirectoryOutOfDate, or as save_draft does.
    """
    row = _others(tx, report_id, supervisor_id)
    if not _is_next(tx, row, revision, frozenset({ReportState.IN_REVIEW}), EnvelopeStage.RELEASED, envelope):
        return _saved(row)
    if row.circle is Circle.ONE_OR_TWO and not reworded:
        raise NotReworded
    check_leaving(tx, row, unit_id, envelope, now)
    keep_only(tx, report_id, EnvelopeStage.RELEASED, envelope)
    day = london_day(now)
    # The flags were checked on submitting; kept, their signature would name the author for ever.
    left = {"state": ReportState.RELEASED, "unit_id": unit_id, "released_on": day, "flags_signature": None}
    waits = sign_contact(tx, report_id, unit_id, contact_signature)
    saved = _revise(tx, report_id, **left, contact_waits=waits)
    _queue_delivery(tx, row, unit_id, envelope, now)
    outcome = audit.Outcome.DONE_REWORDED if reworded else audit.Outcome.DONE
    audit.record(tx, supervisor_id, audit.AuditVerb.RELEASE_REPORT, report_id, outcome, day)
    return saved


def readable(tx: Connection, report_id: str, person_id: str, supervisor: bool) -> tuple[Row[Any], Envelope]:
    """A report's row and its envelope with only the wraps this person may have. Raises ReportNotFound.

    The author: their own, while it is with them. A supervisor: the supervisors', while it is in review. The
    supervisors' wraps of drafts and of released reports are withheld.
    """
    row = tx.execute(select(report).where(report.c.id == report_id)).one_or_none()
    if row is None:
        raise ReportNotFound
    envelope = None
    if row.state in WITH_THE_AUTHOR and row.author_id == person_id:
        envelope = kept_envelope(tx, report_id, EnvelopeStage.DRAFT)
        own = reader_of(tx, person_id).key_id
        envelope = envelope.only_wrap(own) if envelope is not None and own in envelope.wraps else None
    elif row.state is ReportState.IN_REVIEW and supervisor:
        envelope = kept_envelope(tx, report_id, EnvelopeStage.REVIEW)
    if envelope is None:
        raise ReportNotFound
    return row, envelope


# --- what must hold -------------------------------------------------------------------------------------------------


def _own(tx: Connection, report_id: str, author_id: str) -> Row[Any]:
    row = _locked(tx, report_id)
    if row is None or row.author_id != author_id:
        raise ReportNotFound
    return row


def _others(tx: Connection, report_id: str, supervisor_id: str) -> Row[Any]:
    row = _locked(tx, report_id)
    if row is None or row.state is ReportState.DRAFT:
        raise ReportNotFound
    if row.author_id == supervisor_id:
        raise OwnReport
    return row


def _locked(tx: Connection, report_id: str) -> Row[Any] | None:
    return tx.execute(select(report).where(report.c.id == report_id).with_for_update(key_share=True)).one_or_none()


def _is_next(
    tx: Connection,
    row: Row[Any],
    revision: str,
    states: frozenset[ReportState],
    stage: EnvelopeStage,
    envelope: Envelope,
) -> bool:
    """True: go on. False: this very request was carried out before. Otherwise raises what stands in the way."""
    if row.state in states and row.revision == revision:
        return True
    if is_kept(tx, row.id, stage, envelope):
        return False
    raise StaleReport if row.state in states else ReportNotInThatState


# --- what is written ------------------------------------------------------------------------------------------------


def _columns(facts: ReportFacts) -> dict[str, Any]:
    return facts.model_dump(exclude={"flags_signature"})


def _revise(tx: Connection, report_id: str, **values: Any) -> Saved:
    revision = random_id()
    tx.execute(update(report).where(report.c.id == report_id).values(revision=revision, **values))
    return Saved(id=report_id, revision=revision)


def _saved(row: Row[Any]) -> Saved:
    return Saved(id=row.id, revision=row.revision)


def _queue_delivery(tx: Connection, row: Row[Any], unit_id: str, envelope: Envelope, now: datetime) -> None:
    tx.execute(
        insert(delivery),
        {
            "id": random_id(),
            "report_id": row.id,
            "kind": DeliveryKind.REPORT,
            "unit_id": unit_id,
            "lane": row.lane,
            "state": DeliveryState.WAITING,
            "digest": envelope.digest,
            "attempts": 0,
            # The hour of release is nobody's business, and the courier decides when the batch leaves.
            "not_before": start_of(london_day(now)),
        },
    )
