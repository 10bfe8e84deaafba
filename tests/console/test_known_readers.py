"""New readers of a shared key are told to those who share it, once, by what the root signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.app import Console
from console.known_readers import KnownReaders
from shared.domain.vocabulary import Role
from shared.sealing.directory import Directory
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import with_person
from tests.support.organisation import (
    BOTH,
    EXPIRES,
    FOUNDED,
    HANDLER,
    SECOND_HANDLER,
    SUPERVISOR,
    Member,
    enrol,
    new_member,
)

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
