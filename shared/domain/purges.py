"""What the provider is still to forget: the records of ended legs; knows no provider.

A row here is the only place where a leg's id outlives its call. It goes when the provider says that there is no such
record; until then it also marks the leg as over, so that late reports of it mean nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, select, update

from shared.store.schema import provider_purge
from shared.store.statements import insert_into

AFTER = timedelta(seconds=90)  # Twilio keeps a leg it has just ended from being deleted
WITHIN = timedelta(days=14)
PROOF_AFTER = timedelta(seconds=60)
SLOWEST = timedelta(hours=1)


def forget_leg(tx: Connection, leg_sid: str, now: datetime) -> None:
    """Have the provider's record of this leg deleted, soon."""
    row = {"leg_sid": leg_sid, "not_before": now + AFTER, "deadline": now + WITHIN, "attempts": 0}
    tx.execute(insert_into(tx, provider_purge).values(row).on_conflict_do_nothing())


def leg_is_over(tx: Connection, leg_sid: str) -> bool:
    """Whether this leg's call has been finished."""
    return bool(tx.execute(select(exists().where(provider_purge.c.leg_sid == leg_sid))).scalar_one())


def purge_is_due(tx: Connection, now: datetime) -> bool:
    return bool(tx.execute(select(exists().where(provider_purge.c.not_before <= now))).scalar_one())


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


def purge_accepted(tx: Connection, leg_sid: str, now: datetime) -> None:
    """The provider says that it has deleted the record: it is asked once more, for proof."""
    asked_again = {"not_before": now + PROOF_AFTER}
    tx.execute(update(provider_purge).where(provider_purge.c.leg_sid == leg_sid).values(asked_again))


def purge_proven(tx: Connection, leg_sid: str) -> None:
    """The provider knows no such record: nothing of the leg is left with us either."""
    tx.execute(delete(provider_purge).where(provider_purge.c.leg_sid == leg_sid))


def overdue_purges(tx: Connection, now: datetime) -> int:
    """How many records should have been deleted by now and are not."""
    return int(tx.execute(select(func.count()).where(provider_purge.c.deadline < now)).scalar_one())
