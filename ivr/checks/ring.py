"""A test call through the real number: Twilio rings the line, the line answers, and the call is put aside.

It is known by its id, which only somebody with the account's credentials can learn, and is taken out of the ledgers
while it is still in the menu: no caller can pass for one, and it is in no figure.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from ivr.checks.finding import Finding
from ivr.switchboard import Switchboard, SwitchboardFact
from shared.domain.finished import set_aside
from shared.domain.hours import ALWAYS_OPEN, Hours
from shared.domain.purges import forget_leg
from shared.store.database import Store

ABOUT: Final = "test call"
AT_MOST: Final = timedelta(seconds=30)  # well within the welcome, after which a silent caller is queued
LISTENS_SECONDS: Final = 40
LOOK_EVERY: Final = 0.5  # seconds


def ring_the_line(
    store: Store,
    switchboard: Switchboard,
    rings_from: str,
    clock: Callable[[], datetime],
    wait: Callable[[float], object],
    hours: Hours = ALWAYS_OPEN,
) -> Finding:
    """Have the line's number rung from ``rings_from``, a number the account owns or has verified; about 5 s.

    Not made while the line is closed: it would be counted as a caller who was turned away.
    """
    if not hours.is_open(clock()):
        return Finding(ABOUT, "not made: the line is closed now", "Ring it again while the line is open.")
    try:
        earlier = set(switchboard.legs_from(rings_from))
        leg = switchboard.ring_ourselves(rings_from, LISTENS_SECONDS)
    except SwitchboardFact as fact:
        to_do = f"Twilio must own {rings_from} or have verified it, and it cannot be the line's own number."
        return Finding(ABOUT, f"not made: {fact or type(fact).__name__}", to_do)
    try:
        return _wait_for(store, switchboard, rings_from, earlier | {leg}, clock, wait)
    except SwitchboardFact as fact:
        return Finding(ABOUT, f"lost sight of it: {type(fact).__name__}", "Try again.")
    finally:
        _end(store, switchboard, leg, clock())


def _wait_for(
    store: Store,
    switchboard: Switchboard,
    rings_from: str,
    others: set[str],
    clock: Callable[[], datetime],
    wait: Callable[[float], object],
) -> Finding:
    began, rang = clock(), False
    while clock() - began < AT_MOST:
        for leg in set(switchboard.legs_from(rings_from)) - others:
            rang = True
            with store.begin() as tx:
                if set_aside(tx, leg, clock()):
                    seconds = (clock() - began).total_seconds()
                    return Finding(ABOUT, f"arrived after {seconds:.0f} s; put aside, in no figure")
        wait(LOOK_EVERY)
    found = "Twilio rang, the line did not note the call" if rang else "Twilio did not ring the line"
    return Finding(ABOUT, f"{found} within {AT_MOST.seconds} s", "See the number's settings, and Twilio's debugger.")


def _end(store: Store, switchboard: Switchboard, leg: str, now: datetime) -> None:
    with suppress(SwitchboardFact):  # it ends by itself too
        switchboard.end_leg(leg)
    with store.begin() as tx:
        forget_leg(tx, leg, now)
