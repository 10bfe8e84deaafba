"""Others in a call: a colleague is consulted or takes it over, somebody outside is brought in; knows no telephone.

The caller is on hold while anyone is rung. Nobody is heard by the caller, or hears them, until the handler joins all.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, exists, insert, select

from shared.domain.errors import CannotBeAsked, HelpNotWanted, NobodyToHandTo, OwnCall, PartyOnTheLine
from shared.domain.in_hand import in_hand, still_there
from shared.domain.legs import Handset
from shared.domain.live_calls import IN_CONVERSATION, LiveCall, call_in_hand, call_of, change, one_at_a_time
from shared.domain.live_parties import (
    PRESENT,
    LiveParty,
    change_party,
    let_party_go,
    overdue_parties,
    parties_in,
    party_of,
    party_of_person,
    party_on_leg,
    take_over,
)
from shared.domain.live_presence import become, handset_is_trusted, handset_of, presence_of
from shared.domain.on_hold import off_hold, on_hold
from shared.domain.orders import place_order, withdraw_orders
from shared.domain.purges import forget_leg
from shared.domain.vocabulary import CallState, OrderKind, PartyKind, PartyState, PresenceState, Role
from shared.store.columns import random_id
from shared.store.schema import live_party, person_role

COMES_WITHIN: Final = timedelta(seconds=90)  # the hold, the ringing and the key
_BUSY: Final = frozenset({PresenceState.ON_CALL, PresenceState.WRAP_UP, PresenceState.BREAK})

# --- what the handler asks --------------------------------------------------------------------------------------------


def consult(tx: Connection, call_id: str, person_id: str, colleague_id: str, now: datetime) -> None:
    """Ask a colleague, with the caller on hold. Asking the same one twice is the same as once.

    Raises CallGone, CallNotYours, CallNotInThatState, CannotBeAsked, and PartyOnTheLine for a second colleague.
    """
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION)
    _ask(tx, call, colleague_id, now)


def ask_for_help(tx: Connection, call_id: str, person_id: str, wanted: bool) -> None:
    """Let the supervisors see that help is wanted, or not any more. Raises as `consult` does."""
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION)
    change(tx, call, help_asked=wanted)


def give_help(tx: Connection, call_id: str, supervisor_id: str, now: datetime) -> None:
    """A supervisor comes to a handler who asked for help. Raises as `consult` does, OwnCall, HelpNotWanted."""
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id == supervisor_id:
        raise OwnCall
    if not call.help_asked:
        raise HelpNotWanted
    call = in_hand(tx, call_id, call.handler_id or "", *IN_CONVERSATION)
    _ask(tx, call, supervisor_id, now)


def bring_in(tx: Connection, call_id: str, person_id: str, listed: str, telephone: str, now: datetime) -> None:
    """Ring a telephone of the configured list, with the caller on hold. Raises as `consult` does."""
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION)
    there = _one_of_kind(tx, call, PartyKind.OUTSIDE)
    if there is not None and there.listed == listed:
        return
    if there is not None:
        raise PartyOnTheLine
    _ring(tx, call, telephone, now, kind=PartyKind.OUTSIDE, listed=listed)


def join_all(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """The caller comes off hold, and all who were brought in are in the conversation. Raises as `consult` does."""
    call = in_hand(tx, call_id, person_id, CallState.HELD)
    for party in parties_in(tx, call.id):
        if party.state is PartyState.PRIVATE:
            change_party(tx, party, state=PartyState.JOINED)
        else:
            let_party_go(tx, call, party, now)
    withdraw_orders(tx, call, OrderKind.HOLD_CALLER)
    change(tx, call, state=CallState.TALKING, **off_hold(call, now))
    place_order(tx, OrderKind.RESUME_CALLER, call, now, leg_sid=call.call_sid)


def send_away(tx: Connection, call_id: str, party_id: str, person_id: str, now: datetime) -> None:
    """Somebody in this call is not needed any more, by the handler's word or their own. Gone already: nothing happens.

    The caller stays as they are, on hold or talking. Raises CallGone, CallNotYours.
    """
    one_at_a_time(tx)
    party = party_of(tx, party_id)
    if party is None or party.call_id != call_id:
        return
    own = party.person_id == person_id
    call = still_there(tx, party.call_id) if own else in_hand(tx, party.call_id, person_id)
    let_party_go(tx, call, party, now)


def hand_over(tx: Connection, call_id: str, person_id: str, now: datetime, then: PresenceState) -> str:
    """A colleague who is on the line has the call from now on; whose it was is `then` AVAILABLE or on a BREAK.

    Returns the colleague's id. Raises CallGone, CallNotYours, CallNotInThatState, NobodyToHandTo.
    """
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION)
    party = _one_of_kind(tx, call, PartyKind.COLLEAGUE)
    if party is None or party.person_id is None or party.leg_sid is None or party.state not in PRESENT:
        raise NobodyToHandTo
    if not _has_role(tx, party.person_id, Role.HANDLER):
        raise NobodyToHandTo  # a supervisor who takes no calls could not end it, nor write it up
    withdraw_orders(tx, call, OrderKind.HOLD_CALLER, OrderKind.RESUME_CALLER, OrderKind.MUTE_HANDSET)
    take_over(tx, party)
    place_order(tx, OrderKind.HAND_OVER, call, now, leg_sid=party.leg_sid)
    if call.handset_sid is not None:
        place_order(tx, OrderKind.LEAVE_HANDSET, call, now, leg_sid=call.handset_sid)
        forget_leg(tx, call.handset_sid, now)
    become(tx, person_id, then, now)
    change(
        tx, call, state=CallState.TALKING, handler_id=party.person_id, handset_sid=party.leg_sid, draft_id=None,
        muted=False, help_asked=False, **off_hold(call, now),
    )  # fmt: skip
    return party.person_id


# --- what follows from holding ----------------------------------------------------------------------------------------


def caller_is_held(tx: Connection, call: LiveCall) -> None:
    """Whoever was in the conversation is with the handler alone."""
    _all_become(tx, call, PartyState.JOINED, PartyState.PRIVATE)


def caller_is_not_held(tx: Connection, call: LiveCall, now: datetime) -> None:
    """Holding failed: whoever was in the conversation still is, and nobody is rung who could overhear."""
    _all_become(tx, call, PartyState.PRIVATE, PartyState.JOINED)
    for party in parties_in(tx, call.id):
        if party.state is PartyState.RINGING:
            let_party_go(tx, call, party, now)


def send_away_the_absent(tx: Connection, call: LiveCall, now: datetime) -> None:
    """Raises PartyOnTheLine while somebody is with the handler alone."""
    parties = parties_in(tx, call.id)
    if any(party.state is PartyState.PRIVATE for party in parties):
        raise PartyOnTheLine
    for party in parties:
        let_party_go(tx, call, party, now)


# --- what their telephones report -------------------------------------------------------------------------------------


def party_rings(tx: Connection, party_id: str, leg_sid: str) -> bool:
    """The provider rings this leg. False if nobody needs it any more; then it must be hung up."""
    one_at_a_time(tx)
    party = party_of(tx, party_id)
    if party is None or party.leg_sid not in {None, leg_sid}:
        return False
    change_party(tx, party, leg_sid=leg_sid)
    return True


def party_picked_up(tx: Connection, party_id: str, leg_sid: str, now: datetime) -> Handset:
    """Someone picked up. A colleague's untrusted handset asks for the key; others come in."""
    one_at_a_time(tx)
    party = party_of(tx, party_id)
    if party is None:
        return Handset.CALLER_GONE
    asks = party.person_id is not None and not handset_is_trusted(tx, party.person_id)
    if asks and party.state is PartyState.RINGING:
        return Handset.PRESS_1
    return party_comes(tx, party_id, leg_sid, now)


