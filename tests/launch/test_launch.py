"""The published table, of a small history: it says what was asked for, and no definition can be let go unseen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from shared.domain import calls, finished, wrap_up
from shared.domain.finished import finish
from shared.domain.online import count_online
from shared.domain.vocabulary import (
    CallOutcome,
    DeliveryState,
    Dimension,
    Disposition,
    OnTheWay,
    ReportState,
    UnitOutcome,
    Verdict,
)
from shared.outbox import totals
from shared.store.database import Store, open_store
from shared.store.schema import delivery, receipt, report, unit_total
from shared.summary.external import DISPOSITION, NEVER_CHOSE, OUTCOME, month_of
from shared.summary.since_launch import LINES, Launch, Launched, launched, sheet_of
from tests.launch import callers, history
from tests.launch.__main__ import asked, expected, printed
from tests.launch.callers import Kind
from tests.launch.history import Wanted, live
from tests.launch.offices import FIRST_FORCE
from tests.launch.written import NOT_PASSED_ON, Fate
from tests.support.scratch import scratch_configuration, scratch_store

# A fortnight with the night in it on which the clocks go forward; its last day ends in summer time, at 23:00 UTC.
SMALL = Wanted(date(2023, 3, 22), date(2023, 4, 2), calls=28, online=15, for_first_force=14, for_others=18, planted=1)
ONLY_CALLS = Wanted(date(2023, 3, 25), date(2023, 3, 26), 14, 0, 0, 0, planted=1)
ONLY_ONLINE = Wanted(date(2023, 3, 24), date(2023, 3, 27), 2, 30, 0, 0, planted=0)
ONLY_PIECES = Wanted(date(2023, 3, 24), date(2023, 3, 27), 2, 0, 2, 0, planted=0)


def figures(store: Store, wanted: Wanted, days_more: int = 0) -> dict[str, int]:
    with store.read() as tx:
        since = launched(tx, Launch(FIRST_FORCE, wanted.first), wanted.last + timedelta(days=days_more))
    return {line.id: line.value(since) for line in LINES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small history has been lived."""
    path = tmp_path_factory.mktemp("lived")
    scratch_configuration(path, f"[summary]\nlaunch = {SMALL.first}\n")
    store = scratch_store(path)
    live(store, SMALL)
    store.close()
    return path


