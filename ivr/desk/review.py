"""What a supervisor does with a colleague's report: release it, return it, hold it, and what needs a second."""

from ivr.desk.board import report_card
from ivr.desk.reports import bytes_in, envelope_in
from ivr.desk.routing import Ask, Desk
from shared.domain import holding, review
from shared.messages import Saved, SealedReport
from shared.outbox.failpoints import Failpoint
from shared.review_messages import AskSecond, HoldReport, ReleaseReport, ReturnReport, SeenRevision
from shared.sealing.canonical import to_base64url
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.flags import ReleaseFlags


def give_back(desk: Desk, ask: Ask) -> Saved:
    said: ReturnReport = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        return review.return_report(tx, ask.person_id, ask.id, said.revision, envelope, desk.clock())


def release(desk: Desk, ask: Ask) -> Saved:
    said: ReleaseReport = ask.body
    envelope, now = envelope_in(said.envelope), desk.clock()
    flags = ReleaseFlags(said.reworded, said.hints_settled, said.urgent)
    word = review.ReleaseWord(flags, bytes_in(said.flags_signature))
    contact_signature = None if said.contact_signature is None else bytes_in(said.contact_signature)
    contact_address = None if said.contact_address is None else bytes_in(said.contact_address)
    failpoint = desk.settings.failpoint
    with desk.store.begin() as tx:
        saved = review.release_report(
            tx,
            ask.person_id,
            ask.id,
            said.revision,
            said.unit_id,
            envelope,
            word,
            now,
            contact_signature,
            failpoint,
            contact_address,
        )
    failpoint(Failpoint.RELEASED)
    return saved


def hold(desk: Desk, ask: Ask) -> Saved:
    said: HoldReport = ask.body
    with desk.store.begin() as tx:
        return holding.hold_report(tx, ask.person_id, ask.id, said.revision, said.until, desk.clock())


def take_up(desk: Desk, ask: Ask) -> Saved:
    said: SeenRevision = ask.body
    with desk.store.begin() as tx:
        return holding.take_up_report(tx, ask.person_id, ask.id, said.revision, desk.clock())


def ask_second(desk: Desk, ask: Ask) -> Saved:
    said: AskSecond = ask.body
    with desk.store.begin() as tx:
        return holding.ask_second(
            tx, ask.person_id, ask.id, said.revision, said.kind, desk.clock(), said.until, said.reason
        )


def confirm(desk: Desk, ask: Ask) -> Saved:
    said: SeenRevision = ask.body
    with desk.store.begin() as tx:
        return holding.confirm_ask(tx, ask.person_id, ask.id, said.revision, desk.clock())


def look_afterwards(desk: Desk, ask: Ask) -> SealedReport:
    with desk.store.begin() as tx:  # nobody changes it while it is given out
        row, envelope = holding.sent_urgently(tx, ask.person_id, ask.id)
    return SealedReport(card=report_card(row, None, ask.person_id), envelope=to_base64url(envelope_to_bytes(envelope)))


def decline(desk: Desk, ask: Ask) -> Saved:
    with desk.store.begin() as tx:
        return holding.decline_ask(tx, ask.person_id, ask.id, desk.clock())


def note_rejection(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        holding.note_rejection(tx, ask.person_id, ask.id)


def open_it(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        review.open_for_review(tx, ask.person_id, ask.id)


def leave(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        review.leave_review(tx, ask.person_id)
