"""Has the provider delete its records of ended legs, one at a time, until there is proof; knows no call."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from ivr.switchboard import LegGone, ProviderBusy, ProviderRefused, ProviderUnreachable, Switchboard
from shared.domain.purges import lease_purge, overdue_purges, purge_accepted, record_not_found
from shared.store.database import Store

ALARM_EVERY = timedelta(hours=1)

_log = structlog.get_logger()


class Asked(StrEnum):
    """What came of asking about one record."""

    ACCEPTED = "deleted, proof to follow"
    PROVEN = "gone, with proof"
    NOT_FOUND = "not found, to be asked again"
    NOT_YET = "not yet"
    REFUSED = "refused"


class Purger:
    """One of any number. `clock` tells the time, aware."""

    def __init__(self, store: Store, switchboard: Switchboard, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._switchboard = switchboard
        self._clock = clock
        self._alarmed_at: datetime | None = None

    def step(self) -> Asked | None:
        """Ask about the record whose turn it is. None if it is no record's turn."""
        now = self._clock()
        with self._store.begin() as tx:
            leg_sid = lease_purge(tx, now)
        return None if leg_sid is None else self._ask(leg_sid, now)

    def _ask(self, leg_sid: str, now: datetime) -> Asked:
        try:
            self._switchboard.delete_record(leg_sid)
        except LegGone:
            with self._store.begin() as tx:
                return Asked.NOT_FOUND if record_not_found(tx, leg_sid, now) is None else Asked.PROVEN
        except (ProviderBusy, ProviderUnreachable):
            return Asked.NOT_YET  # its next turn is already set
        except ProviderRefused as refused:
            _log.error("purge_refused", code=refused.code)
            return Asked.REFUSED
        with self._store.begin() as tx:
            purge_accepted(tx, leg_sid, now)
        return Asked.ACCEPTED

    def alarm(self) -> None:
        """Say, once an hour, that records are overdue: what the line promises its callers is then not kept."""
        now = self._clock()
        if self._alarmed_at is not None and now - self._alarmed_at < ALARM_EVERY:
            return
        self._alarmed_at = now
        with self._store.read() as tx:
            overdue = overdue_purges(tx, now)
        if overdue:
            _log.error("purge_overdue", count=overdue)
