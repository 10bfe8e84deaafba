"""What only time brings, on a real store."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, text

from ivr.maintenance import Maintenance
from shared.domain.vocabulary import CallOutcome
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import closed_day, finished_call, instance
from tests.support.town import Town

MARK = b"what-must-not-be-found-anywhere!"


def wal(store: Store) -> Path:
    return Path(f"{store.engine.url.database}-wal")


def test_what_was_deleted_is_gone_from_the_log_too(sqlite_store: Store, clock: Callable[[], datetime]) -> None:
    with sqlite_store.begin() as tx:
        tx.execute(insert(instance), {"id": 1, "sign_in_secret": MARK})
    with sqlite_store.begin() as tx:
        tx.execute(delete(instance))
    assert MARK in wal(sqlite_store).read_bytes()

    done = Maintenance(sqlite_store, clock).step()

    assert done
    assert MARK not in wal(sqlite_store).read_bytes()


def test_it_comes_again_while_somebody_reads_an_older_state(sqlite_store: Store, clock: Callable[[], datetime]) -> None:
    maintenance = Maintenance(sqlite_store, clock)
    with sqlite_store.read() as reading:
        reading.execute(select(instance)).all()
        with sqlite_store.begin() as tx:
            tx.execute(insert(instance), {"id": 1, "sign_in_secret": MARK})

        in_the_way = maintenance.step()

    assert not in_the_way
    assert maintenance.step()


def test_yesterday_is_closed_after_three_in_the_morning(store: Store, clock: Callable[[], datetime]) -> None:
    yesterday = date(2026, 3, 9)
    call = {"id": random_id(), "day": yesterday, "hour_start": datetime(2026, 3, 9, 14, tzinfo=UTC)}
    with store.begin() as tx:
        tx.execute(insert(finished_call), {**call, "outcome": CallOutcome.ANSWERED, "offered": True, "wait_seconds": 9})

    Maintenance(store, clock).step()

    with store.read() as tx:
        assert tx.execute(select(closed_day.c.day)).scalars().all() == [yesterday]
        assert tx.execute(select(finished_call)).all() == []


def test_reports_do_not_lie_on_the_disk_in_the_order_they_were_written(
    postgres_store: Store, clock: Callable[[], datetime]
) -> None:
    Town(postgres_store, random.Random(3)).lives(date(2026, 3, 10))
    in_place = text("SELECT id FROM report ORDER BY ctid")
    with postgres_store.read() as tx:
        before = tx.execute(in_place).scalars().all()

    assert Maintenance(postgres_store, clock).step()

    with postgres_store.read() as tx:
        after = tx.execute(in_place).scalars().all()
    assert sorted(after) == sorted(before)
    assert after != before
