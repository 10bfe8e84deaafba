"""Reports that came by the online form, counted by the day; it knows no word of them and nobody who sent one.

The form is not part of the product. It gives each report an id of its own, which is kept as a hash for a time, so that
one handed over twice is counted once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete

from shared.domain.vocabulary import Channel, Dimension
from shared.store.counts import count
from shared.store.schema import day_count, online_report
from shared.store.statements import insert_into
from shared.summary.close import came_late

KNOWN_FOR: Final = timedelta(days=100)  # an id is kept for so long; a report older than that is not taken
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_LABEL: Final = b"candour/online-report/v1\0"


class OnlineReportRefused(ValueError):
    """What was handed over is not the id and the London day of a report; the sentence says why."""


@dataclass(frozen=True, slots=True)
class OnlineReport:
    """``id``: the form's own, of 1 to 64 letters, digits and ``_.:-``; ``day``: the London day on which it came."""

    id: str
    day: date


def count_online(tx: Connection, reports: Iterable[OnlineReport], today: date) -> int:
    """Count those that were not counted before; how many there were. A day that is over gets a revision.

    Raises OnlineReportRefused for an id or a day that cannot be; then nothing is counted, once the transaction is over.
    """
    tx.execute(delete(online_report).where(online_report.c.day <= today - KNOWN_FOR))
    new = Counter(each.day for each in reports if _is_new(tx, each, today))
    for day, n in sorted(new.items()):
        count(tx, day_count, n, day=day, dimension=Dimension.CHANNEL, value=Channel.ONLINE.value)
        if day < today:
            came_late(tx, day, Channel.ONLINE.value, n)
    return new.total()


def check_online(each: OnlineReport, today: date) -> None:
    """Raises OnlineReportRefused for an id or a day that cannot be."""
    if not _ID.fullmatch(each.id):
        raise OnlineReportRefused("The form's id has 1 to 64 letters, digits, and any of _ . : - after the first.")
    if not today - KNOWN_FOR < each.day <= today:
        raise OnlineReportRefused(f"The day is not after {today}, and less than {KNOWN_FOR.days} days before it.")


def _is_new(tx: Connection, each: OnlineReport, today: date) -> bool:
    check_online(each, today)
    row = {"id_hash": sha256(_LABEL + each.id.encode()).digest(), "day": each.day}
    new = insert_into(tx, online_report).values(row).on_conflict_do_nothing().returning(online_report.c.day)
    return tx.execute(new).first() is not None
