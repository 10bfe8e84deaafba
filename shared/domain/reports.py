"""A report from the first key pressed to its release: drafted, submitted, returned, released, always sealed.

The service knows a report's facts and dates, never its words, and nothing of the call it came from.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from shared.domain.contact import check_contact, check_contact_submitted
from shared.domain.errors import ReportNotFound
from shared.domain.london import london_day
from shared.domain.report_rows import UNDECIDED, count_reached, is_next, own_report, revise, saved_of
from shared.domain.report_rules import (
    check_draft,
    check_submitted,
    flags_signature,
    lane_of,
    reader_of,
)
from shared.domain.sealed import keep_contact, keep_only, kept_envelope, report_holding
from shared.domain.vocabulary import EnvelopeStage, Lane, ReportState
from shared.messages import ReportFacts, Saved
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import report

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
        return saved_of(own_report(tx, held_by, author_id))
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
    row = own_report(tx, report_id, author_id)
    if not is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.DRAFT, envelope):
        return saved_of(row)
    check_draft(tx, author_id, facts, envelope)
    check_contact(tx, author_id, facts, contact)
    keep_only(tx, report_id, EnvelopeStage.DRAFT, envelope)
    keep_contact(tx, report_id, contact)
    return revise(tx, report_id, **_columns(facts))


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
    row = own_report(tx, report_id, author_id)
    if not is_next(tx, row, revision, WITH_THE_AUTHOR, EnvelopeStage.REVIEW, envelope):
        return saved_of(row)
    check_submitted(tx, author_id, facts, envelope)
    check_contact_submitted(tx, author_id, facts, contact, london_day(now))
    keep_only(tx, report_id, EnvelopeStage.REVIEW, envelope)
    keep_contact(tx, report_id, contact)
    submitted = {"state": ReportState.IN_REVIEW, "submitted_on": london_day(now), "lane": lane_of(facts)}
    signature = flags_signature(facts)
    count_reached(tx, ReportState.IN_REVIEW, london_day(now))
    return revise(tx, report_id, **_columns(facts), **submitted, flags_signature=signature)


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
    elif row.state in UNDECIDED and supervisor:
        envelope = kept_envelope(tx, report_id, EnvelopeStage.REVIEW)
    if envelope is None:
        raise ReportNotFound
    return row, envelope


def _columns(facts: ReportFacts) -> dict[str, Any]:
    return facts.model_dump(exclude={"agreed", "urgent", "flags_signature"})
