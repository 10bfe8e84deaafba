"""What two administrators do about a person: proposed by one, confirmed by another, audited, and checked both times."""

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from shared.domain import calls, people, proposals
from shared.domain.errors import (
    NameTaken,
    OwnProposal,
    PersonNotFound,
    ProposalAboutOneself,
    ProposalNotFound,
    ProposalOpen,
    RoleNeedsKeys,
    StillHasWork,
    TooFewAdministrators,
    TooFewSupervisors,
)
from shared.domain.people import Member, Particulars
from shared.domain.presence import presence_of, set_presence
from shared.domain.vocabulary import CallState, Category, Language, Mode, PresenceState, ProposalKind, Role
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import audit_entry, live_call, person, person_role, role_wrap
from tests.support.door import Door
from tests.support.organisation import (
    ADMINISTRATOR,
    AUDITOR,
    BOTH,
    HANDLER,
    SECOND_HANDLER,
    SUPERVISOR,
    found_organisation,
)

ADMINISTERS = (Role.ADMINISTRATOR,)


@dataclass
class Office:
    """Three administrators at work: Owen proposes, Priya and Niamh may confirm."""

    door: Door

    @property
    def store(self) -> Store:
        return self.door.store

    def id(self, name: str) -> str:
        return self.door.organisation.members[name].id

    def propose(self, kind: ProposalKind, about: str, to: Particulars | None = None, by: str = ADMINISTRATOR) -> str:
        with self.store.begin() as tx:
            return proposals.propose(tx, self.id(by), kind, self.id(about), to, self.door.clock())

    def confirm(self, proposal_id: str, by: str = AUDITOR) -> None:
        with self.store.begin() as tx:
            proposals.confirm(tx, self.id(by), ADMINISTERS, proposal_id, self.door.clock())

    def have(self, kind: ProposalKind, about: str, to: Particulars | None = None) -> None:
        self.confirm(self.propose(kind, about, to))

    def member(self, name: str) -> Member:
        with self.store.read() as tx:
            return people.member(tx, self.id(name))


@pytest.fixture
def office(store: Store, clock: Any) -> Office:
    organisation = found_organisation(store)
    with store.begin() as tx:
        for name in (AUDITOR, BOTH):
            row = {"person_id": organisation.members[name].id, "role": Role.ADMINISTRATOR}
            tx.execute(insert(person_role), row)
    return Office(Door(store, organisation, clock))


def test_nothing_happens_until_another_administrator_confirms(office: Office) -> None:
    proposed = office.propose(ProposalKind.SUSPEND, HANDLER)
    assert office.member(HANDLER).active

    office.confirm(proposed)

    assert not office.member(HANDLER).active


@pytest.mark.parametrize("by", [ADMINISTRATOR, BOTH])
def test_neither_who_proposed_it_nor_whom_it_is_about_may_confirm(office: Office, by: str) -> None:
    proposed = office.propose(ProposalKind.RESET_SECOND_FACTOR, BOTH)

    with pytest.raises(OwnProposal):
        office.confirm(proposed, by)


def test_a_proposal_is_confirmed_once(office: Office) -> None:
    proposed = office.propose(ProposalKind.SUSPEND, HANDLER)
    office.confirm(proposed)

    with pytest.raises(ProposalNotFound):
        office.confirm(proposed)


def test_one_thing_at_a_time_waits_about_anyone(office: Office) -> None:
    office.propose(ProposalKind.SUSPEND, HANDLER)

    with pytest.raises(ProposalOpen):
        office.propose(ProposalKind.RESET_SECOND_FACTOR, HANDLER)


@pytest.mark.parametrize("proposer", [ADMINISTRATOR, BOTH])
def test_nobody_takes_back_what_is_proposed_about_them(office: Office, proposer: str) -> None:
    proposed = office.propose(ProposalKind.RESET_SECOND_FACTOR, BOTH, by=proposer)

    with pytest.raises(ProposalAboutOneself), office.store.begin() as tx:
        proposals.withdraw(tx, office.id(BOTH), proposed, office.door.clock())

    with office.store.read() as tx:
        assert [one.id for one in proposals.open_proposals(tx)] == [proposed]


