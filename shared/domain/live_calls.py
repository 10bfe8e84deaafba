"""The row of a call in progress: read, changed, and which state may follow which; knows no person and no telephone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text, update

from shared.domain.errors import CallNotInThatState
from shared.domain.vocabulary import CallState, Category, Disposition, EndedBy, Language, Mode
from shared.store.schema import live_call

_TURN = 0x43414E44  # any number of our own: names the lock in PostgreSQL

# Late and doubled reports of the telephone cannot lead a call anywhere else. A finished call has no row.
MAY_BECOME: Mapping[CallState, frozenset[CallState]] = MappingProxyType(
    {
        CallState.MENU: frozenset({CallState.QUEUED}),
        CallState.QUEUED: frozenset({CallState.WAITING}),
        CallState.WAITING: frozenset({CallState.RINGING, CallState.QUEUED}),
        CallState.RINGING: frozenset({CallState.CONNECTING, CallState.WAITING}),
        CallState.CONNECTING: frozenset({CallState.TALKING, CallState.WAITING, CallState.QUEUED}),
        CallState.TALKING: frozenset({CallState.HELD, CallState.WRAP_UP, CallState.QUEUED}),
        CallState.HELD: frozenset({CallState.TALKING, CallState.WRAP_UP, CallState.QUEUED}),
        CallState.WRAP_UP: frozenset({CallState.FILED}),
        CallState.FILED: frozenset({CallState.WRAP_UP}),
    }
)
IN_CONVERSATION = frozenset({CallState.TALKING, CallState.HELD})
OVER = frozenset({CallState.WRAP_UP, CallState.FILED})  # the caller is not on the line any more


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call in progress as it was read. Times are aware, UTC; what they mean stands in the schema."""

    id: str
    call_sid: str
    state: CallState
    revision: int
    language: Language
    chosen_language: Language | None
    mode: Mode
    category: Category
    force_id: str | None
    unable_to_speak: bool
    priority: int
    arrived_at: datetime
    queued_at: datetime | None
    waited_seconds: int | None
    answered_at: datetime | None
    held_at: datetime | None
    held_seconds: int
    ended_at: datetime | None
    ended_by: EndedBy
    offered_to: str | None
    offered_until: datetime | None
    due_by: datetime | None
    handler_id: str | None
    conference: str | None
    conference_sid: str | None
    handset_sid: str | None
    draft_id: str | None
    handed_on: bool
    muted: bool
    help_asked: bool
    training: bool
    wrap_up_until: datetime | None
    filed_at: datetime | None
    disposition: Disposition | None
    signposted_to: str | None


_CALLS = select(*(live_call.c[field.name] for field in fields(LiveCall)))
# Made once: making a statement costs more than running it, and each webhook runs several of these.
_OF_ID = _CALLS.where(live_call.c.id == bindparam("id"))
_ON_LEG = _CALLS.where(live_call.c.call_sid == bindparam("call_sid"))
_IN_CONFERENCE = _CALLS.where(live_call.c.conference == bindparam("conference"))
_IN_HAND = _CALLS.where(live_call.c.handler_id == bindparam("handler_id"), live_call.c.state != CallState.FILED)
_WAITING = _CALLS.where(live_call.c.state == CallState.WAITING).order_by(
    live_call.c.priority.desc(), live_call.c.queued_at, live_call.c.id
)
_OVERDUE = _CALLS.where(live_call.c.due_by < bindparam("now"))


def one_at_a_time(tx: Connection) -> None:
    """Wait for our turn to change calls, orders, presence and people; the turn lasts until the transaction ends.

    A take, a hang-up and an offer touch several rows each, in different orders; one after the other they cannot
    cross or deadlock. SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def call_of(tx: Connection, call_id: str) -> LiveCall | None:
    return _one(tx, _OF_ID, id=call_id)


def call_on_leg(tx: Connection, call_sid: str) -> LiveCall | None:
    """The call of this caller's leg."""
    return _one(tx, _ON_LEG, call_sid=call_sid)


def call_in_conference(tx: Connection, conference: str) -> LiveCall | None:
    """The call of this attempt to answer; None once that attempt is over."""
    return _one(tx, _IN_CONFERENCE, conference=conference)


def call_in_hand(tx: Connection, person_id: str) -> LiveCall | None:
    """The call this person took and has not wrapped up."""
    return _one(tx, _IN_HAND, handler_id=person_id)


def waiting_calls(tx: Connection) -> list[LiveCall]:
    """Calls that can be offered, the next one first."""
    return [_call(row) for row in tx.execute(_WAITING)]


def overdue_calls(tx: Connection, now: datetime) -> list[LiveCall]:
    """Calls that should have left their state by now."""
    return [_call(row) for row in tx.execute(_OVERDUE, {"now": now})]


def calls_in_progress(tx: Connection) -> list[LiveCall]:
    """Every call, those being wrapped up too."""
    return [_call(row) for row in tx.execute(_CALLS)]


def quiet_calls(tx: Connection, since: datetime) -> list[LiveCall]:
    """Calls of which the caller's leg should be on the line, and which came to where they are before `since`."""
    c = live_call.c
    began = func.coalesce(c.answered_at, c.queued_at, c.arrived_at, type_=c.arrived_at.type)
    on_the_line = c.state.notin_((CallState.CONNECTING, *OVER))
    query = _CALLS.where(on_the_line, began <= since).order_by(c.arrived_at, c.id)
    return [_call(row) for row in tx.execute(query)]


def change(tx: Connection, call: LiveCall, **values: Any) -> None:
    """Write `values`, provided the call is still in the state it was read in; raises CallNotInThatState if not."""
    after = values.get("state", call.state)
    if after is not call.state and after not in MAY_BECOME[call.state]:
        raise CallNotInThatState
    still = (live_call.c.id == call.id) & (live_call.c.state == call.state)
    written = tx.execute(update(live_call).where(still).values(revision=live_call.c.revision + 1, **values))
    if written.rowcount != 1:
        raise CallNotInThatState


def _one(tx: Connection, query: Select[Any], **values: str) -> LiveCall | None:
    row = tx.execute(query, values).first()
    return None if row is None else _call(row)


def _call(row: Any) -> LiveCall:
    return LiveCall(*row)
