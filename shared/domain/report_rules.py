"""What must hold before a report is saved, submitted or released; it writes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from shared.domain.errors import DirectoryOutOfDate, EnvelopeRefused, ForceUnknown, ReportIncomplete, UnitUnknown
from shared.domain.forces import FORCES
from shared.domain.london import london_day
from shared.domain.people import current_directory
from shared.domain.role_keys import supervisors_key_among
from shared.domain.sealed import check_released, check_unsigned
from shared.domain.vocabulary import Category, Circle, Lane, Mode
from shared.messages import ReportFacts
from shared.sealing.canonical import NotCanonical, from_base64url
from shared.sealing.directory import Standing, key_standing
from shared.sealing.envelope import Envelope
from shared.sealing.errors import SignatureWrong
from shared.sealing.flags import AuthorFlags, check_flags
from shared.sealing.header import EnvelopeKind
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.verify_key import VerifyKey
from shared.store.schema import person


def check_draft(tx: Connection, author_id: str, facts: ReportFacts, envelope: Envelope) -> None:
    """A draft is for its author and the supervisors alone. Raises ForceUnknown or EnvelopeRefused."""
    _check_force(facts)
    check_unsigned(envelope, EnvelopeKind.DRAFT, facts.form, drafting_readers(tx, author_id, envelope))


def check_submitted(tx: Connection, author_id: str, facts: ReportFacts, envelope: Envelope) -> None:
    """A report in review is complete, for the supervisors alone, and its flags are signed by its author.

    Raises ForceUnknown, ReportIncomplete or EnvelopeRefused.
    """
    _check_force(facts)
    if _is_incomplete(facts):
        raise ReportIncomplete
    check_unsigned(envelope, EnvelopeKind.REVIEW, facts.form, {supervisors_key_among(tx, envelope.wraps)})
    verify = VerifyKey(tx.execute(select(person.c.verify_public).where(person.c.id == author_id)).scalar_one())
    try:
        check_flags(flags_signature(facts), envelope.digest, author_flags(facts), verify)
    except SignatureWrong:
        raise EnvelopeRefused from None


def check_leaving(
    tx: Connection, row: Row[Any], unit_id: str, envelope: Envelope, now: datetime, lane: Lane = Lane.ORDINARY
) -> None:
    """A released report is signed, for the chosen unit and the supervisors alone, while keys are good.

    Raises DirectoryOutOfDate, UnitUnknown or EnvelopeRefused.
    """
    keys, today = current_directory(tx), london_day(now)
    if keys.standing(today) is Standing.EXPIRED:
        raise DirectoryOutOfDate
    chosen = [unit for unit in keys.recipients(row.force_id, lane, row.conflict) if unit.id == unit_id]
    if not chosen or key_standing(chosen[0], today) is Standing.EXPIRED:
        raise UnitUnknown
    readers = {chosen[0].reader.key_id, supervisors_key_among(tx, envelope.wraps, keys)}
    check_released(envelope, unit_id, row.form, readers, keys)


def drafting_readers(tx: Connection, author_id: str, envelope: Envelope) -> set[str]:
    """The key ids a draft or a returned report is sealed for: the supervisors' may be the one before the present."""
    return {reader_of(tx, author_id).key_id, supervisors_key_among(tx, envelope.wraps)}


def reader_of(tx: Connection, person_id: str) -> ReaderPublicKey:
    """A person's own reader key."""
    return ReaderPublicKey(tx.execute(select(person.c.reader_public).where(person.c.id == person_id)).scalar_one())


def author_flags(facts: ReportFacts) -> AuthorFlags:
    """What the author asserts beside a submitted report."""
    return AuthorFlags(facts.circle, facts.conflict, facts.agreed, facts.urgent)


def lane_of(facts: ReportFacts) -> Lane:
    """How a submitted report travels: at once on its author's word, if one supervisor agrees by releasing it."""
    return Lane.URGENT if facts.urgent else Lane.ORDINARY


def flags_signature(facts: ReportFacts) -> bytes:
    """The author's signature over the flags. Raises EnvelopeRefused for text that is no such thing."""
    try:
        return from_base64url(facts.flags_signature or "")
    except NotCanonical:
        raise EnvelopeRefused from None


def _check_force(facts: ReportFacts) -> None:
    if facts.force_id is not None and facts.force_id not in FORCES:
        raise ForceUnknown


def _is_incomplete(facts: ReportFacts) -> bool:
    return (
        facts.force_id is None
        or facts.mode is Mode.UNSET
        or facts.category is Category.UNSET
        or facts.circle is Circle.NOT_ASKED
        or not facts.agreed
        or facts.flags_signature is None
    )
