"""Others in a handler's call: asked, brought in, joined, let go, and the call handed over with its draft."""

from ivr.desk.reports import envelope_in
from ivr.desk.routing import Ask, Desk
from shared.call_messages import BringIn, HandOver, SendAway, ToPerson
from shared.domain import parties
from shared.domain.calls import attach_draft
from shared.domain.draft_giving import give_draft
from shared.domain.errors import NobodyToHandTo, NotOnTheList


def consult(desk: Desk, ask: Ask) -> None:
    said: ToPerson = ask.body
    with desk.store.begin() as tx:
        parties.consult(tx, ask.id, ask.person_id, said.person_id, desk.clock())


def bring_in(desk: Desk, ask: Ask) -> None:
    said: BringIn = ask.body
    outside = desk.settings.outside.get(said.listed)
    if outside is None:
        raise NotOnTheList
    with desk.store.begin() as tx:
        parties.bring_in(tx, ask.id, ask.person_id, said.listed, outside.telephone, desk.clock())


def join_all(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        parties.join_all(tx, ask.id, ask.person_id, desk.clock())


def send_away(desk: Desk, ask: Ask) -> None:
    said: SendAway = ask.body
    with desk.store.begin() as tx:
        parties.send_away(tx, ask.id, said.party_id, ask.person_id, desk.clock())


def ask_for_help(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        parties.ask_for_help(tx, ask.id, ask.person_id, True)


def want_no_help(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        parties.ask_for_help(tx, ask.id, ask.person_id, False)


def give_help(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        parties.give_help(tx, ask.id, ask.person_id, desk.clock())


def hand_over(desk: Desk, ask: Ask) -> None:
    """The call and its draft, or neither."""
    said: HandOver = ask.body
    now, given = desk.clock(), said.report
    with desk.store.begin() as tx:
        taker = parties.hand_over(tx, ask.id, ask.person_id, now, said.then)
        if taker != said.person_id:
            raise NobodyToHandTo
        if given is None:
            return
        contact = None if given.contact is None else envelope_in(given.contact)
        give_draft(tx, given.id, ask.person_id, taker, given.revision, envelope_in(given.envelope), contact)
        attach_draft(tx, ask.id, taker, given.id)
