"""Counting, in a table whose key is everything but `n`. Knows nothing of what is counted."""

from typing import Any

from sqlalchemy import Connection, Table

from shared.store.statements import insert_into


def count(tx: Connection, table: Table, n: int = 1, **key: Any) -> None:
    """Add `n` to the row with this key; the first time, make it."""
    statement = insert_into(tx, table).values(n=n, **key)
    tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"n": table.c.n + n}))
