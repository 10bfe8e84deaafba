"""A full dump of a store, as whoever holds the disk has it: where on it each id lies, and what wrote its row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, text

from shared.store.database import Store, truncate_wal
from shared.store.schema import envelope, finished_call, metadata

Order = Mapping[str, float]  # an id's place in some physical order


@dataclass(frozen=True)
class Dump:
    """Every order the disk shows, by name, for finished calls and for reports; and what the rows say of the hour."""

    hours: Order
    calls: Mapping[str, Order]
    reports: Mapping[str, Order]


def dump(store: Store) -> Dump:
    """Everything, after the log was emptied as maintenance does."""
    assert truncate_wal(store)
    with store.read() as tx:
        hours = {row.id: row.hour_start.timestamp() for row in tx.execute(select(finished_call))}
        rows = [dict(row) for row in tx.execute(select(envelope)).mappings()]
        report_ids = {row["report_id"] for row in rows}
    found = _on_sqlite(store, rows) if store.is_sqlite else _on_postgresql(store)
    calls = {name: _only(order, set(hours)) for name, order in found.items()}
    of_reports = {name: _only(order, report_ids) for name, order in found.items()}
    return Dump(hours, _meaningful(calls), _meaningful(of_reports))


def _only(order: Order, ids: set[str]) -> Order:
    return {row_id: place for row_id, place in order.items() if row_id in ids}


def _meaningful(orders: Mapping[str, Order]) -> dict[str, Order]:
    return {name: order for name, order in orders.items() if len(set(order.values())) > 1}


# --- SQLite: the bytes of the file ----------------------------------------------------------------------------------


def _on_sqlite(store: Store, envelopes: list[dict[str, Any]]) -> dict[str, Order]:
    raw = Path(str(store.engine.url.database)).read_bytes()
    with store.engine.connect() as connection:
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    orders: dict[str, dict[str, float]] = {}
    for name, root in _trees(store):
        for number in _pages_of(raw, page, root):
            body = raw[(number - 1) * page : number * page]
            for row_id, offset in _ids_in(body):
                orders.setdefault(f"{name} in page", {})[row_id] = offset
                orders.setdefault(f"{name} by page", {})[row_id] = number
                orders.setdefault(f"{name} by place", {})[row_id] = number * page + offset
    for row in envelopes:
        middle = raw.find(row["ciphertext"][3000:3064])
        beside = "contact" if row["stage"] == "contact" else "report"
        orders.setdefault(f"{beside} ciphertext", {})[row["report_id"]] = middle
    return dict(orders)


def _trees(store: Store) -> list[tuple[str, int]]:
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").all()
        connection.exec_driver_sql("ROLLBACK")
    return [(row[0], row[1]) for row in rows]


def _pages_of(raw: bytes, page: int, root: int) -> Iterator[int]:
    """A b-tree's pages (https://www.sqlite.org/fileformat2.html, section 1.6)."""
    start = (root - 1) * page + (100 if root == 1 else 0)
    yield root
    if raw[start] in (2, 5):
        cells = int.from_bytes(raw[start + 3 : start + 5], "big")
        for cell in range(cells):
            at = start + 12 + 2 * cell
            pointer = (root - 1) * page + int.from_bytes(raw[at : at + 2], "big")
            yield from _pages_of(raw, page, int.from_bytes(raw[pointer : pointer + 4], "big"))
        yield from _pages_of(raw, page, int.from_bytes(raw[start + 8 : start + 12], "big"))


def _ids_in(body: bytes) -> Iterator[tuple[str, int]]:
    """Every run of 32 hexadecimal digits in a page. Ids lie side by side, so each alignment is looked at."""
    hexadecimal = b"0123456789abcdef"
    run = 0
    for at, byte in enumerate(body):
        run = run + 1 if byte in hexadecimal else 0
        if run >= 32:
            yield body[at - 31 : at + 1].decode("ascii"), at - 31


# --- PostgreSQL: ctid, xmin and cmin --------------------------------------------------------------------------------


def _on_postgresql(store: Store) -> dict[str, Order]:
    orders: dict[str, dict[str, float]] = {}
    with store.read() as tx:
        of_envelope = dict(tx.execute(select(envelope.c.id, envelope.c.report_id)).all())
        for table in metadata.sorted_tables:
            keyed = _keyed(table)
            if keyed is None:
                continue
            columns = f"{keyed} AS id, xmin::text::bigint AS xmin, cmin::text::bigint AS cmin, ctid::text AS ctid"
            for row in tx.execute(text(f"SELECT {columns} FROM {table.name}")):  # noqa: S608 - our own names
                row_id = of_envelope.get(row.id, row.id)
                block, line = (int(part) for part in row.ctid.strip("()").split(","))
                for name, place in (("xmin", row.xmin), ("cmin", row.cmin), ("ctid", block * 10_000 + line)):
                    orders.setdefault(f"{table.name} {name}", {})[row_id] = place
    return dict(orders)


def _keyed(table: Table) -> str | None:
    """The column of a table that says which call or report a row is about."""
    for column in ("report_id", "envelope_id", "object_id", "id"):
        if column in table.c and table.c[column].type.python_type is not int:
            return column
    return None
