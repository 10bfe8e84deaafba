"""Opens the store (SQLite or PostgreSQL), gives transactions, and tells when something has changed.

Knows nothing of what is stored.
"""

import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url

CHANNEL = "candour"
_POLL_SECONDS = 0.01  # a look at SQLite's data_version costs microseconds
_BUSY_MS = 10_000  # how long a writer waits for its turn

# SQLite's reads are one look already; PostgreSQL's would see each statement's own.
_ONE_LOOK: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class Store:
    """One database. `begin` is a write transaction, `read` a consistent look; both end with the `with` block."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(candour_read=True, **_ONE_LOOK[engine.dialect.name])

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: committed at the end of the block, rolled back on any exception."""
        with self.engine.begin() as tx:
            yield tx
            if not self.is_sqlite:
                tx.execute(text(f"NOTIFY {CHANNEL}"))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction. Never held while waiting for something else."""
        with self._reader.begin() as tx:
            yield tx

    def watch(self) -> "Watch":
        """Something that tells of every commit made from now on, by any process."""
        return SqliteWatch(self.engine) if self.is_sqlite else PostgresWatch(self.engine.url)

    def close(self) -> None:
        self.engine.dispose()


class Watch(Protocol):
    """Waits for commits."""

    def wait(self, seconds: float) -> bool:
        """Return True as soon as anything was committed since the last call; False after `seconds`."""

    def close(self) -> None: ...


class SqliteWatch:
    """Polls `PRAGMA data_version`, which moves whenever another connection commits."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._seen = self._version()

    def _version(self) -> int:
        cursor = self._connection.cursor()
        try:
            return int(cursor.execute("PRAGMA data_version").fetchone()[0])
        finally:
            cursor.close()

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while (now := self._version()) == self._seen:
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        self._seen = now
        return True

    def close(self) -> None:
        self._connection.close()


class PostgresWatch:
    """Listens to the notification every write transaction sends when it commits."""

    def __init__(self, url: URL) -> None:
        plain = url.set(drivername="postgresql")
        self._connection = psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        if list(self._connection.notifies(timeout=0)):
            return True
        select.select([self._connection.fileno()], [], [], seconds)
        return bool(list(self._connection.notifies(timeout=0)))

    def close(self) -> None:
        self._connection.close()


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(_sqlite_engine(parsed))
    return Store(create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=True))


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # deleted content is overwritten, not left in free pages
        f"busy_timeout={_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers lock at once: a read that turns into a write could not wait for its turn."""
    reading = connection.get_execution_options().get("candour_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def truncate_wal(store: Store) -> bool:
    """Empty SQLite's write-ahead log, so that what was shredded is gone from it too.

    Returns False while a reader is in the way: call again later. On PostgreSQL there is nothing to do here
    (its WAL and dead rows hold ciphertext only).
    """
    if not store.is_sqlite:
        return True
    connection = store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # most of it, with nobody kept from writing
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:  # whoever is lent this connection next waits for its turn
            cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            cursor.close()
        return not busy
    finally:
        connection.close()
