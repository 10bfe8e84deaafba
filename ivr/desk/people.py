"""What administrators do about people, two at a time, and the audit log as auditors read it."""

from datetime import date

from ivr.desk.enrolment import card
from ivr.desk.facts import facts_of, particulars_of
from ivr.desk.routing import Ask, Desk
from shared.audit_view import Page, has_earlier, newest_pages
from shared.domain.newcomers import newcomers
from shared.domain.people import Member, members
from shared.domain.proposals import Proposal, confirm, may_withdraw, open_proposals, propose, withdraw
from shared.people_messages import (
    AuditBefore,
    AuditDay,
    AuditLine,
    AuditPages,
    MemberCard,
    Names,
    People,
    PersonName,
    ProposalCard,
    Propose,
)
from shared.permissions import Verb, may_with


def everyone(desk: Desk, ask: Ask) -> People:
    with desk.store.read() as tx:
        known, waiting, coming = members(tx), open_proposals(tx), newcomers(tx)
    return People(
        people=tuple(
            MemberCard(
                id=one.id,
                facts=facts_of(one.particulars),
                active=one.active,
                second_factor=one.has_second_factor,
                locked=_is_locked(one, desk),
                shares_handset=one.shares_handset,
            )
            for one in known
        ),
        proposals=tuple(_card(one, ask) for one in waiting),
        newcomers=tuple(card(one, ask.person_id) for one in coming),
    )


def _is_locked(one: Member, desk: Desk) -> bool:
    return one.locked_until is not None and one.locked_until > desk.clock()


def _card(one: Proposal, ask: Ask) -> ProposalCard:
    own = ask.person_id in (one.proposed_by, one.person_id)
    return ProposalCard(
        id=one.id,
        kind=one.kind,
        person_id=one.person_id,
        proposed_by=one.proposed_by,
        proposed_on=one.proposed_on,
        facts=None if one.particulars is None else facts_of(one.particulars),
        may_confirm=may_with(ask.session.who.roles, Verb.CONFIRM_CHANGES, own),
        may_withdraw=may_withdraw(ask.person_id, one),
    )


def names(desk: Desk, ask: Ask) -> Names:
    with desk.store.read() as tx:
        known = members(tx)
    return Names(names=tuple(PersonName(id=one.id, name=one.particulars.name) for one in known))


def put_forward(desk: Desk, ask: Ask) -> None:
    said: Propose = ask.body
    told = None if said.facts is None else particulars_of(said.facts)
    with desk.store.begin() as tx:
        propose(tx, ask.person_id, said.kind, ask.id, told, desk.clock())


def confirm_proposal(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        confirm(tx, ask.person_id, ask.session.who.roles, ask.id, desk.clock())


def withdraw_proposal(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        withdraw(tx, ask.person_id, ask.id, desk.clock())


def audit_pages(desk: Desk, ask: Ask) -> AuditPages:
    return _pages(desk, None)


def earlier_audit_pages(desk: Desk, ask: Ask) -> AuditPages:
    said: AuditBefore = ask.body
    return _pages(desk, said.day)


def _pages(desk: Desk, before: date | None) -> AuditPages:
    with desk.store.read() as tx:
        pages, whole = newest_pages(tx, before=before)
        earlier = has_earlier(tx, pages)
    return AuditPages(days=tuple(_day(page) for page in pages), whole=whole, earlier=earlier)


def _day(page: Page) -> AuditDay:
    return AuditDay(
        day=page.day,
        digest=page.digest.hex(),
        entries=tuple(
            AuditLine(actor=line.actor, verb=line.verb, object=line.object, outcome=line.outcome) for line in page.lines
        ),
    )
