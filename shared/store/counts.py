"""Counting by one, in a table whose key is everything but `n`. Knows nothing of what is counted."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def count(tx: Connection, table: Table, n: int = 1, **key: Any) -> None:
    """Add `n` to the row with this key; the first time, make it. Both databases write ON CONFLICT the same way."""
    statement = inserting(tx, table).values(n=n, **key)
    tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"n": table.c.n + n}))


def inserting(tx: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
