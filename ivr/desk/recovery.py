"""Drafts left behind: seen, asked for by one supervisor, confirmed by another, and given to a handler."""

from ivr.desk.board import report_card
from ivr.desk.reports import envelope_in
from ivr.desk.routing import Ask, Desk
from shared.domain import draft_recovery
from shared.messages import SealedReport
from shared.recovery_messages import GiveRecovered, LeftDraftCard, LeftDrafts, Recovered, TakerCard
from shared.sealing.canonical import to_base64url
from shared.sealing.envelope_file import envelope_to_bytes


def see(desk: Desk, ask: Ask) -> LeftDrafts:
    with desk.store.read() as tx:
        drafts = draft_recovery.left_drafts(tx, ask.person_id, desk.clock())
        takers = draft_recovery.takers(tx)
    return LeftDrafts(
        drafts=tuple(_card(one, ask.person_id) for one in drafts),
        takers=tuple(TakerCard(id=one.id, name=one.name) for one in takers),
    )


def _card(one: draft_recovery.LeftDraft, person_id: str) -> LeftDraftCard:
    return LeftDraftCard(
        id=one.report_id,
        author=one.author,
        author_active=one.author_active,
        started_on=one.started_on,
        returned=one.returned,
        confidential=one.confidential,
        asked=one.asked_by is not None,
        asked_by_me=one.asked_by == person_id,
        confirmed=one.confirmed,
    )


def ask_for(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        draft_recovery.ask_to_recover(tx, ask.person_id, ask.id, desk.clock())


def confirm(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        draft_recovery.confirm_recovery(tx, ask.person_id, ask.id, desk.clock())


def decline(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        draft_recovery.decline_recovery(tx, ask.person_id, ask.id, desk.clock())


def read(desk: Desk, ask: Ask) -> SealedReport:
    with desk.store.begin() as tx:
        row, envelope = draft_recovery.readable_to_recover(tx, ask.person_id, ask.id, desk.clock())
    return SealedReport(card=report_card(row, None, ask.person_id), envelope=to_base64url(envelope_to_bytes(envelope)))


def give(desk: Desk, ask: Ask) -> None:
    said: GiveRecovered = ask.body
    envelope, now = envelope_in(said.envelope), desk.clock()
    with desk.store.begin() as tx:
        draft_recovery.give_recovered(tx, ask.person_id, ask.id, said.revision, said.person_id, envelope, now)


def own(desk: Desk, ask: Ask) -> Recovered:
    with desk.store.read() as tx:
        return Recovered(days=tuple(draft_recovery.recovered_from(tx, ask.person_id)))


def note_own(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        draft_recovery.note_recovered(tx, ask.person_id)
