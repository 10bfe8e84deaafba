"""One order worker with one handler and one caller, and a switchboard that does what it is told to."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from ivr.line.place import Place
from ivr.order_worker import OrderWorker
from ivr.switchboard import SwitchboardFact
from shared.domain import calls, legs
from shared.domain.live_calls import LiveCall, call_on_leg
from shared.domain.presence import presence_of, set_presence
from shared.domain.vocabulary import Category, Language, Mode, OrderKind, PresenceState
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import live_order, person, person_language

CALLER, HANDSET_LEG = "CA" + "1" * 32, "CA" + "2" * 32
ROOM = "CF" + "3" * 32


class Board:
    """Stands where the switchboard does: keeps what it is asked, and fails when told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.fails: SwitchboardFact | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def _do(self, what: str, leg: str) -> None:
        self.asked.append((what, leg))
        self.meanwhile()
        if self.fails is not None:
            raise self.fails

    def ring_handset(self, handset: str, conference: str, again: bool = False) -> str:
        self._do("ring again" if again else "ring", handset)
        return HANDSET_LEG

    def move_caller(self, leg_sid: str, conference: str) -> None:
        self._do("move", leg_sid)

    def recall_caller(self, leg_sid: str, place: Place, conference: str) -> None:
        self._do("recall", leg_sid)

    def hold(self, leg_sid: str, conference_sid: str, language: Language) -> None:
        self._do("hold", leg_sid)

    def resume(self, leg_sid: str, conference_sid: str) -> None:
        self._do("resume", leg_sid)

    def end_leg(self, leg_sid: str) -> None:
        self._do("end", leg_sid)

    def legs_in_queue(self) -> frozenset[str]:
        return frozenset({CALLER})

    def leg_is_live(self, leg_sid: str) -> bool:
        return True

    def delete_record(self, leg_sid: str) -> None:
        self._do("delete", leg_sid)

    @property
    def verbs(self) -> list[str]:
        return [what for what, _ in self.asked]


class Duty:
    """One handler, one caller in the queue, one worker."""

    def __init__(self, store: Store, clock: Any) -> None:
        self.store, self.clock, self.board = store, clock, Board()
        self.worker = OrderWorker(store, self.board, clock)  # type: ignore[arg-type]
        self.handler = random_id()
        row = {
            "id": self.handler, "name": "Asha", "active": True, "handset": "+442079460111", "handset_trusted": False,
            "salt": b"s" * 16, "memory_kib": 1, "iterations": 1, "lanes": 1, "authentication_hash": b"h" * 32,
            "private_bundle": b"", "reader_public": b"", "verify_public": b"",
        }  # fmt: skip
        with store.begin() as tx:
            tx.execute(insert(person).values(row))
            tx.execute(insert(person_language).values(person_id=self.handler, language=Language.EN))
            set_presence(tx, self.handler, PresenceState.AVAILABLE, clock())
            calls.queue_call(
                tx, CALLER, Language.EN, Mode.UNSET, Category.UNSET, None, unable_to_speak=False, now=clock()
            )
            calls.caller_waits(tx, CALLER, clock())

    def do(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        with self.store.begin() as tx:
            return verb(tx, *arguments)

    def take(self) -> LiveCall:
        self.do(calls.take_call, self.call.id, self.handler, self.clock())
        return self.call

    def connect(self) -> LiveCall:
        """The handset is in the conference; the caller is to be moved."""
        conference = self.take().conference
        self.do(legs.handset_joined, conference, ROOM, HANDSET_LEG, self.clock())
        return self.call

    def talk(self) -> LiveCall:
        call = self.connect()
        self.do(legs.caller_joins, CALLER, call.conference, self.clock())
        return self.call

    def work(self) -> None:
        while self.worker.step():
            pass

    @property
    def call(self) -> LiveCall:
        with self.store.read() as tx:
            found = call_on_leg(tx, CALLER)
        assert found is not None
        return found

    @property
    def orders(self) -> list[OrderKind]:
        with self.store.read() as tx:
            return sorted(tx.execute(select(live_order.c.kind)).scalars())

    @property
    def presence(self) -> PresenceState:
        with self.store.read() as tx:
            return presence_of(tx, self.handler).state
