"""A confidential caller's contact details, sealed apart from the report: for its author and, once submitted, its unit.

Nobody else has a wrap at any time, supervisors included, and the service can open none of it. The unit is sent them
only after it said that the report is theirs.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared.domain.errors import EnvelopeRefused, ReportNotFound
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.report_rows import UNDECIDED
from shared.domain.report_rules import reader_of
from shared.domain.sealed import check_unsigned, kept_envelope
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, Lane, Mode, ReportState
from shared.messages import ReportFacts
from shared.sealing.contact_address import check_address
from shared.sealing.envelope import Envelope, check_signature
from shared.sealing.errors import EnvelopeMalformed, SignatureWrong, UnknownUnit
from shared.sealing.header import EnvelopeKind
from shared.store.columns import random_id
from shared.store.schema import delivery, report, wrap
from shared.store.schema import envelope as envelope_table


def check_contact(tx: Connection, author_id: str, facts: ReportFacts, contact: Envelope | None) -> None:
    """While a report is with its author, contact details are for the author alone. Raises EnvelopeRefused."""
    _check(facts, contact, {reader_of(tx, author_id).key_id})


def check_contact_submitted(
    tx: Connection, author_id: str, facts: ReportFacts, contact: Envelope | None, today: date
) -> None:
    """Submitted, they are for the author and the unit that serves the force. Raises EnvelopeRefused.

    With a conflict of interest no unit is chosen yet, and to an expired or suspended key nothing is sealed: then they
    are for the author alone, as they may always be, and are sealed for the unit once it has been released to one.
    """
    own = {reader_of(tx, author_id).key_id}
    alone = contact is not None and set(contact.wraps) == own
    _check(facts, contact, own if alone else own | _unit_readers(tx, facts, today))


def contact_beside(tx: Connection, row: Row[Any], person_id: str) -> Envelope | None:
    """The contact details of a report that this person may read: the author's own wrap, for a reviewer none.

    Without a wrap they can be signed, never opened.
    """
    contact = kept_envelope(tx, row.id, EnvelopeStage.CONTACT)
    if contact is None or row.state in UNDECIDED:
        return None if contact is None else replace(contact, wraps={})
    own = reader_of(tx, person_id).key_id
    return contact.only_wrap(own) if own in contact.wraps else None


def contact_to_sign(tx: Connection, report_id: str) -> Envelope | None:
    """The contact details of a report without any wrap, so that they can be signed, never opened."""
    contact = kept_envelope(tx, report_id, EnvelopeStage.CONTACT)
    return None if contact is None else replace(contact, wraps={})


def sign_contact(
    tx: Connection, report_id: str, unit_id: str, signature: bytes | None, address: bytes | None = None
) -> bool:
    """Keep the release key's signature with the contact details, and its word on their unit: where there are details.

    True where they are not sealed for this unit yet, and have to wait for their author, whose console goes by that
    word. Raises EnvelopeRefused.
    """
    contact = kept_envelope(tx, report_id, EnvelopeStage.CONTACT)
    if contact is None and signature is None:
        return False
    if contact is None or signature is None:
        raise EnvelopeRefused
    verify = current_directory(tx).release.verify
    try:
        check_signature(replace(contact, signature=signature, signer=verify.key_id), verify)
    except (EnvelopeMalformed, SignatureWrong):
        raise EnvelopeRefused from None
    signed = {"signature": signature, "signer": verify.key_id}
    tx.execute(update(envelope_table).where(envelope_table.c.id == contact.about.envelope_id).values(signed))
    waits = _unit_key(tx, unit_id, contact) not in contact.wraps
    _keep_address(tx, report_id, unit_id, contact, address, waits)
    return waits


def _keep_address(
    tx: Connection, report_id: str, unit_id: str, contact: Envelope, address: bytes | None, waits: bool
) -> None:
    if address is None and waits:
        raise EnvelopeRefused
    if address is not None:
        try:
            check_address(address, contact.digest, unit_id, current_directory(tx).release_keys)
        except SignatureWrong:
            raise EnvelopeRefused from None
    tx.execute(update(report).where(report.c.id == report_id).values(contact_address=address))


def let_contact_follow(tx: Connection, report_id: str, unit_id: str, day: date) -> bool:
    """After *ours*: leave the contact details, if there are any, to the unit alone, and have them sent to it.

    False where they are not sealed for this unit yet: they stay as they are and wait for their author.
    """
    contact = kept_envelope(tx, report_id, EnvelopeStage.CONTACT)
    if contact is None:
        return True
    own = _unit_key(tx, unit_id, contact)
    if own not in contact.wraps:
        return False
    tx.execute(delete(wrap).where(wrap.c.envelope_id == contact.about.envelope_id, wrap.c.key_id != own))
    following = {
        "id": random_id(),
        "report_id": report_id,
        "kind": DeliveryKind.CONTACT,
        "unit_id": unit_id,
        "lane": Lane.ADDITIONS,
        "state": DeliveryState.WAITING,
        "digest": contact.digest,
        "attempts": 0,
        "not_before": start_of(day),
    }
    tx.execute(insert(delivery), following)
    return True


def contact_waiting(tx: Connection, author_id: str, report_id: str) -> Envelope:
    """Contact details that wait for their author to seal them for the unit, with the author's wrap.

    Raises ReportNotFound where none do.
    """
    _, contact = _waiting(tx, author_id, report_id)
    return contact.only_wrap(reader_of(tx, author_id).key_id)


def address_of_waiting(tx: Connection, author_id: str, report_id: str) -> bytes | None:
    """The release key's word on where they go. Raises ReportNotFound as contact_waiting does."""
    row, _ = _waiting(tx, author_id, report_id)
    address: bytes | None = row.contact_address
    return address


