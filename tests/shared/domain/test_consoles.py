"""People whose consoles have gone, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from shared.domain.consoles import GRACE, let_the_gone_rest, note_following, people_gone
from shared.domain.live_presence import presence_of
from shared.domain.vocabulary import CallState, PresenceBecause, PresenceState
from shared.store.columns import random_id
from shared.store.schema import desk_session


def session_of(line: Any, person_id: str) -> str:
    session_id = random_id()
    row = {
        "id": session_id, "person_id": person_id, "token_hash": bytes.fromhex(session_id), "seen_at": line.now,
        "token_until": line.now, "expires_at": line.now + timedelta(hours=12),
    }  # fmt: skip
    line.do(lambda tx: tx.execute(insert(desk_session), row))
    line.do(note_following, [session_id], line.now)
    return session_id


@pytest.fixture
def asha(line: Any) -> str:
    person_id = str(line.available("Asha"))
    session_of(line, person_id)
    return person_id


@pytest.fixture
def bryn(line: Any, asha: str) -> str:
    """Available, but not as long as Asha; no console of theirs is ever told of."""
    line.clock.advance(1)
    return str(line.available("Bryn"))


def after_the_grace(line: Any) -> None:
    line.clock.advance(GRACE.total_seconds() + 1)
    line.do(let_the_gone_rest, line.now)


def because(line: Any, person_id: str) -> PresenceBecause:
    with line.store.read() as tx:
        return presence_of(tx, person_id).because


def test_a_person_whose_console_is_gone_is_offline_after_the_grace_and_is_told_why(line: Any, asha: str) -> None:
    line.clock.advance(GRACE.total_seconds() - 1)
    line.do(let_the_gone_rest, line.now)
    before = line.presence(asha)

    line.clock.advance(2)
    line.do(let_the_gone_rest, line.now)

    assert before is PresenceState.AVAILABLE
    assert line.presence(asha) is PresenceState.OFFLINE
    assert because(line, asha) is PresenceBecause.NOT_CONNECTED


def test_one_of_two_consoles_is_enough(line: Any, asha: str) -> None:
    second = session_of(line, asha)
    line.clock.advance(GRACE.total_seconds())
    line.do(note_following, [second], line.now)

    after_the_grace(line)
    line.do(note_following, [second], line.now)

    line.is_now(asha, PresenceState.AVAILABLE)
    line.clock.advance(5)
    with line.store.read() as tx:
        assert people_gone(tx, line.now) == []


def test_a_person_who_never_followed_is_left_alone(line: Any, bryn: str) -> None:
    after_the_grace(line)

    assert line.presence(bryn) is PresenceState.AVAILABLE


def test_what_was_offered_to_a_console_that_is_gone_is_offered_again_at_once(line: Any, asha: str, bryn: str) -> None:
    line.clock.advance(GRACE.total_seconds() - 5)
    call = line.waiting()
    assert call.offered_to == asha

    line.clock.advance(6)
    line.do(let_the_gone_rest, line.now)

    assert line.call(call.call_sid).offered_to == bryn
    assert line.presence(asha) is PresenceState.OFFLINE


def test_what_rang_for_a_console_that_is_gone_is_offered_again_at_once(line: Any, asha: str, bryn: str) -> None:
    call = line.take(line.waiting(), asha)

    after_the_grace(line)

    assert line.call(call.call_sid).state is CallState.WAITING
    assert line.call(call.call_sid).offered_to == bryn
    assert because(line, asha) is PresenceBecause.NOT_CONNECTED


def test_a_live_call_goes_on_without_the_console(line: Any, asha: str) -> None:
    call = line.talking(asha)

    after_the_grace(line)

    assert line.call(call.call_sid).state is CallState.TALKING
    assert line.call(call.call_sid).handler_id == asha
    assert line.presence(asha) is PresenceState.ON_CALL
