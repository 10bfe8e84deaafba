"""A call from its arrival to its wrap-up: what callers and handlers do to it; knows no telephone and no request.

What the telephone reports of the legs is in `legs`. Every verb is one step of one transaction, opened by the edge.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from shared.domain.errors import (
    AlreadyOnACall,
    AnotherLanguage,
    CallAlreadyTaken,
    CallNotInThatState,
    CallNotYours,
    NoHandset,
    NotAvailable,
)
from shared.domain.finished import disown, finish
from shared.domain.handover import SILENT_AT_MOST, let_handler_go, put_back
from shared.domain.in_hand import in_hand, still_there
from shared.domain.live_calls import (
    IN_CONVERSATION,
    OVER,
    LiveCall,
    call_in_hand,
    call_on_leg,
    change,
    one_at_a_time,
)
from shared.domain.live_parties import party_of_person
from shared.domain.live_presence import become, handset_of, presence_of, speaks
from shared.domain.offers import distribute, pass_over
from shared.domain.on_hold import off_hold, on_hold
from shared.domain.orders import place_order, withdraw_orders
from shared.domain.parties import caller_is_held, send_away_the_absent
from shared.domain.purges import leg_is_over
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    EndedBy,
    Language,
    Mode,
    OrderKind,
    PresenceState,
)
from shared.domain.wrap_up import WRAP_UP_MEANT, nobody_wraps_up, wrap_up
from shared.store.columns import random_id
from shared.store.schema import live_call
from shared.store.statements import insert_into

__all__ = [
    "arrive",
    "attach_draft",
    "caller_cannot_speak",
    "caller_left",
    "caller_waits",
    "correct_choices",
    "decline_call",
    "end_call",
    "hold_call",
    "is_news",
    "mute",
    "never_was",
    "queue_call",
    "resume_call",
    "take_call",
    "wrap_up",
]

MENU_AT_MOST = timedelta(hours=1)  # a caller still in the menu then has hung up without our being told
QUEUED_AT_MOST = timedelta(minutes=2)  # the wait page is asked for at once, and then every half minute
RINGING_AT_MOST = timedelta(seconds=60)  # the order's 25, the ringing's 25, and the key
HEAD, UNABLE_TO_SPEAK, IN_TURN = 2, 1, 0
GOODBYE_TAKES = timedelta(seconds=30)  # what the caller hears after the handler ended the call

# --- the caller's way into the queue and out of it --------------------------------------------------------------------


def arrive(tx: Connection, call_sid: str, language: Language, now: datetime) -> None:
    """A call has come in. Said again, or too late, it changes nothing."""
    if not leg_is_over(tx, call_sid):
        _open_row(tx, call_sid, language, now)


def queue_call(
    tx: Connection,
    call_sid: str,
    language: Language,
    mode: Mode,
    category: Category,
    force_id: str | None,
    unable_to_speak: bool,
    now: datetime,
    head: bool = False,
) -> None:
    """A caller goes from the menu to the queue with what they chose so far; `head`: before all others.

    Makes the call if its arrival could not be stored. A caller already in the queue keeps their turn.
    """
    one_at_a_time(tx)
    if leg_is_over(tx, call_sid):
        return
    _open_row(tx, call_sid, language, now)
    call = call_on_leg(tx, call_sid)
    if call is None or call.state is not CallState.MENU:
        return
    change(
        tx, call, state=CallState.QUEUED, language=language, mode=mode, category=category, force_id=force_id,
        unable_to_speak=unable_to_speak, priority=_priority(head, unable_to_speak),
        queued_at=now, due_by=now + QUEUED_AT_MOST,
    )  # fmt: skip


def caller_waits(tx: Connection, call_sid: str, now: datetime) -> None:
    """The wait page was asked for: the caller is really there, and can be offered; said again, they are still there."""
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is not None and call.state in {CallState.QUEUED, CallState.WAITING}:
        change(tx, call, state=CallState.WAITING, due_by=now + SILENT_AT_MOST)
        distribute(tx, now)


def is_news(call: LiveCall, now: datetime) -> bool:
    """Whether a request for this call's wait page is worth writing down."""
    if call.state is CallState.WAITING:
        return call.due_by is None or call.due_by < now + SILENT_AT_MOST / 2
    return call.state is CallState.QUEUED


