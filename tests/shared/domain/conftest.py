"""A switchboard of stand-ins: people with handsets, and callers in the queue, on a real store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from shared.domain import calls, legs
from shared.domain.live_calls import LiveCall, call_on_leg
from shared.domain.presence import presence_of, set_presence
from shared.domain.vocabulary import CallOutcome, Category, Language, Mode, OrderKind, PresenceState, Role
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import finished_call, live_order, person, person_language
from tests.support.enrolled import enrol


def call_sid(number: int) -> str:
    return f"CA{number:032x}"


HANDSET_LEG = "CA" + "b" * 32
CONFERENCE = "CF" + "c" * 32


@dataclass
class Line:
    """Drives the rules as callers and handlers do; `now` is the clock's."""

    store: Store
    clock: Any
    legs: int = field(default=0)

    def enrol(self, name: str, languages: tuple[Language, ...] = (Language.EN,), **values: Any) -> str:
        person_id = random_id()
        row = {
            "id": person_id, "name": name, "active": True, "handset": "+442079460101", "handset_trusted": False,
            "salt": b"s" * 16, "memory_kib": 1, "iterations": 1, "lanes": 1, "authentication_hash": b"h" * 32,
            "private_bundle": b"", "reader_public": b"", "verify_public": b"",
        }  # fmt: skip
        with self.store.begin() as tx:
            tx.execute(insert(person).values(row | values))
            for language in languages:
                tx.execute(insert(person_language).values(person_id=person_id, language=language))
        return person_id

    def available(self, name: str, languages: tuple[Language, ...] = (Language.EN,)) -> str:
        person_id = self.enrol(name, languages)
        self.is_now(person_id, PresenceState.AVAILABLE)
        return person_id

    def is_now(self, person_id: str, state: PresenceState) -> None:
        self.do(set_presence, person_id, state, self.now)

    def waiting(self, language: Language = Language.EN, **choices: Any) -> LiveCall:
        self.legs += 1
        sid = call_sid(self.legs)
        self.do(calls.arrive, sid, language, self.now)
        chosen = {"mode": Mode.UNSET, "category": Category.UNSET, "force_id": None, "unable_to_speak": False}
        self.do(calls.queue_call, sid, language, now=self.now, **(chosen | choices))
        self.do(calls.caller_waits, sid, self.now)
        return self.call(sid)

    def talking(self, person_id: str, **choices: Any) -> LiveCall:
        """A call in conversation with this person, 10 seconds after it was taken."""
        call = self.waiting(**choices)
        self.take(call, person_id)
        self.clock.advance(10)
        self.connect(call)
        return self.call(call.call_sid)

    def take(self, call: LiveCall, person_id: str) -> LiveCall:
        self.do(calls.take_call, call.id, person_id, self.now)
        return self.call(call.call_sid)

    def connect(self, call: LiveCall) -> None:
        conference = self.call(call.call_sid).conference
        self.do(legs.handset_accepts, conference, HANDSET_LEG, self.now)
        self.do(legs.handset_joined, conference, CONFERENCE, HANDSET_LEG, self.now)
        self.do(legs.caller_joins, call.call_sid, conference, self.now)

    def do(self, verb: Any, *arguments: Any, **named: Any) -> Any:
        with self.store.begin() as tx:
            return verb(tx, *arguments, **named)

    def call(self, sid: str) -> LiveCall:
        with self.store.read() as tx:
            found = call_on_leg(tx, sid)
        assert found is not None
        return found

    def gone(self, sid: str) -> bool:
        with self.store.read() as tx:
            return call_on_leg(tx, sid) is None

    def rows(self, table: Table) -> list[Mapping[str, Any]]:
        with self.store.read() as tx:
            return [dict(row) for row in tx.execute(select(table)).mappings()]

    def presence(self, person_id: str) -> PresenceState:
        with self.store.read() as tx:
            return presence_of(tx, person_id).state

    @property
    def orders(self) -> list[OrderKind]:
        return sorted(row["kind"] for row in self.rows(live_order))

    @property
    def outcomes(self) -> list[CallOutcome]:
        return [row["outcome"] for row in self.rows(finished_call)]

    @property
    def now(self) -> datetime:
        now: datetime = self.clock.now
        return now


@pytest.fixture
def line(store: Store, clock: Any) -> Line:
    return Line(store, clock)


@pytest.fixture
def asha(line: Any) -> str:
    return enrol(line, "Asha", Role.HANDLER)


@pytest.fixture
def bryn(line: Any, asha: str) -> str:
    """Available, but not as long as Asha."""
    line.clock.advance(1)
    return enrol(line, "Bryn", Role.HANDLER)
