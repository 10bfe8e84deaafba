"""A call for the person who has it, in a state that allows what they ask; knows nothing of what that is."""

from sqlalchemy import Connection

from shared.domain.errors import CallGone, CallNotInThatState, CallNotYours
from shared.domain.live_calls import LiveCall, call_of, one_at_a_time
from shared.domain.vocabulary import CallState


def still_there(tx: Connection, call_id: str) -> LiveCall:
    """Raises CallGone."""
    call = call_of(tx, call_id)
    if call is None:
        raise CallGone
    return call


def in_hand(tx: Connection, call_id: str, person_id: str, *states: CallState) -> LiveCall:
    """This person's call, in one of these states (in any, without one), and everyone else's turn waits.

    Raises CallGone, CallNotYours, CallNotInThatState.
    """
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id != person_id:
        raise CallNotYours
    if states and call.state not in states:
        raise CallNotInThatState
    return call