def caller_cannot_speak(tx: Connection, call_sid: str) -> None:
    """A waiting caller pressed the key that says so: they come before those who can."""
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is not None and call.state in {CallState.QUEUED, CallState.WAITING}:
        change(tx, call, unable_to_speak=True, priority=max(call.priority, UNABLE_TO_SPEAK))


def caller_left(
    tx: Connection, call_sid: str, now: datetime, outcome: CallOutcome = CallOutcome.ABANDONED_IN_QUEUE
) -> None:
    """The caller's leg has ended or leaves the line. Said again it changes nothing.

    `outcome` is what a call that was queued and never answered came to. After a conversation the handler wraps up;
    otherwise the call is finished.
    """
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is None:
        return
    if call.state in OVER:
        withdraw_orders(tx, call, OrderKind.END_CALLER)
        return
    if call.state in IN_CONVERSATION:
        _conversation_over(tx, call, EndedBy.CALLER, now)
        return
    let_handler_go(tx, call, PresenceState.AVAILABLE, now)
    finish(tx, call, _unanswered(call, outcome), now)
    distribute(tx, now)


def never_was(tx: Connection, call_sid: str, now: datetime) -> None:
    """The provider knows of no such leg: a request was sent again after its call had been forgotten.

    It is in no figure, unless somebody talked on it.
    """
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is None:
        return
    if call.waited_seconds is not None:
        caller_left(tx, call_sid, now)
        return
    let_handler_go(tx, call, PresenceState.AVAILABLE, now)
    disown(tx, call, now)
    distribute(tx, now)


# --- what handlers do -------------------------------------------------------------------------------------------------


def take_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """A handler takes a waiting call, offered to them or not: their handset is rung, the caller waits on.

    Raises CallGone, CallAlreadyTaken, AlreadyOnACall, NotAvailable, NoHandset, AnotherLanguage. Taking it twice is
    the same as once.
    """
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id == person_id:
        return
    if call.handler_id is not None:
        raise CallAlreadyTaken
    if call.state is not CallState.WAITING:
        raise CallNotInThatState
    handset = _handset_to_ring(tx, call, person_id)
    conference = random_id()
    if party_of_person(tx, person_id) is not None:
        raise AlreadyOnACall
    become(tx, person_id, PresenceState.ON_CALL, now)
    change(
        tx, call, state=CallState.RINGING, handler_id=person_id, conference=conference,
        offered_to=None, offered_until=None, handed_on=False, due_by=now + RINGING_AT_MOST,
    )  # fmt: skip
    place_order(tx, OrderKind.RING_HANDSET, call, now, handset=handset, conference=conference)
    distribute(tx, now)


def decline_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """A handler passes an offer on, or lets go of a call that has not reached them; they stay available.

    Raises CallGone, CallNotYours, CallNotInThatState once the caller is there.
    """
    one_at_a_time(tx)
    call = still_there(tx, call_id)
    if call.handler_id == person_id and call.state is CallState.RINGING:
        put_back(tx, call, PresenceState.AVAILABLE, now)
    elif call.handler_id == person_id:
        raise CallNotInThatState
    elif call.offered_to == person_id:
        pass_over(tx, call.id, person_id)
        change(tx, call, offered_to=None, offered_until=now)
        distribute(tx, now)
    else:
        raise CallNotYours


def hold_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """The caller is asked to hold. Raises CallGone, CallNotYours, CallNotInThatState."""
    call = in_hand(tx, call_id, person_id, CallState.TALKING)
    withdraw_orders(tx, call, OrderKind.RESUME_CALLER)
    change(tx, call, **on_hold(now))
    caller_is_held(tx, call)
    place_order(tx, OrderKind.HOLD_CALLER, call, now, leg_sid=call.call_sid)


def resume_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """The conversation goes on; whoever was asked and has not come is not needed any more.

    Raises CallGone, CallNotYours, CallNotInThatState, and PartyOnTheLine: nobody is let in without a word.
    """
    call = in_hand(tx, call_id, person_id, CallState.HELD)
    send_away_the_absent(tx, call, now)
    withdraw_orders(tx, call, OrderKind.HOLD_CALLER)
    change(tx, call, state=CallState.TALKING, **off_hold(call, now))
    place_order(tx, OrderKind.RESUME_CALLER, call, now, leg_sid=call.call_sid)


