"""What somebody on call has to know of: reports put aside, or answered by no unit, questions nobody has read, and
units for which nothing can be sealed.

Never what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, select

from shared.domain.key_changes import published_directory
from shared.domain.london import london_day, start_of
from shared.domain.people import DirectoryMissing, suspended_keys
from shared.domain.questions import unread_for
from shared.domain.vocabulary import DeliveryKind, DeliveryState, ReportState
from shared.store.schema import delivery, report

UNREAD_DAYS: Final = 3  # a weekend; whoever it is for may ring again any day, and hears it only once it was read
_UNANSWERED: Final = (DeliveryState.DELIVERED, DeliveryState.OPENED)


class AlarmKind(StrEnum):
    """What is the matter."""

    PARKED = "parked"
    UNANSWERED = "unanswered"
    UNREAD = "unread"  # a unit's question
    NO_KEY = "no_key"  # a unit whose key has expired or is suspended


@dataclass(frozen=True, slots=True)
class Alarm:
    """One delivery, one unit's question or one unit that needs a person."""

    kind: AlarmKind
    about: str  # its id


def alarms(tx: Connection, now: datetime, unanswered_days: int) -> frozenset[Alarm]:
    """Every alarm there is now. A report is unanswered so many London days after it was delivered, a question unread
    UNREAD_DAYS after it came."""
    parked = tx.execute(select(delivery.c.id).where(delivery.c.state == DeliveryState.PARKED)).scalars()
    late = (
        delivery.c.state.in_(_UNANSWERED),
        delivery.c.kind == DeliveryKind.REPORT,
        delivery.c.not_before <= start_of(london_day(now) - timedelta(days=unanswered_days)),
    )
    not_withdrawn = report.c.state != ReportState.WITHDRAWN
    unanswered = tx.execute(select(delivery.c.id).join(report).where(*late, not_withdrawn)).scalars()
    return frozenset(
        {Alarm(AlarmKind.PARKED, one) for one in parked}
        | {Alarm(AlarmKind.UNANSWERED, one) for one in unanswered}
        | {Alarm(AlarmKind.UNREAD, one) for one in unread_for(tx, UNREAD_DAYS, now)}
        | {Alarm(AlarmKind.NO_KEY, one) for one in _without_a_key(tx, now)}
    )


def _without_a_key(tx: Connection, now: datetime) -> list[str]:
    """Units that reports can be released to no more: theirs wait in review, and hold up nobody else's."""
    try:
        keys = published_directory(tx)
    except DirectoryMissing:
        return []
    suspended, today = suspended_keys(tx), london_day(now)
    return [unit.id for unit in keys.units if unit.reader.key_id in suspended or not keys.is_good_for(unit, today)]
