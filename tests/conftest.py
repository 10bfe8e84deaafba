"""Fixtures every part may use: a store on each database, and a clock that stands still until it is moved."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from tests.support.lent_database import LentDatabase
from tests.support.postgres_server import postgres_running

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile("candour", deadline=None)  # how long an example takes says what else the machine was doing
settings.load_profile("candour")


@dataclass
class Clock:
    """Tells the time it was set to. Call it for now; `advance` moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 10, 14, 5, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of the tests' own, as a libpq host value."""
    with postgres_running() as host:
        yield host


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[LentDatabase]:
    with psycopg.connect(host=postgres_server, user="candour", dbname="postgres", autocommit=True) as admin:
        yield LentDatabase(admin, postgres_server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite-template") / "candour.db"
    store = open_store(f"sqlite:///{path}")
    bring_up_to_date(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "candour.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_database: LentDatabase) -> Iterator[Store]:
    store = open_store(postgres_database.lend())
    yield store
    store.close()
    postgres_database.take_back()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty, migrated store; each test that asks for it runs on both databases."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    found: Store = request.getfixturevalue(name)
    return found
