"""A call's last page: what is kept of it, and what the provider is asked to forget; knows no person.

What is kept has no handler and no choices, carries the hour only, and each figure stands alone: nothing that finished
together can be found together.
"""

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert

from shared.domain.live_calls import LiveCall
from shared.domain.london import london_day
from shared.domain.on_hold import held_for, seconds_between
from shared.domain.purges import forget_leg, leg_is_over
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Dimension,
    Disposition,
    Language,
    Measure,
    Mode,
    WelshCall,
)
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_count, day_histogram, finished_call, hour_count, live_call, year_count
from shared.summary.close import fold_if_closed


def finish(
    tx: Connection, call: LiveCall, outcome: CallOutcome, now: datetime, disposition: Disposition | None = None
) -> None:
    """Delete the call and keep its figures. `disposition` is the handler's, for an answered call."""
    day = london_day(call.arrived_at)
    wait = _wait_seconds(call, now)
    tx.execute(delete(live_call).where(live_call.c.id == call.id))
    tx.execute(insert(finished_call).values(_page(call, outcome, day, wait)))
    for dimension, value in _counted(call, disposition):
        count(tx, day_count, day=day, dimension=dimension, value=value)
    for became in _welsh(call, outcome, disposition):
        count(tx, year_count, year=day.year, became=became)
    for measure, seconds in _measured(call, outcome, wait, now):
        count(tx, day_histogram, day=day, measure=measure, seconds=seconds)
    for leg_sid in filter(None, (call.call_sid, call.handset_sid)):
        forget_leg(tx, leg_sid, now)
    fold_if_closed(tx, day)
    for table in (finished_call, day_count, day_histogram):
        _shuffle_day(tx, table, day)


def turn_away(tx: Connection, call_sid: str, outcome: CallOutcome, now: datetime) -> None:
    """Count a call that was not let in, and keep nothing else of it. Said again for the same leg it counts once."""
    if leg_is_over(tx, call_sid):
        return
    day, hour = london_day(now), _hour_of(now)
    count(tx, hour_count, day=day, hour_start=hour, outcome=outcome, offered=False)
    count(tx, day_count, day=day, dimension=Dimension.MODE, value=Mode.UNSET.value)
    count(tx, day_count, day=day, dimension=Dimension.CATEGORY, value=Category.UNSET.value)
    forget_leg(tx, call_sid, now)


def disown(tx: Connection, call: LiveCall, now: datetime) -> None:
    """Take a call that never was out of the ledgers: it is in no figure."""
    tx.execute(delete(live_call).where(live_call.c.id == call.id))
    forget_leg(tx, call.call_sid, now)


def set_aside(tx: Connection, call_sid: str, now: datetime) -> bool:
    """Take a call of our own making, still in the menu, out of the ledgers: it is in no figure.

    False if there is no such call there, for it has not arrived, or has gone on.
    """
    in_menu = live_call.c.call_sid == call_sid, live_call.c.state == CallState.MENU
    if not tx.execute(delete(live_call).where(*in_menu)).rowcount:
        return False
    forget_leg(tx, call_sid, now)
    return True


def _page(call: LiveCall, outcome: CallOutcome, day: date, wait: int | None) -> dict[str, Any]:
    offered = call.queued_at is not None
    return {
        "id": random_id(), "day": day, "hour_start": _hour_of(call.arrived_at), "outcome": outcome,
        "offered": offered, "wait_seconds": wait,
    }  # fmt: skip


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _welsh(call: LiveCall, outcome: CallOutcome, disposition: Disposition | None) -> list[WelshCall]:
    chosen = Language.CY in {call.language, call.chosen_language}
    if not chosen or call.queued_at is None or disposition is Disposition.TEST:
        return []
    if outcome is not CallOutcome.ANSWERED:
        return [WelshCall.OFFERED]
    in_welsh = call.language is Language.CY
    return [WelshCall.OFFERED, WelshCall.ANSWERED_IN_WELSH if in_welsh else WelshCall.ANSWERED_IN_ENGLISH]


def _counted(call: LiveCall, disposition: Disposition | None) -> list[tuple[Dimension, str]]:
    """Of a test, that it was one: nobody chose anything in it, so that what was chosen adds up to what is published."""
    if disposition is Disposition.TEST:
        return [(Dimension.DISPOSITION, disposition.value)]
    counted = [(Dimension.MODE, call.mode.value), (Dimension.CATEGORY, call.category.value)]
    if call.force_id is not None:
        counted.append((Dimension.FORCE, call.force_id))
    if disposition is not None:
        counted.append((Dimension.DISPOSITION, disposition.value))
    if call.signposted_to is not None:
        counted.append((Dimension.SIGNPOST, call.signposted_to))
    return counted


def _measured(call: LiveCall, outcome: CallOutcome, wait: int | None, now: datetime) -> list[tuple[Measure, int]]:
    measured = []
    if wait is not None and outcome is CallOutcome.ANSWERED:
        measured.append((Measure.WAIT_ANSWERED, wait))
    if wait is not None and outcome is CallOutcome.ABANDONED_IN_QUEUE:
        measured.append((Measure.WAIT_ABANDONED, wait))
    if call.answered_at is not None and call.ended_at is not None:
        held = held_for(call, call.ended_at)
        measured.append((Measure.TALK, max(0, seconds_between(call.answered_at, call.ended_at) - held)))
        measured.append((Measure.HOLD, held))
        measured.append((Measure.WRAP_UP, seconds_between(call.ended_at, call.filed_at or now)))
    return measured


def _wait_seconds(call: LiveCall, now: datetime) -> int | None:
    """From the queue to the first answer, or to leaving; None for a call that never reached the queue."""
    if call.waited_seconds is not None:
        return call.waited_seconds
    return None if call.queued_at is None else seconds_between(call.queued_at, now)


def _shuffle_day(tx: Connection, table: Table, day: date) -> None:
    """Write a day's rows again in random order: both databases keep rows where there was room when they were written.

    PostgreSQL keeps the number of the transaction beside each row too. SQLite keeps rows in the order of their keys,
    but within a page their bytes lie in the order of writing.
    """
    rows = [dict(row) for row in tx.execute(delete(table).where(table.c.day == day).returning(*table.c)).mappings()]
    secrets.SystemRandom().shuffle(rows)
    if rows:
        tx.execute(insert(table), rows)
