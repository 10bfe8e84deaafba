"""Signing in, failing to, being locked out, and how long a session lasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from shared.domain import sessions
from shared.domain.errors import SignedOut
from shared.domain.sessions import FIRST_LOCK, LONGEST, LONGEST_LOCK, TRIES, UNUSED, NewSession
from shared.domain.vocabulary import CallState, Category, EndedBy, Language, Mode, PresenceState
from shared.sealing.sign_in import fake_parameters
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import audit_entry, desk_session, live_call, person, presence
from tests.support.organisation import CHEAP, HANDLER, Member, Organisation, found_organisation

WRONG = b"\1" * 32


@dataclass
class Door:
    """Where people sign in."""

    store: Store
    organisation: Organisation
    clock: Any

    @property
    def member(self) -> Member:
        return self.organisation.members[HANDLER]

    def try_key(self, key: bytes, name: str = HANDLER) -> NewSession | None:
        with self.store.begin() as tx:
            return sessions.sign_in(tx, name, key, self.clock())

    def sign_in(self) -> NewSession:
        begun = self.try_key(self.member.authentication_key)
        assert begun is not None
        return begun

    def is_in(self, begun: NewSession) -> bool:
        with self.store.read() as tx:
            try:
                sessions.session_of(tx, begun.token, self.clock())
            except SignedOut:
                return False
            return True


@pytest.fixture
def door(store: Store, clock: Any) -> Door:
    return Door(store, found_organisation(store), clock)


def test_the_right_key_begins_a_session_of_which_only_a_hash_is_kept(door: Door) -> None:
    begun = door.sign_in()

    with door.store.read() as tx:
        (row,) = tx.execute(select(desk_session)).all()
        session = sessions.session_of(tx, begun.token, door.clock())
    assert session.who.id == door.member.id
    assert begun.private_bundle == door.member.keys.private_bundle
    assert len(begun.token) == 43  # 256 bits
    assert begun.token.encode() not in bytes(row.token_hash)


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
        made_up = [sessions.sign_in_parameters(tx, "Nobody", CHEAP) for _ in range(2)]
        other = sessions.sign_in_parameters(tx, "Somebody", CHEAP)
        real = sessions.sign_in_parameters(tx, HANDLER, CHEAP)

    assert made_up[0] == made_up[1]
    assert made_up[0].salt != other.salt
    assert made_up[0].cost == real.cost
    assert real == door.member.keys.parameters
    assert real.salt != fake_parameters(HANDLER, b"\7" * 32, CHEAP).salt


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(door: Door) -> None:
    begun = door.sign_in()
    for _ in range(int(LONGEST / (UNUSED / 2)) - 1):
        door.clock.now += UNUSED / 2
        _use(door, begun)

    assert door.is_in(begun)
    door.clock.now += UNUSED / 2
    assert not door.is_in(begun)


def test_a_session_nobody_uses_ends_after_an_hour(door: Door) -> None:
    begun = door.sign_in()

    door.clock.now += UNUSED

    assert not door.is_in(begun)


def test_a_session_waits_for_the_end_of_a_call_in_hand(door: Door) -> None:
    begun = door.sign_in()
    with door.store.begin() as tx:
        _in_a_call(tx, door)

    door.clock.now += LONGEST
    assert door.is_in(begun)
    with door.store.begin() as tx:
        tx.execute(live_call.delete())
    assert not door.is_in(begun)


def test_signing_out_ends_the_session_at_once(door: Door) -> None:
    begun, other = door.sign_in(), door.sign_in()

    with door.store.begin() as tx:
        sessions.sign_out(tx, sessions.session_of(tx, begun.token, door.clock()).token_hash)

    assert not door.is_in(begun)
    assert door.is_in(other)


def test_suspending_someone_ends_their_session_at_once(door: Door) -> None:
    begun = door.sign_in()

    with door.store.begin() as tx:
        tx.execute(update(person).values(active=False))

    assert not door.is_in(begun)


def test_a_made_up_token_is_nobodys(door: Door) -> None:
    door.sign_in()

    for token in ("", "x", "\ud800", "A" * 43):
        with door.store.read() as tx, pytest.raises(SignedOut):
            sessions.session_of(tx, token, door.clock())


def test_signing_in_again_in_the_middle_of_work_does_not_change_presence(door: Door) -> None:
    door.sign_in()
    with door.store.begin() as tx:
        tx.execute(update(presence).values(state=PresenceState.BREAK))
    door.sign_in()

    with door.store.read() as tx:
        assert tx.execute(select(presence.c.state)).scalars().all() == [PresenceState.BREAK]


def test_signing_in_and_being_locked_are_audited_and_nothing_of_unknown_names(door: Door) -> None:
    door.sign_in()
    for _ in range(TRIES):
        door.try_key(WRONG)
        door.try_key(WRONG, "Nobody")

    with door.store.read() as tx:
        rows = tx.execute(select(audit_entry.c.actor_id, audit_entry.c.verb, audit_entry.c.outcome)).all()
    assert sorted(rows) == [(door.member.id, "sign_in", "done"), (door.member.id, "sign_in", "locked")]


def _use(door: Door, begun: NewSession) -> None:
    with door.store.begin() as tx:
        session = sessions.session_of(tx, begun.token, door.clock())
        sessions.note_use(tx, (session.token_hash,), door.clock())


def _in_a_call(tx: Connection, door: Door) -> None:
    row = {
        "id": random_id(),
        "call_sid": "CA" + random_id(),
        "state": CallState.TALKING,
        "revision": 1,
        "language": Language.EN,
        "mode": Mode.UNSET,
        "category": Category.UNSET,
        "unable_to_speak": False,
        "priority": 0,
        "arrived_at": door.clock() - timedelta(minutes=5),
        "ended_by": EndedBy.NOBODY,
        "handler_id": door.member.id,
    }
    tx.execute(live_call.insert(), row)
