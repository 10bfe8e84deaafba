"""A draft whose author is away for good, or has lost their passphrase, given to a colleague on two supervisors' word.

Only then, and only to those two, does the service give out the supervisors' wrap of a draft. It opens nothing. An
author who signs in to go on with it, or has written on, ends it. Details of how to reach a caller were sealed to the
author alone: nobody else can open them, and they are deleted when the draft is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.errors import (
    AuthorIsHere,
    EnvelopeRefused,
    OwnRecovery,
    OwnReport,
    RecoveryNotConfirmed,
    RecoveryNotFound,
    ReportNotFound,
    ReportNotInThatState,
    StaleReport,
    TakerCannotWrite,
)
from shared.domain.london import london_day
from shared.domain.report_rules import reader_of
from shared.domain.reports import WITH_THE_AUTHOR
from shared.domain.role_keys import supervisors_key_among
from shared.domain.sealed import keep_contact, kept_envelope
from shared.domain.sessions import in_force
from shared.domain.vocabulary import EnvelopeStage, Mode, ReportState, Role
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import (
    desk_session,
    draft_recovery,
    person,
    person_role,
    recovered_draft,
    report,
    wrap,
)


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """A draft or returned report whose author is not signed in. `asked_by` None: nobody asks to recover it."""

    report_id: str
    author_id: str
    author: str
    author_active: bool
    started_on: date
    returned: bool
    confidential: bool  # its caller's details cannot be recovered
    asked_by: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Taker:
    """A handler whom a recovered draft can be given to."""

    id: str
    name: str


def left_drafts(tx: Connection, supervisor_id: str, now: datetime) -> Sequence[LeftDraft]:
    """The drafts of those who are not signed in, or lost the keys they open with; never one's own; the oldest first."""
    here = select(desk_session.c.person_id).join(person).where(in_force(now), _still_writes())
    asked = draft_recovery.c
    current = (asked.report_id == report.c.id) & (asked.revision == report.c.revision)
    query = (
        select(report, person.c.name, person.c.active, asked.asked_by, asked.confirmed_by)
        .join_from(report, person, person.c.id == report.c.author_id)
        .join(draft_recovery, current, isouter=True)
        .add_columns(person.c.id.in_(here).label("author_is_here"))
        .where(report.c.state.in_(WITH_THE_AUTHOR), person.c.id != supervisor_id)
        .order_by(report.c.started_on, report.c.id)
    )
    rows = tx.execute(query).all()
    return [_left(row) for row in rows if not row.author_is_here or _cannot_be_opened(tx, row)]


def _left(row: Row[Any]) -> LeftDraft:
    return LeftDraft(
        report_id=row.id,
        author_id=row.author_id,
        author=row.name,
        author_active=row.active,
        started_on=row.started_on,
        returned=row.state is ReportState.RETURNED,
        confidential=row.mode is Mode.CONFIDENTIAL,
        asked_by=row.asked_by,
        confirmed=row.confirmed_by is not None,
    )


def takers(tx: Connection) -> Sequence[Taker]:
    """Handlers who may be given a recovered draft, by name."""
    handles = select(person_role.c.person_id).where(person_role.c.role == Role.HANDLER)
    query = select(person.c.id, person.c.name).where(person.c.active, person.c.id.in_(handles))
    return [Taker(*row) for row in tx.execute(query.order_by(person.c.name))]


def ask_to_recover(tx: Connection, supervisor_id: str, report_id: str, now: datetime) -> None:
    """One supervisor asks for the draft as it is now; asking again changes nothing.

    Raises ReportNotFound, OwnReport, ReportNotInThatState or AuthorIsHere.
    """
    row, day = _left_behind(tx, report_id, supervisor_id, now), london_day(now)
    if _asked(tx, row) is not None:
        return
    tx.execute(delete(draft_recovery).where(draft_recovery.c.report_id == report_id))
    asked = {"report_id": report_id, "revision": row.revision, "asked_by": supervisor_id, "asked_on": day}
    tx.execute(insert(draft_recovery), asked)
    audit.record(tx, supervisor_id, audit.AuditVerb.ASK_TO_RECOVER, report_id, audit.Outcome.DONE, day)


def confirm_recovery(tx: Connection, supervisor_id: str, report_id: str, now: datetime) -> None:
    """A second supervisor agrees. Raises as ask_to_recover does, or RecoveryNotFound or OwnRecovery."""
    row = _left_behind(tx, report_id, supervisor_id, now)
    asked = _asked(tx, row)
    if asked is None:
        raise RecoveryNotFound
    if asked.asked_by == supervisor_id:
        raise OwnRecovery
    if asked.confirmed_by is None:
        by = {"confirmed_by": supervisor_id}
        tx.execute(update(draft_recovery).where(draft_recovery.c.report_id == report_id).values(by))
        verb = audit.AuditVerb.CONFIRM_RECOVERY
        audit.record(tx, supervisor_id, verb, report_id, audit.Outcome.DONE_BY_TWO, london_day(now))


def decline_recovery(tx: Connection, supervisor_id: str, report_id: str, now: datetime) -> None:
    """Leave the draft to its author: any supervisor but they. Raises as ask_to_recover does, or RecoveryNotFound."""
    row = _left_behind(tx, report_id, supervisor_id, now)
    if _asked(tx, row) is None:
        raise RecoveryNotFound
    tx.execute(delete(draft_recovery).where(draft_recovery.c.report_id == report_id))
    verb = audit.AuditVerb.DECLINE_RECOVERY
    audit.record(tx, supervisor_id, verb, report_id, audit.Outcome.DONE, london_day(now))


