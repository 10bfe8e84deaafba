"""What the telephone reports of a call's legs, folded into its state; knows no webhook and no provider.

Reports come late, twice and in any order. A report names the attempt it belongs to (a conference) or the caller's
leg, and counts only if that attempt is still the call's; whatever does not fit changes nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from shared.domain.handover import NO_HANDLER, let_handler_go, put_back
from shared.domain.live_calls import (
    IN_CONVERSATION,
    LiveCall,
    call_in_conference,
    call_on_leg,
    change,
    one_at_a_time,
)
from shared.domain.live_presence import handset_is_trusted
from shared.domain.on_hold import seconds_between
from shared.domain.orders import place_order, withdraw_orders
from shared.domain.purges import forget_leg
from shared.domain.vocabulary import CallState, EndedBy, OrderKind, PresenceBecause, PresenceState

KEY_WITHIN = timedelta(seconds=45)  # the offer is said twice, then there are 8 seconds to press
CONNECTING_AT_MOST = timedelta(seconds=20)
QUEUED_AGAIN_AT_MOST = timedelta(minutes=2)
CONFERENCE_ENDS_WITHIN = timedelta(seconds=3)  # after that its caller is fetched back
HEAD = 2


class Handset(StrEnum):
    """What a handset that was picked up is to hear."""

    PRESS_1 = "press_1"
    JOIN = "join"
    CALLER_GONE = "caller_gone"
    HANG_UP = "hang_up"  # another leg of the same attempt is there already


def handset_picked_up(tx: Connection, conference: str, leg_sid: str, now: datetime) -> Handset:
    """Someone, or a voicemail, picked up: they join only after pressing 1, unless the handset is trusted."""
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None or call.handler_id is None:
        return Handset.CALLER_GONE
    if call.state is not CallState.RINGING:
        return Handset.JOIN if call.handset_sid == leg_sid else Handset.HANG_UP
    change(tx, call, due_by=now + KEY_WITHIN)
    return Handset.JOIN if handset_is_trusted(tx, call.handler_id) else Handset.PRESS_1


def handset_accepts(tx: Connection, conference: str, leg_sid: str, now: datetime) -> Handset:
    """The handler pressed 1. The first leg of an attempt to do so is the one."""
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None:
        return Handset.CALLER_GONE
    if call.state is not CallState.RINGING:
        return Handset.JOIN if call.handset_sid == leg_sid else Handset.HANG_UP
    _this_leg(tx, call, leg_sid, now)
    return Handset.JOIN


def handset_rings(tx: Connection, conference: str, leg_sid: str, now: datetime) -> bool:
    """The provider rings this leg. False if nobody needs it any more; then it must be hung up."""
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None:
        return False
    if call.handset_sid is None:
        change(tx, call, handset_sid=leg_sid)
    return call.handset_sid in {None, leg_sid}


def handset_joined(tx: Connection, conference: str, conference_sid: str, leg_sid: str, now: datetime) -> None:
    """The handler is in the conference: now, and only now, the caller is moved out of the queue."""
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None or call.state is not CallState.RINGING:
        return
    _this_leg(tx, call, leg_sid, now)
    withdraw_orders(tx, call, OrderKind.RING_HANDSET)
    change(tx, call, state=CallState.CONNECTING, conference_sid=conference_sid, due_by=now + CONNECTING_AT_MOST)
    place_order(tx, OrderKind.MOVE_CALLER, call, now, leg_sid=call.call_sid)


def caller_joins(tx: Connection, call_sid: str, conference: str, now: datetime) -> LiveCall | None:
    """The caller is being put through. None when that attempt is over: then they belong in the queue."""
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None or call.call_sid != call_sid:
        return None
    if call.state is CallState.CONNECTING:
        waited = call.waited_seconds
        if waited is None and call.queued_at is not None:
            waited = seconds_between(call.queued_at, now)
        withdraw_orders(tx, call, OrderKind.MOVE_CALLER)
        begun = {"answered_at": now, "held_at": None, "held_seconds": 0}
        change(tx, call, state=CallState.TALKING, waited_seconds=waited, due_by=None, **begun)
        return call
    return call if call.state in IN_CONVERSATION else None


def handset_left(tx: Connection, conference: str, leg_sid: str, now: datetime) -> None:
    """The handler's leg has ended, was never answered, or was answered by something that pressed no key.

    Before the conversation the call waits where it was. In it, the caller's own leg will say what follows; if it
    stays silent, it is fetched back.
    """
    one_at_a_time(tx)
    call = call_in_conference(tx, conference)
    if call is None or call.handset_sid not in {None, leg_sid}:
        return
    if call.state is CallState.RINGING:
        forget_leg(tx, leg_sid, now)
        put_back(tx, call, PresenceState.MISSED, now)
    elif call.state is CallState.CONNECTING:
        lost_while_connecting(tx, call, PresenceState.MISSED, now)
    elif call.state in IN_CONVERSATION:
        withdraw_orders(tx, call, OrderKind.RECALL_CALLER)
        late = CONFERENCE_ENDS_WITHIN
        place_order(tx, OrderKind.RECALL_CALLER, call, now, leg_sid=call.call_sid, after=late)


def lost_while_connecting(tx: Connection, call: LiveCall, handler_becomes: PresenceState, now: datetime) -> None:
    """The handler is gone before the caller arrived. If the caller may already be on the way, they are fetched back."""
    if withdraw_orders(tx, call, OrderKind.MOVE_CALLER):
        put_back(tx, call, handler_becomes, now)
        return
    let_handler_go(tx, call, handler_becomes, now)
    queue_again(tx, call, now)
    place_order(tx, OrderKind.RECALL_CALLER, call, now, leg_sid=call.call_sid)


def caller_is_back(tx: Connection, call_sid: str, now: datetime, conference: str = "") -> LiveCall | None:
    """The conversation is over for the caller, who is still on the line. `conference` is where it was, if known.

    Returns the call if they are to wait again: they were handed on, or without anyone's intent the handler's line was
    lost, and they go to the head of the queue. None if the handler ended it: then they hear goodbye. Said again of an
    earlier conversation it changes nothing.
    """
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is None or call.ended_by is not EndedBy.NOBODY:
        return None
    if conference not in {"", call.conference} and call.conference is not None:
        return call
    if call.state in IN_CONVERSATION or call.state is CallState.CONNECTING:
        let_handler_go(tx, call, PresenceState.MISSED, now, PresenceBecause.LINE_LOST)
        queue_again(tx, call, now)
    withdraw_orders(tx, call, OrderKind.RECALL_CALLER)
    return call


def caller_not_in_queue(tx: Connection, call: LiveCall, now: datetime) -> None:
    """The provider could not find the caller to move: gone, or on the way. The next wait page, or the end, tells."""
    let_handler_go(tx, call, PresenceState.AVAILABLE, now)
    queue_again(tx, call, now)


def queue_again(tx: Connection, call: LiveCall, now: datetime, handed_on: bool = False) -> None:
    """Before all others; offered once the wait page shows that the caller is there. `handed_on`: as was meant."""
    waiting_since = now if call.waited_seconds is not None or call.state in IN_CONVERSATION else call.queued_at
    change(
        tx, call, state=CallState.QUEUED, priority=HEAD, queued_at=waiting_since, answered_at=None,
        handed_on=handed_on, due_by=now + QUEUED_AGAIN_AT_MOST, **NO_HANDLER,
    )  # fmt: skip


def _this_leg(tx: Connection, call: LiveCall, leg_sid: str, now: datetime) -> None:
    """This leg is the handler's; another one of the same attempt is hung up."""
    if call.handset_sid == leg_sid:
        return
    if call.handset_sid is not None:
        place_order(tx, OrderKind.END_HANDSET, call, now, leg_sid=call.handset_sid)
        forget_leg(tx, call.handset_sid, now)
    change(tx, call, handset_sid=leg_sid)
