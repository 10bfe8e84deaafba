"""The courier: takes sealed reports to their units and brings the signed answers back. It can open none of them.

Each unit is visited by itself, so that one unit's trouble delays no other. What follows a report goes only once its
unit has said that it is theirs. Any number of couriers may run: a delivery is leased, and only the holder of the lease
may note what became of it.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from shared.outbox import deliveries, lanes
from shared.outbox.batches import Timetable
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.hearing import Hearing
from shared.outbox.lanes import Leased
from shared.outbox.shredding import Shredder
from shared.outbox.transports.way import Transport
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.store.database import Store

SPARE_VISITS: Final = 8  # for units that have reports and no way any more
BUSY_SHARE: Final = 20  # for a second of work on a unit's answers, so many seconds until they are looked at again
_IDLE_SECONDS: Final = 0.5

log = structlog.get_logger()


@dataclass(slots=True)
class Courier:
    """``transports`` is the way to each unit, by the unit's id; ``clock`` tells the time, aware; ``busy`` how many
    seconds the thread that asks has worked.
    """

    store: Store
    transports: Mapping[str, Transport]
    clock: Callable[[], datetime]
    random: random.Random = field(default_factory=secrets.SystemRandom)
    failpoint: Fail = go_on
    timetable: Timetable = field(default_factory=Timetable)
    monotonic: Callable[[], float] = time.monotonic
    busy: Callable[[], float] = time.thread_time
    _looked: dict[str, float] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=dict)
    _shredder: Shredder = field(init=False)
    _hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        self._shredder = Shredder(self.store)
        self._hearing = Hearing(self.store, self.clock, self.failpoint, self._shredder)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, at once after every commit and twice a second for what comes from outside."""
        watch = self.store.watch()
        visits: dict[str, Future[None]] = {}
        try:
            # One for each unit: however many hang, none waits for another's visit to end.
            at_once = len(self.transports) + SPARE_VISITS
            with ThreadPoolExecutor(at_once, thread_name_prefix="visit") as pool:
                while not stop.is_set():
                    self._line_up()
                    for unit_id in self._worth_a_visit(visits):
                        visits[unit_id] = pool.submit(self._work_off, unit_id, stop)
                    self._shred()
                    watch.wait(_IDLE_SECONDS)
        finally:
            watch.close()

    def step(self) -> bool:
        """Line up, hear every unit and send it one report in this thread, shred. Whether anything was done."""
        lined_up = self._line_up()
        heard = [self._hear(unit_id) for unit_id in sorted(self.transports)]
        sent = [self._send_one(unit_id) for unit_id in sorted(self._due() | self.transports.keys())]
        return any((lined_up, *heard, *sent, self._shred()))

    def _line_up(self) -> bool:
        # Looked at first: an empty write transaction would still wake everyone who watches the store.
        now = self.clock()
        with self.store.read() as tx:
            new = bool(lanes.unscheduled(tx, self.timetable, now)) or bool(lanes.leaving(tx, now))
        if new:
            with self.store.begin() as tx:
                lanes.schedule(tx, self.timetable, now)
                lanes.line_up(tx, now, self.random)
        if new:
            self.failpoint(Failpoint.LINED_UP)
        return new

    # --- visits -----------------------------------------------------------------------------------------------------

    def _worth_a_visit(self, visits: dict[str, Future[None]]) -> list[str]:
        """Units with something to send or answers to look for, whose last visit is over."""
        for unit_id in [unit_id for unit_id, visit in visits.items() if visit.done()]:
            visits.pop(unit_id).result()  # the database is away: this process ends, and is started again
        wanted = self._due() | {unit_id for unit_id in self.transports if self._is_time_to_look(unit_id)}
        return sorted(wanted - visits.keys())

    def _due(self) -> set[str]:
        with self.store.read() as tx:
            return lanes.units_due(tx, self.clock())

    def _is_time_to_look(self, unit_id: str) -> bool:
        """A look that cost much is long ago before the next: however much a unit leaves with its answers, it has no
        more than its share of this machine."""
        looked = self._looked.get(unit_id)
        rest = max(self.transports[unit_id].look_seconds, BUSY_SHARE * self._took.get(unit_id, 0.0))
        return looked is None or self.monotonic() - looked >= rest

    def _work_off(self, unit_id: str, stop: threading.Event) -> None:
        """Send the unit all that is due, and look for its answers now and then, however much there is to send."""
        sending = True
        while sending and not stop.is_set():
            if unit_id in self.transports and self._is_time_to_look(unit_id):
                self._hear(unit_id)
            sending = self._send_one(unit_id)

    # --- out --------------------------------------------------------------------------------------------------------

    def _send_one(self, unit_id: str) -> bool:
        leased = self._lease(unit_id)
        if leased is None:
            return False
        self.failpoint(Failpoint.LEASED)
        try:
            self._send(leased)
        except WorldInTheWay as trouble:
            self._put_off(leased, trouble.reason, trouble.nothing_left)
        except CannotBeDelivered as trouble:
            self._park(leased, trouble.reason, trouble.nothing_left)
        except Exception as fault:  # noqa: BLE001  # whatever is wrong with one unit must not delay another's reports
            log.error("transport_fault", delivery=leased.id, unit=leased.unit_id, error=type(fault).__name__)
            self._put_off(leased, Reason.FAULT_HERE)
        else:
            self._note(leased)
        return True

    def _lease(self, unit_id: str) -> Leased | None:
        with self.store.read() as tx:
            if not lanes.is_due(tx, unit_id, self.clock()):
                return None
        with self.store.begin() as tx:
            return lanes.lease(tx, unit_id, self.clock())

    def _send(self, leased: Leased) -> None:
        transport = self.transports.get(leased.unit_id)
        if transport is None:
            raise CannotBeDelivered(Reason.NO_ROUTE, nothing_left=True)
        with self.store.read() as tx:
            envelope = deliveries.sealed_for_unit(tx, leased)
        transport.deliver(leased.name, envelope)

    def _note(self, leased: Leased) -> None:
        with self.store.begin() as tx:
            deliveries.note_delivered(tx, leased, self.clock())
            self.failpoint(Failpoint.NOTED)
        self.failpoint(Failpoint.DELIVERED)
        log.info("delivered", kind=leased.kind.value, delivery=leased.id, unit=leased.unit_id, attempts=leased.attempts)

    def _put_off(self, leased: Leased, reason: Reason, nothing_left: bool = False) -> None:
        with self.store.begin() as tx:
            deliveries.put_off(tx, leased, self.clock(), self.random, reason, nothing_left)
            self.failpoint(Failpoint.PUT_OFF)
        log.warning(
            "delivery_failed", delivery=leased.id, unit=leased.unit_id, attempts=leased.attempts, reason=reason.value
        )

    def _park(self, leased: Leased, reason: Reason, nothing_left: bool) -> None:
        with self.store.begin() as tx:
            deliveries.park(tx, leased, reason, self.clock(), nothing_left)
            self.failpoint(Failpoint.PARKED)
        log.error("delivery_parked", delivery=leased.id, unit=leased.unit_id, reason=reason.value)

    # --- back -------------------------------------------------------------------------------------------------------

    def _hear(self, unit_id: str) -> bool:
        self._looked[unit_id], begun = self.monotonic(), self.busy()
        try:
            return self._hearing.hear(unit_id, self.transports[unit_id])
        finally:
            self._took[unit_id] = self.busy() - begun

    def _shred(self) -> bool:
        shredded = self._shredder.step()
        if shredded:
            self.failpoint(Failpoint.SHREDDED)
            log.info("shredded")
        return shredded
