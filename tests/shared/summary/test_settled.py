"""Whoever lays two internal sheets side by side, a call apart, learns of that call only its outcome by the hour."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from ivr.morning import MorningSummary
from shared.domain.arrivals import arrive
from shared.domain.finished import disown, finish
from shared.domain.live_calls import call_on_leg
from shared.domain.london import london_day
from shared.domain.vocabulary import CallOutcome, Category, Disposition, Language, Mode
from shared.store.database import Store
from shared.summary.close import close_ended_days
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet
from shared.summary.periods import Period, Span, between, of

DAY = date(2026, 2, 10)
MORNING = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATE = datetime(2026, 2, 10, 23, 50, tzinfo=UTC)
CROSSED = ("mode", "category", "force", "disposition", "signpost", "seconds")
# Figures of plain counts: of a single call they tell its outcome, by the hour, which is all that is kept of it.
PLAIN = {"arrived", "offered", *(outcome.value for outcome in CallOutcome), "conversion"}
PERIODS = [of(span, DAY) for span in Span if span is not Span.PERIOD]
PERIODS += [of(Span.DAY, DAY + timedelta(days=1)), between(DAY - timedelta(days=3), DAY + timedelta(days=3))]


class Line:
    """Calls that are answered, and wrapped up then or later, by the product's own writes."""

    def __init__(self, store: Store) -> None:
        self.store, self._n, self._dice = store, 0, random.Random(1)

    def begins(self, at: datetime) -> str:
        self._n += 1
        sid = f"CA{self._n:032x}"
        with self.store.begin() as tx:
            arrive(tx, sid, Language.EN, at)
        return sid

    def wrapped_up(self, sid: str, disposition: Disposition = Disposition.REPORT, training: bool = False) -> None:
        with self.store.begin() as tx:
            call = call_on_leg(tx, sid)
            assert call is not None
            at = call.arrived_at
            chosen = replace(
                call, mode=self._dice.choice(list(Mode)), category=self._dice.choice(list(Category)),
                force_id=self._dice.choice(["kent", "essex"]), queued_at=at, waited_seconds=9,
                answered_at=at + timedelta(seconds=9), ended_at=at + timedelta(minutes=9),
            )  # fmt: skip
            if training:
                disown(tx, chosen, at)
            else:
                finish(tx, chosen, CallOutcome.ANSWERED, at + timedelta(minutes=12), disposition)

    def lives(self, begins: datetime = MORNING, calls: int = 8) -> None:
        for n in range(calls):
            self.wrapped_up(self.begins(begins + timedelta(minutes=17 * n)))

    def closes(self, now: datetime) -> None:
        with self.store.begin() as tx:
            close_ended_days(tx, now)

    def looked_at(self, period: Period, today: date) -> str:
        with self.store.read() as tx:
            return written(internal_sheet(tx, period, today), Format.CSV).decode()


@pytest.fixture
def line(store: Store) -> Line:
    return Line(store)


Cells = Mapping[tuple[str, str, str], str]


def cells(file: str) -> Cells:
    return {(row[0], row[1], row[2]): row[3] for row in csv.reader(io.StringIO(file)) if len(row) > 3}


def told_of_single_calls(files: Iterable[str]) -> set[tuple[str, str, str]]:
    """What two files that both tell it say differently, though only few calls came between them."""
    told = set()
    for one, other in combinations(map(cells, files), 2):
        for key in one.keys() & other.keys():
            section, what, _ = key
            crossed = section in CROSSED or (section == "measure" and what not in PLAIN)
            if crossed and one[key] != other[key] and "n/a" not in (one[key], other[key]):
                told.add(key)
    return told


def in_folder(folder: Path) -> dict[str, str]:
    return {path.stem.removeprefix("candour-internal-"): path.read_text() for path in folder.glob("*.csv")}


