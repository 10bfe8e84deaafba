"""How long a session lasts, how its token is renewed, and every way it ends."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from shared.domain import sessions
from shared.domain.errors import SessionNotFound, SignedOut
from shared.domain.presence import presence_of, set_presence
from shared.domain.sessions import EARLIER_TOKEN_LASTS, LONGEST, TOKEN_LASTS, NewSession
from shared.domain.vocabulary import CallState, Category, EndedBy, Language, Mode, PartyKind, PartyState, PresenceState
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import desk_session, live_call, live_party, person, presence
from tests.support.door import Door
from tests.support.organisation import SECOND_HANDLER, found_organisation


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


def test_a_session_ends_after_twelve_hours_however_often_it_is_renewed(door: Door) -> None:
    begun = door.sign_in()
    token = begun.token
    for _ in range(int(LONGEST / (TOKEN_LASTS / 2)) - 1):
        door.clock.now += TOKEN_LASTS / 2
        token = _renew(door, token)

    assert door.is_in(begun, token)
    door.clock.now += TOKEN_LASTS / 2
    assert not door.is_in(begun, token)


def test_a_token_that_is_not_renewed_is_worth_fifteen_minutes(door: Door) -> None:
    begun = door.sign_in()

    door.clock.now += timedelta(minutes=15) - timedelta(seconds=1)
    assert door.is_in(begun)
    door.clock.now += timedelta(seconds=1)

    assert not door.is_in(begun)


def test_a_renewed_token_replaces_the_one_before_but_for_what_is_on_its_way(door: Door) -> None:
    begun = door.sign_in()

    renewed = _renew(door, begun.token)

    assert renewed != begun.token
    assert door.is_in(begun)
    door.clock.now += EARLIER_TOKEN_LASTS
    assert not door.is_in(begun)
    assert door.is_in(begun, renewed)


def test_a_token_renewed_twice_leaves_the_first_worth_nothing(door: Door) -> None:
    begun = door.sign_in()

    _renew(door, _renew(door, begun.token))

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


def test_a_session_waits_for_a_colleagues_call_that_one_was_brought_into(door: Door) -> None:
    begun = door.sign_in(SECOND_HANDLER)
    other = door.organisation.members[SECOND_HANDLER]
    with door.store.begin() as tx:
        _in_a_call(tx, door)
        call_id = tx.execute(select(live_call.c.id)).scalar_one()
        party = {
            "id": random_id(),
            "call_id": call_id,
            "kind": PartyKind.COLLEAGUE,
            "person_id": other.id,
            "state": PartyState.PRIVATE,
        }
        tx.execute(live_party.insert(), party)

    door.clock.now += TOKEN_LASTS

    assert door.is_in(begun)


def test_ending_one_session_leaves_the_others(door: Door) -> None:
    here, elsewhere = door.sign_in(), door.sign_in()

    _end(door, here)

    assert not door.is_in(here)
    assert door.is_in(elsewhere)


def test_presence_ends_with_the_last_session_and_not_before(door: Door) -> None:
    here, elsewhere = door.sign_in(), door.sign_in()
    with door.store.begin() as tx:
        set_presence(tx, door.member.id, PresenceState.AVAILABLE, door.clock())

    _end(door, here)
    with door.store.read() as tx:
        assert presence_of(tx, door.member.id).state is PresenceState.AVAILABLE
    _end(door, elsewhere)

    with door.store.read() as tx:
        assert presence_of(tx, door.member.id).state is PresenceState.OFFLINE


def test_nobody_ends_another_persons_session_by_its_id(door: Door) -> None:
    here = door.sign_in()
    other = door.organisation.members[SECOND_HANDLER]

    with door.store.begin() as tx, pytest.raises(SessionNotFound):
        sessions.end_session(tx, other.id, _session(door, here).id, door.clock())

    assert door.is_in(here)


def test_all_of_a_persons_sessions_can_be_ended_at_once(door: Door) -> None:
    begun, other = [door.sign_in(), door.sign_in()], door.sign_in(SECOND_HANDLER)

    with door.store.begin() as tx:
        sessions.end_sessions_of(tx, door.member.id, door.clock())

    assert [door.is_in(one) for one in begun] == [False, False]
    assert door.is_in(other)


def test_a_person_sees_their_own_sessions_and_no_others(door: Door) -> None:
    first = door.sign_in()
    began = door.clock()
    door.clock.now += timedelta(minutes=5)
    second = door.sign_in()
    door.sign_in(SECOND_HANDLER)

    with door.store.read() as tx:
        seen = sessions.open_sessions(tx, door.member.id, door.clock())

    assert [one.id for one in seen] == [_session(door, second).id, _session(door, first).id]
    assert [one.begun_at for one in seen] == [door.clock(), began]


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


def _session(door: Door, begun: NewSession) -> sessions.Session:
    with door.store.read() as tx:
        return sessions.session_of(tx, begun.token, door.clock())


def _renew(door: Door, token: str) -> str:
    with door.store.begin() as tx:
        return sessions.renew_token(tx, sessions.session_of(tx, token, door.clock()).id, door.clock()).token


def _end(door: Door, begun: NewSession) -> None:
    session = _session(door, begun)
    with door.store.begin() as tx:
        sessions.end_session(tx, session.who.id, session.id, door.clock())


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
