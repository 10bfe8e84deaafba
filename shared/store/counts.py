"""Counting, in a table whose key is everything but `n`. Knows nothing of what is counted."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite


def count(tx: Connection, table: Table, n: int = 1, **key: Any) -> None:
    """Add `n` to the row with this key; the first time, make it."""
    tx.execute(_adding(tx.dialect.name, table, tuple(sorted(key))), {**key, "n": n})


@lru_cache(maxsize=64)
def _adding(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    """Made once for each table: every call and every report counts."""
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    values = made.values({name: bindparam(name) for name in (*names, "n")})
    return values.on_conflict_do_update(index_elements=list(names), set_={"n": table.c.n + made.excluded.n})
