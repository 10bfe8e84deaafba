"""What people say about themselves: available, on a break, gone; calls in hand change presence elsewhere."""

from datetime import datetime

from sqlalchemy import Connection

from shared.domain.errors import AlreadyOnACall, NoHandset
from shared.domain.live_calls import call_in_hand, one_at_a_time
from shared.domain.live_parties import party_of_person
from shared.domain.live_presence import Presence, become, handset_of, presence_of
from shared.domain.offers import distribute
from shared.domain.vocabulary import PresenceState

__all__ = ["Presence", "presence_of", "set_presence", "sign_out_presence"]


def set_presence(
    tx: Connection, person_id: str, state: PresenceState, now: datetime, reason: str | None = None
) -> None:
    """A person says that they are AVAILABLE, on a BREAK (for a `reason` of the configured list, or none) or OFFLINE.

    Raises AlreadyOnACall while they have a call in hand, NoHandset for someone available without one.
    """
    one_at_a_time(tx)
    if call_in_hand(tx, person_id) is not None or party_of_person(tx, person_id) is not None:
        raise AlreadyOnACall
    if state is PresenceState.AVAILABLE and handset_of(tx, person_id) is None:
        raise NoHandset
    become(tx, person_id, state, now, reason=reason if state is PresenceState.BREAK else None)
    distribute(tx, now)


def sign_out_presence(tx: Connection, person_id: str, now: datetime) -> None:
    """A person is gone. A call in hand stays theirs: they find it when they sign in again."""
    one_at_a_time(tx)
    if call_in_hand(tx, person_id) is None and party_of_person(tx, person_id) is None:
        become(tx, person_id, PresenceState.OFFLINE, now)
    distribute(tx, now)
