"""What callers, handlers and the telephone do to one call, step by step, by the product's own verbs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from shared.domain import calls, legs
from shared.domain.arrivals import come_in
from shared.domain.finished import set_aside
from shared.domain.limits import EVERYONE
from shared.domain.live_calls import LiveCall, call_on_leg
from shared.domain.live_presence import presence_of
from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Disposition,
    Language,
    Mode,
    PresenceState,
)
from shared.domain.wrap_up import mark_training
from tests.launch.offices import Offices

Step = tuple[datetime, Callable[[datetime], None]]
MORNING_AFTER = timedelta(hours=6)  # when a wrap-up that was left lying is done: the day has been closed by then


class Kind(StrEnum):
    """What becomes of a call. Those from TEST on are no calls to the service's table."""

    TALKED = "talked"
    HELD = "talked, with a hold"
    LEFT_LYING = "talked over midnight and wrapped up in the morning"
    REPLAYED = "talked, and every webhook sent twice"
    HUNG_UP_WAITING = "abandoned in the queue"
    HUNG_UP_IN_MENU = "abandoned in the menu"
    LEFT_QUIETLY = "left quietly"
    WAITED_TOO_LONG = "overflow"
    TEST = "a test, by its handler's word"
    TRAINING = "for training"
    OUR_OWN = "the line's call to itself"
    NEVER_WAS = "a replay of a call that was forgotten"


TALKED_ON = frozenset({Kind.TALKED, Kind.HELD, Kind.LEFT_LYING, Kind.REPLAYED, Kind.TEST, Kind.TRAINING})
UNANSWERED = {
    Kind.HUNG_UP_WAITING: CallOutcome.ABANDONED_IN_QUEUE,
    Kind.LEFT_QUIETLY: CallOutcome.LEFT_QUIETLY,
    Kind.WAITED_TOO_LONG: CallOutcome.OVERFLOW,
}
DISPOSITIONS = tuple(each for each in Disposition if each not in (Disposition.TEST, Disposition.SIGNPOSTED))


@dataclass
class OneCall:
    """One leg and what becomes of it."""

    offices: Offices
    kind: Kind
    leg: str
    handset_leg: str
    handler: str = ""

    @property
    def chance(self) -> random.Random:
        return self.offices.chance

    def steps(self, at: datetime) -> Iterator[Step]:
        """From its arrival on, in order."""

        def after(seconds: float, happens: Callable[[datetime], None]) -> Step:
            return at + timedelta(seconds=seconds), happens

        yield after(0, self._arrives)
        match self.kind:
            case Kind.HUNG_UP_IN_MENU:
                yield after(20, self._leaves)
            case Kind.OUR_OWN:
                yield after(20, self._is_our_own)
            case Kind.NEVER_WAS:
                yield after(600, self._never_was)
            case Kind.HUNG_UP_WAITING | Kind.LEFT_QUIETLY | Kind.WAITED_TOO_LONG:
                yield after(30, self._waits)
                yield after(30 + self.chance.randrange(2, 240), self._leaves)
            case _:
                yield from self._conversation(after)

    def _conversation(self, after: Callable[[float, Callable[[datetime], None]], Step]) -> Iterator[Step]:
        wait, talk = self.chance.randrange(2, 40), self.chance.randrange(120, 1800)
        yield after(30, self._waits)
        yield after(30 + wait, self._is_taken)
        yield after(36 + wait, self._is_connected)
        if self.kind is Kind.HELD:
            yield after(60 + wait, self._is_held)
            yield after(90 + wait, self._is_resumed)
        yield after(36 + wait + talk, self._leaves)
        lies = MORNING_AFTER.total_seconds() if self.kind is Kind.LEFT_LYING else 0
        yield after(36 + wait + talk + self.chance.randrange(30, 200) + lies, self._is_wrapped_up)

    # --- each step is what the edge, the desk and the order worker would do -----------------------------------------

    def _arrives(self, now: datetime) -> None:
        for _ in range(2 if self.kind is Kind.REPLAYED else 1):
            self._do(come_in, self.leg, Language.EN, now, EVERYONE)

    def _waits(self, now: datetime) -> None:
        chosen = (
            self.chance.choice(list(Mode)), self.chance.choice(list(Category)),
            self.chance.choice(("metropolitan", "kent", None)), False,
        )  # fmt: skip
        for _ in range(2 if self.kind is Kind.REPLAYED else 1):
            self._do(calls.queue_call, self.leg, Language.EN, *chosen, now)
            self._do(calls.caller_waits, self.leg, now)

    def _is_taken(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            self.handler = next(
                each
                for each in self.offices.handlers
                if presence_of(tx, each).state in (PresenceState.AVAILABLE, PresenceState.MISSED)
            )
            calls.take_call(tx, self._call(tx).id, self.handler, now)

    def _is_connected(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            conference = self._call(tx).conference or ""
            for _ in range(2 if self.kind is Kind.REPLAYED else 1):
                legs.handset_picked_up(tx, conference, self.handset_leg, now)
                legs.handset_accepts(tx, conference, self.handset_leg, now)
                legs.handset_joined(tx, conference, "CF" + conference, self.handset_leg, now)
                legs.caller_joins(tx, self.leg, conference, now)

    def _is_held(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            calls.hold_call(tx, self._call(tx).id, self.handler, now)

    def _is_resumed(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            calls.resume_call(tx, self._call(tx).id, self.handler, now)

    def _leaves(self, now: datetime) -> None:
        outcome = UNANSWERED.get(self.kind, CallOutcome.ABANDONED_IN_QUEUE)
        for _ in range(2 if self.kind is Kind.REPLAYED else 1):
            self._do(calls.caller_left, self.leg, now, outcome)

    def _is_wrapped_up(self, now: datetime) -> None:
        disposition = Disposition.TEST if self.kind is Kind.TEST else self.chance.choice(DISPOSITIONS)
        with self.offices.store.begin() as tx:
            call = self._call(tx)
            if self.kind is Kind.TRAINING:
                mark_training(tx, call.id, self.handler, True)
            calls.wrap_up(tx, call.id, self.handler, disposition, now)
        if self.kind is Kind.REPLAYED:
            self._arrives(now)
            self._waits(now)
            self._leaves(now)

    def _is_our_own(self, now: datetime) -> None:
        self._do(set_aside, self.leg, now)

    def _never_was(self, now: datetime) -> None:
        self._do(calls.never_was, self.leg, now)

    def _do(self, verb: Callable[..., object], *arguments: object) -> None:
        with self.offices.store.begin() as tx:
            verb(tx, *arguments)

    def _call(self, tx: Connection) -> LiveCall:
        found = call_on_leg(tx, self.leg)
        assert found is not None
        return found
