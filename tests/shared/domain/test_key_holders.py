"""Who holds a role's key: whoever was given the version in use, and not everyone who is in the role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from shared.domain import proposals, role_keys
from shared.domain.errors import LastKeyHolder, PresentKeysMissing, RoleNeedsKeys
from shared.domain.key_changes import proposed_directory, take_signed
from shared.domain.key_holders import holders, keys_given, without_the_key
from shared.domain.people import Particulars, member
from shared.domain.role_keys import known_to_leavers
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.domain.waiting_keys import RoleKeyNotHeld, members_of, roles_waiting
from shared.sealing.directory import RoleName
from shared.sealing.organisation import renewed_role_key
from shared.sealing.signed_directory import sign_directory
from shared.store.database import Store
from shared.store.schema import person_role
from tests.support.organisation import (
    ADMINISTRATOR,
    AUDITOR,
    BOTH,
    HANDLER,
    SUPERVISOR,
    Organisation,
    enrol,
    found_organisation,
    new_member,
)

TODAY = date(2026, 3, 10)
ADMINISTERS = (Role.ADMINISTRATOR,)


@dataclass
class Charity:
    """Three administrators, and Morag and Niamh, who hold the supervisors' key."""

    store: Store
    organisation: Organisation
    clock: Any

    def id(self, name: str) -> str:
        return self.organisation.members[name].id

    def have(self, kind: ProposalKind, about: str, to: Particulars | None = None) -> None:
        with self.store.begin() as tx:
            proposed = proposals.propose(tx, self.id(ADMINISTRATOR), kind, self.id(about), to, self.clock())
        with self.store.begin() as tx:
            proposals.confirm(tx, self.id(AUDITOR), ADMINISTERS, proposed, self.clock())

    def renews(self, by: str, role: RoleName = RoleName.SUPERVISORS) -> bytes:
        """Make the key anew, and have the root sign it; gives what it signed."""
        with self.store.begin() as tx:
            version = role_keys.version_in_use(tx, role) + 1
            public, wraps = renewed_role_key(role, version, members_of(tx, role))
            role_keys.renew(tx, self.id(by), role, public, wraps, TODAY)
        with self.store.read() as tx:
            return sign_directory(proposed_directory(tx, TODAY), self.organisation.root)

    def takes(self, signed: bytes) -> None:
        with self.store.begin() as tx:
            take_signed(tx, signed, self.organisation.root.public, TODAY)

    def with_one_behind(self) -> None:
        """Niamh is suspended while the supervisors' key is made anew for Morag alone."""
        self.have(ProposalKind.SUSPEND, BOTH)
        self.takes(self.renews(SUPERVISOR))

    def lets_in_anyway(self, name: str) -> None:
        """Let somebody in again as happened before it was asked what they hold."""
        with self.store.begin() as tx:
            proposals.carry_out(tx, ProposalKind.REINSTATE, self.id(name), None, self.clock())


@pytest.fixture
def charity(store: Store, clock: Any) -> Charity:
    organisation = found_organisation(store)
    with store.begin() as tx:
        for name in (AUDITOR, HANDLER):
            row = {"person_id": organisation.members[name].id, "role": Role.ADMINISTRATOR}
            tx.execute(insert(person_role), row)
    return Charity(store, organisation, clock)


def test_who_was_away_while_a_key_was_made_anew_does_not_come_back_without_it(charity: Charity) -> None:
    charity.with_one_behind()

    with pytest.raises(PresentKeysMissing) as refused:
        charity.have(ProposalKind.REINSTATE, BOTH)

    assert "candour person reinstate" in refused.value.sentence


@pytest.mark.parametrize("kind", [ProposalKind.SUSPEND, ProposalKind.REMOVE])
def test_the_last_who_holds_a_key_stays_though_another_is_in_the_role(charity: Charity, kind: ProposalKind) -> None:
    charity.with_one_behind()
    charity.lets_in_anyway(BOTH)

    with pytest.raises(LastKeyHolder):
        charity.have(kind, SUPERVISOR)

    with charity.store.read() as tx:
        assert holders(tx, RoleName.SUPERVISORS) == {charity.id(SUPERVISOR)}
        assert without_the_key(tx, RoleName.SUPERVISORS) == {charity.id(BOTH)}


