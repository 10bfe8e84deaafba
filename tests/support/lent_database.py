"""One migrated PostgreSQL database for test after test: to empty it takes a hundredth of the time of making one."""

from __future__ import annotations

import psycopg
from psycopg import sql

from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date

_NAME = "lent"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SHAPE = (
    "SELECT attrelid::regclass::text, attname, atttypid FROM pg_attribute JOIN pg_class ON oid = attrelid "
    "WHERE relnamespace = 'public'::regnamespace AND attnum > 0"
)
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class LentDatabase:
    """Made when it is first lent, and made anew when a test has altered its tables."""

    def __init__(self, admin: psycopg.Connection, host: str) -> None:
        self._admin, self._host = admin, host
        self._shape: set[tuple[object, ...]] | None = None

    def lend(self) -> str:
        """The database, migrated and empty. Returns where it is, as SQLAlchemy writes it."""
        url = f"postgresql+psycopg://candour@/{_NAME}?host={self._host}"
        if self._shape is None:
            self._admin.execute(f"CREATE DATABASE {_NAME}")
            store = open_store(url)
            bring_up_to_date(store)
            store.close()
            with self._inside() as inside:
                self._shape = set(inside.execute(_SHAPE))
        return url

    def take_back(self) -> None:
        """Whoever is still connected is cut off, and every row is deleted."""
        with self._inside() as inside:
            inside.execute(_OTHERS)
            if set(inside.execute(_SHAPE)) == self._shape:
                self._empty(inside)
                return
        self._admin.execute(f"DROP DATABASE {_NAME} WITH (FORCE)")
        self._shape = None

    def _empty(self, inside: psycopg.Connection) -> None:
        look = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for (name,) in inside.execute(_TABLES).fetchall()
        )
        inside.execute("SET session_replication_role = replica")  # rows that refer to each other go in any order
        for (name,) in inside.execute(look).fetchall():
            inside.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))

    def _inside(self) -> psycopg.Connection:
        return psycopg.connect(host=self._host, user="candour", dbname=_NAME, autocommit=True)
