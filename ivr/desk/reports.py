"""What an author does with a report, and opening one; sealed throughout."""

from ivr.desk.board import report_card
from ivr.desk.routing import Ask, Desk
from shared.domain.calls import attach_draft
from shared.domain.errors import EnvelopeRefused
from shared.domain.reports import readable, save_draft, start_draft, submit_report
from shared.domain.vocabulary import ReportState, Role
from shared.messages import Saved, SaveReport, SealedReport
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes


def envelope_in(text: str) -> Envelope:
    """The envelope as it travels in a message. Raises EnvelopeRefused, or EnvelopeMalformed."""
    try:
        return envelope_from_bytes(from_base64url(text))
    except NotCanonical:
        raise EnvelopeRefused from None


def start(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        saved = start_draft(tx, ask.person_id, said.facts, envelope, desk.clock())
        if said.call_id is not None:
            attach_draft(tx, said.call_id, ask.person_id, saved.id)
        return saved


def save(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        return save_draft(tx, ask.person_id, ask.id, said.revision or "", said.facts, envelope)


def submit(desk: Desk, ask: Ask) -> Saved:
    said: SaveReport = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        return submit_report(tx, ask.person_id, ask.id, said.revision or "", said.facts, envelope, desk.clock())


def read(desk: Desk, ask: Ask) -> SealedReport:
    reviews = Role.SUPERVISOR in ask.session.who.roles
    with desk.store.read() as tx:
        row, envelope = readable(tx, ask.id, ask.person_id, reviews)
    return SealedReport(
        card=report_card(row, None, ask.person_id),
        envelope=to_base64url(envelope_to_bytes(envelope)),
        author_id=row.author_id if row.state is ReportState.IN_REVIEW else None,
    )
