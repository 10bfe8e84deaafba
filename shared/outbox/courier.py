"""The courier: takes sealed reports to their units and brings the signed answers back. It can open none of them.

Each unit is visited by itself, so that one unit's trouble delays no other. What follows a report goes only once its
unit has said that it is theirs. Any number of couriers may run: a delivery is leased, and only the holder of the lease
may note what became of it.
"""

from __future__ import annotations

import hashlib
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

from shared.domain import questions
from shared.domain.questions import Came
from shared.domain.vocabulary import Verdict
from shared.outbox import deliveries, lanes, totals
from shared.outbox.answers import Heard, accept_answer, claimed, kept_answers, weigh
from shared.outbox.batches import Timetable
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.lanes import Leased
from shared.outbox.shredding import Shredder
from shared.outbox.transports.way import MAX_ANSWERS, Transport
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.canonical import framed
from shared.sealing.envelope import Envelope
from shared.sealing.outcomes import Totals
from shared.store.database import Store

VISITS_AT_ONCE: Final = 8
_IDLE_SECONDS: Final = 0.5
_IN_ORDER: Final = {verdict: place for place, verdict in enumerate((Verdict.OPENED, Verdict.OURS, Verdict.NOT_OURS))}

log = structlog.get_logger()


@dataclass(slots=True)
class Courier:
    """``transports`` is the way to each unit, by the unit's id; ``clock`` tells the time, aware."""

    store: Store
    transports: Mapping[str, Transport]
    clock: Callable[[], datetime]
    random: random.Random = field(default_factory=secrets.SystemRandom)
    failpoint: Fail = go_on
    timetable: Timetable = field(default_factory=Timetable)
    monotonic: Callable[[], float] = time.monotonic
    _settled: dict[str, set[bytes]] = field(default_factory=dict)
    _looked: dict[str, float] = field(default_factory=dict)
    _shredder: Shredder = field(init=False)

    def __post_init__(self) -> None:
        self._shredder = Shredder(self.store)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, at once after every commit and twice a second for what comes from outside."""
        watch = self.store.watch()
        visits: dict[str, Future[None]] = {}
        try:
            with ThreadPoolExecutor(VISITS_AT_ONCE, thread_name_prefix="visit") as pool:
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
        looked = self._looked.get(unit_id)
        return looked is None or self.monotonic() - looked >= self.transports[unit_id].look_seconds

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
            self._put_off(leased, trouble.reason)
        except CannotBeDelivered as trouble:
            self._park(leased, trouble.reason)
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

    def _put_off(self, leased: Leased, reason: Reason) -> None:
        with self.store.begin() as tx:
            deliveries.put_off(tx, leased, self.clock(), self.random, reason)
            self.failpoint(Failpoint.PUT_OFF)
        log.warning(
            "delivery_failed", delivery=leased.id, unit=leased.unit_id, attempts=leased.attempts, reason=reason.value
        )

    def _park(self, leased: Leased, reason: Reason) -> None:
        with self.store.begin() as tx:
            deliveries.park(tx, leased, reason, self.clock())
            self.failpoint(Failpoint.PARKED)
        log.error("delivery_parked", delivery=leased.id, unit=leased.unit_id, reason=reason.value)

    # --- back -------------------------------------------------------------------------------------------------------

    def _hear(self, unit_id: str) -> bool:
        self._looked[unit_id] = self.monotonic()
        new = self._new_answers(unit_id)
        if not new:
            return False
        with self.store.read() as tx:  # a courier that starts anew finds answers it, or another, has taken
            kept = kept_answers(tx, unit_id)
        for name, written in new:
            if written in kept:
                self._settle(unit_id, name, written)
        # *Opened* first, for the others follow it.
        found = sorted((answer for answer in new if answer[1] not in kept), key=lambda answer: _place(answer[1]))
        accepted = [self._hear_one(unit_id, name, written) for name, written in found]
        return any(accepted)

    def _new_answers(self, unit_id: str) -> list[tuple[str, bytes]]:
        """What is not settled yet, some at a time. What lies there no more is forgotten: it would fill memory."""
        settled, there, new = self._settled.get(unit_id, set()), set[bytes](), list[tuple[str, bytes]]()
        try:
            for name, written in self.transports[unit_id].answers():
                if (known := _known_by(name, written)) in settled:
                    there.add(known)
                elif len(new) < MAX_ANSWERS:
                    new.append((name, written))
            self._settled[unit_id] = there
        except (WorldInTheWay, CannotBeDelivered):
            pass  # the others cannot be had now; the sending side tells of it
        except Exception as fault:  # noqa: BLE001  # whatever is wrong with one unit must not delay another's reports
            log.error("transport_fault", unit=unit_id, error=type(fault).__name__)
        return new

    def _settle(self, unit_id: str, name: str, written: bytes) -> None:
        self._settled.setdefault(unit_id, set()).add(_known_by(name, written))

    def _hear_one(self, unit_id: str, name: str, written: bytes) -> bool:
        self.failpoint(Failpoint.ANSWER_READ)
        if (said := self._totals(unit_id, written)) is not None:
            self._settle(unit_id, name, written)
            return self._keep_totals(said)
        if (asked := self._question(unit_id, written)) is not None:
            came = self._keep_question(unit_id, asked)
            if came is not Came.LATER:
                self._settle(unit_id, name, written)
            return came is Came.TAKEN
        with self.store.read() as tx:
            heard = weigh(tx, unit_id, written)
        if heard is Heard.ACCEPTED:
            with self.store.begin() as tx:
                heard = accept_answer(tx, unit_id, written, self.clock())
                self.failpoint(Failpoint.ANSWER_ACCEPTED)
            self.failpoint(Failpoint.ANSWER_KEPT)
        if heard is not Heard.TOO_EARLY:
            self._settle(unit_id, name, written)
        if heard is Heard.ACCEPTED:
            self._shredder.due = True
            log.info("answer_accepted", unit=unit_id)
        if heard is Heard.REFUSED:
            log.warning("answer_refused", unit=unit_id)
        return heard is Heard.ACCEPTED

    def _totals(self, unit_id: str, written: bytes) -> Totals | None:
        """What a unit says of a quarter's reports together, if this is that."""
        if claimed(written) is not None:
            return None
        with self.store.read() as tx:
            return totals.believed(tx, unit_id, written)

    def _keep_totals(self, said: Totals) -> bool:
        with self.store.read() as tx:
            new = totals.is_new(tx, said)
        if new:
            with self.store.begin() as tx:
                totals.keep(tx, said)
            log.info("totals_kept", unit=said.unit)
        return new

    def _question(self, unit_id: str, written: bytes) -> Envelope | None:
        """What a unit would have asked of a caller who rings again, if this is that; unopened."""
        if claimed(written) is not None:
            return None
        with self.store.read() as tx:
            return questions.asked_by(tx, unit_id, written)

    def _keep_question(self, unit_id: str, asked: Envelope) -> Came:
        with self.store.read() as tx:
            came = questions.weigh_question(tx, unit_id, asked)
        if came is Came.TAKEN:
            with self.store.begin() as tx:
                came = questions.take_question(tx, unit_id, asked, self.clock())
            log.info("question_held", unit=unit_id)
        return came

    def _shred(self) -> bool:
        shredded = self._shredder.step()
        if shredded:
            self.failpoint(Failpoint.SHREDDED)
            log.info("shredded")
        return shredded


def _known_by(name: str, written: bytes) -> bytes:
    return hashlib.sha256(framed(name.encode("utf-8", "surrogatepass"), written)).digest()


def _place(written: bytes) -> int:
    answer = claimed(written)
    return len(_IN_ORDER) if answer is None else _IN_ORDER[answer.verdict]
