"""How long somebody waits, and what ends a wait that no handler ends; knows no words and no telephone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from shared.domain.calls import arrive, caller_left, queue_call
from shared.domain.limits import Patience
from shared.domain.live_calls import LiveCall, call_on_leg, change, one_at_a_time
from shared.domain.london import london_day
from shared.domain.offers import distribute
from shared.domain.vocabulary import CallOutcome, CallState, Category, Language, Measure, Mode, PresenceState
from shared.store.schema import day_histogram, live_call, person, presence

ON_DUTY: Final = frozenset({PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.WRAP_UP})
NOBODY_FOR: Final = timedelta(minutes=2)  # nobody on duty for less is someone who comes straight back
# Who let an offer pass is signed in, and at night may be the only one: callers wait for them, who said of no break.
AFTER_A_MISS: Final = timedelta(minutes=15)
STILL_RINGING: Final = timedelta(minutes=2)  # beyond the longest wait, for a handler who is being asked just then

RECENT: Final = timedelta(days=28)
ENOUGH: Final = 50  # answered calls; fewer foretell nothing
MOST: Final = 90  # of a hundred who were answered
MINUTES: Final = (1, 2, 5, 10, 20, 30)  # what is foretold; longer is not known well enough to be said

_BEFORE_AN_ANSWER: Final = frozenset({CallState.QUEUED, CallState.WAITING, CallState.RINGING})


def nobody_on_duty(tx: Connection, now: datetime) -> bool:
    """Whether nobody who takes calls is on duty, nor was lately: for NOBODY_FOR, after a missed call AFTER_A_MISS."""
    takes_calls = person.c.active, person.c.handset != ""
    query = select(presence.c.state, presence.c.since).join(person, person.c.id == presence.c.person_id)
    people = tx.execute(query.where(*takes_calls)).all()
    return not any(row.state in ON_DUTY or row.since > now - _comes_back_within(row.state) for row in people)


def _comes_back_within(state: PresenceState) -> timedelta:
    return AFTER_A_MISS if state is PresenceState.MISSED else NOBODY_FOR


def queue_or_turn_away(
    tx: Connection,
    call_sid: str,
    language: Language,
    mode: Mode,
    category: Category,
    force_id: str | None,
    unable_to_speak: bool,
    now: datetime,
) -> CallOutcome | None:
    """A caller comes to the queue: None if they wait, else why there is nobody to wait for."""
    one_at_a_time(tx)
    if not nobody_on_duty(tx, now):
        queue_call(tx, call_sid, language, mode, category, force_id, unable_to_speak, now)
        return None
    arrive(tx, call_sid, language, now)
    call = call_on_leg(tx, call_sid)
    if call is not None and call.state is not CallState.MENU:
        return None
    if call is not None:
        change(tx, call, mode=mode, category=category, force_id=force_id)
        caller_left(tx, call_sid, now, CallOutcome.NOBODY_ON_DUTY)
    return CallOutcome.NOBODY_ON_DUTY


def why_wait_ends(tx: Connection, call: LiveCall, now: datetime, patience: Patience) -> CallOutcome | None:
    """Why this caller should wait no longer; None while there is hope. Nobody is sent away while someone is asked."""
    if call.queued_at is None or call.state not in _BEFORE_AN_ANSWER:
        return None
    waited, asked = now - call.queued_at, _is_asked(call, now)
    if waited >= patience.longest + (STILL_RINGING if asked else timedelta()):
        return CallOutcome.OVERFLOW
    return CallOutcome.NOBODY_ON_DUTY if not asked and nobody_on_duty(tx, now) else None


def end_wait(tx: Connection, call_sid: str, now: datetime, patience: Patience) -> CallOutcome | None:
    """Finish the call of somebody who should wait no longer; None if somebody took it meanwhile."""
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    over = None if call is None else why_wait_ends(tx, call, now, patience)
    if over is not None:
        caller_left(tx, call_sid, now, over)
    return over


def asks_for_the_language(call: LiveCall, now: datetime, patience: Patience) -> bool:
    """Whether a caller has waited long enough for a Welsh speaker to be asked what they would rather do."""
    waiting_for_welsh = call.state is CallState.WAITING and call.language is Language.CY
    long_enough = call.queued_at is not None and now - call.queued_at >= patience.welsh
    return waiting_for_welsh and long_enough and not _is_asked(call, now)


def nearest_person(tx: Connection, call_sid: str, now: datetime) -> None:
    """A caller who waited for a Welsh speaker is offered to anyone now. What they chose stays known until the end."""
    one_at_a_time(tx)
    call = call_on_leg(tx, call_sid)
    if call is not None and call.language is Language.CY and call.state in {CallState.QUEUED, CallState.WAITING}:
        change(tx, call, language=Language.EN, chosen_language=call.language, offered_to=None, offered_until=None)
        distribute(tx, now)


def likely_wait(tx: Connection, now: datetime) -> int | None:
    """Minutes, of MINUTES, within which MOST of those answered lately were; None where that is not known.

    Nor is it when somebody has waited longer than that right now: then today is not like the last weeks.
    """
    c = day_histogram.c
    lately = c.measure == Measure.WAIT_ANSWERED, c.day >= london_day(now - RECENT)
    waits = select(c.seconds, func.sum(c.n)).where(*lately).group_by(c.seconds).order_by(c.seconds)
    most = _most(tx.execute(waits).all())
    if most is None or _longest_waiting(tx, now) > most:
        return None
    return next((minutes for minutes in MINUTES if most <= timedelta(minutes=minutes)), None)


def _most(waits: Sequence[tuple[int, int]]) -> timedelta | None:
    """How long MOST of these waits, in ascending order, lasted at most; None of too few."""
    total, passed = sum(n for _, n in waits), 0
    for seconds, n in waits:
        passed += n
        if total >= ENOUGH and passed * 100 >= MOST * total:
            return timedelta(seconds=seconds)
    return None


def _is_asked(call: LiveCall, now: datetime) -> bool:
    """Whether a handler is being offered this call, or their handset rings."""
    offered = call.offered_to is not None and call.offered_until is not None and call.offered_until > now
    return offered or call.state is CallState.RINGING


def _longest_waiting(tx: Connection, now: datetime) -> timedelta:
    c = live_call.c
    earliest = select(func.min(c.queued_at, type_=c.queued_at.type)).where(c.state == CallState.WAITING)
    first = tx.execute(earliest).scalar_one()
    return timedelta() if first is None else now - first