def readdress_contact(tx: Connection, author_id: str, report_id: str, contact: Envelope, now: datetime) -> None:
    """The author has sealed waiting contact details for the report's unit too; if it said *ours*, they follow now.

    Raises ReportNotFound where none wait, EnvelopeRefused for anything but the same details and these two readers,
    and where the unit's key or the directory has expired.
    """
    row, kept = _waiting(tx, author_id, report_id)
    unit, keys = _unit_key(tx, row.unit_id, contact), current_directory(tx)
    if not keys.is_good_for(keys.unit(row.unit_id), london_day(now)):
        raise EnvelopeRefused
    if contact.digest != kept.digest or set(contact.wraps) != {reader_of(tx, author_id).key_id, unit}:
        raise EnvelopeRefused
    added = {"envelope_id": kept.about.envelope_id, "key_id": unit, "wrap": contact.wraps[unit]}
    tx.execute(insert(wrap), added)
    changed: dict[str, Any] = {"contact_waits": False, "contact_address": None, "revision": random_id()}
    if row.state is ReportState.OURS and let_contact_follow(tx, report_id, row.unit_id, london_day(now)):
        changed |= {"author_id": None}
    tx.execute(update(report).where(report.c.id == report_id).values(changed))


def _waiting(tx: Connection, author_id: str, report_id: str) -> tuple[Row[Any], Envelope]:
    mine = report.c.id == report_id, report.c.author_id == author_id, report.c.contact_waits
    row = tx.execute(select(report).where(*mine).with_for_update(key_share=True)).one_or_none()
    contact = kept_envelope(tx, report_id, EnvelopeStage.CONTACT)
    if row is None or contact is None or row.state is ReportState.NOT_OURS:
        raise ReportNotFound
    return row, contact


def keep_contact_from(tx: Connection, report_id: str, unit_id: str) -> None:
    """After *not ours*: this unit is no reader of the contact details any more. It was never sent them."""
    contact = kept_envelope(tx, report_id, EnvelopeStage.CONTACT)
    if contact is not None:
        own = current_directory(tx).unit(unit_id).reader_ids
        tx.execute(delete(wrap).where(wrap.c.envelope_id == contact.about.envelope_id, wrap.c.key_id.in_(own)))


def _unit_key(tx: Connection, unit_id: str, contact: Envelope) -> str:
    return current_directory(tx).unit(unit_id).reader_id_among(contact.wraps)


def _check(facts: ReportFacts, contact: Envelope | None, readers: set[str]) -> None:
    if contact is None:
        return
    if facts.mode is not Mode.CONFIDENTIAL:
        raise EnvelopeRefused
    check_unsigned(contact, EnvelopeKind.CONTACT, facts.form, readers)


def _unit_readers(tx: Connection, facts: ReportFacts, today: date) -> set[str]:
    if facts.conflict or facts.force_id is None:
        return set()
    keys = current_directory(tx)
    try:
        unit = keys.unit_for_force(facts.force_id)
    except UnknownUnit:
        return set()
    return {unit.reader.key_id} if keys.is_good_for(unit, today) else set()
