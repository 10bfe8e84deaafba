"""How long a caller is on hold, as values for the call's row; knows no telephone and no database."""

from datetime import datetime
from typing import Any

from shared.domain.live_calls import LiveCall
from shared.domain.vocabulary import CallState

LONGEST = 24 * 60 * 60  # seconds; a figure above it is a mistake, not a call


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds, 0 to LONGEST: a clock that was put back makes no negative figure."""
    return min(LONGEST, max(0, int((end - start).total_seconds())))


def on_hold(now: datetime) -> dict[str, Any]:
    """The caller is on hold from now on."""
    return {"state": CallState.HELD, "held_at": now}


def off_hold(call: LiveCall, now: datetime) -> dict[str, Any]:
    """The conversation goes on, or is over: this hold is added to those before."""
    return {"held_at": None, "held_seconds": held_for(call, now)}


def held_for(call: LiveCall, now: datetime) -> int:
    """Seconds on hold in this conversation, the present hold with them; never more than LONGEST."""
    present = 0 if call.held_at is None else seconds_between(call.held_at, now)
    return min(LONGEST, call.held_seconds + present)
