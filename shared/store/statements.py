"""Statements that both databases know and SQLAlchemy writes differently for each."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(tx: Connection, table: Table) -> Any:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`; what those take is the same for both."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
