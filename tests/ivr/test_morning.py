"""Each morning's summary: there once the day is over, revised beside what was written, tried again when it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from ivr.morning import FORMATS, MorningSummary
from shared import audit
from shared.domain.vocabulary import CallOutcome
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import finished_call
from shared.summary.close import close_day
from shared.summary.export import Format
from tests.support.exported import words_of

DAY = date(2026, 3, 10)
SUFFIXES = {"pdf", "txt", "xlsx", "csv", "json"}


class Clock:
    now = datetime(2026, 3, 11, 3, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def came(store: Store, n: int = 1) -> None:
    hour = datetime(2026, 3, 10, 14, tzinfo=UTC)
    row = {"day": DAY, "hour_start": hour, "outcome": CallOutcome.ANSWERED, "offered": True}
    with store.begin() as tx:
        tx.execute(insert(finished_call), [{"id": random_id(), **row} for _ in range(n)])
        close_day(tx, DAY)


def written(folder: Path, name: str = "candour-internal-2026-03-10") -> set[str]:
    return {path.suffix[1:] for path in folder.iterdir() if path.stem == name}


def test_yesterday_is_there_in_the_morning_in_every_format(store: Store, clock: Clock, tmp_path: Path) -> None:
    came(store)

    MorningSummary(store, tmp_path / "summaries", clock).step()

    assert written(tmp_path / "summaries") == SUFFIXES
    assert "calls,day,answered,1" in (tmp_path / "summaries" / "candour-internal-2026-03-10.csv").read_text()


def test_the_audit_log_s_checkpoint_of_that_day_is_in_every_file(
    sqlite_store: Store, clock: Clock, tmp_path: Path
) -> None:
    came(sqlite_store)
    with sqlite_store.begin() as tx:
        for day in (DAY, DAY + timedelta(days=1)):  # the second page is not closed yet
            audit.record(tx, random_id(), audit.AuditVerb.SIGN_OUT_OTHER, random_id(), audit.Outcome.DONE, day)
    with sqlite_store.read() as tx:
        checkpoint = audit.last_closed(tx, DAY + timedelta(days=1))
    assert checkpoint is not None

    MorningSummary(sqlite_store, tmp_path, clock).step()

    for form, suffix in ((form, "txt" if form is Format.TEXT else form.value) for form in FORMATS):
        words = words_of((tmp_path / f"candour-internal-2026-03-10.{suffix}").read_bytes(), form)
        assert checkpoint.printed() in " ".join(words.split())
        assert checkpoint.printed().startswith("2026-03-10 1 ")


def test_before_three_in_the_morning_there_is_nothing(sqlite_store: Store, clock: Clock, tmp_path: Path) -> None:
    came(sqlite_store)
    clock.now = datetime(2026, 3, 11, 2, 55, tzinfo=UTC)

    MorningSummary(sqlite_store, tmp_path / "summaries", clock).step()

    assert not (tmp_path / "summaries").exists()


def test_a_call_that_came_late_makes_a_second_summary_and_leaves_the_first(
    sqlite_store: Store, clock: Clock, tmp_path: Path
) -> None:
    morning = MorningSummary(sqlite_store, tmp_path, clock)
    came(sqlite_store)
    morning.step()
    first = (tmp_path / "candour-internal-2026-03-10.csv").read_bytes()

    came(sqlite_store, 2)
    morning.step()

    assert (tmp_path / "candour-internal-2026-03-10.csv").read_bytes() == first
    assert "calls,day,answered,3" in (tmp_path / "candour-internal-2026-03-10-revision-2.csv").read_text()


def test_what_is_missing_is_written_and_nothing_over(sqlite_store: Store, clock: Clock, tmp_path: Path) -> None:
    came(sqlite_store)
    MorningSummary(sqlite_store, tmp_path, clock).step()
    kept, gone = (tmp_path / f"candour-internal-2026-03-10.{suffix}" for suffix in ("csv", "json"))
    kept.write_text("as it was then")
    gone.unlink()

    MorningSummary(sqlite_store, tmp_path, clock).step()

    assert kept.read_text() == "as it was then"
    assert gone.exists()


def test_a_weekend_without_the_service_is_made_up_for(sqlite_store: Store, clock: Clock, tmp_path: Path) -> None:
    came(sqlite_store)
    clock.now += timedelta(days=3)

    MorningSummary(sqlite_store, tmp_path, clock).step()

    assert written(tmp_path) == SUFFIXES


def test_a_day_on_which_nobody_rang_is_told_too(sqlite_store: Store, clock: Clock, tmp_path: Path) -> None:
    came(sqlite_store)
    clock.now += timedelta(days=1)

    MorningSummary(sqlite_store, tmp_path, clock).step()

    assert written(tmp_path, "candour-internal-2026-03-11-no-calls") == SUFFIXES
    assert not written(tmp_path, "candour-internal-2026-03-09-no-calls")


def test_a_folder_that_cannot_be_made_is_tried_again(
    sqlite_store: Store, clock: Callable[[], datetime], tmp_path: Path
) -> None:
    came(sqlite_store)
    in_the_way = tmp_path / "summaries"
    in_the_way.write_text("a file")
    morning = MorningSummary(sqlite_store, in_the_way, clock)
    morning.step()
    in_the_way.unlink()

    morning.step()

    assert written(in_the_way) == SUFFIXES
