"""What follows when the telephone keeps silent or cannot be reached: calls and orders that have run out of time."""

from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from shared.domain.arrivals import forget_starts, starts_are_spent
from shared.domain.calls import caller_left
from shared.domain.handover import put_back
from shared.domain.legs import caller_not_in_queue, lost_while_connecting
from shared.domain.live_calls import LiveCall, call_of, change, one_at_a_time, overdue_calls, waiting_calls
from shared.domain.offers import distribute
from shared.domain.orders import LiveOrder
from shared.domain.vocabulary import CallState, OrderKind, PresenceState


def expire_calls(tx: Connection, now: datetime) -> None:
    """Put every call whose state has lasted too long where it belongs: back in the queue, or off the board."""
    one_at_a_time(tx)
    for call in overdue_calls(tx, now):
        match call.state:
            case CallState.MENU | CallState.QUEUED | CallState.WAITING:
                caller_left(tx, call.call_sid, now)
            case CallState.RINGING:
                put_back(tx, call, PresenceState.MISSED, now)
            case CallState.CONNECTING:
                lost_while_connecting(tx, call, PresenceState.AVAILABLE, now)
            case CallState.TALKING | CallState.HELD | CallState.WRAP_UP:
                change(tx, call, due_by=None)
            case _:
                assert_never(call.state)


def order_failed(tx: Connection, order: LiveOrder, now: datetime, leg_gone: bool = False) -> None:
    """An order could not be carried out in time, was refused, or (`leg_gone`) its leg is not there any more."""
    one_at_a_time(tx)
    call = call_of(tx, order.call_id)
    if call is None:
        return
    if call.conference != order.conference and order.kind is not OrderKind.RECALL_CALLER:
        return  # the attempt it belonged to is over
    match order.kind:
        case OrderKind.RING_HANDSET:
            _not_rung(tx, call, now)
        case OrderKind.MOVE_CALLER:
            _not_moved(tx, call, now, leg_gone)
        case OrderKind.HOLD_CALLER:
            _back_to(tx, call, CallState.HELD, CallState.TALKING)
        case OrderKind.RESUME_CALLER:
            _back_to(tx, call, CallState.TALKING, CallState.HELD)
        case OrderKind.RECALL_CALLER:
            if leg_gone:
                caller_left(tx, call.call_sid, now)
        case OrderKind.END_CALLER | OrderKind.END_HANDSET:
            pass  # over either way
        case _:
            assert_never(order.kind)


def handset_refused(tx: Connection, order: LiveOrder, now: datetime) -> None:
    """The provider will not ring this handset: the call waits on, and its owner is not offered another."""
    one_at_a_time(tx)
    call = call_of(tx, order.call_id)
    if call is not None and call.conference == order.conference and call.state is CallState.RINGING:
        put_back(tx, call, PresenceState.MISSED, now)


def tending_is_due(tx: Connection, now: datetime) -> bool:
    """Whether anything waits that only time decides: offers that end, calls that have run out of time."""
    return bool(waiting_calls(tx) or overdue_calls(tx, now) or starts_are_spent(tx, now))


def tend(tx: Connection, now: datetime) -> None:
    """What must happen each second, whatever the telephone reports."""
    expire_calls(tx, now)
    forget_starts(tx, now)
    distribute(tx, now)


def _not_rung(tx: Connection, call: LiveCall, now: datetime) -> None:
    if call.state is CallState.RINGING and call.handset_sid is None:
        put_back(tx, call, PresenceState.AVAILABLE, now)


def _not_moved(tx: Connection, call: LiveCall, now: datetime, leg_gone: bool) -> None:
    if call.state is not CallState.CONNECTING:
        return
    if leg_gone:
        caller_not_in_queue(tx, call, now)
    else:
        put_back(tx, call, PresenceState.AVAILABLE, now)


def _back_to(tx: Connection, call: LiveCall, tried: CallState, before: CallState) -> None:
    if call.state is tried:
        change(tx, call, state=before)