def party_comes(tx: Connection, party_id: str, leg_sid: str, now: datetime) -> Handset:
    """They come in: to the handler alone, for the caller is on hold."""
    one_at_a_time(tx)
    party = party_of(tx, party_id)
    call = None if party is None else call_of(tx, party.call_id)
    if party is None or call is None:
        return Handset.CALLER_GONE
    if party.leg_sid not in {None, leg_sid}:
        return Handset.HANG_UP
    if party.state is PartyState.RINGING:
        if call.state is not CallState.HELD:
            let_party_go(tx, call, party, now)
            return Handset.CALLER_GONE
        change_party(tx, party, state=PartyState.PRIVATE, leg_sid=leg_sid, due_by=None)
    return Handset.JOIN


def party_left(tx: Connection, leg_sid: str, now: datetime, party_id: str = "") -> None:
    """Their leg has ended, was never answered, or no key was pressed. Said again it changes nothing."""
    one_at_a_time(tx)
    party = party_of(tx, party_id) if party_id else party_on_leg(tx, leg_sid)
    call = None if party is None else call_of(tx, party.call_id)
    if party is not None and call is not None and party.leg_sid in {None, leg_sid}:
        let_party_go(tx, call, party, now)


def party_not_rung(tx: Connection, party_id: str, now: datetime) -> None:
    """The provider could not, or would not, ring them."""
    party = party_of(tx, party_id)
    call = None if party is None else call_of(tx, party.call_id)
    if party is not None and call is not None and party.leg_sid is None:
        let_party_go(tx, call, party, now)


