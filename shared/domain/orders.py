"""What is to be asked of the telephone provider, as rows; knows not how it is asked, only by when it must be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, insert, or_, select, update

from shared.domain.live_calls import LiveCall
from shared.domain.vocabulary import OrderKind, OrderState
from shared.store.columns import random_id
from shared.store.schema import live_order

# After this long an order is no use any more, and the call is put back where it was. Each is longer than a lease: what
# a worker began before it died is done again, and does not count as failed where it may have been carried out.
GOOD_FOR: Mapping[OrderKind, timedelta] = MappingProxyType(
    {
        OrderKind.RING_HANDSET: timedelta(seconds=25),
        OrderKind.MOVE_CALLER: timedelta(seconds=15),
        OrderKind.HOLD_CALLER: timedelta(seconds=15),
        OrderKind.RESUME_CALLER: timedelta(seconds=15),
        OrderKind.MUTE_HANDSET: timedelta(seconds=15),
        OrderKind.UNMUTE_HANDSET: timedelta(seconds=15),
        OrderKind.RING_PARTY: timedelta(seconds=45),
        OrderKind.HAND_OVER: timedelta(seconds=30),
        OrderKind.LEAVE_HANDSET: timedelta(minutes=10),
        OrderKind.RECALL_CALLER: timedelta(minutes=10),
        OrderKind.END_CALLER: timedelta(minutes=10),
        OrderKind.END_HANDSET: timedelta(minutes=10),
    }
)
# Nobody is rung who could hear a caller not yet on hold, or leaves who still keeps the conference up.
AFTER: Mapping[OrderKind, OrderKind] = MappingProxyType(
    {OrderKind.RING_PARTY: OrderKind.HOLD_CALLER, OrderKind.LEAVE_HANDSET: OrderKind.HAND_OVER}
)
LEASE = timedelta(seconds=12)  # longer than any one request to the provider may take


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """An order as it was leased. `attempts` counts this one."""

    id: str
    kind: OrderKind
    call_id: str
    conference: str | None
    leg_sid: str | None
    handset: str | None
    attempts: int
    deadline: datetime
    party_id: str | None = None


_COLUMNS = [live_order.c[name] for name in LiveOrder.__slots__]


def _due() -> ColumnElement[bool]:
    """Due at the parameter ``now``, of any kind but those of the parameter ``but``."""
    c, first, now = live_order.c, live_order.alias(), bindparam("now", type_=live_order.c.not_before.type)
    in_time = or_(
        and_(c.state == OrderState.PENDING, c.not_before <= now),
        and_(c.state == OrderState.LEASED, c.lease_until <= now),
    )
    waits = (
        and_(c.kind == kind, exists().where(first.c.call_id == c.call_id, first.c.kind == before))
        for kind, before in AFTER.items()
    )
    return and_(in_time, ~or_(*waits), c.kind.notin_(bindparam("but", expanding=True)))


# Made once: the order worker asks after every order, and making a statement costs more than running it.
_IS_DUE = select(exists().where(_due()))
_NEXT = (
    select(live_order.c.id)
    .where(_due())
    .order_by(live_order.c.not_before, live_order.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(live_order)
    .where(live_order.c.id == _NEXT.scalar_subquery())
    .values(
        state=OrderState.LEASED,
        lease_holder=bindparam("holder"),
        lease_until=bindparam("until"),
        attempts=live_order.c.attempts + 1,
    )
    .returning(*_COLUMNS)
)


def place_order(
    tx: Connection,
    kind: OrderKind,
    call: LiveCall,
    now: datetime,
    leg_sid: str | None = None,
    handset: str | None = None,
    conference: str | None = None,
    party_id: str | None = None,
    after: timedelta = timedelta(0),
) -> None:
    """Ask for something to be done, in the same transaction as the change it follows from; not before `after`."""
    values = {
        "leg_sid": leg_sid,
        "handset": handset,
        "conference": conference or call.conference,
        "party_id": party_id,
    }
    _insert(tx, kind, call.id, now + after, values)


def hang_up_instead(tx: Connection, order: LiveOrder, leg_sid: str, now: datetime) -> None:
    """A leg that an order has made is not needed any more."""
    _insert(tx, OrderKind.END_HANDSET, order.call_id, now, {"leg_sid": leg_sid})


def _insert(tx: Connection, kind: OrderKind, call_id: str, not_before: datetime, values: dict[str, str | None]) -> None:
    row = {"id": random_id(), "kind": kind, "call_id": call_id, "state": OrderState.PENDING, "attempts": 0}
    times = {"not_before": not_before, "deadline": not_before + GOOD_FOR[kind]}
    tx.execute(insert(live_order).values(row | times | values))


def withdraw_orders(tx: Connection, call: LiveCall, *kinds: OrderKind) -> bool:
    """Take back orders of a call. True if one of them had not been begun, so that it never happens."""
    which = (live_order.c.call_id == call.id) & live_order.c.kind.in_(kinds)
    taken_back = tx.execute(delete(live_order).where(which).returning(live_order.c.attempts))
    return any(attempts == 0 for attempts in taken_back.scalars().all())


def withdraw_ringing(tx: Connection, party_id: str) -> None:
    """A party is not to be rung any more."""
    tx.execute(delete(live_order).where(live_order.c.party_id == party_id))


def order_is_due(tx: Connection, now: datetime, but: Collection[OrderKind] = ()) -> bool:
    """Whether there is an order to carry out now, of any kind `but` these."""
    return bool(tx.execute(_IS_DUE, {"now": now, "but": list(but)}).scalar_one())


def lease_order(tx: Connection, holder: str, now: datetime, but: Collection[OrderKind] = ()) -> LiveOrder | None:
    """The next order due, of any kind `but` these, held for LEASE by `holder`. None: nothing due.

    Its attempt is counted before it is made.
    """
    leased = tx.execute(_LEASE, {"now": now, "but": list(but), "holder": holder, "until": now + LEASE}).first()
    return None if leased is None else LiveOrder(*leased)


def try_later(tx: Connection, order: LiveOrder, not_before: datetime) -> None:
    """Give a leased order back, to be tried again."""
    again = {"state": OrderState.PENDING, "lease_holder": None, "lease_until": None, "not_before": not_before}
    tx.execute(update(live_order).where(live_order.c.id == order.id).values(**again))


def close_order(tx: Connection, order: LiveOrder) -> bool:
    """The order is done with. False if it had been taken back meanwhile."""
    return tx.execute(delete(live_order).where(live_order.c.id == order.id)).rowcount == 1
