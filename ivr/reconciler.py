"""Asks the provider about calls of which nothing has been heard for a while; what it reports without being asked may
be lost. Knows no webhook.

One short question at a time, at most so many a round, and first those that bring no caller's number back: who waits in
the queue, who is in a conference. Only a leg that is in neither is asked about by itself.
"""

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from ivr.switchboard import LegGone, ProviderBusy, ProviderRefused, ProviderUnreachable, Switchboard
from shared.domain.calls import caller_left, never_was
from shared.domain.legs import handset_left
from shared.domain.live_calls import IN_CONVERSATION, LiveCall, quiet_calls
from shared.domain.live_parties import PRESENT, parties_in
from shared.domain.parties import party_left
from shared.domain.vocabulary import CallState
from shared.store.database import Store

EVERY = timedelta(seconds=30)
QUIET = timedelta(seconds=30)
QUESTIONS = 30  # a round, at most: one a second
IN_QUEUE = frozenset({CallState.QUEUED, CallState.WAITING, CallState.RINGING})

_log = structlog.get_logger()


class Reconciler:
    """One of any number. `clock` tells the time, aware. Nothing outlasts the process but what it writes of calls."""

    def __init__(self, store: Store, switchboard: Switchboard, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._switchboard = switchboard
        self._clock = clock
        self._began: datetime | None = None
        self._questions: deque[Callable[[], None]] = deque()
        self._asked: dict[str, datetime] = {}  # when each call still in progress was last asked about

    def step(self) -> bool:
        """Ask one question, if one is due: a round begins every half minute, the first at once. False if none was."""
        now = self._clock()
        if not self._questions and (self._began is None or now - self._began >= EVERY):
            self._began = now
            self._questions.extend(self._round(now))
        if not self._questions:
            return False
        try:
            self._questions.popleft()()
        except (ProviderBusy, ProviderUnreachable):
            self._questions.clear()  # the next round asks again
        except ProviderRefused as refused:
            _log.error("reconciling_refused", code=refused.code)
        return True

    def _round(self, now: datetime) -> Iterable[Callable[[], None]]:
        with self._store.read() as tx:
            quiet = quiet_calls(tx, now - QUIET)
        in_queue = [call for call in quiet if call.state in IN_QUEUE]
        if in_queue:
            yield partial(self._who_waits, in_queue)
        yield from self._one_by_one([call for call in quiet if call not in in_queue], now)

    def _one_by_one(self, quiet: list[LiveCall], now: datetime) -> Iterable[Callable[[], None]]:
        """Those asked about longest ago come first, so that none is left out for ever."""
        self._asked = {call.id: self._asked[call.id] for call in quiet if call.id in self._asked}
        turn = sorted(quiet, key=lambda call: self._asked.get(call.id, call.arrived_at))[:QUESTIONS]
        for call in turn:
            self._asked[call.id] = now
            yield partial(self._who_talks if call.state in IN_CONVERSATION else self._ask_leg, call)

    def _who_waits(self, calls: list[LiveCall]) -> None:
        try:
            present = self._switchboard.legs_in_queue()
        except LegGone:  # no queue: each leg is asked about
            present = frozenset()
        absent = [call for call in calls if call.call_sid not in present]
        self._questions.extend(partial(self._ask_leg, call) for call in absent[:QUESTIONS])

    def _who_talks(self, call: LiveCall) -> None:
        """Whoever sits alone is noticed. A caller who is on the line elsewhere is on their way, and left in peace."""
        conference, handset = call.conference or "", call.handset_sid or ""
        try:
            present = self._switchboard.legs_in_conference(call.conference_sid or "")
        except LegGone:
            present = frozenset()
        if call.call_sid not in present:
            self._ask_leg(call)
        elif handset not in present:
            with self._store.begin() as tx:
                handset_left(tx, conference, handset, self._clock())
        else:
            self._questions.extend(partial(self._ask_party, leg) for leg in self._parties(call) if leg not in present)

    def _parties(self, call: LiveCall) -> list[str]:
        """The legs of those who came into a call beside its handler."""
        with self._store.read() as tx:
            return [one.leg_sid for one in parties_in(tx, call.id) if one.leg_sid and one.state in PRESENT]

    def _ask_party(self, leg_sid: str) -> None:
        """A leg that is live is on its way into the conference; one that is not leaves a colleague free again."""
        with suppress(LegGone):
            if self._switchboard.leg_is_live(leg_sid):
                return
        _log.info("end_not_reported", kind="party")
        with self._store.begin() as tx:
            party_left(tx, leg_sid, self._clock())

    def _ask_leg(self, call: LiveCall) -> None:
        """If the caller's leg has ended, that is what its report would have said, had it come."""
        try:
            if self._switchboard.leg_is_live(call.call_sid):
                return
            over: Callable[[Connection, str, datetime], None] = caller_left
        except LegGone:
            over = never_was
        _log.info("end_not_reported", state=call.state.value)
        with self._store.begin() as tx:
            over(tx, call.call_sid, self._clock())
