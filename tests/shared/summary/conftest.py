"""Days of calls, written down as they ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy import insert

from shared.domain.vocabulary import CallOutcome, CallState, Category, EndedBy, Language, Measure, Mode
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.database import Store
from shared.store.schema import day_histogram, finished_call, live_call

Ended = Callable[..., None]


@dataclass
class Ledger:
    """The calls' ledger of a store."""

    store: Store

    def ended(self, day: date, hour_start: datetime, outcome: CallOutcome, n: int = 1, offered: bool = True) -> None:
        rows = [
            {"id": random_id(), "day": day, "hour_start": hour_start, "outcome": outcome, "offered": offered}
            for _ in range(n)
        ]
        with self.store.begin() as tx:
            tx.execute(insert(finished_call), rows)

    def waited(self, day: date, *seconds: int, measure: Measure = Measure.WAIT_ANSWERED) -> None:
        with self.store.begin() as tx:
            for wait in seconds:
                count(tx, day_histogram, day=day, measure=measure, seconds=wait)

    def still_open(self, arrived_at: datetime) -> None:
        row = {
            "id": random_id(), "call_sid": "CA" + "0" * 32, "state": CallState.MENU, "revision": 1,
            "mode": Mode.UNSET, "category": Category.UNSET, "unable_to_speak": False, "priority": 0,
            "arrived_at": arrived_at, "ended_by": EndedBy.NOBODY,
        }  # fmt: skip
        languages = {column.name: Language.EN for column in live_call.c if column.name.endswith("language")}
        with self.store.begin() as tx:
            tx.execute(insert(live_call), row | languages)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)
