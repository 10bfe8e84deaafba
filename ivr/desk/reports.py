"""What an author does with a report and its contact details, and opening one; sealed throughout."""

from contextlib import suppress

from ivr.desk.board import report_card
from ivr.desk.routing import Ask, Desk
from shared.domain.calls import attach_draft
from shared.domain.consent import withdraw_consent
from shared.domain.contact import address_of_waiting, contact_beside, contact_waiting, readdress_contact
from shared.domain.errors import CallGone, CallNotYours, EnvelopeRefused
from shared.domain.reports import readable, save_draft, start_draft, submit_report
from shared.domain.vocabulary import ReportState, Role
from shared.messages import Saved, SaveReport, SealedContact, SealedReport
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes


def envelope_in(text: str) -> Envelope:
    """The envelope as it travels in a message. Raises EnvelopeRefused, or EnvelopeMalformed."""
    return envelope_from_bytes(bytes_in(text))


def bytes_in(text: str) -> bytes:
    """Bytes as they travel in a message. Raises EnvelopeRefused."""
    try:
        return from_base64url(text)
    except NotCanonical:
        raise EnvelopeRefused from None


def contact_in(said: SaveReport) -> Envelope | None:
    """The contact details that are saved with a report, sealed. Raises as envelope_in does."""
    return None if said.contact is None else envelope_in(said.contact)


def start(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope, contact = envelope_in(said.envelope), contact_in(said)
    with desk.store.begin() as tx:
        saved = start_draft(tx, ask.person_id, said.facts, envelope, desk.clock(), contact)
        if said.call_id is not None:
            with suppress(CallGone, CallNotYours):  # the call may be over by now: its report is kept all the same
                attach_draft(tx, said.call_id, ask.person_id, saved.id)
        return saved


def save(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope, contact = envelope_in(said.envelope), contact_in(said)
    with desk.store.begin() as tx:
        return save_draft(tx, ask.person_id, ask.id, said.revision or "", said.facts, envelope, contact)


def submit(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope, contact, now = envelope_in(said.envelope), contact_in(said), desk.clock()
    with desk.store.begin() as tx:
        return submit_report(tx, ask.person_id, ask.id, said.revision or "", said.facts, envelope, now, contact)


def read(desk: Desk, ask: Ask) -> SealedReport:
    reviews = Role.SUPERVISOR in ask.session.who.roles
    with desk.store.read() as tx:
        row, envelope = readable(tx, ask.id, ask.person_id, reviews)
        contact = contact_beside(tx, row, ask.person_id)
    return SealedReport(
        card=report_card(row, None, ask.person_id),
        envelope=to_base64url(envelope_to_bytes(envelope)),
        contact=None if contact is None else to_base64url(envelope_to_bytes(contact)),
        author_id=row.author_id if row.state is ReportState.IN_REVIEW else None,
        flags_signature=None if row.flags_signature is None else to_base64url(row.flags_signature),
    )


def read_contact(desk: Desk, ask: Ask) -> SealedContact:
    with desk.store.begin() as tx:  # nobody changes it while it is given out
        contact = contact_waiting(tx, ask.person_id, ask.id)
        address = address_of_waiting(tx, ask.person_id, ask.id)
    return SealedContact(
        envelope=to_base64url(envelope_to_bytes(contact)), address=None if address is None else to_base64url(address)
    )


def readdress(desk: Desk, ask: Ask) -> None:
    said: SealedContact = ask.body
    contact = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        readdress_contact(tx, ask.person_id, ask.id, contact, desk.clock())


def withdraw_contact(desk: Desk, ask: Ask) -> Saved:
    with desk.store.begin() as tx:
        return withdraw_consent(tx, ask.person_id, ask.id, desk.clock())
