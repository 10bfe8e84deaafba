"""Takes the order out of the ledger of reports, so that its rows on the disk do not tell when they were written.

Ids are random and dates are days, but a database puts rows where there is room when they are written, and PostgreSQL
keeps the number of the transaction beside each. Laid beside a day's calls by hour, that order would date a report to
within the hour. So the recent part of the ledger is written anew, in random order, whenever it has changed. No content
is changed by it, and none is read.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from shared.domain.london import london_day
from shared.domain.vocabulary import ReportState
from shared.store.database import Store
from shared.store.schema import audit_entry, delivery, envelope, receipt, report, wrap

MIX_EVERY: Final = timedelta(minutes=1)  # a report written since then still stands out; a page older does not

_FINAL: Final = (ReportState.OURS, ReportState.NOT_OURS)
_IN_ORDER: Final = (report, envelope, wrap, delivery, receipt, audit_entry)  # what is referred to comes first


@dataclass(slots=True)
class Mixer:
    """Mixes at most once a minute, and only what has changed. One for each database is enough; more do no harm."""

    store: Store
    clock: Callable[[], datetime]
    _mixed_at: datetime | None = None
    _mixed: frozenset[Any] = frozenset()

    def step(self) -> bool:
        """False while somebody else is writing: come again soon."""
        now = self.clock()
        if self._mixed_at is not None and now - self._mixed_at < MIX_EVERY:
            return True
        with self.store.read() as tx:
            changed = _fingerprint(tx)
        if changed != self._mixed:
            try:
                with self.store.begin() as tx:
                    mix(tx, london_day(now))
                    changed = _fingerprint(tx)
            except OperationalError:  # a lock was not to be had
                return False
        self._mixed, self._mixed_at = changed, now
        return True


def mix(tx: Connection, today: date) -> None:
    """Write every report that is under way, or was dated today or yesterday, anew: with all that belongs to it.

    On PostgreSQL it waits for nobody: raises OperationalError where another transaction is writing. Whoever comes
    while it works waits until it is done, and finds every row under its old id.
    """
    if tx.dialect.name == "postgresql":
        names = ", ".join(table.name for table in _IN_ORDER)
        tx.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT"))
    rows = {table: _shuffled(tx, table, where) for table, where in _recent(tx, today).items()}
    for table in reversed(_IN_ORDER):
        same = [column == bindparam(f"old_{column.name}") for column in table.primary_key.columns]
        if rows[table]:
            tx.execute(delete(table).where(*same), [_old(row, table) for row in rows[table]])
    for table in _IN_ORDER:
        if rows[table]:
            tx.execute(insert(table), rows[table])


def _recent(tx: Connection, today: date) -> dict[Table, ColumnElement[bool]]:
    since = today - timedelta(days=1)
    dated = (report.c.started_on, report.c.submitted_on, report.c.released_on, report.c.answered_on)
    under_way = report.c.state.not_in(_FINAL)
    reports = list(tx.execute(select(report.c.id).where(or_(under_way, *(day >= since for day in dated)))).scalars())
    envelopes = select(envelope.c.id).where(envelope.c.report_id.in_(reports))
    deliveries = select(delivery.c.id).where(delivery.c.report_id.in_(reports))
    return {
        report: report.c.id.in_(reports),
        envelope: envelope.c.report_id.in_(reports),
        wrap: wrap.c.envelope_id.in_(list(tx.execute(envelopes).scalars())),
        delivery: delivery.c.report_id.in_(reports),
        receipt: receipt.c.delivery_id.in_(list(tx.execute(deliveries).scalars())),
        audit_entry: audit_entry.c.day == select(func.max(audit_entry.c.day)).scalar_subquery(),
    }


def _shuffled(tx: Connection, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in tx.execute(select(table).where(where)).mappings()]
    secrets.SystemRandom().shuffle(rows)
    return rows


def _old(row: dict[str, Any], table: Table) -> dict[str, Any]:
    return {f"old_{column.name}": row[column.name] for column in table.primary_key.columns}


def _fingerprint(tx: Connection) -> frozenset[Any]:
    """What has to be mixed again when it differs: every save gives a report a new revision, every answer a receipt."""
    saved = tx.execute(select(report.c.id, report.c.revision)).all()
    sent = tx.execute(select(delivery.c.id, delivery.c.state, delivery.c.attempts)).all()
    answered = tx.execute(select(receipt.c.delivery_id, receipt.c.verdict)).all()
    return frozenset(map(tuple, (*saved, *sent, *answered)))
