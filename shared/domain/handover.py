"""Parting a call from its handler: the handset is hung up and the call waits again; knows no request and no webhook."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from shared.domain.live_calls import LiveCall, change
from shared.domain.live_parties import let_party_go, parties_in
from shared.domain.live_presence import become, presence_of
from shared.domain.offers import distribute, pass_over
from shared.domain.orders import place_order, withdraw_orders
from shared.domain.purges import forget_leg
from shared.domain.vocabulary import CallState, OrderKind, PresenceBecause, PresenceState

# A caller asks for the wait page every half minute; one who has not for so long hung up without our being told.
SILENT_AT_MOST = timedelta(minutes=10)

# What a call loses with its handler.
NO_HANDLER: dict[str, Any] = {
    "handler_id": None,
    "conference": None,
    "conference_sid": None,
    "handset_sid": None,
    "draft_id": None,
    "muted": False,
    "help_asked": False,
}
HANGING_UP = frozenset({OrderKind.END_HANDSET, OrderKind.LEAVE_HANDSET})  # of legs that must not stay behind


def put_back(
    tx: Connection,
    call: LiveCall,
    handler_becomes: PresenceState,
    now: datetime,
    because: PresenceBecause | None = None,
) -> None:
    """A call that did not reach its handler waits where it was; the others are asked first."""
    if call.handler_id is not None:
        pass_over(tx, call.id, call.handler_id)
    let_handler_go(tx, call, handler_becomes, now, because)
    change(tx, call, state=CallState.WAITING, **NO_HANDLER, offered_until=now, due_by=now + SILENT_AT_MOST)
    distribute(tx, now)


def let_handler_go(
    tx: Connection,
    call: LiveCall,
    handler_becomes: PresenceState,
    now: datetime,
    because: PresenceBecause | None = None,
) -> None:
    """Stop ringing and moving, hang up the handset and everyone brought in, and say what its owner is doing now."""
    withdraw_orders(tx, call, *(kind for kind in OrderKind if kind not in HANGING_UP))
    for party in parties_in(tx, call.id):
        let_party_go(tx, call, party, now)
    if call.handset_sid is not None:
        place_order(tx, OrderKind.END_HANDSET, call, now, leg_sid=call.handset_sid)
        forget_leg(tx, call.handset_sid, now)
    if call.handler_id is not None and presence_of(tx, call.handler_id).state is PresenceState.ON_CALL:
        become(tx, call.handler_id, handler_becomes, now, because)
