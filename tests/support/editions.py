"""A line that lives, every edition for outside that it publishes, as files, and somebody outside who reads them all."""

from __future__ import annotations

import csv
import io
import random
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, insert

from shared.domain.forces import FORCES
from shared.domain.vocabulary import CallOutcome, Category, Dimension, Disposition, Mode, ReportState
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.database import Store
from shared.store.schema import day_count, finished_call, hour_count
from shared.summary.close import close_day
from shared.summary.disclosure import FEW, Shown
from shared.summary.export import Format, written
from shared.summary.external import DISPOSITION, LEAST, NEVER_CHOSE, NOT_SAID, OUTCOME
from shared.summary.periods import Period, Span, of
from shared.summary.release import WITHHELD, take_edition
from tests.support.attacker import MANY, Attacker

T = TypeVar("T")
_MARGINS: Final = (OUTCOME, Dimension.MODE.value, Dimension.CATEGORY.value, DISPOSITION)


def months_of(year: int, n: int) -> list[Period]:
    """The first months of a year."""
    return [of(Span.MONTH, date(year, month, 1)) for month in range(1, n + 1)]


def live(store: Store, months: Sequence[Period], dice: random.Random, busiest: int) -> None:
    """Calls in each month, from none to about ``busiest``, tests among them; what is chosen seldom is chosen seldom."""
    for month in months:
        with store.begin() as tx:
            for _ in range(dice.randrange(4)):
                day = month.first + timedelta(days=dice.randrange(monthrange(month.first.year, month.first.month)[1]))
                _lives(tx, day, dice, dice.randrange(busiest // 6, busiest // 3 + 1))
                close_day(tx, day)
                if dice.random() < 0.5:
                    _comes_late(tx, day)  # a revision of the day


def _lives(tx: Connection, day: date, dice: random.Random, calls: int) -> None:
    outcomes = _spread(dice, list(CallOutcome), calls)
    hour = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    for outcome, n in outcomes.items():
        count(tx, hour_count, n, day=day, hour_start=hour, outcome=outcome, offered=True)
    answered = outcomes.get(CallOutcome.ANSWERED, 0)
    dispositions = _spread(dice, [*Disposition, None], answered)
    choosing = _Choosing(dice)
    for _ in range(answered - dispositions.get(Disposition.TEST, 0)):
        choosing.answered()
    for outcome, n in outcomes.items():
        for _ in range(0 if outcome is CallOutcome.ANSWERED else n):
            choosing.unanswered(outcome)
    counted: dict[Dimension, Mapping[Any, int]] = {
        Dimension.DISPOSITION: {which: n for which, n in dispositions.items() if which is not None},
        **choosing.chosen,
        Dimension.REPORT_STATE: {ReportState.OURS: dice.randrange(max(2, calls // 3))},
    }
    for dimension, values in counted.items():
        for value, n in values.items():
            count(tx, day_count, n, day=day, dimension=dimension, value=str(value))


class _Choosing:
    """What was chosen in a day's calls, as the line asks it; in an answered call the handler may put anything right."""

    def __init__(self, dice: random.Random) -> None:
        self.chosen: dict[Dimension, Counter[str]] = {Dimension.MODE: Counter(), Dimension.CATEGORY: Counter()}
        self.chosen[Dimension.FORCE] = Counter()
        self._dice = dice
        self._weights = {each: [dice.random() ** 3 + 0.001 for _ in each] for each in (Mode, Category)}
        self._often = dice.random()

    def answered(self) -> None:
        for each, dimension in ((Mode, Dimension.MODE), (Category, Dimension.CATEGORY)):
            self.chosen[dimension][self._one_of(each)] += 1
        if self._dice.random() < self._often:
            self._names_a_force()

    def unanswered(self, outcome: CallOutcome) -> None:
        """Who is silent is asked nothing more: no category without a mode before it, no force without a category."""
        mode = Mode.UNSET if outcome in NEVER_CHOSE else self._one_of(Mode)
        category = Category.UNSET if mode == Mode.UNSET else self._one_of(Category)
        self.chosen[Dimension.MODE][mode] += 1
        self.chosen[Dimension.CATEGORY][category] += 1
        if category != Category.UNSET and self._dice.random() < self._often:
            self._names_a_force()

    def _one_of(self, each: type[Mode] | type[Category]) -> str:
        return str(self._dice.choices(list(each), self._weights[each])[0])

    def _names_a_force(self) -> None:
        self.chosen[Dimension.FORCE][self._dice.choice(sorted(FORCES)[:9])] += 1


def mostly_closed(store: Store, months: Sequence[Period], dice: random.Random) -> None:
    """Months in which the line was closed to most, and a few got through, each about some force."""
    for month in months:
        with store.begin() as tx:
            hour = datetime(month.first.year, month.first.month, 1, 14, tzinfo=UTC)
            few, closed = dice.randrange(3, 9), dice.randrange(23, 40)
            for outcome, n in ((CallOutcome.ANSWERED, few), (CallOutcome.CLOSED, closed)):
                count(tx, hour_count, n, day=month.first, hour_start=hour, outcome=outcome, offered=True)
            chosen = {
                Dimension.MODE: {Mode.UNSET: closed, Mode.ANONYMOUS: few},
                Dimension.CATEGORY: {Category.UNSET: closed, **_spread(dice, list(Category)[1:], few)},
                Dimension.FORCE: _spread(dice, sorted(FORCES), few),
                Dimension.DISPOSITION: {Disposition.REPORT: few},
            }
            for dimension, values in chosen.items():
                for value, n in values.items():
                    count(tx, day_count, n, day=month.first, dimension=dimension, value=str(value))


def _comes_late(tx: Connection, day: date) -> None:
    hour = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    page = {"id": random_id(), "day": day, "hour_start": hour, "outcome": CallOutcome.FAULT, "offered": False}
    tx.execute(insert(finished_call).values(page))
    for dimension in (Dimension.MODE, Dimension.CATEGORY):
        count(tx, day_count, day=day, dimension=dimension, value="unset")
    close_day(tx, day)


def _spread(dice: random.Random, values: list[T], n: int) -> dict[T, int]:
    drawn = dice.choices(values, [dice.random() ** 3 + 0.001 for _ in values], k=n)
    return {value: drawn.count(value) for value in values if value in drawn}


def publish(store: Store, months: Sequence[Period], launch: date) -> list[str]:
    """Every file that leaves, in order: each month once it is over, the totals with each quarter, a year's forces."""
    files = []
    for month in months:
        today = month.last + timedelta(days=1)
        asked: list[Period | None] = [month]
        if month.first.month % 3 == 0:
            asked.append(None)
        if month.first.month == 12:
            asked.append(of(Span.YEAR, month.first))
        files += [written(take_edition(store, period, today, launch), Format.CSV).decode() for period in asked]
    return files


class Reader:
    """Has read every file, from the launch on a first of January, and reckons."""

    def __init__(self) -> None:
        self.attacker = Attacker()
        self._months: list[str] = []  # since the last total
        self._year: list[str] = []
        self._total = ""

    def reads(self, file: str) -> None:
        cells = {(row[0], row[1], row[2]): row[3] for row in csv.reader(io.StringIO(file))}
        if ("since_launch", "calls", "value") in cells:
            self._reads_totals(cells)
        elif ("calls", "month", "calls") in cells:
            self._reads_month(cells)
        else:
            self._reads_forces(cells)

    def _reads_month(self, cells: dict[tuple[str, str, str], str]) -> None:
        month = cells["period", "this", "first"]
        self._months.append(month)
        self._year.append(month)
        self.attacker.sees(f"{month} taken", _cell(cells["reports", "taken_by_forces", "n"]))
        for margin in _MARGINS:
            values = {of: value for (section, of, _), value in cells.items() if section == margin}
            if WITHHELD not in values.values():
                self._reads_margin(month, margin, values)
        self.attacker.sees_total(f"{month} calls", _cell(cells["calls", "month", "calls"]))

    def _reads_margin(self, month: str, margin: str, values: dict[str, str]) -> None:
        self.attacker.ranges.setdefault(f"{month} calls", (LEAST - 2, MANY))
        names = {of: f"{month} {margin} {of}" for of in values}
        for of_what, value in values.items():
            self.attacker.sees(names[of_what], _cell(value))
        assert (NOT_SAID in values) is (margin == DISPOSITION)
        could_choose = f"{month} could choose"
        if margin == OUTCOME:
            chose_not = [names[outcome] for outcome in NEVER_CHOSE]
            others = [name for name in names.values() if name not in chose_not]
            self.attacker.knows_the_sum(f"{month} calls", [could_choose, *chose_not])
            self.attacker.knows_the_sum(could_choose, others)
            self.attacker.besides.append((could_choose, [names["answered"], f"{month} not answered"]))
        elif margin == DISPOSITION:
            self.attacker.knows_the_sum(f"{month} {OUTCOME} answered", list(names.values()))
        else:
            self.attacker.knows_the_sum(could_choose, list(names.values()))
            self._knows_the_order_of_asking(month, margin)

    def _knows_the_order_of_asking(self, month: str, margin: str) -> None:
        """In a call that nobody answered, what was asked later is unset wherever what was asked before is."""
        unset, put_right = f"{month} not answered, {margin} unset", f"{month} answered, {margin} unset"
        self.attacker.besides += [
            (f"{month} {margin} unset", [unset, put_right]),
            (f"{month} {OUTCOME} answered", [put_right, f"{put_right} not"]),
            (f"{month} not answered", [unset, f"{unset} not"]),
        ]
        if margin == Dimension.CATEGORY:
            asked_before = f"{month} not answered, {Dimension.MODE} unset"
            self.attacker.besides.append((unset, [asked_before, f"{month} not answered, only category unset"]))

    def _reads_totals(self, cells: dict[tuple[str, str, str], str]) -> None:
        until = cells["since_launch", "frozen_on", "value"]
        for what in ("calls", "taken"):
            before = [f"{what} to {self._total}"] if self._total else []
            self.attacker.knows_the_sum(f"{what} to {until}", [*before, *(f"{each} {what}" for each in self._months)])
            self.attacker.sees_total(f"{what} to {until}", _cell(cells["since_launch", what, "value"]))
        self._total, self._months = until, []

    def _reads_forces(self, cells: dict[tuple[str, str, str], str]) -> None:
        """Of the first year: calls that name a force are among those in which one could be named."""
        values = {of: value for (section, of, _), value in cells.items() if section == "force"}
        if WITHHELD in values.values():
            return
        for force, value in values.items():
            self.attacker.sees(f"about {force}", _cell(value))
        self.attacker.besides += [
            ("could name a force", [*(f"about {force}" for force in values), "about none"]),
            ("could name a force", [f"{month} could choose" for month in self._year]),
            *((f"{month} calls", [f"{month} could choose", f"{month} chose not"]) for month in self._year),
        ]


def _cell(text: str) -> Shown:
    return text if text == FEW else int(text)
