"""What only time brings: days that are over closed and summed up, the order of reports on the disk mixed.

And SQLite's log emptied.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.morning import MorningSummary
from shared.domain.holding import take_up_what_is_due
from shared.domain.live_calls import one_at_a_time
from shared.domain.live_presence import settle_the_day
from shared.domain.london import london_day
from shared.domain.mixing import Mixer
from shared.domain.references import forget_expired_references
from shared.store.database import Store, truncate_wal
from shared.summary.close import close_ended_days
from shared.summary.retention import USUAL, Kept, put_old_days_together
from shared.summary.standing import note_standing

_PAUSE_SECONDS: Final = 5.0  # how long something deleted may stay in the log while nobody reads an older state
_AGAIN_SECONDS: Final = 0.2  # while somebody does
_CLOSE_EVERY: Final = timedelta(minutes=5)

_log = structlog.get_logger()


class Maintenance:
    """One for each database is enough; more do no harm. ``clock`` tells the time, aware.

    ``summaries`` is the folder for each morning's summary; None: none is written. ``kept`` says for how long figures
    are kept by the day.
    """

    def __init__(
        self, store: Store, clock: Callable[[], datetime], summaries: Path | None = None, kept: Kept = USUAL
    ) -> None:
        self._store = store
        self._kept = kept
        self._morning = None if summaries is None else MorningSummary(store, summaries, clock, kept)
        self._clock = clock
        self._closed_at: datetime | None = None
        self._mixer = Mixer(store, clock)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            stop.wait(_PAUSE_SECONDS if self._step_safely() else _AGAIN_SECONDS)

    def _step_safely(self) -> bool:
        try:
            return self.step()
        except SQLAlchemyError as error:  # the database is busy or away; all of it can wait
            _log.warning("maintenance_waits", error=type(error).__name__)
            return True

    def step(self) -> bool:
        """Close days that are over, mix, empty the log. False while somebody is in the way: come again soon."""
        now = self._clock()
        if self._closed_at is None or now - self._closed_at >= _CLOSE_EVERY:
            self._closed_at = now
            with self._store.begin() as tx:
                one_at_a_time(tx)
                settle_the_day(tx, now)
            with self._store.begin() as tx:
                closed = close_ended_days(tx, now)
                note_standing(tx, now)
                forget_expired_references(tx, now)
                take_up_what_is_due(tx, now)
                put_old_days_together(tx, london_day(now), self._kept)
            for day in closed:
                _log.info("day_closed", day=day.isoformat())
            if self._morning is not None:
                self._morning.step()
        mixed = self._mixer.step()
        return truncate_wal(self._store) and mixed
