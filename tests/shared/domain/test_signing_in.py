"""Signing in, failing to, being locked out, and the code of the moment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from shared.domain import signing_in
from shared.domain.errors import SecondFactorNeeded
from shared.domain.signing_in import FIRST_LOCK, LONGEST_LOCK, TRIES
from shared.sealing.sign_in import fake_parameters
from shared.store.database import Store
from shared.store.schema import audit_entry, person
from tests.support.door import KEY, WRONG, Door
from tests.support.organisation import CHEAP, HANDLER, SECOND_HANDLER, found_organisation


@pytest.fixture
def door(store: Store, clock: Any) -> Door:
    return Door(store, found_organisation(store), clock)


@pytest.fixture
def guarded(door: Door) -> Door:
    """A door that asks for a code."""
    door.factor = KEY
    return door


@pytest.fixture
def secret(guarded: Door) -> str:
    """The handler's second factor, set up and used once."""
    secret = guarded.set_up()
    assert secret is not None
    guarded.sign_in(code=guarded.code(secret))
    guarded.clock.now += timedelta(minutes=5)
    return secret


def test_a_wrong_key_an_unknown_name_and_someone_suspended_get_nothing(door: Door) -> None:
    with door.store.begin() as tx:
        tx.execute(update(person).where(person.c.name != HANDLER).values(active=False))

    assert door.try_key(WRONG) is None
    assert door.try_key(WRONG, "Nobody") is None
    assert door.try_key(bytes(32), "Nobody") is None
    suspended = next(member for name, member in door.organisation.members.items() if name != HANDLER)
    assert door.try_key(suspended.authentication_key, suspended.name) is None


def test_five_failures_lock_a_sign_in_for_fifteen_minutes(door: Door) -> None:
    for _ in range(TRIES):
        door.try_key(WRONG)

    assert door.try_key(door.member.authentication_key) is None
    door.clock.now += FIRST_LOCK
    assert door.try_key(door.member.authentication_key) is not None


def test_each_further_failure_doubles_the_lock_up_to_a_day(door: Door) -> None:
    for _ in range(TRIES - 1):
        door.try_key(WRONG)
    locks = []
    for _ in range(10):
        door.try_key(WRONG)
        with door.store.read() as tx:
            until = tx.execute(select(person.c.locked_until).where(person.c.name == HANDLER)).scalar_one()
        locks.append(until - door.clock())
        door.clock.now = until

    assert locks[:4] == [FIRST_LOCK, 2 * FIRST_LOCK, 4 * FIRST_LOCK, 8 * FIRST_LOCK]
    assert locks[-1] == LONGEST_LOCK


def test_trying_while_locked_neither_counts_nor_lengthens_the_lock(door: Door) -> None:
    for _ in range(TRIES + 3):
        door.try_key(WRONG)

    door.clock.now += FIRST_LOCK
    assert door.try_key(door.member.authentication_key) is not None


def test_success_forgets_earlier_failures(door: Door) -> None:
    for _ in range(3):
        for _ in range(TRIES - 1):
            door.try_key(WRONG)
        door.sign_in()


