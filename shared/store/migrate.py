"""Brings a database to the current schema, from nothing or from any earlier version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.store.database import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(store: Store) -> None:
    """Create or upgrade the tables. Safe to call at every start; two processes at once take turns."""
    with store.engine.begin() as tx:
        _only_one_at_a_time(tx)
        command.upgrade(alembic_settings(tx), "head")


def is_up_to_date(store: Store) -> bool:
    """Whether the tables are those of this version; changes nothing. Raises SQLAlchemy's errors."""
    with store.engine.connect() as connection:
        there = MigrationContext.configure(connection).get_current_heads()
        newest = ScriptDirectory.from_config(alembic_settings(connection)).get_heads()
    return set(there) == set(newest)


def alembic_settings(tx: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS))
    settings.attributes["connection"] = tx
    return settings


def _only_one_at_a_time(tx: Connection) -> None:
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SELECT pg_advisory_xact_lock(716352001)")
