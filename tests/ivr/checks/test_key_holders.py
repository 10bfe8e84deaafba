"""What ``candour check`` says of those who hold the roles' keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from ivr.checks.finding import Finding
from ivr.checks.key_holders import key_holders
from shared.domain import standing
from shared.sealing.directory import RoleName
from shared.store.database import Store
from shared.store.schema import role_wrap
from tests.support.organisation import BOTH, HANDLER, SUPERVISOR, found_organisation


def found(store: Store) -> list[Finding]:
    with store.read() as tx:
        return list(key_holders(tx))


def test_keys_that_two_hold_need_nothing(sqlite_store: Store) -> None:
    found_organisation(sqlite_store)

    assert found(sqlite_store) == []


def test_keys_that_one_person_alone_holds_are_told_of(sqlite_store: Store, clock: Any) -> None:
    organisation = found_organisation(sqlite_store)
    with sqlite_store.begin() as tx:
        standing.suspend(tx, organisation.members[SUPERVISOR].id, clock())

    (told,) = found(sqlite_store)

    assert told.found == "only one person holds the key in use of: supervisors, release"
    assert "candour person add" in told.to_do


def test_who_is_in_a_role_without_its_key_is_named(sqlite_store: Store) -> None:
    organisation = found_organisation(sqlite_store)
    for name, role in ((HANDLER, RoleName.DESK), (BOTH, RoleName.SUPERVISORS)):
        lost = role_wrap.c.person_id == organisation.members[name].id, role_wrap.c.role == role.value
        with sqlite_store.begin() as tx:
            tx.execute(delete(role_wrap).where(*lost))

    alone, *behind = found(sqlite_store)

    assert alone.found.endswith("of: supervisors")
    assert [one.found for one in behind] == [
        f"without the supervisors key in use: {BOTH}",
        f"without the desk key in use: {HANDLER}",
    ]
