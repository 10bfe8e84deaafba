"""The service from its launch on, lived in virtual time on a scratch store, with much planted that is in no line.

What the table must say follows from what was asked for here; nothing of it is read back from the product.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, cycle, islice
from typing import Final

from shared.domain.live_presence import settle_the_day
from shared.domain.london import LONDON, london_day, start_of
from shared.domain.online import OnlineReport, count_online
from shared.domain.vocabulary import UnitOutcome
from shared.outbox import totals
from shared.sealing.outcomes import Totals, sign_totals
from shared.store.database import Store
from shared.summary.close import close_ended_days
from shared.summary.standing import note_standing
from tests.launch.callers import Kind, OneCall
from tests.launch.offices import (
    FIRST_FORCE,
    FIRST_UNITS,
    KENT,
    KENT_ALTERNATE,
    OTHER_UNITS,
    Offices,
    open_offices,
)
from tests.launch.written import NOT_PASSED_ON, PASSED_ON, Fate, OneReport

# Twice in autumn the clocks show this time, and once in spring they leave it out.
NIGHT_OF_CHANGE: Final = (time(0, 59, 59), time(1, 0), time(1, 30), time(1, 59, 59), time(2, 0))
COUNTED: Final = (
    Kind.TALKED, Kind.HUNG_UP_WAITING, Kind.TALKED, Kind.HELD, Kind.HUNG_UP_IN_MENU, Kind.TALKED, Kind.REPLAYED,
    Kind.LEFT_QUIETLY, Kind.TALKED, Kind.WAITED_TOO_LONG,
)  # fmt: skip
NOT_COUNTED: Final = (Kind.TEST, Kind.TRAINING, Kind.OUR_OWN, Kind.NEVER_WAS)
_LAST_MINUTE: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Wanted:
    """What the table is to say; ``planted`` is how much of each kind there is that it must leave out."""

    first: date
    last: date
    calls: int
    online: int
    for_first_force: int
    for_others: int
    planted: int

    @property
    def passed_on(self) -> int:
        return self.for_first_force + self.for_others


PUBLISHED: Final = Wanted(date(2022, 11, 29), date(2024, 2, 29), 1988, 890, 728, 139, planted=12)


@dataclass
class History:
    """Everything that is going to happen, by its instant."""

    offices: Offices
    wanted: Wanted
    happening: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    investigated: Counter[tuple[str, str]] = field(default_factory=Counter)  # by unit and quarter
    said_online: int = 0  # lines of the form's lists, those that are there twice among them

    @property
    def chance(self) -> random.Random:
        return self.offices.chance

    def at(self, when: datetime, happens: Callable[[datetime], None]) -> None:
        heapq.heappush(self.happening, (when.astimezone(UTC), next(self.numbers), happens))

    def live(self) -> None:
        while self.happening:
            now, _, happens = heapq.heappop(self.happening)
            happens(now)

    def days(self) -> list[date]:
        return [self.wanted.first + timedelta(days=n) for n in range((self.wanted.last - self.wanted.first).days + 1)]


def live(store: Store, wanted: Wanted, seed: int = 1) -> History:
    """Plan it all and live it."""
    chance = random.Random(seed)
    offices = open_offices(store, chance, start_of(wanted.first) - timedelta(days=1))
    history = History(offices, wanted)
    _plan_closings(history)
    _plan_calls(history)
    _plan_online(history)
    _plan_reports(history)
    _plan_totals(history)
    history.live()
    return history


def _plan_closings(history: History) -> None:
    def closes(now: datetime) -> None:
        with history.offices.store.begin() as tx:
            settle_the_day(tx, now)
            close_ended_days(tx, now)
            note_standing(tx, now)

    for day in [*history.days(), history.wanted.last + timedelta(days=1)]:
        history.at(datetime.combine(day, time(3, 5), LONDON), closes)


# --- calls ------------------------------------------------------------------------------------------------------------


def _plan_calls(history: History) -> None:
    planned = list(_hard_times(history))[: history.wanted.calls // 2]
    for at, kind in planned:
        _plan_call(history, kind, at)
    for kind in islice(cycle(COUNTED), history.wanted.calls - len(planned)):
        _plan_call(history, kind, _some_time(history))
    for kind in NOT_COUNTED:
        for _ in range(history.wanted.planted):
            _plan_call(history, kind, _some_time(history))
    launch, end = start_of(history.wanted.first), start_of(history.wanted.last + timedelta(days=1))
    for at in (launch - _LAST_MINUTE, launch - timedelta(hours=3), end, end + timedelta(hours=1)):
        _plan_call(history, Kind.TALKED, at)  # trials before the launch, and what came after the last day


def _hard_times(history: History) -> Iterator[tuple[datetime, Kind]]:
    """The first and the last instant there is, midnights, and both nights on which the clocks change."""
    days = history.days()
    yield start_of(days[0]), Kind.TALKED
    yield start_of(days[-1] + timedelta(days=1)) - _LAST_MINUTE, Kind.TALKED
    for day in days:
        if _hours(day) != 24:
            yield from ((_on(day, at, fold), Kind.TALKED) for at in NIGHT_OF_CHANGE for fold in (0, 1))
    for day in islice(days[1:], 0, None, max(1, len(days) // max(2, history.wanted.planted))):
        yield start_of(day), Kind.HUNG_UP_WAITING
        yield start_of(day) - timedelta(minutes=1), Kind.LEFT_LYING


def _hours(day: date) -> int:
    return int((start_of(day + timedelta(days=1)) - start_of(day)) / timedelta(hours=1))


def _on(day: date, at: time, fold: int) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), LONDON).astimezone(UTC)


def _plan_call(history: History, kind: Kind, at: datetime) -> None:
    number = next(history.numbers)
    call = OneCall(history.offices, kind, f"CA{number:032x}", f"CA{number:032x}".replace("CA0", "CAf"))
    for when, happens in call.steps(at):
        history.at(when, happens)


def _some_time(history: History) -> datetime:
    day = history.chance.choice(history.days())
    return start_of(day) + timedelta(seconds=history.chance.randrange(_hours(day) * 3600))


# --- what came online -------------------------------------------------------------------------------------------------


def _plan_online(history: History) -> None:
    """Each morning the form's list of the day before; some are in it twice, and some lists come twice."""
    wanted, came = history.wanted, Counter[date]()
    came.update(history.chance.choice(history.days()) for _ in range(wanted.online))
    came[wanted.first - timedelta(days=1)] = came[wanted.last + timedelta(days=1)] = 2
    for day, n in sorted(came.items()):
        listed = [OnlineReport(f"form-{day:%Y%m%d}-{number}", day) for number in range(n)]
        twice = [*listed, *listed[: history.chance.randrange(2)]]
        for _ in range(1 + (history.chance.random() < 0.1)):
            history.said_online += len(twice) if wanted.first <= day <= wanted.last else 0
            history.at(datetime.combine(day + timedelta(days=1), time(8), LONDON), _handing_over(history, twice))


