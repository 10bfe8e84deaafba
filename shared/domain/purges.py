"""What the provider is still to forget: the records of ended legs; knows no provider.

A row here is the only place where a leg's id outlives its call. It goes when there is proof: the provider said that it
deleted the record, and later that there is none. Until then it also marks the leg as over, so that late reports of it
mean nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from shared.domain.london import london_day
from shared.domain.vocabulary import Dimension, ProviderRecord
from shared.store.counts import count
from shared.store.schema import day_count, provider_purge
from shared.store.statements import insert_into

AFTER = timedelta(seconds=90)  # Twilio keeps a leg it has just ended from being deleted
WITHIN = timedelta(days=14)
PROOF_AFTER = timedelta(seconds=60)
SLOWEST = timedelta(hours=1)
ENOUGH_NOT_FOUND = 3  # a record that was never there: an answer may have been lost, so one such word is no proof

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
AGES = (("under an hour", _HOUR), ("under a day", _DAY), ("under 14 days", WITHIN))
OVERDUE = "overdue"

_IS_DUE = select(exists().where(provider_purge.c.not_before <= bindparam("now")))
_IS_OVER = select(exists().where(provider_purge.c.leg_sid == bindparam("leg_sid")))


@dataclass(frozen=True, slots=True)
class StillKept:
    """How many records the provider is still to delete, by age since the leg's end; the last age is OVERDUE."""

    by_age: dict[str, int]
    accepted: int  # of them, those that it says it has deleted, and of which proof is awaited

    @property
    def total(self) -> int:
        return sum(self.by_age.values())

    @property
    def overdue(self) -> int:
        return self.by_age[OVERDUE]


def forget_leg(tx: Connection, leg_sid: str, now: datetime) -> None:
    """Have the provider's record of this leg deleted, soon."""
    row = {
        "leg_sid": leg_sid, "not_before": now + AFTER, "deadline": now + WITHIN, "attempts": 0,
        "deleted": False, "not_found": 0,
    }  # fmt: skip
    tx.execute(insert_into(tx, provider_purge).values(row).on_conflict_do_nothing())


def leg_is_over(tx: Connection, leg_sid: str) -> bool:
    """Whether this leg's call has been finished."""
    return bool(tx.execute(_IS_OVER, {"leg_sid": leg_sid}).scalar_one())


def purge_is_due(tx: Connection, now: datetime) -> bool:
    return bool(tx.execute(_IS_DUE, {"now": now}).scalar_one())


def lease_purge(tx: Connection, now: datetime) -> str | None:
    """The leg whose record is to be deleted next. Its next turn comes by itself, later each time, up to SLOWEST."""
    c = provider_purge.c
    due = select(c.leg_sid, c.attempts).where(c.not_before <= now).order_by(c.not_before).limit(1)
    found = tx.execute(due.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    again = min(SLOWEST, PROOF_AFTER * 2 ** min(found.attempts, 10))
    tx.execute(
        update(provider_purge).where(c.leg_sid == found.leg_sid).values(attempts=c.attempts + 1, not_before=now + again)
    )
    return str(found.leg_sid)


def bring_forward(tx: Connection, now: datetime) -> None:
    """Ask about every record now, whenever its turn would have come."""
    tx.execute(update(provider_purge).where(provider_purge.c.not_before > now).values(not_before=now))


def purge_accepted(tx: Connection, leg_sid: str, now: datetime) -> None:
    """The provider says that it has deleted the record: it is asked once more, for proof."""
    asked_again = {"not_before": now + PROOF_AFTER, "deleted": True, "not_found": 0}
    tx.execute(update(provider_purge).where(provider_purge.c.leg_sid == leg_sid).values(asked_again))


def record_not_found(tx: Connection, leg_sid: str, now: datetime) -> ProviderRecord | None:
    """The provider knows no such record. With enough proof nothing of the leg is left with us but a day's count.

    Returns what the record counts as, or None while it must be asked again.
    """
    c = provider_purge.c
    row = tx.execute(select(c.deleted, c.not_found).where(c.leg_sid == leg_sid).with_for_update()).one_or_none()
    if row is None:  # another worker had the same answer
        return None
    if not row.deleted and row.not_found + 1 < ENOUGH_NOT_FOUND:
        tx.execute(update(provider_purge).where(c.leg_sid == leg_sid).values(not_found=row.not_found + 1))
        return None
    became = ProviderRecord.DELETED if row.deleted else ProviderRecord.NOT_FOUND
    tx.execute(delete(provider_purge).where(c.leg_sid == leg_sid))
    count(tx, day_count, day=london_day(now), dimension=Dimension.PROVIDER_RECORD, value=became.value)
    return became


def overdue_purges(tx: Connection, now: datetime) -> int:
    """How many records should have been deleted by now and are not."""
    return int(tx.execute(select(func.count()).where(provider_purge.c.deadline < now)).scalar_one())


def still_kept(tx: Connection, now: datetime) -> StillKept:
    """What is still to be deleted, as counts."""
    by_age = dict.fromkeys([*(name for name, _ in AGES), OVERDUE], 0)
    c, accepted = provider_purge.c, 0
    for deadline, deleted in tx.execute(select(c.deadline, c.deleted)):
        age = now - (deadline - WITHIN)
        by_age[next((name for name, limit in AGES if age <= limit), OVERDUE)] += 1
        accepted += deleted
    return StillKept(by_age, accepted)
