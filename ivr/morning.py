"""Writes each morning's internal summary of the day before into a folder; it knows no figure and sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, select

from shared.domain.london import london_day
from shared.store.database import Store
from shared.store.schema import closed_day
from shared.summary.close import CLOSES_AFTER
from shared.summary.counts import first_day
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.periods import Span, of
from shared.summary.retention import USUAL, Kept
from shared.summary.settled import unsettled_days
from shared.whole_file import write_whole

FORMATS: Final = (Format.PDF, Format.TEXT, Format.XLSX, Format.CSV, Format.JSON)
_SUFFIX: Final = {Format.TEXT: "txt"}
_DAYS_BACK: Final = 7  # days that were missed, or revised since, are written too

_log = structlog.get_logger()


class MorningSummary:
    """``clock`` tells the time, aware. Several may work at once: each writes the same."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime], kept: Kept = USUAL) -> None:
        self._kept = kept
        self._store = store
        self._folder = folder
        self._clock = clock

    def step(self) -> None:
        """Write what is not there yet, from three in the morning on. A folder that cannot be written is tried again."""
        today = london_day(self._clock() - CLOSES_AFTER)
        try:
            for days in range(_DAYS_BACK, 0, -1):
                with self._store.read() as tx:
                    self._write_day(tx, today - timedelta(days=days), today)
        except OSError as error:
            _log.error("summary_not_written", error=type(error).__name__)

    def _write_day(self, tx: Connection, day: date, today: date) -> None:
        revision = tx.execute(select(closed_day.c.revision).where(closed_day.c.day == day)).scalar()
        began = first_day(tx)
        if revision is None and (began is None or day < began):
            return
        period = of(Span.DAY, day)
        settled = not unsettled_days(tx, period, today)
        files = {form: self._folder / _name(day, revision, settled, form) for form in FORMATS}
        missing = {form: path for form, path in files.items() if not path.exists()}
        if not missing:
            return
        sheet = internal_sheet(tx, period, today, self._kept)  # a week back at most, so its days are there
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for form, path in missing.items():
            write_whole(path, written(sheet, form))
        _log.info("summary_written", day=day.isoformat())


def _name(day: date, revision: int | None, settled: bool, form: Format) -> str:
    """A day that was revised after its closing gets files of its own, and so has one whose last call was open then:
    none is written over.
    """
    match revision:
        case None:
            stands = "-no-calls"
        case 1:
            stands = ""
        case _:
            stands = f"-revision-{revision}"
    waits = "" if settled else "-calls-open"
    return f"candour-internal-{day.isoformat()}{stands}{waits}.{_SUFFIX.get(form, form.value)}"
