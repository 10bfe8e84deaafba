"""What a supervisor does with a report in review: return it or release it."""

from ivr.desk.reports import bytes_in, envelope_in
from ivr.desk.routing import Ask, Desk
from shared.domain.reports import release_report, return_report
from shared.messages import ReleaseReport, ReturnReport, Saved


def give_back(desk: Desk, ask: Ask) -> Saved:
    said: ReturnReport = ask.body
    envelope = envelope_in(said.envelope)
    with desk.store.begin() as tx:
        return return_report(tx, ask.person_id, ask.id, said.revision, envelope, desk.clock())


def release(desk: Desk, ask: Ask) -> Saved:
    said: ReleaseReport = ask.body
    envelope, now = envelope_in(said.envelope), desk.clock()
    contact_signature = None if said.contact_signature is None else bytes_in(said.contact_signature)
    with desk.store.begin() as tx:
        return release_report(
            tx, ask.person_id, ask.id, said.revision, said.unit_id, envelope, said.reworded, now, contact_signature
        )