def readable_to_recover(tx: Connection, supervisor_id: str, report_id: str, now: datetime) -> tuple[Row[Any], Envelope]:
    """The draft with the supervisors' wrap alone, for one of the two who agreed. Raises as confirm_recovery does, or
    RecoveryNotConfirmed; ReportNotFound where nothing is sealed to the supervisors.
    """
    row = _agreed(tx, report_id, supervisor_id, now)
    kept = kept_envelope(tx, report_id, EnvelopeStage.DRAFT)
    key_id = "" if kept is None else supervisors_key_among(tx, kept.wraps)
    if kept is None or key_id not in kept.wraps:
        raise ReportNotFound
    return row, kept.only_wrap(key_id)


def give_recovered(
    tx: Connection, supervisor_id: str, report_id: str, revision: str, taker_id: str, envelope: Envelope, now: datetime
) -> None:
    """Make a handler the author of the draft as it was recovered: theirs is the wrap in place of the author's.

    That may be its author, where they could not open it: with the keys they have now they can.

    The caller's contact details go. Raises as readable_to_recover does, or StaleReport, TakerCannotWrite or
    EnvelopeRefused.
    """
    row, day = _agreed(tx, report_id, supervisor_id, now), london_day(now)
    if row.revision != revision:
        raise StaleReport
    to_its_author = taker_id == row.author_id
    if (to_its_author and not _cannot_be_opened(tx, row)) or taker_id not in {taker.id for taker in takers(tx)}:
        raise TakerCannotWrite
    _give_wrap(tx, row, taker_id, envelope)
    keep_contact(tx, report_id, None)
    tx.execute(delete(draft_recovery).where(draft_recovery.c.report_id == report_id))
    if not to_its_author:
        tx.execute(insert(recovered_draft), {"id": random_id(), "person_id": row.author_id, "given_on": day})
    tx.execute(update(report).where(report.c.id == report_id).values(author_id=taker_id, revision=random_id()))
    audit.record(tx, supervisor_id, audit.AuditVerb.RECOVER_DRAFT, report_id, audit.Outcome.DONE_BY_TWO, day)


def recovered_from(tx: Connection, person_id: str) -> Sequence[date]:
    """On which London days a draft of this person's was given to a colleague, until they have seen it."""
    given = select(recovered_draft.c.given_on).where(recovered_draft.c.person_id == person_id)
    return list(tx.execute(given.order_by(recovered_draft.c.given_on)).scalars())


def note_recovered(tx: Connection, person_id: str) -> None:
    """They have seen it."""
    tx.execute(delete(recovered_draft).where(recovered_draft.c.person_id == person_id))


# --- what must hold ---------------------------------------------------------------------------------------------------


def _left_behind(tx: Connection, report_id: str, supervisor_id: str, now: datetime) -> Row[Any]:
    """The report, locked, if its author is away."""
    row = tx.execute(select(report).where(report.c.id == report_id).with_for_update(key_share=True)).one_or_none()
    if row is None or row.author_id is None:
        raise ReportNotFound
    if row.author_id == supervisor_id:
        raise OwnReport
    if row.state not in WITH_THE_AUTHOR:
        raise ReportNotInThatState
    theirs = desk_session.c.person_id == row.author_id, in_force(now), _still_writes()
    is_here = tx.execute(select(desk_session.c.id).join(person).where(*theirs)).first() is not None
    if is_here and not _cannot_be_opened(tx, row):
        raise AuthorIsHere
    return row


def _cannot_be_opened(tx: Connection, row: Row[Any]) -> bool:
    """Whether the author has other keys now than this draft was sealed to: their passphrase was lost."""
    kept = kept_envelope(tx, row.id, EnvelopeStage.DRAFT)
    return kept is not None and reader_of(tx, row.author_id).key_id not in kept.wraps


def _still_writes() -> Any:
    """The condition that a person handles calls: one who only supervises now has left the draft, signed in or not."""
    handles = person_role.c.person_id == person.c.id, person_role.c.role == Role.HANDLER
    return select(person_role.c.role).where(*handles).exists()


def _asked(tx: Connection, row: Row[Any]) -> Row[Any] | None:
    same = draft_recovery.c.report_id == row.id, draft_recovery.c.revision == row.revision
    return tx.execute(select(draft_recovery).where(*same)).one_or_none()


def _agreed(tx: Connection, report_id: str, supervisor_id: str, now: datetime) -> Row[Any]:
    row = _left_behind(tx, report_id, supervisor_id, now)
    asked = _asked(tx, row)
    if asked is None:
        raise RecoveryNotFound
    if asked.confirmed_by is None or supervisor_id not in (asked.asked_by, asked.confirmed_by):
        raise RecoveryNotConfirmed
    return row


def _give_wrap(tx: Connection, row: Row[Any], taker_id: str, given: Envelope) -> None:
    kept, reader = kept_envelope(tx, row.id, EnvelopeStage.DRAFT), reader_of(tx, taker_id).key_id
    if kept is None or given.digest != kept.digest or reader not in given.wraps:
        raise EnvelopeRefused
    envelope_id, stays = kept.about.envelope_id, supervisors_key_among(tx, kept.wraps)
    tx.execute(delete(wrap).where(wrap.c.envelope_id == envelope_id, wrap.c.key_id != stays))
    tx.execute(insert(wrap), {"envelope_id": envelope_id, "key_id": reader, "wrap": given.wraps[reader]})
