"""References for ringing again: found by the right words alone, until their day, and leading to nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.domain.errors import ReferenceTriesUsedUp
from shared.domain.references import EACH, KEPT_FOR, TRIES, find_reference, give_reference, withdraw_reference
from shared.store.database import Store
from shared.store.schema import metadata, reference, reference_tries
from tests.conftest import Clock
from tests.support.on_duty import put_on_duty

LOCATOR, PROOF = b"l" * 16, b"p" * 32


@pytest.fixture
def handler(store: Store, clock: Clock) -> str:
    return put_on_duty(store, clock())


def given(store: Store, clock: Clock) -> None:
    with store.begin() as tx:
        give_reference(tx, LOCATOR, PROOF, clock())


def found(store: Store, handler: str, clock: Clock, locator: bytes = LOCATOR, proof: bytes = PROOF) -> bool:
    with store.begin() as tx:
        return find_reference(tx, handler, locator, proof, clock())


def test_a_reference_is_found_by_its_own_words_alone(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)

    assert found(store, handler, clock)
    assert not found(store, handler, clock, proof=b"q" * 32)
    assert not found(store, handler, clock, locator=b"m" * 16)


def test_what_is_kept_proves_nothing(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)

    with store.read() as tx:
        row = tx.execute(select(reference)).one()
    assert PROOF not in (row.locator, row.proof_hash)
    assert not found(store, handler, clock, proof=row.proof_hash)


def test_giving_the_same_again_changes_nothing(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)

    given(store, clock)

    with store.read() as tx:
        assert len(tx.execute(select(reference)).all()) == 1


def test_a_reference_is_found_on_its_last_day_and_not_after_it(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)

    clock.now += KEPT_FOR
    assert found(store, handler, clock)
    clock.now += timedelta(days=1)
    assert not found(store, handler, clock)


def test_expired_references_go_as_others_are_given(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)
    clock.now += KEPT_FOR + timedelta(days=1)

    with store.begin() as tx:
        give_reference(tx, b"n" * 16, PROOF, clock())

    with store.read() as tx:
        assert [row.locator for row in tx.execute(select(reference))] == [b"n" * 16]


def test_a_caller_who_did_not_want_it_has_none(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)

    with store.begin() as tx:
        withdraw_reference(tx, LOCATOR, b"q" * 32)
    assert found(store, handler, clock)
    with store.begin() as tx:
        withdraw_reference(tx, LOCATOR, PROOF)

    assert not found(store, handler, clock)


def test_tries_run_out_for_right_and_wrong_words_alike_and_come_back(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)
    for _ in range(TRIES):
        assert not found(store, handler, clock, proof=b"q" * 32)

    for proof in (PROOF, b"q" * 32):
        with pytest.raises(ReferenceTriesUsedUp):
            found(store, handler, clock, proof=proof)

    clock.now += EACH
    assert found(store, handler, clock)


def test_one_persons_tries_are_not_anothers(store: Store, handler: str, clock: Clock) -> None:
    given(store, clock)
    for _ in range(TRIES):
        found(store, handler, clock)

    assert found(store, put_on_duty(store, clock()), clock)


def test_nothing_of_a_try_is_left_minutes_later(store: Store, handler: str, clock: Clock) -> None:
    found(store, handler, clock)
    other = put_on_duty(store, clock())
    clock.now += EACH * TRIES

    found(store, other, clock)

    with store.read() as tx:
        assert [row.person_id for row in tx.execute(select(reference_tries))] == [other]


def test_a_reference_leads_to_no_other_row_and_nothing_leads_to_it() -> None:
    assert {column.name for column in reference.columns} == {"locator", "proof_hash", "expires_on"}
    assert reference.foreign_keys == set()
    pointed_at = {key.column.table.name for table in metadata.tables.values() for key in table.foreign_keys}
    assert "reference" not in pointed_at