def mute(tx: Connection, call_id: str, person_id: str, muted: bool, now: datetime) -> None:
    """The caller does not hear the handler, or does again. Raises CallGone, CallNotYours, CallNotInThatState."""
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION)
    if call.muted is muted or call.handset_sid is None:
        return
    kind, other = OrderKind.MUTE_HANDSET, OrderKind.UNMUTE_HANDSET
    if not muted:
        kind, other = other, kind
    withdraw_orders(tx, call, other)
    change(tx, call, muted=muted)
    place_order(tx, kind, call, now, leg_sid=call.handset_sid)


def end_call(tx: Connection, call_id: str, person_id: str, now: datetime) -> None:
    """The handler ends the conversation on purpose: the caller hears goodbye, the handler wraps up.

    Raises CallGone, CallNotYours, CallNotInThatState. Ending it twice is the same as once.
    """
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION, *OVER)
    if call.state in OVER:
        return
    _conversation_over(tx, call, EndedBy.HANDLER, now)
    # Hanging up the handset ends the conference, and the caller hears goodbye; this is for when that fails.
    place_order(tx, OrderKind.END_CALLER, call, now, leg_sid=call.call_sid, after=GOODBYE_TAKES)


def correct_choices(
    tx: Connection, call_id: str, person_id: str, mode: Mode, category: Category, force_id: str | None, now: datetime
) -> None:
    """Put right what the caller chose. Raises CallGone, CallNotYours, CallNotInThatState."""
    call = in_hand(tx, call_id, person_id, *IN_CONVERSATION, CallState.WRAP_UP)
    change(tx, call, mode=mode, category=category, force_id=force_id)


def attach_draft(tx: Connection, call_id: str, person_id: str, draft_id: str) -> None:
    """Remember the draft begun in this call until wrap-up, no longer. Raises CallGone, CallNotYours."""
    call = in_hand(tx, call_id, person_id)
    change(tx, call, draft_id=draft_id)


def _conversation_over(tx: Connection, call: LiveCall, ended_by: EndedBy, now: datetime) -> None:
    let_handler_go(tx, call, PresenceState.WRAP_UP, now)
    unsaid = call.handler_id is None or nobody_wraps_up(tx, call.handler_id)
    change(
        tx, call, state=CallState.WRAP_UP, ended_by=ended_by, ended_at=now, due_by=now if unsaid else None,
        muted=False, help_asked=False, wrap_up_until=now + WRAP_UP_MEANT, **off_hold(call, now),
    )  # fmt: skip


def _unanswered(call: LiveCall, outcome: CallOutcome) -> CallOutcome:
    if call.waited_seconds is not None:
        return CallOutcome.ANSWERED  # once, before the handler's line was lost
    if call.queued_at is None and outcome is CallOutcome.ABANDONED_IN_QUEUE:
        return CallOutcome.ABANDONED_IN_MENU
    return outcome


def _handset_to_ring(tx: Connection, call: LiveCall, person_id: str) -> str:
    if call_in_hand(tx, person_id) is not None:
        raise AlreadyOnACall
    if presence_of(tx, person_id).state not in {PresenceState.AVAILABLE, PresenceState.MISSED}:
        raise NotAvailable
    if not speaks(tx, person_id, call.language):
        raise AnotherLanguage
    handset = handset_of(tx, person_id)
    if handset is None:
        raise NoHandset
    return handset


def _priority(head: bool, unable_to_speak: bool) -> int:
    return HEAD if head else UNABLE_TO_SPEAK if unable_to_speak else IN_TURN


def _open_row(tx: Connection, call_sid: str, language: Language, now: datetime) -> None:
    tx.execute(
        insert_into(tx, live_call)
        .values(
            id=random_id(), call_sid=call_sid, state=CallState.MENU, revision=0, language=language, mode=Mode.UNSET,
            category=Category.UNSET, unable_to_speak=False, priority=IN_TURN, arrived_at=now,
            ended_by=EndedBy.NOBODY, due_by=now + MENU_AT_MOST,
        )
        .on_conflict_do_nothing(index_elements=["call_sid"])
    )  # fmt: skip
