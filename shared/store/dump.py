"""The rows of every table that a backup has, out of one database and into an empty one, of either kind.

Rows leave in the order of their keys, which tells nothing of when they were written. Calls in progress, orders,
sessions and what Twilio still has to delete stay behind.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Date, LargeBinary, Table, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from shared.store.columns import UtcTime
from shared.store.schema import TABLES_LEFT_OUT_OF_BACKUPS, metadata

KEPT: Final[tuple[Table, ...]] = tuple(
    table for table in metadata.sorted_tables if table.name not in TABLES_LEFT_OUT_OF_BACKUPS
)
_TOGETHER: Final = 500
_LINE_END: Final = b"\n"


class DumpMalformed(ValueError):
    """The lines are not what ``rows_out`` writes, or are not all there."""


class DatabaseNotEmpty(ValueError):
    """There is something in the database already; a restore would mix two organisations."""


def schema_version(tx: Connection) -> str:
    """The version of the tables, as their migrations count it."""
    return ",".join(MigrationContext.configure(tx).get_current_heads())


def rows_out(tx: Connection) -> Iterator[bytes]:
    """Every row as a line of JSON, the last line with how many there were. One look at the database, not several."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    total = 0
    for table in KEPT:
        for row in tx.execute(select(table).order_by(*table.primary_key.columns)):
            values = [_written(value) for value in row]
            yield json.dumps([table.name, *values], ensure_ascii=False, separators=(",", ":")).encode() + _LINE_END
            total += 1
    yield json.dumps(["end", total]).encode() + _LINE_END


def check_empty(tx: Connection) -> None:
    """Raises DatabaseNotEmpty."""
    for table in metadata.sorted_tables:
        if tx.execute(select(table).limit(1)).first() is not None:
            raise DatabaseNotEmpty


def rows_in(tx: Connection, written: Iterable[bytes]) -> int:
    """Put the rows of a dump into an empty database; how many there were.

    Raises DumpMalformed; the caller's transaction then leaves nothing behind.
    """
    by_name = {table.name: table for table in KEPT}
    waiting: list[dict[str, Any]] = []
    current: Table | None = None
    total, said = 0, None
    for line in _lines(written):
        name, *values = _parsed(line)
        if said is not None:
            raise DumpMalformed
        if name == "end" and len(values) == 1:
            said = values[0]
            continue
        table = by_name.get(name)
        if table is None or len(values) != len(table.columns):
            raise DumpMalformed
        if table is not current or len(waiting) >= _TOGETHER:
            _insert(tx, current, waiting)
            current, waiting = table, []
        waiting.append({column.name: _read(value, column) for column, value in zip(table.columns, values, strict=True)})
        total += 1
    _insert(tx, current, waiting)
    if said != total:
        raise DumpMalformed
    return total


def _insert(tx: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is None or not rows:
        return
    try:
        tx.execute(insert(table), rows)
    except (SQLAlchemyError, ValueError, LookupError):
        raise DumpMalformed from None


def _lines(written: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for part in written:
        *whole, held = (held + part).split(_LINE_END)
        yield from whole
    if held:
        raise DumpMalformed


def _parsed(line: bytes) -> list[Any]:
    try:
        row = json.loads(line)
    except ValueError:
        raise DumpMalformed from None
    if not isinstance(row, list) or not row or not isinstance(row[0], str):
        raise DumpMalformed
    return row


def _written(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode("ascii")
        case date():  # a datetime too
            return value.isoformat()
        case _:
            return value


def _read(value: Any, column: Column[Any]) -> Any:
    if value is None:
        return None
    try:
        if isinstance(column.type, LargeBinary):
            return base64.b64decode(value, validate=True)
        if isinstance(column.type, UtcTime):
            return datetime.fromisoformat(value)
        if isinstance(column.type, Date):
            return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise DumpMalformed from None
    return value
