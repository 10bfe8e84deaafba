"""Carries out the orders that calls leave in the store, and what only time decides; knows no webhook.

Any number of workers may run. An order is leased, its attempt counted, then made; a worker that dies in between leaves
a lease that runs out. What cannot be done in time puts the call back where it was.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ivr.counters import Fault, count_fault
from ivr.line.exchange import place_of
from ivr.purger import Purger
from ivr.reconciler import Reconciler
from ivr.switchboard import LegGone, ProviderBusy, ProviderRefused, ProviderUnreachable, Switchboard
from shared.domain.consoles import GRACE, let_the_gone_rest, people_gone
from shared.domain.legs import handset_rings
from shared.domain.live_calls import LiveCall, call_of
from shared.domain.orders import (
    LiveOrder,
    close_order,
    hang_up_instead,
    lease_order,
    order_is_due,
    try_later,
)
from shared.domain.overdue import handset_refused, order_failed, tend, tending_is_due
from shared.domain.parties import party_rings
from shared.domain.purges import forget_leg, leg_is_over, purge_is_due
from shared.domain.vocabulary import OrderKind
from shared.store.columns import random_id
from shared.store.database import Store

EACH_SECOND = timedelta(seconds=1)
EACH_RING = timedelta(seconds=1)  # Twilio starts one call a second by default
LONGEST_PAUSE = 8.0  # seconds between two attempts
DATABASE_AWAY = (SQLAlchemyError, psycopg.Error, sqlite3.Error)  # the watch speaks to the drivers themselves

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """An order was carried out. `leg_sid` is the leg that it made, or ""."""

    leg_sid: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """It may be tried again after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Never:
    """It will not be. `leg_gone`: what it was about is not there any more; `refused`: the provider said no."""

    leg_gone: bool = False
    refused: bool = False


Result = Done | NotNow | Never