@pytest.fixture
def lived(folder: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{folder / 'candour.db'}")
    yield store
    store.close()


def test_the_command_prints_what_was_asked_for(folder: Path) -> None:
    text = asked(folder, SMALL, "text")
    rows = list(csv.reader(io.StringIO(asked(folder, SMALL, "csv"))))

    assert printed(asked(folder, SMALL, "csv")) == expected(SMALL)
    assert "32 = 14 + 18" in text
    assert ["adds_up", "figures", "value", "32 = 14 + 18"] in rows
    assert ["investigations_put_right", "2023-q1", "metropolitan-psd", "revision 2"] in rows


def test_it_is_the_same_on_both_databases(store: Store) -> None:
    live(store, ONLY_PIECES)

    assert figures(store, ONLY_PIECES) == expected(ONLY_PIECES)


def test_what_the_table_calls_passed_on_is_what_the_edition_for_outside_calls_taken(lived: Store) -> None:
    with lived.read() as tx:
        since = launched(tx, Launch(FIRST_FORCE, SMALL.first), SMALL.last)

    assert since.counts.counts[Dimension.REPORT_STATE][ReportState.OURS] == SMALL.passed_on


def test_a_sum_that_does_not_come_out_is_said(lived: Store) -> None:
    with lived.read() as tx:
        since = launched(tx, Launch("kent", SMALL.first), SMALL.last)

    said = {row.of: row.value for row in sheet_of(since).rows if row.section == "adds_up"}

    assert str(said["figures"]).startswith("32 is not ")


def test_inside_and_outside_call_the_same_things_calls_and_choices_are_of_those_that_could_make_one(
    lived: Store,
) -> None:
    with lived.read() as tx:
        since = launched(tx, Launch(FIRST_FORCE, SMALL.first), SMALL.last)

    outside = month_of(since.counts)

    answered = outside.margins[OUTCOME][CallOutcome.ANSWERED]
    could_choose = outside.calls - sum(outside.margins[OUTCOME][outcome] for outcome in NEVER_CHOSE)
    assert outside.calls == expected(SMALL)["calls"] < since.counts.total.arrived
    assert {name: sum(cells.values()) for name, cells in outside.margins.items()} == {
        OUTCOME: outside.calls,
        "mode": could_choose,
        "category": could_choose,
        DISPOSITION: answered,
    }
    assert Disposition.TEST not in outside.margins[DISPOSITION]


# --- a definition is changed, and the number with it ------------------------------------------------------------------

Changed = Callable[[Connection, Launched], int]


def _state(state: ReportState) -> Changed:
    return lambda _, since: since.counts.counts[Dimension.REPORT_STATE][state]


def _about_the_first_force(tx: Connection, _: Launched) -> int:
    answered = select(func.count()).select_from(receipt).join(delivery).join(report)
    taken = receipt.c.verdict == Verdict.OURS, report.c.force_id == FIRST_FORCE
    return int(tx.execute(answered.where(*taken)).scalar_one())


def _said_by_all_units(outcome: UnitOutcome) -> Changed:
    summed = select(func.sum(unit_total.c.n)).where(unit_total.c.outcome == outcome)
    return lambda tx, _: int(tx.execute(summed).scalar_one())


CHANGED: dict[str, tuple[str, Changed]] = {
    "calls: tests too": ("calls", lambda _, since: since.counts.total.arrived),
    "calls: those answered": ("calls", lambda _, since: since.counts.total.by_outcome[CallOutcome.ANSWERED]),
    "calls: without those that left in the menu": (
        "calls",
        lambda _, since: since.counts.total.offered - since.counts.counts[Dimension.DISPOSITION][Disposition.TEST],
    ),
    "pieces: handed in, so that one revised late is two": ("passed_on", _state(ReportState.IN_REVIEW)),
    "pieces: released": ("passed_on", _state(ReportState.RELEASED)),
    "pieces: opened": ("passed_on", _state(ReportState.OPENED)),
    "pieces: delivered": (
        "passed_on",
        lambda _, since: since.counts.counts[Dimension.ON_THE_WAY][OnTheWay.DELIVERED],
    ),
    "pieces: every answer, so that one sent on is two": (
        "passed_on",
        lambda tx, since: _state(ReportState.OURS)(tx, since) + _state(ReportState.NOT_OURS)(tx, since),
    ),
    "pieces: without those withdrawn later": (
        "passed_on",
        lambda tx, since: _state(ReportState.OURS)(tx, since) - _state(ReportState.WITHDRAWN)(tx, since),
    ),
    "forces: the one it is about": ("first_force", _about_the_first_force),
    "investigations: by every unit": ("investigations", _said_by_all_units(UnitOutcome.INVESTIGATIONS)),
    "investigations: whatever came of it": ("investigations", _said_by_all_units(UnitOutcome.ASSESSED)),
}


@pytest.mark.parametrize("changed", CHANGED)
def test_changing_one_definition_breaks_the_table(lived: Store, changed: str) -> None:
    line, definition = CHANGED[changed]
    with lived.read() as tx:
        since = launched(tx, Launch(FIRST_FORCE, SMALL.first), SMALL.last)
        found = definition(tx, since)

    assert {each.id: each.value(since) for each in LINES} == expected(SMALL)
    assert found != expected(SMALL)[line]


@pytest.mark.parametrize("line", ["calls", "online", "passed_on", "first_force", "other_forces"])
def test_the_day_before_and_the_day_after_are_not_in_it(lived: Store, line: str) -> None:
    with lived.read() as tx:
        earlier = launched(tx, Launch(FIRST_FORCE), SMALL.last)
    from_the_first = {each.id: each.value(earlier) for each in LINES}

    assert figures(lived, SMALL, days_more=1)[line] > expected(SMALL)[line]
    if line in ("calls", "online"):
        assert from_the_first[line] > expected(SMALL)[line]


_STANDS: dict[Fate, Any] = {
    Fate.DRAFTED: report.c.state == ReportState.DRAFT,
    Fate.IN_REVIEW: report.c.state == ReportState.IN_REVIEW,
    Fate.HELD: report.c.state.in_((ReportState.HELD, ReportState.IN_REVIEW)),
    Fate.DUPLICATE: report.c.state == ReportState.REJECTED,
    Fate.UNANSWERED: delivery.c.state == DeliveryState.DELIVERED,
    Fate.ONLY_OPENED: report.c.state == ReportState.OPENED,
    Fate.PARKED: delivery.c.state == DeliveryState.PARKED,
    Fate.DISOWNED: report.c.state == ReportState.NOT_OURS,
    Fate.WITHDRAWN_UNSENT: delivery.c.state == DeliveryState.WITHDRAWN,
}


@pytest.mark.parametrize("fate", NOT_PASSED_ON)
def test_each_kind_that_is_no_piece_is_there_and_counting_it_breaks_the_table(lived: Store, fate: Fate) -> None:
    with lived.read() as tx:
        planted = tx.execute(select(report.c.id).outerjoin(delivery).where(_STANDS[fate]).distinct()).all()

    assert figures(lived, SMALL)["passed_on"] + len(planted) != expected(SMALL)["passed_on"]


# --- what is decided as things happen: let go, the same history comes out otherwise ----------------------------------


def _counted_after_all(tx: Connection, call: Any, now: datetime) -> None:
    finish(tx, call, CallOutcome.ANSWERED, now)


def _left(tx: Connection, leg: str, now: datetime) -> None:
    calls.caller_left(tx, leg, now, CallOutcome.ABANDONED_IN_MENU)


def _every_line_of_the_list(tx: Connection, listed: list[Any], today: date) -> int:
    return sum(count_online(tx, [type(each)(f"{each.id}.{number}.{today}", each.day)], today)
               for number, each in enumerate(listed))  # fmt: skip


def _as_first_said(tx: Connection, said: Any) -> None:
    if tx.execute(select(unit_total.c.n).where(unit_total.c.unit_id == said.unit)).first() is None:
        KEEP(tx, said)


KEEP = totals.keep
LET_GO: dict[str, tuple[Wanted, str, Any, str, Any]] = {
    Kind.TRAINING: (ONLY_CALLS, "calls", wrap_up, "disown", _counted_after_all),
    Kind.OUR_OWN: (ONLY_CALLS, "calls", callers, "set_aside", _left),
    Kind.NEVER_WAS: (ONLY_CALLS, "calls", calls, "never_was", _left),
    Kind.REPLAYED: (ONLY_CALLS, "calls", calls, "leg_is_over", lambda *_: False),
    "midnight in London": (ONLY_CALLS, "calls", finished, "london_day", lambda at: at.astimezone(UTC).date()),
    "online, listed twice": (ONLY_ONLINE, "online", history, "count_online", _every_line_of_the_list),
    "totals that are put right": (ONLY_PIECES, "investigations", totals, "keep", _as_first_said),
}


@pytest.mark.parametrize("rule", LET_GO)
def test_letting_go_of_one_rule_breaks_the_table(sqlite_store: Store, monkeypatch: Any, rule: str) -> None:
    wanted, line, where, name, instead = LET_GO[rule]
    monkeypatch.setattr(where, name, instead)

    live(sqlite_store, wanted)

    assert figures(sqlite_store, wanted)[line] != expected(wanted)[line]


@pytest.mark.parametrize("wanted", [ONLY_CALLS, ONLY_ONLINE], ids=["calls", "online"])
def test_with_every_rule_the_same_histories_come_out_as_they_should(sqlite_store: Store, wanted: Wanted) -> None:
    live(sqlite_store, wanted)

    assert figures(sqlite_store, wanted) == expected(wanted)