def test_a_day_s_files_and_its_revisions_are_nowhere_a_single_call_apart(line: Line, tmp_path: Path) -> None:
    line.lives()
    late = [line.begins(LATE), line.begins(LATE)]
    now = datetime(2026, 2, 11, 3, 10, tzinfo=UTC)
    line.closes(now)
    morning = MorningSummary(line.store, tmp_path, lambda: now)
    morning.step()
    for sid in late:
        line.wrapped_up(sid)
        morning.step()

    files = in_folder(tmp_path)

    assert set(files) == {"2026-02-10-calls-open", "2026-02-10-revision-2-calls-open", "2026-02-10-revision-3"}
    assert told_of_single_calls(files.values()) == set()
    first, last = cells(files["2026-02-10-calls-open"]), cells(files["2026-02-10-revision-3"])
    assert (first["calls", "day", "answered"], last["calls", "day", "answered"]) == ("8", "10")
    assert "(2 of its calls are open)" in first["told_later", "choices_and_seconds", "value"]
    for section in ("mode", "category", "force", "disposition"):
        assert section not in {key[0] for key in first}
        assert sum(int(n) for key, n in last.items() if key[0] == section) == 10
    assert "told_later" not in {key[0] for key in last}


def test_a_day_whose_last_call_was_for_training_is_told_once_it_is_wrapped_up(line: Line, tmp_path: Path) -> None:
    line.lives()
    late, now = line.begins(LATE), datetime(2026, 2, 11, 3, 10, tzinfo=UTC)
    line.closes(now)
    morning = MorningSummary(line.store, tmp_path, lambda: now)
    morning.step()

    line.wrapped_up(late, training=True)
    morning.step()

    files = in_folder(tmp_path)
    assert set(files) == {"2026-02-10-calls-open", "2026-02-10"}
    assert told_of_single_calls(files.values()) == set()
    assert cells(files["2026-02-10"])["disposition", "report", "n"] == "8"


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: f"{period.span.value}-{period.first}")
@pytest.mark.parametrize("disposition", [Disposition.REPORT, Disposition.TEST])
def test_two_looks_at_today_are_nowhere_a_single_call_apart(
    sqlite_store: Store, period: Period, disposition: Disposition
) -> None:
    line = Line(sqlite_store)
    line.lives(MORNING - timedelta(days=1))
    line.closes(MORNING)
    line.lives()

    before = line.looked_at(period, DAY)
    line.wrapped_up(line.begins(MORNING + timedelta(hours=6)), disposition)
    after = line.looked_at(period, DAY)

    assert told_of_single_calls([before, after]) == set()
    assert before != after or london_day(MORNING) not in (period.first, period.last)


@pytest.mark.parametrize(
    "period", [*PERIODS, of(Span.YEAR, DAY)], ids=lambda period: f"{period.span.value}-{period.first}"
)
def test_looks_before_and_after_a_late_call_are_nowhere_a_single_call_apart(
    sqlite_store: Store, period: Period
) -> None:
    line = Line(sqlite_store)
    for days in range(4):
        line.lives(MORNING - timedelta(days=days))
    late = line.begins(LATE)
    line.closes(LATE + timedelta(hours=5))
    weeks_later = DAY + timedelta(days=40)

    before = cells(line.looked_at(period, weeks_later))
    line.wrapped_up(late)
    after = cells(line.looked_at(period, weeks_later))

    for section in ("mode", "category", "force", "disposition"):
        came = [sum(int(n) for key, n in each.items() if key[0] == section) for each in (before, after)]
        assert came[1] - came[0] in (0, 9)  # the whole day, or nothing


def test_a_month_going_on_tells_of_its_days_that_are_over_and_says_so(sqlite_store: Store) -> None:
    line = Line(sqlite_store)
    line.lives(MORNING - timedelta(days=1), calls=5)
    line.lives(calls=3)

    month = cells(line.looked_at(of(Span.MONTH, DAY), DAY))

    assert month["measure", "answered", "value"] == "8"
    assert month["measure", "calls", "value"] == month["disposition", "report", "n"] == "5"
    assert month["seconds", "talk", "n"] == month["measure", "waits", "value"] == "5"
    assert month["measure", "service_level", "value"] == "100.0"  # of the five
    assert month["told_later", "choices_and_seconds", "value"].startswith("of 2026-02-10, what was chosen")
