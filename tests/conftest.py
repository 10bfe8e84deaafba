"""Fixtures every part may use: a store on each database, and a clock that stands still until it is moved."""

import os
import shutil
import subprocess
import tempfile
import threading
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
    """A PostgreSQL server of the tests' own, on a socket in a temporary folder. Yields a libpq host value."""
    folder = Path(tempfile.mkdtemp(prefix="candour-pg-", dir="/tmp"))
    folder.chmod(0o755)
    binaries = _postgres_binaries()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    run = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [
            *as_user,
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "candour",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        **run,
    )
    server = subprocess.Popen(
        [*as_user, binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
         "-c", "max_connections=200"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_up(folder, server)
        yield str(folder)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        pytest.fail("PostgreSQL's server is not installed: 'make system' installs it, or says how.")
    return Path(on_path).parent


def _wait_until_up(folder: Path, server: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail("PostgreSQL did not start")
        try:
            psycopg.connect(host=str(folder), user="candour", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            pause.wait(0.05)
    pytest.fail("PostgreSQL did not answer within 15 seconds")


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
