"""Keeps what units say of a quarter's reports together, and gives it to the figures; it knows no report."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, select

from shared.domain.people import current_directory
from shared.domain.vocabulary import UnitOutcome
from shared.sealing.errors import SealingError, UnknownUnit
from shared.sealing.outcomes import Totals, verify_totals
from shared.store.schema import unit_total


def believed(tx: Connection, unit_id: str, written: bytes) -> Totals | None:
    """A unit's totals, if it signed them; None for anything else."""
    try:
        return verify_totals(written, unit_id, current_directory(tx).unit(unit_id).answer_keys)
    except (SealingError, UnknownUnit):
        return None


def is_new(tx: Connection, totals: Totals) -> bool:
    """Whether they were said after what is kept for the unit and quarter: an earlier word may be found again."""
    kept = _serial(tx, totals)
    return kept is None or totals.serial > kept


def keep(tx: Connection, totals: Totals) -> None:
    """In place of what the unit said of that quarter before: it may correct itself. A later word stays."""
    if not is_new(tx, totals):
        return
    same = unit_total.c.unit_id == totals.unit, unit_total.c.period == totals.period
    before = tx.execute(select(func.max(unit_total.c.revision)).where(*same)).scalar_one()
    revision = (before or 0) + (_kept(tx, totals) != dict(totals.n))  # the same again puts nothing right
    tx.execute(delete(unit_total).where(*same))
    kept = {"unit_id": totals.unit, "period": totals.period, "serial": totals.serial, "revision": revision}
    tx.execute(insert(unit_total), [{**kept, "outcome": one, "n": n} for one, n in totals.n.items()])


def outcomes(tx: Connection, periods: Collection[str]) -> dict[UnitOutcome, int]:
    """All units' totals together over these quarters ("2026-q1")."""
    summed = select(unit_total.c.outcome, func.sum(unit_total.c.n)).where(unit_total.c.period.in_(periods))
    found = {outcome: int(n) for outcome, n in tx.execute(summed.group_by(unit_total.c.outcome))}
    return {outcome: found.get(outcome, 0) for outcome in UnitOutcome}


def _serial(tx: Connection, totals: Totals) -> int | None:
    same = unit_total.c.unit_id == totals.unit, unit_total.c.period == totals.period
    kept: int | None = tx.execute(select(func.max(unit_total.c.serial)).where(*same)).scalar_one()
    return kept


def _kept(tx: Connection, totals: Totals) -> dict[UnitOutcome, int]:
    same = unit_total.c.unit_id == totals.unit, unit_total.c.period == totals.period
    rows = tx.execute(select(unit_total.c.outcome, unit_total.c.n).where(*same))
    return {row.outcome: row.n for row in rows}
