"""The courier: takes sealed reports to their units and brings the signed answers back. It can open none of them.

Contact details follow a report only once its unit has said that it is theirs.
Any number of couriers may run: a delivery is leased, and only the holder of the lease may note what became of it.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from shared.domain.vocabulary import Verdict
from shared.outbox import deliveries
from shared.outbox.answers import Heard, accept_answer, claimed, weigh
from shared.outbox.batches import Timetable
from shared.outbox.deliveries import Leased
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.shredding import Shredder
from shared.outbox.transports.folder import FolderTransport
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.store.database import Store

_IDLE_SECONDS: Final = 0.5
_IN_ORDER: Final = {verdict: place for place, verdict in enumerate((Verdict.OPENED, Verdict.OURS, Verdict.NOT_OURS))}

log = structlog.get_logger()


@dataclass(slots=True)
class Courier:
    """``transports`` is the way to each unit, by the unit's id; ``clock`` tells the time, aware."""

    store: Store
    transports: Mapping[str, FolderTransport]
    clock: Callable[[], datetime]
    random: random.Random = field(default_factory=secrets.SystemRandom)
    failpoint: Fail = go_on
    timetable: Timetable = field(default_factory=Timetable)
    _settled: set[tuple[str, str, bytes]] = field(default_factory=set)
    _shredder: Shredder = field(init=False)

    def __post_init__(self) -> None:
        self._shredder = Shredder(self.store)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, at once after every commit and twice a second for what comes from outside."""
        watch = self.store.watch()
        try:
            while not stop.is_set():
                if not self.step():
                    watch.wait(_IDLE_SECONDS)
        finally:
            watch.close()

    def step(self) -> bool:
        """Schedule, hear the answers, send one report, shred. Whether anything was done."""
        scheduled = self._schedule()
        heard = self._hear()
        sent = self._send_one()
        return any((scheduled, heard, sent, self._shred()))

    def _schedule(self) -> bool:
        now = self.clock()
        with self.store.read() as tx:
            new = deliveries.unscheduled(tx, self.timetable, now)
        if new:
            with self.store.begin() as tx:
                deliveries.schedule(tx, self.timetable, now)
        return bool(new)

    # --- out --------------------------------------------------------------------------------------------------------

    def _send_one(self) -> bool:
        leased = self._lease()
        if leased is None:
            return False
        self.failpoint(Failpoint.LEASED)
        try:
            self._send(leased)
        except WorldInTheWay:
            self._put_off(leased)
        except CannotBeDelivered as trouble:
            self._park(leased, trouble.reason)
        else:
            self._note(leased)
        return True

    def _lease(self) -> Leased | None:
        # Looked at first: an empty write transaction would still wake everyone who watches the store.
        with self.store.read() as tx:
            if not deliveries.is_any_due(tx, self.clock()):
                return None
        with self.store.begin() as tx:
            return deliveries.lease(tx, self.clock(), self.random)

    def _send(self, leased: Leased) -> None:
        transport = self.transports.get(leased.unit_id)
        if transport is None:
            raise CannotBeDelivered(Reason.NO_ROUTE)
        with self.store.read() as tx:
            envelope = deliveries.sealed_for_unit(tx, leased)
        transport.deliver(leased.name, envelope)

    def _note(self, leased: Leased) -> None:
        with self.store.begin() as tx:
            deliveries.note_delivered(tx, leased, self.clock())
            self.failpoint(Failpoint.NOTED)
        self.failpoint(Failpoint.DELIVERED)
        log.info("delivered", kind=leased.kind.value, delivery=leased.id, unit=leased.unit_id, attempts=leased.attempts)

    def _put_off(self, leased: Leased) -> None:
        with self.store.begin() as tx:
            deliveries.put_off(tx, leased, self.clock(), self.random)
        log.warning("unit_unreachable", delivery=leased.id, unit=leased.unit_id, attempts=leased.attempts)

    def _park(self, leased: Leased, reason: Reason) -> None:
        with self.store.begin() as tx:
            deliveries.park(tx, leased, reason, self.clock())
        log.error("delivery_parked", delivery=leased.id, unit=leased.unit_id, reason=reason.value)

    # --- back -------------------------------------------------------------------------------------------------------

    def _hear(self) -> bool:
        accepted = [self._hear_one(unit_id, name, written) for unit_id, name, written in self._new_answers()]
        return any(accepted)

    def _new_answers(self) -> list[tuple[str, str, bytes]]:
        """Those not settled before, *opened* first."""
        found = [(*answer, _place(answer[2])) for unit_id in sorted(self.transports) for answer in self._from(unit_id)]
        return [(unit_id, name, written) for unit_id, name, written, _ in sorted(found, key=lambda one: one[3])]

    def _from(self, unit_id: str) -> Iterator[tuple[str, str, bytes]]:
        try:
            for name, written in self.transports[unit_id].answers():
                if (unit_id, name, written) not in self._settled:
                    yield unit_id, name, written
        except WorldInTheWay:
            return  # the folder cannot be read now; the sending side tells of it

    def _hear_one(self, unit_id: str, name: str, written: bytes) -> bool:
        self.failpoint(Failpoint.ANSWER_READ)
        with self.store.read() as tx:
            heard = weigh(tx, unit_id, written)
        if heard is Heard.ACCEPTED:
            with self.store.begin() as tx:
                heard = accept_answer(tx, unit_id, written, self.clock())
                self.failpoint(Failpoint.ANSWER_ACCEPTED)
            self.failpoint(Failpoint.ANSWER_KEPT)
        if heard is not Heard.TOO_EARLY:
            self._settled.add((unit_id, name, written))
        if heard is Heard.ACCEPTED:
            self._shredder.due = True
            log.info("answer_accepted", unit=unit_id)
        if heard is Heard.REFUSED:
            log.warning("answer_refused", unit=unit_id)
        return heard is Heard.ACCEPTED

    def _shred(self) -> bool:
        shredded = self._shredder.step()
        if shredded:
            self.failpoint(Failpoint.SHREDDED)
            log.info("shredded")
        return shredded


def _place(written: bytes) -> int:
    answer = claimed(written)
    return len(_IN_ORDER) if answer is None else _IN_ORDER[answer.verdict]