def test_a_suspension_comes_before_whatever_else_waits_about_somebody(office: Office) -> None:
    kept_waiting = office.propose(ProposalKind.RESET_SECOND_FACTOR, BOTH, by=BOTH)

    suspension = office.propose(ProposalKind.SUSPEND, BOTH)

    with office.store.read() as tx:
        assert [(one.id, one.kind) for one in proposals.open_proposals(tx)] == [(suspension, ProposalKind.SUSPEND)]
        taken_back = select(audit_entry.c.actor_id).where(audit_entry.c.verb == "person.withdraw")
        assert tx.execute(taken_back).scalars().all() == [office.id(ADMINISTRATOR)]
    with pytest.raises(ProposalNotFound):
        office.confirm(kept_waiting)
    office.confirm(suspension)
    assert not office.member(BOTH).active


@pytest.mark.parametrize(
    ("waits", "then", "by"),
    [
        (ProposalKind.SUSPEND, ProposalKind.RESET_SECOND_FACTOR, BOTH),
        (ProposalKind.SUSPEND, ProposalKind.SUSPEND, AUDITOR),
        (ProposalKind.REMOVE, ProposalKind.SUSPEND, BOTH),
    ],
)
def test_whom_it_is_about_puts_nothing_in_its_place(
    office: Office, waits: ProposalKind, then: ProposalKind, by: str
) -> None:
    proposed = office.propose(waits, BOTH)

    with pytest.raises(ProposalOpen):
        office.propose(then, BOTH, by=by)

    with office.store.read() as tx:
        assert [one.id for one in proposals.open_proposals(tx)] == [proposed]


def test_each_step_is_audited_with_who_and_about_whom(office: Office) -> None:
    proposed = office.propose(ProposalKind.SUSPEND, HANDLER)
    office.confirm(proposed)
    again = office.propose(ProposalKind.REINSTATE, HANDLER)
    with office.store.begin() as tx:
        proposals.withdraw(tx, office.id(ADMINISTRATOR), again, office.door.clock())

    with office.store.read() as tx:
        c = audit_entry.c
        rows = tx.execute(select(c.verb, c.outcome, c.actor_id, c.object_id)).all()
    one, other, about = office.id(ADMINISTRATOR), office.id(AUDITOR), office.id(HANDLER)
    assert sorted(map(tuple, rows)) == [
        ("person.confirm", "suspend", other, about),
        ("person.propose", "reinstate", one, about),
        ("person.propose", "suspend", one, about),
        ("person.withdraw", "reinstate", one, about),
    ]


def test_a_proposal_of_someone_suspended_meanwhile_falls_away(office: Office) -> None:
    proposed = office.propose(ProposalKind.SUSPEND, HANDLER, by=BOTH)
    office.have(ProposalKind.SUSPEND, BOTH)

    with pytest.raises(ProposalNotFound):
        office.confirm(proposed)


def test_nobody_is_proposed_who_is_not_there(office: Office) -> None:
    with office.store.begin() as tx, pytest.raises(PersonNotFound):
        proposals.propose(tx, office.id(ADMINISTRATOR), ProposalKind.SUSPEND, random_id(), None, office.door.clock())


# --- changing ---------------------------------------------------------------------------------------------------------


def test_a_change_writes_all_that_is_known_of_a_person_anew(office: Office) -> None:
    to = Particulars("Aisha", (Role.HANDLER, Role.AUDITOR), (Language.EN, Language.CY), "+442079460109", True)

    office.have(ProposalKind.CHANGE, HANDLER, to)

    assert office.member(HANDLER).particulars == replace(to, roles=(Role.HANDLER, Role.AUDITOR))
    assert office.door.try_key(office.door.member.authentication_key, "aisha") is not None
    assert office.door.try_key(office.door.member.authentication_key, HANDLER) is None


def test_a_name_that_differs_by_capitals_alone_is_taken(office: Office) -> None:
    to = replace(office.member(HANDLER).particulars, name=SECOND_HANDLER.upper())

    with pytest.raises(NameTaken):
        office.propose(ProposalKind.CHANGE, HANDLER, to)