@pytest.fixture
def writes(door: Door) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] in ("UPDATE", "INSERT", "DELETE"):
            seen.append(statement.split()[0])

    event.listen(door.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(door.store.engine, "before_cursor_execute", note)


def test_failing_is_as_much_work_for_a_name_nobody_has(door: Door, writes: list[str]) -> None:
    door.try_key(WRONG)
    known = writes.copy()
    writes.clear()

    door.try_key(WRONG, "Nobody")

    assert known == writes == ["UPDATE"]


def test_unknown_names_have_parameters_that_stay_the_same_and_look_like_any(door: Door) -> None:
    with door.store.read() as tx:
        made_up = [signing_in.sign_in_parameters(tx, "Nobody", CHEAP) for _ in range(2)]
        other = signing_in.sign_in_parameters(tx, "Somebody", CHEAP)
        real = signing_in.sign_in_parameters(tx, HANDLER, CHEAP)

    assert made_up[0] == made_up[1]
    assert made_up[0].salt != other.salt
    assert made_up[0].cost == real.cost
    assert real == door.member.keys.parameters
    assert real.salt != fake_parameters(HANDLER, b"\7" * 32, CHEAP).salt


def test_signing_in_and_being_locked_are_audited_and_nothing_of_unknown_names(door: Door) -> None:
    door.sign_in()
    for _ in range(TRIES):
        door.try_key(WRONG)
        door.try_key(WRONG, "Nobody")

    with door.store.read() as tx:
        rows = tx.execute(select(audit_entry.c.actor_id, audit_entry.c.verb, audit_entry.c.outcome)).all()
    assert sorted(rows) == [(door.member.id, "sign_in", "done"), (door.member.id, "sign_in", "locked")]


@pytest.mark.parametrize("written", ["asha", "ASHA", " Asha ", "Ａsha"])
def test_capitals_and_spaces_in_a_name_do_not_matter(door: Door, written: str) -> None:
    assert door.try_key(door.member.authentication_key, written) is not None


@pytest.mark.parametrize("written", ["nobody", "NOBODY", " Nobody"])
def test_nor_do_they_in_a_name_nobody_has(door: Door, written: str) -> None:
    with door.store.read() as tx:
        as_written, plain = (signing_in.sign_in_parameters(tx, name, CHEAP) for name in (written, "Nobody"))

    assert as_written == plain


# --- the second factor ------------------------------------------------------------------------------------------------


def test_the_first_sign_in_sets_up_a_second_factor(guarded: Door) -> None:
    with pytest.raises(SecondFactorNeeded):
        guarded.sign_in()

    assert guarded.set_up() is not None


def test_a_code_of_the_new_secret_confirms_it(guarded: Door) -> None:
    secret = guarded.set_up()
    assert secret is not None

    guarded.sign_in(code=guarded.code(secret))

    with guarded.store.read() as tx:
        row = tx.execute(select(person).where(person.c.id == guarded.member.id)).one()
        verbs = tx.execute(select(audit_entry.c.verb)).scalars().all()
    assert row.second_factor_confirmed
    assert sorted(verbs) == ["second_factor.set_up", "sign_in"]
    assert guarded.set_up() is None  # a second one is not given out for the passphrase alone


def test_the_secret_is_stored_only_under_the_key_file(guarded: Door, secret: str) -> None:
    with guarded.store.read() as tx:
        kept = tx.execute(select(person.c.second_factor).where(person.c.id == guarded.member.id)).scalar_one()

    assert secret.encode() not in kept
    assert KEY.open(guarded.member.id, kept) == secret


def test_without_the_code_the_passphrase_is_not_enough(guarded: Door, secret: str) -> None:
    right = guarded.member.authentication_key

    assert guarded.try_key(right) is None
    assert guarded.try_key(right, code="000000") is None
    assert guarded.try_key(WRONG, code=guarded.code(secret)) is None
    assert guarded.try_key(right, code=guarded.code(secret)) is not None


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_a_half_minute_either_side(guarded: Door, secret: str, steps: int, taken: bool) -> None:
    begun = guarded.try_key(guarded.member.authentication_key, code=guarded.code(secret, steps))

    assert (begun is not None) is taken


def test_a_code_is_taken_once(guarded: Door, secret: str) -> None:
    right, code = guarded.member.authentication_key, guarded.code(secret)
    assert guarded.try_key(right, code=code) is not None

    assert guarded.try_key(right, code=code) is None
    assert guarded.try_key(right, code=guarded.code(secret, -1)) is None  # nor one from before it
    assert guarded.try_key(right, code=guarded.code(secret, 1)) is not None


def test_a_code_shown_with_a_wrong_passphrase_is_not_used_up(guarded: Door, secret: str) -> None:
    guarded.try_key(WRONG, code=guarded.code(secret))

    assert guarded.try_key(guarded.member.authentication_key, code=guarded.code(secret)) is not None


def test_wrong_codes_and_wrong_passphrases_share_one_lock(guarded: Door, secret: str) -> None:
    right = guarded.member.authentication_key
    for number in range(TRIES):
        guarded.try_key(*((right, HANDLER, "000000") if number % 2 else (WRONG, HANDLER, guarded.code(secret))))

    assert guarded.try_key(right, code=guarded.code(secret)) is None
    guarded.clock.now += FIRST_LOCK
    assert guarded.try_key(right, code=guarded.code(secret)) is not None


def test_asking_for_another_second_factor_counts_as_a_failure(guarded: Door, secret: str) -> None:
    for _ in range(TRIES):
        assert guarded.set_up() is None

    assert guarded.try_key(guarded.member.authentication_key, code=guarded.code(secret)) is None


def test_setting_up_tells_nobody_which_names_exist(guarded: Door, secret: str) -> None:
    assert guarded.set_up(WRONG) is None
    assert guarded.set_up(WRONG, "Nobody") is None
    assert guarded.set_up(WRONG, SECOND_HANDLER) is None


def test_failing_is_as_much_work_with_a_code_too(guarded: Door, secret: str, writes: list[str]) -> None:
    for name, key in ((HANDLER, WRONG), (HANDLER, guarded.member.authentication_key), ("Nobody", WRONG)):
        guarded.try_key(key, name, "000000")

    assert writes == ["UPDATE"] * 3
