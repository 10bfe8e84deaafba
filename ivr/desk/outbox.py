"""What a supervisor does with the outbox: see it, send again what was put aside, send elsewhere, withdraw."""

from ivr.desk.board import report_card
from ivr.desk.reports import bytes_in, envelope_in
from ivr.desk.routing import Ask, Desk
from shared import audit
from shared.domain.contact import contact_to_sign
from shared.domain.errors import NothingPutAside
from shared.domain.london import london_day
from shared.domain.notices import seal_notice
from shared.domain.rerouting import ask_to_reroute, readable_to_reroute, reroute_report
from shared.domain.withdrawal import withdraw_report
from shared.messages import Saved, SealedReport
from shared.outbox.deliveries import send_again
from shared.outbox.overview import read_outbox
from shared.outbox_messages import AskToReroute, Outbox, RerouteReport, SealNotice, WithdrawnReport, WithdrawReport
from shared.sealing.canonical import to_base64url
from shared.sealing.envelope_file import envelope_to_bytes


def see(desk: Desk, ask: Ask) -> Outbox:
    with desk.store.read() as tx:
        return read_outbox(tx, desk.clock(), desk.settings.unanswered_days)


def again(desk: Desk, ask: Ask) -> None:
    now = desk.clock()
    with desk.store.begin() as tx:
        if not send_again(tx, ask.id, now):
            raise NothingPutAside
        verb, outcome = audit.AuditVerb.SEND_AGAIN, audit.Outcome.DONE
        audit.record(tx, ask.person_id, verb, ask.id, outcome, london_day(now))


def ask_elsewhere(desk: Desk, ask: Ask) -> None:
    said: AskToReroute = ask.body
    with desk.store.begin() as tx:
        ask_to_reroute(tx, ask.person_id, ask.id, said.unit_id, desk.clock())


def read_elsewhere(desk: Desk, ask: Ask) -> SealedReport:
    with desk.store.begin() as tx:  # nobody changes it while it is given out
        row, envelope = readable_to_reroute(tx, ask.person_id, ask.id)
        contact = contact_to_sign(tx, ask.id)
    return SealedReport(
        card=report_card(row, None, ask.person_id),
        envelope=to_base64url(envelope_to_bytes(envelope)),
        contact=None if contact is None else to_base64url(envelope_to_bytes(contact)),
    )


def send_elsewhere(desk: Desk, ask: Ask) -> Saved:
    said: RerouteReport = ask.body
    envelope, now = envelope_in(said.envelope), desk.clock()
    contact = None if said.contact_signature is None else bytes_in(said.contact_signature)
    address = None if said.contact_address is None else bytes_in(said.contact_address)
    with desk.store.begin() as tx:
        return reroute_report(tx, ask.person_id, ask.id, said.revision, said.unit_id, envelope, now, contact, address)


def withdraw(desk: Desk, ask: Ask) -> WithdrawnReport:
    said: WithdrawReport = ask.body
    notices = [envelope_in(notice) for notice in said.notices]
    with desk.store.begin() as tx:
        return withdraw_report(tx, ask.person_id, ask.id, said.revision, notices, desk.clock())


def seal(desk: Desk, ask: Ask) -> None:
    said: SealNotice = ask.body
    notice = None if said.notice is None else envelope_in(said.notice)
    with desk.store.begin() as tx:
        seal_notice(tx, ask.person_id, ask.id, notice, desk.clock())
