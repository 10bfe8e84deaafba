"""What follows when the telephone keeps silent or cannot be reached: calls and orders that have run out of time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, assert_never

from sqlalchemy import Connection

from shared.domain.arrivals import forget_starts, starts_are_spent
from shared.domain.calls import caller_left
from shared.domain.handover import put_back
from shared.domain.legs import caller_not_in_queue, lost_while_connecting
from shared.domain.live_calls import LiveCall, call_of, change, one_at_a_time, overdue_calls, waiting_calls
from shared.domain.live_parties import overdue_parties
from shared.domain.offers import distribute
from shared.domain.on_hold import on_hold
from shared.domain.orders import LiveOrder
from shared.domain.parties import caller_is_held, caller_is_not_held, expire_parties, party_not_rung
from shared.domain.vocabulary import CallState, OrderKind, PresenceBecause, PresenceState
from shared.domain.wrap_up import end_unsaid, nobody_wraps_up, write_filed


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
            case CallState.WRAP_UP if call.handler_id is None or nobody_wraps_up(tx, call.handler_id):
                end_unsaid(tx, call, now)
            case CallState.TALKING | CallState.HELD | CallState.WRAP_UP:
                change(tx, call, due_by=None)
            case CallState.FILED:
                write_filed(tx, call, now)
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
    follows = FOLLOWS.get(order.kind)
    if follows is not None:
        follows(tx, call, order, now, leg_gone)


def handset_refused(tx: Connection, order: LiveOrder, now: datetime) -> None:
    """The provider will not ring this handset: the call waits on, and its owner is not offered another."""
    one_at_a_time(tx)
    call = call_of(tx, order.call_id)
    if call is not None and call.conference == order.conference and call.state is CallState.RINGING:
        put_back(tx, call, PresenceState.MISSED, now, PresenceBecause.NOT_RUNG)


def tending_is_due(tx: Connection, now: datetime) -> bool:
    """Whether anything waits that only time decides: offers that end, calls that have run out of time."""
    late = overdue_calls(tx, now) or overdue_parties(tx, now)
    return bool(waiting_calls(tx) or late or starts_are_spent(tx, now))


def tend(tx: Connection, now: datetime) -> None:
    """What must happen each second, whatever the telephone reports."""
    expire_parties(tx, now)
    expire_calls(tx, now)
    forget_starts(tx, now)
    distribute(tx, now)


def _not_rung(tx: Connection, call: LiveCall, _: LiveOrder, now: datetime, __: bool) -> None:
    if call.state is CallState.RINGING and call.handset_sid is None:
        put_back(tx, call, PresenceState.AVAILABLE, now)


def _not_moved(tx: Connection, call: LiveCall, _: LiveOrder, now: datetime, leg_gone: bool) -> None:
    if call.state is not CallState.CONNECTING:
        return
    if leg_gone:
        caller_not_in_queue(tx, call, now)
    else:
        put_back(tx, call, PresenceState.AVAILABLE, now)


def _not_held(tx: Connection, call: LiveCall, _: LiveOrder, now: datetime, __: bool) -> None:
    if call.state is CallState.HELD:
        change(tx, call, state=CallState.TALKING, held_at=None)  # never on hold, so no time is added
        caller_is_not_held(tx, call, now)


def _not_resumed(tx: Connection, call: LiveCall, _: LiveOrder, now: datetime, __: bool) -> None:
    """Nor after a call was handed over: whoever has it now takes the caller off hold."""
    if call.state is CallState.TALKING:
        change(tx, call, **on_hold(now))
        caller_is_held(tx, call)


def _not_recalled(tx: Connection, call: LiveCall, _: LiveOrder, now: datetime, leg_gone: bool) -> None:
    if leg_gone:
        caller_left(tx, call.call_sid, now)


def _not_muted(tx: Connection, call: LiveCall, order: LiveOrder, _: datetime, __: bool) -> None:
    change(tx, call, muted=order.kind is OrderKind.UNMUTE_HANDSET)


def _party_not_rung(tx: Connection, _: LiveCall, order: LiveOrder, now: datetime, __: bool) -> None:
    party_not_rung(tx, order.party_id or "", now)


# What follows when an order fails; of hanging up nothing does, for it is over either way.
FOLLOWS: Final[Mapping[OrderKind, Callable[[Connection, LiveCall, LiveOrder, datetime, bool], None]]] = (
    MappingProxyType(
        {
            OrderKind.RING_HANDSET: _not_rung,
            OrderKind.MOVE_CALLER: _not_moved,
            OrderKind.HOLD_CALLER: _not_held,
            OrderKind.RESUME_CALLER: _not_resumed,
            OrderKind.MUTE_HANDSET: _not_muted,
            OrderKind.UNMUTE_HANDSET: _not_muted,
            OrderKind.RING_PARTY: _party_not_rung,
            OrderKind.HAND_OVER: _not_resumed,
            OrderKind.RECALL_CALLER: _not_recalled,
        }
    )
)