def test_the_last_who_holds_a_key_keeps_the_role_too(charity: Charity) -> None:
    charity.with_one_behind()
    charity.lets_in_anyway(BOTH)

    with pytest.raises(LastKeyHolder):
        charity.have(ProposalKind.CHANGE, SUPERVISOR, Particulars(SUPERVISOR, (Role.AUDITOR,), (Language.EN,)))


def test_who_holds_the_key_before_alone_may_go(charity: Charity) -> None:
    charity.with_one_behind()
    charity.lets_in_anyway(BOTH)

    charity.have(ProposalKind.REMOVE, BOTH)

    with charity.store.read() as tx:
        assert holders(tx, RoleName.SUPERVISORS) == {charity.id(SUPERVISOR)}


def test_a_role_is_not_given_to_somebody_who_holds_an_earlier_key_of_it(charity: Charity) -> None:
    charity.have(ProposalKind.SUSPEND, SUPERVISOR)
    charity.takes(charity.renews(BOTH, RoleName.DESK))
    charity.lets_in_anyway(SUPERVISOR)

    with pytest.raises(RoleNeedsKeys):
        charity.have(
            ProposalKind.CHANGE, SUPERVISOR, Particulars(SUPERVISOR, (Role.HANDLER, Role.SUPERVISOR), (Language.EN,))
        )


def test_another_change_of_somebody_behind_needs_no_key(charity: Charity) -> None:
    charity.with_one_behind()
    charity.lets_in_anyway(BOTH)
    with charity.store.read() as tx:
        theirs = member(tx, charity.id(BOTH)).particulars

    charity.have(ProposalKind.CHANGE, BOTH, Particulars("Niamh O", theirs.roles, theirs.languages))

    with charity.store.read() as tx:
        assert member(tx, charity.id(BOTH)).particulars.name == "Niamh O"


# --- while a new key waits for the root -------------------------------------------------------------------------------


def test_signing_in_gives_no_key_before_the_root_has_signed_it(charity: Charity) -> None:
    def given() -> set[int]:
        with charity.store.read() as tx:
            return {key.version for key in keys_given(tx, charity.id(BOTH)) if key.role is RoleName.SUPERVISORS}

    signed = charity.renews(SUPERVISOR)
    before = given()
    charity.takes(signed)

    assert (before, given()) == ({1}, {1, 2})


def test_signing_in_gives_no_key_to_somebody_whose_entry_waits_for_the_root(charity: Charity) -> None:
    new = new_member("Tom", (Role.SUPERVISOR,))
    enrol(charity.store, charity.organisation, new)
    with charity.store.read() as tx:
        before = keys_given(tx, new.id)

    with charity.store.read() as tx:
        signed = sign_directory(proposed_directory(tx, TODAY), charity.organisation.root)
    charity.takes(signed)

    with charity.store.read() as tx:
        assert (before, {key.role for key in keys_given(tx, new.id)}) == ((), set(RoleName))


@pytest.mark.parametrize("kind", [ProposalKind.SUSPEND, ProposalKind.REMOVE, ProposalKind.CHANGE])
def test_a_key_that_waits_is_given_up_when_somebody_leaves_who_was_given_it(
    charity: Charity, kind: ProposalKind
) -> None:
    signed = charity.renews(SUPERVISOR)
    to = Particulars(BOTH, (Role.HANDLER,), (Language.EN,)) if kind is ProposalKind.CHANGE else None

    charity.have(kind, BOTH, to)

    with pytest.raises(RoleKeyNotHeld):
        charity.takes(signed)
    with charity.store.read() as tx:
        assert roles_waiting(tx) == frozenset()
        assert RoleName.SUPERVISORS in known_to_leavers(tx)
    charity.takes(charity.renews(SUPERVISOR))
    with charity.store.read() as tx:
        assert holders(tx, RoleName.SUPERVISORS) == {charity.id(SUPERVISOR)}
        assert RoleName.SUPERVISORS not in known_to_leavers(tx)


def test_a_key_that_waits_outlives_the_leaving_of_somebody_it_was_not_given_to(charity: Charity) -> None:
    signed = charity.renews(SUPERVISOR)
    charity.have(ProposalKind.SUSPEND, HANDLER)

    charity.takes(signed)

    with charity.store.read() as tx:
        assert holders(tx, RoleName.SUPERVISORS) == {charity.id(SUPERVISOR), charity.id(BOTH)}