def expire_parties(tx: Connection, now: datetime) -> None:
    """Nobody waits for ever for somebody who does not come."""
    for party in overdue_parties(tx, now):
        call = call_of(tx, party.call_id)
        if call is not None:
            let_party_go(tx, call, party, now)


def conference_of_party(tx: Connection, party_id: str) -> str:
    """The conference they are to come to; "" when that is over."""
    party = party_of(tx, party_id)
    call = None if party is None else call_of(tx, party.call_id)
    return "" if call is None or call.conference is None else call.conference


# --- steps ------------------------------------------------------------------------------------------------------------


def may_be_asked(tx: Connection, person_id: str) -> bool:
    """Whether this person's handset may be rung about a colleague's call now: supervisors whenever they are free."""
    state = presence_of(tx, person_id).state
    free = state is PresenceState.AVAILABLE or (state not in _BUSY and _has_role(tx, person_id, Role.SUPERVISOR))
    busy = call_in_hand(tx, person_id) is not None or party_of_person(tx, person_id) is not None
    return free and not busy and handset_of(tx, person_id) is not None


def _has_role(tx: Connection, person_id: str, role: Role) -> bool:
    holds = exists().where(person_role.c.person_id == person_id, person_role.c.role == role)
    return bool(tx.execute(select(holds)).scalar_one())


def _ask(tx: Connection, call: LiveCall, colleague_id: str, now: datetime) -> None:
    there = _one_of_kind(tx, call, PartyKind.COLLEAGUE)
    if there is not None and there.person_id == colleague_id:
        return
    if there is not None:
        raise PartyOnTheLine
    handset = handset_of(tx, colleague_id)
    if colleague_id == call.handler_id or handset is None or not may_be_asked(tx, colleague_id):
        raise CannotBeAsked
    before = presence_of(tx, colleague_id).state
    become(tx, colleague_id, PresenceState.ON_CALL, now)
    change(tx, call, help_asked=False)
    _ring(tx, call, handset, now, kind=PartyKind.COLLEAGUE, person_id=colleague_id, before=before)


def _ring(tx: Connection, call: LiveCall, telephone: str, now: datetime, **who: Any) -> None:
    """Hold the caller if they are not, and ring: in this order, which the orders keep."""
    party_id = random_id()
    row = {"id": party_id, "call_id": call.id, "state": PartyState.RINGING, "due_by": now + COMES_WITHIN}
    tx.execute(insert(live_party).values(row | who))
    if call.state is CallState.TALKING:
        withdraw_orders(tx, call, OrderKind.RESUME_CALLER)
        change(tx, call, **on_hold(now))
        caller_is_held(tx, call)
        place_order(tx, OrderKind.HOLD_CALLER, call, now, leg_sid=call.call_sid)
    place_order(tx, OrderKind.RING_PARTY, call, now, handset=telephone, party_id=party_id)


def _one_of_kind(tx: Connection, call: LiveCall, kind: PartyKind) -> LiveParty | None:
    return next((party for party in parties_in(tx, call.id) if party.kind is kind), None)


def _all_become(tx: Connection, call: LiveCall, were: PartyState, become_now: PartyState) -> None:
    for party in parties_in(tx, call.id):
        if party.state is were:
            change_party(tx, party, state=become_now)
