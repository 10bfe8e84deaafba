"""What the root's keeper and one more person do at the service's keyboard: who is back has the keys that are in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from ivr.founding import RoleKeysNotHeld
from ivr.membership import Deciders, change, decide
from ivr.taking_in import take_in
from ivr.vouching import Voucher, role_secrets_held
from shared.domain import role_keys, standing
from shared.domain.errors import LastKeyHolder
from shared.domain.key_changes import proposed_directory, take_signed
from shared.domain.key_holders import holders, without_the_key
from shared.domain.newcomers import FirstKeys, invite, keep_first_keys, newcomer_named
from shared.domain.passphrases import NewPassphrase
from shared.domain.people import Particulars, member
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.domain.waiting_keys import members_of
from shared.sealing.directory import RoleName
from shared.sealing.enrolling import enrolment_proof
from shared.sealing.organisation import renewed_role_key
from shared.sealing.signed_directory import sign_directory
from shared.store.database import Store
from tests.support.organisation import (
    ADMINISTRATOR,
    BOTH,
    CHEAP,
    SUPERVISOR,
    Organisation,
    found_organisation,
    new_member,
)

TODAY = date(2026, 3, 10)


@dataclass
class Keyboard:
    """The root's keeper with somebody who vouches; Niamh was suspended while the supervisors' key was made anew."""

    store: Store
    organisation: Organisation
    clock: Any

    def id(self, name: str) -> str:
        return self.organisation.members[name].id

    def deciders(self, tx: Any, name: str) -> Deciders:
        one = self.organisation.members[name]
        voucher = Voucher(one.id, frozenset(one.keys.roles), one.private)
        return Deciders(self.organisation.root, voucher, role_secrets_held(tx, voucher))

    def decide(self, kind: ProposalKind, about: str, by: str) -> None:
        with self.store.begin() as tx:
            decide(tx, self.deciders(tx, by), member(tx, self.id(about)), kind, self.clock())

    def holders(self) -> frozenset[str]:
        with self.store.read() as tx:
            return holders(tx, RoleName.SUPERVISORS)

    def renews(self) -> None:
        """Morag makes the supervisors' key anew; it waits for the root."""
        with self.store.begin() as tx:
            version = role_keys.version_in_use(tx, RoleName.SUPERVISORS) + 1
            public, wraps = renewed_role_key(RoleName.SUPERVISORS, version, members_of(tx, RoleName.SUPERVISORS))
            role_keys.renew(tx, self.id(SUPERVISOR), RoleName.SUPERVISORS, public, wraps, TODAY)

    def root_signs(self) -> None:
        with self.store.begin() as tx:
            document = sign_directory(proposed_directory(tx, TODAY), self.organisation.root)
            take_signed(tx, document, self.organisation.root.public, TODAY)


@pytest.fixture
def keyboard(store: Store, clock: Any) -> Keyboard:
    keyboard = Keyboard(store, found_organisation(store), clock)
    keyboard.decide(ProposalKind.SUSPEND, BOTH, by=SUPERVISOR)
    keyboard.renews()
    return keyboard


def test_who_is_back_is_given_the_key_that_was_made_anew_meanwhile(keyboard: Keyboard) -> None:
    keyboard.root_signs()
    with pytest.raises(RoleKeysNotHeld):
        keyboard.decide(ProposalKind.REINSTATE, BOTH, by=ADMINISTRATOR)

    keyboard.decide(ProposalKind.REINSTATE, BOTH, by=SUPERVISOR)

    assert keyboard.holders() == {keyboard.id(SUPERVISOR), keyboard.id(BOTH)}


def test_who_is_back_is_given_a_key_too_that_waits_for_the_root(keyboard: Keyboard) -> None:
    keyboard.decide(ProposalKind.REINSTATE, BOTH, by=SUPERVISOR)

    keyboard.root_signs()

    assert keyboard.holders() == {keyboard.id(SUPERVISOR), keyboard.id(BOTH)}


def test_the_last_who_holds_a_key_stays_until_it_is_passed_on(keyboard: Keyboard) -> None:
    keyboard.root_signs()
    with keyboard.store.begin() as tx:  # as happened before it was asked what they hold
        standing.reinstate(tx, keyboard.id(BOTH))
    with pytest.raises(LastKeyHolder):
        keyboard.decide(ProposalKind.REMOVE, SUPERVISOR, by=ADMINISTRATOR)

    with keyboard.store.begin() as tx:
        niamh = member(tx, keyboard.id(BOTH))
        change(tx, keyboard.deciders(tx, SUPERVISOR), niamh, niamh.particulars, keyboard.clock())
    keyboard.decide(ProposalKind.REMOVE, SUPERVISOR, by=ADMINISTRATOR)

    assert keyboard.holders() == {keyboard.id(BOTH)}


def test_nobody_is_taken_in_with_an_earlier_key_alone(keyboard: Keyboard) -> None:
    keyboard.root_signs()
    new, told = new_member("Tom", (Role.SUPERVISOR,)), Particulars("Tom", (Role.SUPERVISOR,), (Language.EN,))
    with keyboard.store.begin() as tx:
        proof = enrolment_proof(" ".join(invite(tx, told, keyboard.clock()).words))
        under = NewPassphrase(new.keys.parameters, new.authentication_key, new.keys.private_bundle)
        made = FirstKeys(under, new.keys.reader, new.keys.verify)
        keep_first_keys(tx, "Tom", proof, made, CHEAP, keyboard.clock())
        coming = newcomer_named(tx, "Tom")
        behind = tuple(keyboard.organisation.role_secrets.values())
        held = keyboard.deciders(tx, SUPERVISOR).held

    with pytest.raises(RoleKeysNotHeld), keyboard.store.begin() as tx:
        take_in(tx, coming, behind, (), keyboard.organisation.root, TODAY)
    with keyboard.store.begin() as tx:
        take_in(tx, coming, held, (), keyboard.organisation.root, TODAY)

    assert coming.id in keyboard.holders()
    with keyboard.store.read() as tx:
        assert without_the_key(tx, RoleName.SUPERVISORS) == frozenset()
