"""Who is let in: the line's hours, and how many calls it takes at once; knows no caller and no telephone.

Whoever is turned away is one more in a count. Calls in progress are never touched.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, select

from shared.domain.calls import arrive
from shared.domain.finished import turn_away
from shared.domain.limits import Capacity, Door
from shared.domain.line_by_hand import hours_today
from shared.domain.live_calls import OVER, call_on_leg, one_at_a_time
from shared.domain.purges import leg_is_over
from shared.domain.vocabulary import CallOutcome, Language
from shared.store.schema import call_starts, live_call
from shared.store.statements import insert_into


def come_in(tx: Connection, call_sid: str, language: Language, now: datetime, door: Door) -> CallOutcome | None:
    """A call has come in: None if it was let in, else why not. Said again of the same leg it counts once."""
    if call_on_leg(tx, call_sid) is not None:
        return None
    refused = _refusal(tx, call_sid, now, door)
    if refused is None:
        arrive(tx, call_sid, language, now)
    else:
        turn_away(tx, call_sid, refused, now)
    return refused


def starts_are_spent(tx: Connection, now: datetime) -> bool:
    """Whether the bucket is full again while its row is still there."""
    return bool(tx.execute(select(exists().where(call_starts.c.full_at <= now))).scalar_one())


def forget_starts(tx: Connection, now: datetime) -> None:
    """A full bucket needs no row, which would tell when somebody last rang."""
    tx.execute(delete(call_starts).where(call_starts.c.full_at <= now))


def _refusal(tx: Connection, call_sid: str, now: datetime, door: Door) -> CallOutcome | None:
    if not hours_today(tx, door.hours, now).is_open(now):
        return CallOutcome.CLOSED
    if door.capacity is None:
        return None
    one_at_a_time(tx)
    again = leg_is_over(tx, call_sid)  # turned away before; the answer did not arrive
    full = again or _in_progress(tx) >= door.capacity.max_calls
    return CallOutcome.FLOOD if full or not _take_a_start(tx, door.capacity, now) else None


def _in_progress(tx: Connection) -> int:
    talking_or_before = live_call.c.state.notin_(OVER)
    return int(tx.execute(select(func.count()).select_from(live_call).where(talking_or_before)).scalar_one())


def _take_a_start(tx: Connection, capacity: Capacity, now: datetime) -> bool:
    """Take one start out of the bucket, if there is one: it is told by the moment at which it will be full again."""
    each = timedelta(minutes=1) / capacity.starts_per_minute
    full_at = max(now, tx.execute(select(call_starts.c.full_at)).scalar_one_or_none() or now)
    if full_at - now > each * (capacity.burst - 1):
        return False
    row = insert_into(tx, call_starts).values(id=1, full_at=full_at + each)
    tx.execute(row.on_conflict_do_update(index_elements=["id"], set_={"full_at": full_at + each}))
    return True
