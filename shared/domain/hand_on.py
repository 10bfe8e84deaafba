"""A waiting call is handed to a person, or silently handed on by one; why is nobody's business and nowhere kept."""

from datetime import datetime

from sqlalchemy import Connection, select

from shared.domain.errors import CallAlreadyTaken, CallNotInThatState, CallNotYours, CannotBeOffered
from shared.domain.handover import let_handler_go, put_back
from shared.domain.in_hand import still_there
from shared.domain.legs import CONFERENCE_ENDS_WITHIN, queue_again
from shared.domain.live_calls import IN_CONVERSATION, LiveCall, change, one_at_a_time
from shared.domain.live_presence import handset_of, presence_of, speaks
from shared.domain.offers import distribute, offer_to, pass_over
from shared.domain.orders import place_order
from shared.domain.vocabulary import CallState, OrderKind, PresenceState
from shared.store.schema import live_call, passed_offer


def give_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """A supervisor gives a waiting call to a person, who may still pass it on.

    Raises CallGone, CallAlreadyTaken, CallNotInThatState, CannotBeOffered.
    """
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id is not None:
        raise CallAlreadyTaken
    if call.state is not CallState.WAITING:
        raise CallNotInThatState
    if call.offered_to == person_id:
        return
    if not _can_be_offered(tx, call, person_id):
        raise CannotBeOffered
    offer_to(tx, call, person_id, now, handed=True)
    distribute(tx, now)


def hand_on(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """Someone knows these people: the call goes to another, and is never offered to them again.

    In conversation the caller goes to the head of the queue. Raises CallGone, CallNotYours, CallNotInThatState.
    """
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id == person_id:
        _let_go(tx, call, person_id, now)
    elif call.handler_id is not None:
        raise CallNotYours
    elif call.state is CallState.WAITING:
        pass_over(tx, call.id, person_id, for_good=True)
        if call.offered_to == person_id:
            change(tx, call, offered_to=None, offered_until=now)
    else:
        raise CallNotInThatState
    distribute(tx, now)


def _let_go(tx: Connection, call: LiveCall, person_id: str, now: datetime) -> None:
    pass_over(tx, call.id, person_id, for_good=True)
    if call.state is CallState.RINGING:
        put_back(tx, call, PresenceState.AVAILABLE, now)
    elif call.state in IN_CONVERSATION:
        let_handler_go(tx, call, PresenceState.AVAILABLE, now)
        queue_again(tx, call, now, handed_on=True)
        place_order(tx, OrderKind.RECALL_CALLER, call, now, leg_sid=call.call_sid, after=CONFERENCE_ENDS_WITHIN)
    else:
        raise CallNotInThatState


def _can_be_offered(tx: Connection, call: LiveCall, person_id: str) -> bool:
    asked = select(live_call.c.id).where(live_call.c.offered_to == person_id)
    passed = select(passed_offer.c.call_id).where(
        passed_offer.c.call_id == call.id, passed_offer.c.person_id == person_id, passed_offer.c.for_good
    )
    return (
        presence_of(tx, person_id).state is PresenceState.AVAILABLE
        and handset_of(tx, person_id) is not None
        and speaks(tx, person_id, call.language)
        and tx.execute(asked).first() is None
        and tx.execute(passed).first() is None
    )