class OrderWorker:
    """One worker. `step` does one thing at most; `run` goes on until told to stop."""

    def __init__(self, store: Store, switchboard: Switchboard, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._switchboard = switchboard
        self._clock = clock
        self._name = random_id()
        self._tended_at: datetime | None = None
        self._purger = Purger(store, switchboard, clock)
        self._reconciler = Reconciler(store, switchboard, clock)
        self._next_ring: datetime | None = None  # not before then
        self._began = clock()  # whoever was gone before then has had no time to come back

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`. A new order is seen within milliseconds of its commit; stopping takes up to a second."""
        while not stop.is_set():
            try:
                self._work(stop)
            except DATABASE_AWAY as error:  # or busy; everything is still to be done afterwards
                _log.error("order_worker_waits", error=type(error).__name__)
                stop.wait(EACH_SECOND.total_seconds())

    def _work(self, stop: threading.Event) -> None:
        with closing(self._store.watch()) as watch:
            while not stop.is_set():
                if not self.step():
                    watch.wait(EACH_SECOND.total_seconds())

    def step(self) -> bool:
        """Carry out one order, delete one record or ask about one call. False if there was nothing to do."""
        now = self._clock()
        self._tend(now)
        with self._store.read() as tx:  # looking takes no lock and wakes nobody
            order_due, purge_due = order_is_due(tx, now, self._not_now(now)), purge_is_due(tx, now)
        return (
            (order_due and self._carry_out_next(now))
            or (purge_due and self._purger.step() is not None)
            or self._reconciler.step()
        )

    def _tend(self, now: datetime) -> None:
        if self._tended_at is not None and now - self._tended_at < EACH_SECOND:
            return
        self._tended_at = now
        with self._store.read() as tx:
            due = tending_is_due(tx, now)
            gone = bool(people_gone(tx, now)) and now - self._began >= GRACE
        if due:
            with self._store.begin() as tx:
                tend(tx, now)
        if gone:
            with self._store.begin() as tx:
                let_the_gone_rest(tx, now)
        self._purger.alarm()

    # --- orders -----------------------------------------------------------------------------------------------------

    def _not_now(self, now: datetime) -> frozenset[OrderKind]:
        """Kinds of order that wait a moment: one more ringing in the same second the provider would refuse."""
        pause = self._next_ring is not None and self._next_ring - EACH_RING <= now < self._next_ring
        return frozenset({OrderKind.RING_HANDSET, OrderKind.RING_PARTY}) if pause else frozenset()

    def _carry_out_next(self, now: datetime) -> bool:
        with self._store.begin() as tx:
            order = lease_order(tx, self._name, now, self._not_now(now))
            call = None if order is None else call_of(tx, order.call_id)
        if order is None:
            return False
        result = Never() if now >= order.deadline else self._attempt(order, call)
        self._fold(order, result)
        return True

    def _attempt(self, order: LiveOrder, call: LiveCall | None) -> Result:
        try:
            return Done(self._ask(order, call))
        except LegGone:
            return Never(leg_gone=True)
        except ProviderBusy as busy:
            return NotNow(busy.seconds)
        except ProviderUnreachable:
            _log.warning("provider_unreachable", kind=order.kind.value, attempts=order.attempts)
            return NotNow(min(LONGEST_PAUSE, 2.0 ** (order.attempts - 1)))
        except ProviderRefused as refused:
            _log.error("provider_refused", kind=order.kind.value, code=refused.code)
            count_fault(Fault.ORDER_FAILED)
            return Never(refused=True)

    def _ask(self, order: LiveOrder, call: LiveCall | None) -> str:
        """Ask the provider. Returns the leg that was made, or "". For an attempt that is over it asks nothing."""
        leg_sid = order.leg_sid or ""
        match order.kind:
            case OrderKind.RECALL_CALLER if call is not None and call.conference not in {None, order.conference}:
                pass  # the caller came back by themselves, and is with somebody else or about to be
            case OrderKind.RECALL_CALLER:
                self._switchboard.recall_caller(leg_sid, place_of(call), order.conference or "")
            case OrderKind.END_CALLER | OrderKind.END_HANDSET:
                self._switchboard.end_leg(leg_sid)
            case OrderKind.LEAVE_HANDSET if call is None or not call.conference_sid:
                self._switchboard.end_leg(leg_sid)
            case _ if call is not None and order.conference and call.conference == order.conference:
                return self._ask_for_attempt(order, call, order.conference)
        return ""

    def _ask_for_attempt(self, order: LiveOrder, call: LiveCall, conference: str) -> str:
        leg_sid, conference_sid = order.leg_sid or "", call.conference_sid or ""
        match order.kind:
            case OrderKind.RING_HANDSET:
                self._next_ring = self._clock() + EACH_RING
                again = order.attempts > 1
                return self._of_now(self._switchboard.ring_handset(order.handset or "", conference, again))
            case OrderKind.MOVE_CALLER:
                self._switchboard.move_caller(leg_sid, conference)
            case OrderKind.HOLD_CALLER:
                self._switchboard.hold(leg_sid, conference_sid, call.language)
            case OrderKind.RESUME_CALLER:
                self._switchboard.resume(leg_sid, conference_sid)
            case OrderKind.MUTE_HANDSET | OrderKind.UNMUTE_HANDSET:
                self._switchboard.mute(leg_sid, conference_sid, order.kind is OrderKind.MUTE_HANDSET)
            case OrderKind.RING_PARTY:
                self._next_ring = self._clock() + EACH_RING
                again = order.attempts > 1
                return self._of_now(self._switchboard.ring_party(order.handset or "", order.party_id or "", again))
            case OrderKind.HAND_OVER:
                self._switchboard.hand_over(leg_sid, conference_sid, call.call_sid)
            case OrderKind.LEAVE_HANDSET:
                self._switchboard.leave(leg_sid, conference_sid)
            case OrderKind.RECALL_CALLER | OrderKind.END_CALLER | OrderKind.END_HANDSET:
                pass  # of a leg, not of an attempt
            case _:
                assert_never(order.kind)
        return ""

    def _of_now(self, leg_sid: str) -> str:
        """The leg, unless it is an earlier call's that is still to be hung up. Raises ProviderBusy for that."""
        with self._store.read() as tx:
            if leg_is_over(tx, leg_sid):
                raise ProviderBusy
        return leg_sid

    def _fold(self, order: LiveOrder, result: Result) -> None:
        now = self._clock()
        with self._store.begin() as tx:
            match result:
                case Done(leg_sid):
                    close_order(tx, order)
                    if leg_sid and not _still_wanted(tx, order, leg_sid, now):
                        hang_up_instead(tx, order, leg_sid, now)
                        forget_leg(tx, leg_sid, now)
                case NotNow(seconds):
                    try_later(tx, order, min(now + timedelta(seconds=seconds), order.deadline))
                case Never(leg_gone, refused):
                    close_order(tx, order)
                    if refused and order.kind is OrderKind.RING_HANDSET:
                        handset_refused(tx, order, now)
                    else:
                        order_failed(tx, order, now, leg_gone)
                case _:
                    assert_never(result)


def _still_wanted(tx: Connection, order: LiveOrder, leg_sid: str, now: datetime) -> bool:
    """Whether a leg that an order made is needed; the call may have gone on without it."""
    if order.party_id is not None:
        return party_rings(tx, order.party_id, leg_sid)
    return handset_rings(tx, order.conference or "", leg_sid, now)
