"""A report from the first key pressed to its release: drafted, submitted, returned, released, always sealed.

The service knows a report's facts and dates, never its words, and nothing of the call it came from.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from shared import audit
from shared.domain.errors import (
    DirectoryOutOfDate,
    EnvelopeRefused,
    ForceUnknown,
    NotReworded,
    OwnReport,
    ReportIncomplete,
    ReportNotFound,
    ReportNotInThatState,
    StaleReport,
    UnitUnknown,
)
from shared.domain.forces import FORCES
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.sealed import (
    check_released,
    check_unsigned,
    is_kept,
    is_new,
    keep_only,
    kept_envelope,
    report_holding,
)
from shared.domain.vocabulary import Category, Circle, DeliveryState, EnvelopeStage, Lane, Mode, ReportState
from shared.messages import ReportFacts, Saved
from shared.sealing.canonical import NotCanonical, from_base64url
from shared.sealing.directory import Directory, Standing, Unit, key_standing
from shared.sealing.envelope import Envelope
from shared.sealing.errors import SignatureWrong
from shared.sealing.flags import check_flags
from shared.sealing.header import EnvelopeKind
from shared.sealing.keys import ReaderPublicKey, VerifyKey
from shared.store.columns import random_id
from shared.store.schema import delivery, person, report

WITH_THE_AUTHOR: Final = frozenset({ReportState.DRAFT, ReportState.RETURNED})


def start_draft(tx: Connection, author_id: str, facts: ReportFacts, envelope: Envelope, now: datetime) -> Saved:
    """A new draft. The same envelope sent twice makes one. Raises ForceUnknown or EnvelopeRefused."""
    _check_draft(tx, author_id, facts, envelope)
    if (held_by := report_holding(tx, envelope)) is not None:
        return _saved(_own(tx, held_by, author_id))
    report_id, revision = random_id(), random_id()
    row = {
        "id": report_id,
        "state": ReportState.DRAFT,
        "revision": revision,
        "author_id": author_id,
        "lane": Lane.ORDINARY,
        "started_on": london_day(now),
    }
    tx.execute(insert(report), row | _columns(facts))
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    return Saved(id=report_id, revision=revision)


def save_draft(
    tx: Connection, author_id: str, report_id: str, revision: str, facts: ReportFacts, envelope: Envelope
) -> Saved:
    """Save a draft or a returned report over `revision`, the one last seen; the same save twice is one.

    Raises ReportNotFound, ReportNotInThatState, StaleReport, ForceUnknown or EnvelopeRefused; then nothing changed.
    """
    row = _own(tx, report_id, author_id)
    if not _is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.DRAFT, envelope):
        return _saved(row)
    _check_draft(tx, author_id, facts, envelope)
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    return _revise(tx, report_id, **_columns(facts))


def submit_report(
    tx: Connection,
    author_id: str,
    report_id: str,
    revision: str,
    facts: ReportFacts,
    envelope: Envelope,
    now: datetime,
) -> Saved:
    """Hand a report to the supervisors; what was sealed to the author is deleted. Submitting twice is submitting once.

    Raises as save_draft does, or ReportIncomplete; EnvelopeRefused too where the author did not sign the flags.
    """
    row = _own(tx, report_id, author_id)
    if not _is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.REVIEW, envelope):
        return _saved(row)
    _check_known(facts)
    if _is_incomplete(facts):
        raise ReportIncomplete
    supervisors = current_directory(tx).supervisors_key()
    check_unsigned(envelope, EnvelopeKind.REVIEW, facts.form, {supervisors.key_id})
    signature = _checked_flags(tx, author_id, facts, envelope)
    keep_only(tx, report_id, EnvelopeStage.REVIEW, envelope)
    submitted = {"state": ReportState.IN_REVIEW, "submitted_on": london_day(now), "flags_signature": signature}
    return _revise(tx, report_id, **_columns(facts), **submitted)


def return_report(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, envelope: Envelope, now: datetime
) -> Saved:
    """Give a report back to its author with remarks. Raises OwnReport, or as save_draft does."""
    row = _others(tx, report_id, supervisor_id)
    if not _is_next(tx, row, revision, frozenset({ReportState.IN_REVIEW}), EnvelopeStage.DRAFT, envelope):
        return _saved(row)
    check_unsigned(envelope, EnvelopeKind.DRAFT, row.form, _drafting_readers(tx, row.author_id))
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
) -> Saved:
    """Send a report to a unit: the sealed report, its delivery and the audit entry are written together.

    Raises OwnReport, NotReworded, UnitUnknown, DirectoryOutOfDate, or as save_draft does.
    """
    row = _others(tx, report_id, supervisor_id)
    if not _is_next(tx, row, revision, frozenset({ReportState.IN_REVIEW}), EnvelopeStage.RELEASED, envelope):
        return _saved(row)
    if row.circle is Circle.ONE_OR_TWO and not reworded:
        raise NotReworded
    _check_leaving(tx, row, unit_id, envelope, now)
    keep_only(tx, report_id, EnvelopeStage.RELEASED, envelope)
    day = london_day(now)
    # The flags were checked on submitting; kept, their signature would name the author for ever.
    left = {"state": ReportState.RELEASED, "unit_id": unit_id, "released_on": day, "flags_signature": None}
    saved = _revise(tx, report_id, **left)
    _queue_delivery(tx, row, unit_id, envelope, now)
    outcome = audit.Outcome.DONE_REWORDED if reworded else audit.Outcome.DONE
    audit.record(tx, supervisor_id, audit.AuditVerb.RELEASE_REPORT, report_id, outcome, day)
    return saved


def units_to_choose(keys: Directory, force_id: str, conflict: bool) -> tuple[Unit, ...]:
    """The units a report about this force may go to; with a conflict of interest only those named as alternates."""
    serving = keys.units_for_force(force_id)
    if not conflict:
        return serving
    alternates = {unit.alternate for unit in serving}
    return tuple(unit for unit in keys.units if unit.id in alternates)


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
        own = _reader_of(tx, person_id).key_id
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
    return tx.execute(select(report).where(report.c.id == report_id).with_for_update()).one_or_none()


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


def _check_known(facts: ReportFacts) -> None:
    if facts.force_id is not None and facts.force_id not in FORCES:
        raise ForceUnknown


def _check_draft(tx: Connection, author_id: str, facts: ReportFacts, envelope: Envelope) -> None:
    _check_known(facts)
    check_unsigned(envelope, EnvelopeKind.DRAFT, facts.form, _drafting_readers(tx, author_id))


def _is_incomplete(facts: ReportFacts) -> bool:
    return (
        facts.force_id is None
        or facts.mode is Mode.UNSET
        or facts.category is Category.UNSET
        or facts.circle is Circle.NOT_ASKED
        or facts.flags_signature is None
    )


def _checked_flags(tx: Connection, author_id: str, facts: ReportFacts, envelope: Envelope) -> bytes:
    verify = VerifyKey(tx.execute(select(person.c.verify_public).where(person.c.id == author_id)).scalar_one())
    try:
        signature = from_base64url(facts.flags_signature or "")
        check_flags(signature, envelope.digest, facts.circle, facts.conflict, verify)
    except (NotCanonical, SignatureWrong):
        raise EnvelopeRefused from None
    return signature


def _check_leaving(tx: Connection, row: Row[Any], unit_id: str, envelope: Envelope, now: datetime) -> None:
    keys, today = current_directory(tx), london_day(now)
    if keys.standing(today) is Standing.EXPIRED:
        raise DirectoryOutOfDate
    chosen = [unit for unit in units_to_choose(keys, row.force_id, row.conflict) if unit.id == unit_id]
    if not chosen or key_standing(chosen[0], today) is Standing.EXPIRED:
        raise UnitUnknown
    if not is_new(tx, envelope):
        raise EnvelopeRefused
    readers = {chosen[0].reader.key_id, keys.supervisors_key().key_id}
    check_released(envelope, unit_id, row.form, readers, keys)


def _drafting_readers(tx: Connection, author_id: str) -> set[str]:
    return {_reader_of(tx, author_id).key_id, current_directory(tx).supervisors_key().key_id}


def _reader_of(tx: Connection, person_id: str) -> ReaderPublicKey:
    return ReaderPublicKey(tx.execute(select(person.c.reader_public).where(person.c.id == person_id)).scalar_one())


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
            "unit_id": unit_id,
            "lane": row.lane,
            "state": DeliveryState.WAITING,
            "digest": envelope.digest,
            "attempts": 0,
            # The hour of release is nobody's business, and the courier decides when the batch leaves.
            "not_before": start_of(london_day(now)),
        },
    )