def test_a_role_that_comes_with_keys_cannot_be_given_by_the_service_alone(office: Office) -> None:
    to = replace(office.member(HANDLER).particulars, roles=(Role.HANDLER, Role.SUPERVISOR))

    with pytest.raises(RoleNeedsKeys):
        office.propose(ProposalKind.CHANGE, HANDLER, to)


def test_a_role_that_is_taken_away_takes_its_keys_and_sessions_with_it(office: Office) -> None:
    begun = office.door.sign_in(BOTH)
    to = replace(office.member(BOTH).particulars, roles=(Role.HANDLER, Role.ADMINISTRATOR))

    office.have(ProposalKind.CHANGE, BOTH, to)

    with office.store.read() as tx:
        held = tx.execute(select(role_wrap.c.role).where(role_wrap.c.person_id == office.id(BOTH))).scalars().all()
        due = people.directory_is_due(tx)
    assert held == ["desk"]
    assert not office.door.is_in(begun)
    assert office.id(BOTH) in due


def test_a_handset_that_rings_for_another_is_shown_so(office: Office) -> None:
    taken = office.member(SECOND_HANDLER).particulars.handset

    office.have(ProposalKind.CHANGE, HANDLER, replace(office.member(HANDLER).particulars, handset=taken))

    assert office.member(HANDLER).shares_handset
    assert office.member(SECOND_HANDLER).shares_handset
    assert not office.member(BOTH).shares_handset


# --- suspending and removing ------------------------------------------------------------------------------------------


def test_a_suspended_person_is_out_at_once_and_may_come_back(office: Office) -> None:
    begun = office.door.sign_in()

    office.have(ProposalKind.SUSPEND, HANDLER)

    assert not office.door.is_in(begun)
    assert office.door.try_key(office.door.member.authentication_key) is None
    office.have(ProposalKind.REINSTATE, HANDLER)
    assert office.door.try_key(office.door.member.authentication_key) is not None


def waits(office: Office) -> str:
    """A caller waits, offered to the one handler who is available; gives the call's id."""
    now, sid = office.door.clock(), "CA" + random_id()
    with office.store.begin() as tx:
        set_presence(tx, office.id(HANDLER), PresenceState.AVAILABLE, now)
        calls.arrive(tx, sid, Language.EN, now)
        calls.queue_call(tx, sid, Language.EN, Mode.UNSET, Category.UNSET, None, False, now)
        calls.caller_waits(tx, sid, now)
        set_presence(tx, office.id(SECOND_HANDLER), PresenceState.AVAILABLE, now)
        found: str = tx.execute(select(live_call.c.id)).scalar_one()
    return found


def test_a_call_that_is_offered_to_someone_suspended_goes_on_to_another(office: Office) -> None:
    waits(office)

    office.have(ProposalKind.SUSPEND, HANDLER)

    with office.store.read() as tx:
        assert tx.execute(select(live_call.c.offered_to)).scalar_one() == office.id(SECOND_HANDLER)


def test_a_call_that_rings_for_someone_suspended_goes_on_to_another(office: Office) -> None:
    call = waits(office)
    with office.store.begin() as tx:
        calls.take_call(tx, call, office.id(HANDLER), office.door.clock())

    office.have(ProposalKind.SUSPEND, HANDLER)

    with office.store.read() as tx:
        row = tx.execute(select(live_call)).one()
        assert (row.state, row.handler_id, row.offered_to) == (CallState.WAITING, None, office.id(SECOND_HANDLER))
        assert presence_of(tx, office.id(HANDLER)).state is PresenceState.OFFLINE


def test_a_conversation_is_not_cut_off(office: Office) -> None:
    call = waits(office)
    with office.store.begin() as tx:
        calls.take_call(tx, call, office.id(HANDLER), office.door.clock())
        tx.execute(update(live_call).values(state=CallState.TALKING))

    office.have(ProposalKind.SUSPEND, HANDLER)

    with office.store.read() as tx:
        assert tx.execute(select(live_call.c.state, live_call.c.handler_id)).one() == (
            CallState.TALKING, office.id(HANDLER),
        )  # fmt: skip


