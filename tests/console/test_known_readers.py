"""Those who share a key are told once of its new readers, and that it was made anew, by what the root signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.app import Console
from console.known_readers import KnownReaders
from console.newcomers import MADE_ANEW
from shared.domain.key_changes import proposed_directory, take_signed
from shared.domain.role_keys import renew
from shared.domain.vocabulary import Role
from shared.domain.waiting_keys import members_of
from shared.sealing.directory import Directory, RoleName
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import renewed_role_key
from shared.sealing.questions import Question, seal_question
from shared.sealing.signed_directory import sign_directory, with_person
from tests.support.organisation import (
    BOTH,
    EXPIRES,
    FOUNDED,
    HANDLER,
    KENT,
    SECOND_HANDLER,
    SUPERVISOR,
    Member,
    enrol,
    new_member,
)
from tests.support.sealed_reports import as_text

ROOT = SigningKey.generate().public


def joined(directory: Directory, member: Member) -> Directory:
    return with_person(directory, member.keys.entry(), FOUNDED, EXPIRES)


@pytest.fixture
def directory(service: Any) -> Directory:
    found: Directory = service.organisation.directory
    return found


def new(readers: Any) -> list[str]:
    return [one.person_id for one in readers if one.is_new]


def test_at_the_first_look_nobody_is_new(tmp_path: Path, directory: Directory, service: Any) -> None:
    members = service.organisation.members

    seen = KnownReaders(tmp_path, ROOT).look(directory, members[HANDLER].id)

    assert new(seen) == []
    assert {one.person_id for one in seen} == {members[name].id for name in (SECOND_HANDLER, SUPERVISOR, BOTH)}


def test_a_newcomer_is_told_once(tmp_path: Path, directory: Directory, service: Any) -> None:
    known, me = KnownReaders(tmp_path, ROOT), service.organisation.members[HANDLER].id
    known.look(directory, me)
    tom = new_member("Tom", (Role.SUPERVISOR,))

    later = joined(directory, tom)

    assert new(known.look(later, me)) == [tom.id]
    assert new(known.look(later, me)) == []


def test_new_keys_of_somebody_known_are_told_too(tmp_path: Path, directory: Directory, service: Any) -> None:
    members = service.organisation.members
    known = KnownReaders(tmp_path, ROOT)
    known.look(directory, members[HANDLER].id)
    anew = new_member(SUPERVISOR, (Role.SUPERVISOR,))
    entry = anew.keys.entry().model_copy(update={"id": members[SUPERVISOR].id})

    later = with_person(directory, entry, FOUNDED, EXPIRES)

    assert new(known.look(later, members[HANDLER].id)) == [members[SUPERVISOR].id]


def test_who_shares_no_key_is_not_told(tmp_path: Path, directory: Directory, service: Any) -> None:
    known, me = KnownReaders(tmp_path, ROOT), service.organisation.members[HANDLER].id
    known.look(directory, me)

    assert new(known.look(joined(directory, new_member("Tom", (Role.AUDITOR,))), me)) == []


def test_no_name_is_written_down(tmp_path: Path, directory: Directory, service: Any) -> None:
    KnownReaders(tmp_path / "new", ROOT).look(directory, service.organisation.members[HANDLER].id)

    (path,) = (tmp_path / "new").iterdir()
    assert all(len(line) == 32 for line in path.read_text(encoding="ascii").split())


def renewed(directory: Directory, role: RoleName) -> Directory:
    """The next version, with this role's key made anew."""
    if role is RoleName.RELEASE:
        key = directory.release.model_copy(update={"version": 2, "verify": SigningKey.generate().public})
        return directory.model_copy(update={"version": directory.version + 1, "release": key})
    roles = tuple(
        one.model_copy(update={"version": one.version + 1, "reader": ReaderKey.generate().public})
        if one.role is role
        else one
        for one in directory.roles
    )
    return directory.model_copy(update={"version": directory.version + 1, "roles": roles})


@pytest.mark.parametrize("role", RoleName)
def test_that_a_shared_key_was_made_anew_is_told_once_to_those_who_share_it(
    tmp_path: Path, directory: Directory, service: Any, role: RoleName
) -> None:
    known, members = KnownReaders(tmp_path, ROOT), service.organisation.members
    first = [known.made_anew(directory, members[name].id) for name in (HANDLER, SUPERVISOR)]

    later = renewed(directory, role)
    told = {name: known.made_anew(later, members[name].id) for name in (HANDLER, SUPERVISOR)}
    again = [known.made_anew(later, members[name].id) for name in (HANDLER, SUPERVISOR)]

    assert (first, again) == ([(), ()], [(), ()])
    assert told == {HANDLER: (role,) if role is RoleName.DESK else (), SUPERVISOR: (role,)}


def test_whoever_is_given_a_role_is_not_told_that_its_key_was_made_anew(
    tmp_path: Path, directory: Directory, service: Any
) -> None:
    known, member = KnownReaders(tmp_path, ROOT), service.organisation.members[HANDLER]
    known.made_anew(directory, member.id)
    entry = directory.person(member.id).model_copy(update={"roles": (Role.HANDLER, Role.SUPERVISOR)})

    assert known.made_anew(with_person(directory, entry, FOUNDED, EXPIRES), member.id) == ()


def test_at_the_next_sign_in_it_is_said_that_the_key_was_made_anew_and_what_was_sealed_before_still_opens(
    signed_in: Callable[..., Console], service: Any, tmp_path: Path, qtbot: Any
) -> None:
    first = signed_in(HANDLER)
    qtbot.waitUntil(lambda: len(list((tmp_path / "console").glob("*.known"))) == 2, timeout=20_000)
    first.signing_in.end()
    organisation, unit = service.organisation, service.organisation.units[KENT]
    before = organisation.directory.desk_key()
    asked = seal_question(Question("AAAA-BBBB", "When?"), KENT, before, unit.answers)
    with service.store.begin() as tx:
        public, wraps = renewed_role_key(RoleName.DESK, 2, members_of(tx, RoleName.DESK))
        renew(tx, organisation.members[SUPERVISOR].id, RoleName.DESK, public, wraps, FOUNDED)
        document = sign_directory(proposed_directory(tx, FOUNDED), organisation.root)
        take_signed(tx, document, organisation.root.public, FOUNDED)

    console = signed_in(HANDLER)

    expected = MADE_ANEW.format(keys="the desk's key")
    qtbot.waitUntil(lambda: console.line.notice == expected, timeout=20_000)
    keys = console.keyring.keys
    assert keys is not None and keys.directory.desk_key() == public
    assert keys.open_question(as_text(asked)).text == "When?"


def test_at_the_next_sign_in_the_newcomer_is_named_with_a_fingerprint(
    signed_in: Callable[..., Console], service: Any, tmp_path: Path, qtbot: Any
) -> None:
    first = signed_in(SUPERVISOR)
    qtbot.waitUntil(lambda: bool(list((tmp_path / "console").glob("*.known"))), timeout=20_000)
    first.signing_in.end()
    tom = new_member("Tom", (Role.SUPERVISOR,))
    enrol(service.store, service.organisation, tom)
    service.organisation.publish(service.store, joined(service.organisation.directory, tom))

    console = signed_in(SUPERVISOR)

    expected = f"New with your keys: Tom (supervisor), key {tom.keys.reader.fingerprint}."
    qtbot.waitUntil(lambda: console.line.notice.startswith(expected), timeout=20_000)