def _handing_over(history: History, listed: list[OnlineReport]) -> Callable[[datetime], None]:
    def hands_over(now: datetime) -> None:
        with history.offices.store.begin() as tx:
            count_online(tx, listed, london_day(now))

    return hands_over


# --- reports ----------------------------------------------------------------------------------------------------------


def _plan_reports(history: History) -> None:
    for mine, n in ((True, history.wanted.for_first_force), (False, history.wanted.for_others)):
        fates = [fate for fate in PASSED_ON if not (mine and fate is Fate.HAD_CONFLICT)]
        # More are sent on from the first force than to it, or whose they are would not show in the sums.
        odd = [fate for fate in fates for _ in range(max(1, history.wanted.planted // 2))]
        odd = [*([] if mine else [Fate.SENT_ON]), *odd][: n // 2]
        for fate in [*odd, *[Fate.TAKEN] * (n - len(odd))]:
            _plan_report(history, _a_report(history, fate, mine), _a_day_in(history))
    for fate in NOT_PASSED_ON:
        for number in range(history.wanted.planted):
            _plan_report(history, _a_report(history, fate, number % 2 == 0), _a_day_in(history), counts=False)
    for mine in (True, False):  # answered on the day after the last
        after = start_of(history.wanted.last + timedelta(days=1)) + timedelta(minutes=1)
        _plan_report(history, _a_report(history, Fate.TAKEN, mine), after, counts=False)


def _a_report(history: History, fate: Fate, mine: bool) -> OneReport:
    """One for the first force, or for another. What is sent on was about the one that is wrong."""
    first_unit = history.chance.choice(FIRST_UNITS)
    other_unit = KENT if fate is Fate.HAD_CONFLICT else history.chance.choice(list(OTHER_UNITS))
    unit, wrong = (first_unit, other_unit) if mine else (other_unit, first_unit)
    if fate is Fate.HAD_CONFLICT:
        return OneReport(history.offices, fate, "kent", KENT_ALTERNATE)
    if fate is Fate.SENT_ON:
        return OneReport(history.offices, fate, _force_of(history, wrong), unit, wrong)
    return OneReport(history.offices, fate, _force_of(history, unit), unit)


def _force_of(history: History, unit: str) -> str:
    return FIRST_FORCE if unit in FIRST_UNITS else history.chance.choice(OTHER_UNITS[unit])


def _plan_report(history: History, one: OneReport, ends: datetime, counts: bool = True) -> None:
    """Its last step is at ``ends``; it began up to a week before, a revised one up to a quarter."""
    launch = start_of(history.wanted.first) + timedelta(hours=1)
    longest = timedelta(days=90 if one.fate is Fate.REVISED else 6)
    begins = max(launch, ends - longest * history.chance.uniform(0.3, 1))
    for when, happens in one.steps(begins, ends):
        history.at(when, happens)
    if counts and one.unit in FIRST_UNITS:
        history.investigated[one.unit, _quarter(london_day(ends))] += 1


def _a_day_in(history: History) -> datetime:
    """Some time after the first day; the last instant of all among them."""
    first, end = start_of(history.wanted.first) + timedelta(days=1), start_of(history.wanted.last + timedelta(days=1))
    return first + (end - first) * history.chance.random()


# --- what units say of a quarter --------------------------------------------------------------------------------------


def _quarter(day: date) -> str:
    return f"{day.year}-q{(day.month + 2) // 3}"


def _plan_totals(history: History) -> None:
    """Each unit guesses too high, and puts it right on the last day; units of other forces say theirs too."""
    quarters = sorted({_quarter(day) for day in history.days()})
    said = {(unit, quarter): history.investigated[unit, quarter] for unit in FIRST_UNITS for quarter in quarters}
    said |= {(unit, quarter): 7 for unit in OTHER_UNITS for quarter in quarters}
    last = start_of(history.wanted.last) + timedelta(hours=18)
    for (unit, quarter), n in said.items():
        history.at(last - timedelta(hours=6), _saying(history, unit, quarter, 1, n + 2))
        history.at(last, _saying(history, unit, quarter, 2, n))


def _saying(history: History, unit: str, quarter: str, serial: int, n: int) -> Callable[[datetime], None]:
    outcomes = dict.fromkeys(UnitOutcome, n + 5) | {UnitOutcome.INVESTIGATIONS: n}
    written = sign_totals(Totals(unit, quarter, serial, outcomes), history.offices.organisation.units[unit].answers)

    def says(_: datetime) -> None:
        with history.offices.store.begin() as tx:
            said = totals.believed(tx, unit, written)
            assert said is not None
            totals.keep(tx, said)

    return says