def test_one_who_is_removed_leaves_no_row_behind(office: Office) -> None:
    office.door.sign_in()

    office.have(ProposalKind.REMOVE, HANDLER)

    with office.store.read() as tx:
        assert tx.execute(select(person.c.id).where(person.c.id == office.id(HANDLER))).first() is None
        assert office.id(HANDLER) in people.directory_is_due(tx)


def test_someone_with_a_call_in_hand_is_not_removed(office: Office) -> None:
    call = waits(office)
    with office.store.begin() as tx:
        calls.take_call(tx, call, office.id(HANDLER), office.door.clock())

    with pytest.raises(StillHasWork):
        office.propose(ProposalKind.REMOVE, HANDLER)


def test_the_last_supervisor_stays_for_nobody_else_could_open_what_is_in_review(office: Office) -> None:
    office.have(ProposalKind.SUSPEND, BOTH)

    for kind in (ProposalKind.SUSPEND, ProposalKind.REMOVE):
        with pytest.raises(TooFewSupervisors):
            office.propose(kind, SUPERVISOR)


def in_the_way(store: Store) -> bool:
    """Whether somebody waits for their turn: SQLite lets one writer in, and tells of no others."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    with store.read() as tx:
        return store.is_sqlite or tx.execute(waiting).scalar_one() > 0


@pytest.mark.parametrize(
    ("one", "left"), [(SUPERVISOR, (Role.SUPERVISOR, 1)), (ADMINISTRATOR, (Role.ADMINISTRATOR, 2))]
)
def test_two_confirmations_at_once_do_not_each_take_one_of_the_last_away(
    office: Office, one: str, left: tuple[Role, int]
) -> None:
    first, second = (office.propose(ProposalKind.SUSPEND, who, by=AUDITOR) for who in (one, BOTH))
    refused: list[type[Exception]] = []

    def confirm() -> None:
        try:
            office.confirm(second, by=HANDLER)
        except (TooFewSupervisors, TooFewAdministrators) as stopped:
            refused.append(type(stopped))

    other = threading.Thread(target=confirm)
    with office.store.begin() as tx:
        proposals.confirm(tx, office.id(HANDLER), ADMINISTERS, first, office.door.clock())
        other.start()
        until = time.monotonic() + 10
        while not in_the_way(office.store) and time.monotonic() < until:
            pass
    other.join()

    assert len(refused) == 1
    with office.store.read() as tx:
        role, how_many = left
        stay = [who for who in people.members(tx) if who.active and role in who.particulars.roles]
    assert len(stay) == how_many


def test_two_administrators_stay_for_one_alone_could_confirm_nothing(office: Office) -> None:
    office.have(ProposalKind.SUSPEND, BOTH)

    with pytest.raises(TooFewAdministrators):
        office.propose(ProposalKind.SUSPEND, AUDITOR)


def test_what_stands_in_the_way_by_then_stops_the_confirmation_too(office: Office) -> None:
    first = office.propose(ProposalKind.SUSPEND, SUPERVISOR)
    office.have(ProposalKind.SUSPEND, BOTH)

    with pytest.raises(TooFewSupervisors):
        office.confirm(first)

    assert office.member(SUPERVISOR).active


def test_a_lost_second_factor_is_forgotten_and_a_lock_lifted(office: Office) -> None:
    begun = office.door.sign_in()
    with office.store.begin() as tx:
        lost = {"second_factor": b"x", "second_factor_confirmed": True, "second_factor_step": 1, "failed_sign_ins": 9}
        tx.execute(update(person).where(person.c.id == office.id(HANDLER)).values(lost))

    office.have(ProposalKind.RESET_SECOND_FACTOR, HANDLER)

    assert not office.member(HANDLER).has_second_factor
    assert not office.door.is_in(begun)
    with office.store.read() as tx:
        row = tx.execute(select(person).where(person.c.id == office.id(HANDLER))).one()
    assert (row.second_factor, row.second_factor_step, row.failed_sign_ins) == (None, None, 0)
