"""What ``candour check`` says of the organisation's keys: thirty days ahead, and while a change waits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from ivr.checks.finding import Finding
from ivr.checks.keys import keys
from shared.domain.key_changes import ask_for_unit, suspend_key
from shared.sealing.signed_directory import with_unit
from shared.store.database import Store
from shared.store.schema import person
from tests.support.organisation import (
    ESSEX,
    EXPIRES,
    FOUNDED,
    HANDLER,
    KENT,
    Organisation,
    found_organisation,
    new_unit,
)

TODAY = date(2026, 3, 10)


@pytest.fixture
def organisation(sqlite_store: Store) -> Organisation:
    return found_organisation(sqlite_store)


def found(store: Store, organisation: Organisation, today: date = TODAY) -> list[Finding]:
    with store.read() as tx:
        return list(keys(tx, organisation.root.public, today))


def to_do(findings: list[Finding]) -> list[str]:
    return [one.found for one in findings if not one.well]


def test_keys_that_are_all_good_need_nothing(sqlite_store: Store, organisation: Organisation) -> None:
    findings = found(sqlite_store, organisation)

    assert len(findings) == 1
    assert to_do(findings) == []


def test_an_alternate_that_serves_the_same_force_is_found(sqlite_store: Store, organisation: Organisation) -> None:
    known = organisation.directory
    kent = known.unit(KENT).model_copy(update={"alternate": ESSEX})
    essex = known.unit(ESSEX).model_copy(update={"forces": ("essex", "kent")})
    others = tuple(unit for unit in known.units if unit.id not in {KENT, ESSEX})
    changed = known.model_copy(update={"version": known.version + 1, "units": (*others, kent, essex)})
    organisation.publish(sqlite_store, changed)

    assert to_do(found(sqlite_store, organisation)) == [
        f"{KENT} and its alternate {ESSEX} serve one force: neither is sent reports about the other"
    ]


@pytest.mark.parametrize(("days", "warned"), [(31, False), (30, True), (0, True), (-1, True)])
def test_a_units_keys_are_warned_of_thirty_days_ahead(
    sqlite_store: Store, organisation: Organisation, days: int, warned: bool
) -> None:
    expires = TODAY + timedelta(days=days)
    unit = new_unit(ESSEX, ("essex",), expires=expires).entry
    organisation.publish(sqlite_store, with_unit(organisation.directory, unit, FOUNDED, EXPIRES))

    assert to_do(found(sqlite_store, organisation)) == ([f"{ESSEX}'s are good until {expires}"] if warned else [])


def test_a_suspended_units_keys_are_told_of(sqlite_store: Store, organisation: Organisation) -> None:
    with sqlite_store.begin() as tx:
        suspend_key(tx, organisation.directory.unit(KENT).reader.key_id, [], TODAY)

    assert to_do(found(sqlite_store, organisation)) == [f"{KENT}'s are suspended"]


def test_what_waits_for_the_root_is_told_of(sqlite_store: Store, organisation: Organisation) -> None:
    with sqlite_store.begin() as tx:
        ask_for_unit(tx, new_unit("surrey-psd", ("surrey",)).entry, [], TODAY)
        left = organisation.members[HANDLER].id
        tx.execute(update(person).where(person.c.id == left).values(active=False))

    assert to_do(found(sqlite_store, organisation)) == [
        "somebody who is not in the role now has held the desk key",
        "waiting for the root's signature: surrey-psd, 1 person",
    ]
