"""How reports stood when a day was closed, noted once and kept as counts; it knows no report by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from shared.domain.london import london_day
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Dimension, ReportState, Stood
from shared.store.schema import day_count, delivery, report
from shared.store.statements import insert_into
from shared.summary.close import CLOSES_AFTER

_UNSENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.PARKED)


def note_standing(tx: Connection, now: datetime) -> date | None:
    """From three in the morning on, once for the day before. The day that was noted; None where it had been.

    A day after which nobody looked before the next was over has none, and no figure.
    """
    day = london_day(now - CLOSES_AFTER) - timedelta(days=1)
    noted = day_count.c.day == day, day_count.c.dimension == Dimension.STANDING
    if tx.execute(select(day_count.c.n).where(*noted).limit(1)).first() is not None:
        return None
    rows = [{"day": day, "dimension": Dimension.STANDING, "value": how, "n": n} for how, n in _stood(tx, day).items()]
    tx.execute(insert_into(tx, day_count).on_conflict_do_nothing(), rows)
    return day


def _stood(tx: Connection, day: date) -> dict[Stood, int]:
    """Without the oldest where everything has been sent: there is none, which is not the same as today's."""
    stood = {
        Stood.IN_REVIEW: _reports(tx, ReportState.IN_REVIEW),
        Stood.HELD: _reports(tx, ReportState.HELD),
        Stood.UNSENT: _deliveries(tx, *_UNSENT),
        Stood.PARKED: _deliveries(tx, DeliveryState.PARKED),
    }
    released = select(func.min(report.c.released_on)).join(delivery, delivery.c.report_id == report.c.id)
    unsent = delivery.c.kind == DeliveryKind.REPORT, delivery.c.state.in_(_UNSENT)
    oldest: date | None = tx.execute(released.where(*unsent)).scalar_one()
    return stood if oldest is None else stood | {Stood.OLDEST_UNSENT: max(0, (day - oldest).days)}


def _reports(tx: Connection, state: ReportState) -> int:
    return int(tx.execute(select(func.count()).select_from(report).where(report.c.state == state)).scalar_one())


def _deliveries(tx: Connection, *states: DeliveryState) -> int:
    these = delivery.c.kind == DeliveryKind.REPORT, delivery.c.state.in_(states)
    return int(tx.execute(select(func.count()).select_from(delivery).where(*these)).scalar_one())
