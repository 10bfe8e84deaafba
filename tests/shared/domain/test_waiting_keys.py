"""A key that waits for the root: only one that waits here, and that everyone in the role holds, comes into use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from ivr.checks.keys import keys
from shared.domain import reports, role_keys
from shared.domain.key_changes import proposed_directory, published_directory, take_signed
from shared.domain.people import publish_directory, role_keys_of
from shared.domain.role_keys import PresentKeyNotHeld, still_wrapped_to_earlier, take_rewrapped
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import EnvelopeStage, Role
from shared.domain.waiting_keys import RoleKeyNotHeld, RoleKeyWaits, held_by_nobody, members_of
from shared.sealing.directory import Directory, ReleaseKey, RoleKey, RoleName
from shared.sealing.envelope import WRAP_BYTES, open_envelope
from shared.sealing.keys import ReaderKey, ReaderPublicKey, SigningKey
from shared.sealing.organisation import RoleSecret, renewed_role_key
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.signed_directory import sign_directory, with_person
from shared.sealing.verify_key import VerifyKey
from shared.store.database import Store
from shared.store.schema import person, report, role_wrap, wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    BOTH,
    EXPIRES,
    HANDLER,
    SUPERVISOR,
    Organisation,
    found_organisation,
)

TODAY = date(2026, 3, 10)
SUPERVISORS = RoleName.SUPERVISORS


class MachineKilled(Exception):
    """The process ended in the middle of what it was writing."""


@dataclass
class Charity:
    """What each command does, one at a time, so that a test may put them in any order."""

    store: Store
    organisation: Organisation
    clock: Callable[[], Any]

    def renew(self, role: RoleName = SUPERVISORS, *, instead: bool = False, killed: bool = False) -> None:
        with self.store.begin() as tx:
            version = role_keys.version_in_use(tx, role) + 1
            public, wraps = renewed_role_key(role, version, members_of(tx, role))
            by = self.organisation.members[BOTH].id
            role_keys.renew(tx, by, role, public, wraps, TODAY, instead=instead)
            if killed:
                raise MachineKilled

    def export(self) -> Directory:
        with self.store.read() as tx:
            return proposed_directory(tx, TODAY)

    def sign(self, asked: Directory) -> bytes:
        return sign_directory(asked, self.organisation.root)

    def take_in(self, document: bytes, *, killed: bool = False) -> None:
        with self.store.begin() as tx:
            take_signed(tx, document, self.organisation.root.public, TODAY)
            if killed:
                raise MachineKilled

    def present(self) -> Directory:
        with self.store.read() as tx:
            return published_directory(tx)

    def secret(self, name: str, version: int) -> ReaderKey:
        member = self.organisation.members[name]
        with self.store.read() as tx:
            held = {key.version: key for key in role_keys_of(tx, member.id) if key.role is SUPERVISORS}
        seed = open_role_wrap(held[version].wrap, SUPERVISORS, version, member.private.reader)
        return RoleSecret(SUPERVISORS, version, seed).reader()

    def submit(self) -> None:
        author, key = self.organisation.members[HANDLER], self.present().supervisors_key()
        draft, review = sealing.draft(self.organisation, author), sealing.review(self.organisation)
        assert set(review.wraps) == {key.key_id}
        with self.store.begin() as tx:
            saved = reports.start_draft(tx, author.id, sealing.facts(), draft, self.clock())
            facts = sealing.signed(sealing.facts(), review, author)
            reports.submit_report(tx, author.id, saved.id, saved.revision, facts, review, self.clock())

    def opens_for(self, name: str, version: int) -> bool:
        with self.store.read() as tx:
            (only,) = tx.execute(select(report.c.id)).scalars()
            kept = kept_envelope(tx, only, EnvelopeStage.REVIEW)
        assert kept is not None
        return open_envelope(kept, self.secret(name, version), None) == sealing.WORDS

    def to_do(self) -> list[str]:
        with self.store.read() as tx:
            found = list(keys(tx, self.organisation.root.public, TODAY))
        return [one.found for one in found if not one.well]


@pytest.fixture
def charity(store: Store, clock: Any) -> Charity:
    return Charity(store, found_organisation(store), clock)


def test_a_directory_with_a_key_that_was_given_up_is_not_taken_in_and_reports_still_open(charity: Charity) -> None:
    charity.submit()
    charity.renew()
    signed = charity.sign(charity.export())
    charity.renew(instead=True)

    with pytest.raises(RoleKeyNotHeld):
        charity.take_in(signed)

    assert charity.present().version == charity.organisation.directory.version
    assert charity.opens_for(SUPERVISOR, 1)
    assert charity.to_do() == ["waiting for the root's signature: the supervisors key"]
    charity.take_in(charity.sign(charity.export()))
    assert charity.present().supervisors_key() == charity.secret(SUPERVISOR, 2).public
    assert charity.to_do() == []


def test_a_key_on_its_way_to_the_root_is_given_up_only_when_told_to(charity: Charity) -> None:
    charity.renew()
    asked = charity.export()

    with pytest.raises(RoleKeyWaits):
        charity.renew()

    charity.take_in(charity.sign(asked))
    assert charity.present().supervisors_key() == charity.secret(BOTH, 2).public == charity.secret(SUPERVISOR, 2).public


def test_killed_between_nothing_is_given_up_and_nothing_is_taken_in_by_half(charity: Charity) -> None:
    charity.renew()
    asked = charity.export()

    with pytest.raises(MachineKilled):
        charity.renew(instead=True, killed=True)
    with pytest.raises(MachineKilled):
        charity.take_in(charity.sign(asked), killed=True)

    assert charity.present().version == charity.organisation.directory.version
    assert charity.export() == asked
    charity.take_in(charity.sign(asked))
    assert charity.present().supervisors_key() == charity.secret(SUPERVISOR, 2).public


@pytest.mark.parametrize("role", list(RoleName))
def test_a_key_that_never_waited_here_or_waits_as_another_version_is_not_taken_in(
    charity: Charity, role: RoleName
) -> None:
    charity.renew(role)
    asked = charity.export()
    for version, public in ((2, None), (3, _public(asked, role))):
        with pytest.raises(RoleKeyNotHeld):
            charity.take_in(charity.sign(_naming(asked, role, version, public)))

    charity.take_in(charity.sign(asked))


def test_a_key_that_somebody_in_the_role_was_not_given_is_not_taken_in(charity: Charity) -> None:
    charity.renew()
    asked = charity.export()
    theirs = role_wrap.c.person_id == charity.organisation.members[SUPERVISOR].id, role_wrap.c.version == 2
    with charity.store.begin() as tx:
        tx.execute(delete(role_wrap).where(*theirs))

    with pytest.raises(RoleKeyNotHeld):
        charity.take_in(charity.sign(asked))


def test_no_earlier_wrap_goes_while_the_member_does_not_hold_the_key_in_use(charity: Charity) -> None:
    charity.submit()
    charity.renew()
    charity.take_in(charity.sign(charity.export()))
    by, earlier = charity.organisation.members[BOTH], charity.secret(BOTH, 1)
    with charity.store.read() as tx:
        (waiting,) = still_wrapped_to_earlier(tx, SUPERVISORS)
    new = {waiting.about.envelope_id: bytes(WRAP_BYTES)}

    with pytest.raises(PresentKeyNotHeld), charity.store.begin() as tx:
        take_rewrapped(tx, by.id, SUPERVISORS, new, [earlier.key_id], TODAY)

    with charity.store.read() as tx:
        assert earlier.key_id in tx.execute(select(wrap.c.key_id)).scalars().all()
    assert charity.opens_for(BOTH, 1)


@pytest.mark.parametrize("role", list(RoleName))
def test_a_key_in_use_that_nobody_holds_is_found(charity: Charity, role: RoleName) -> None:
    charity.renew(role)
    lost = _naming(charity.export(), role, 2, None)
    with charity.store.begin() as tx:
        publish_directory(tx, lost.version, charity.sign(lost))  # another key of the same version waits

    with charity.store.read() as tx:
        found = held_by_nobody(tx, published_directory(tx))

    assert found == (role,)
    assert f"nobody holds the {role} key in use: nobody can open what is sealed to it" in charity.to_do()


def test_a_key_whose_every_copy_is_gone_is_found(charity: Charity) -> None:
    with charity.store.begin() as tx:
        tx.execute(delete(role_wrap).where(role_wrap.c.role == SUPERVISORS.value))

    assert charity.to_do() == ["nobody holds the supervisors key in use: nobody can open what is sealed to it"]


def test_make_it_anew_is_not_said_of_a_key_that_was_and_waits(charity: Charity) -> None:
    left = charity.organisation.members[HANDLER].id
    with charity.store.begin() as tx:
        tx.execute(update(person).where(person.c.id == left).values(active=False))
    before = charity.to_do()

    charity.renew(RoleName.DESK)

    assert before[0] == "somebody who is not in the role now has held the desk key"
    assert charity.to_do() == ["waiting for the root's signature: the desk key, 1 person"]


def test_who_was_given_a_role_and_has_it_no_longer_is_not_said_to_have_left(charity: Charity) -> None:
    """Their roles as the root signed them: a handler, a supervisor too, a handler again."""
    entry = charity.organisation.directory.person(charity.organisation.members[HANDLER].id)
    for roles in ((Role.HANDLER, Role.SUPERVISOR), (Role.HANDLER,)):
        changed = entry.model_copy(update={"roles": roles})
        newer = with_person(charity.present(), changed, TODAY, EXPIRES)
        with charity.store.begin() as tx:
            publish_directory(tx, newer.version, charity.sign(newer))

    found = charity.to_do()

    assert [one for one in found if "supervisors" in one] == [
        "somebody who is not in the role now has held the supervisors key"
    ]
    assert not any("left" in one for one in found)


def _public(keys: Directory, role: RoleName) -> ReaderPublicKey | VerifyKey:
    return keys.release.verify if role is RoleName.RELEASE else keys.role_key(role).reader


def _naming(keys: Directory, role: RoleName, version: int, public: ReaderPublicKey | VerifyKey | None) -> Directory:
    """The same directory with another key for this role; None: one just made, that nobody was given."""
    if role is RoleName.RELEASE:
        verify = public if isinstance(public, VerifyKey) else SigningKey.generate().public
        return keys.model_copy(update={"release": ReleaseKey(version=version, verify=verify)})
    reader = public if isinstance(public, ReaderPublicKey) else ReaderKey.generate().public
    another = RoleKey(role=role, version=version, reader=reader)
    return keys.model_copy(update={"roles": tuple(another if one.role is role else one for one in keys.roles)})
