"""The line as it stands, in words a supervisor understands: who waits, who does what, what needs somebody.

It asks nobody, puts nobody before another, and counts nothing that anybody has done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr
from console.words import LANGUAGES, PRESENCE, clock_words
from shared.domain.london import LONDON
from shared.domain.vocabulary import CallState, ClosedWords, PresenceState
from shared.line_messages import CallNow, HoursNow, KeyNow, LineNow, PersonNow, TroubleNow, WaitingNow

CLOSED_WORDS: Final[Mapping[ClosedWords, str]] = {
    ClosedWords.CLOSED: tr("The line is closed now"),
    ClosedWords.TROUBLE: tr("Closed, because something does not work"),
    ClosedWords.NOBODY: tr("Closed, because nobody can be here"),
}
CALLS: Final[Mapping[CallState, str]] = {
    CallState.RINGING: tr("their telephone rings"),
    CallState.CONNECTING: tr("being put through"),
    CallState.TALKING: "talking",
    CallState.HELD: tr("the caller is on hold"),
    CallState.WRAP_UP: tr("wrapping up"),
}
NOT_YET: Final = tr("The line has not been read yet.")
NOBODY_WAITS: Final = tr("Nobody is waiting.")
NO_CALLS: Final = tr("No call is in progress.")
NOBODY_HERE: Final = tr("Nobody is signed in.")
NO_TROUBLE: Final = tr("Nothing needs somebody.")
STEP: Final = timedelta(minutes=30)
AHEAD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who is signed in, as they are shown."""

    id: str
    words: str


class LineNowModel(QObject):
    """Emits `changed` when the line did, `told` when the line about what was just done did."""

    changed = Signal()
    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line: LineNow | None = None
        self.notice = ""
        self.notice_is_good = False

    def show(self, line: LineNow | None) -> None:
        """What the service says now; None when nobody who may see it is signed in."""
        if line != self.line:
            self.line = line
            self.changed.emit()

    def tell(self, words: str, good: bool = False) -> None:
        """One line about what was done or refused; "" takes it away."""
        if (words, good) != (self.notice, self.notice_is_good):
            self.notice, self.notice_is_good = words, good
            self.told.emit()

    @property
    def hours(self) -> str:
        """Whether the line is open, until when, and what callers hear."""
        return NOT_YET if self.line is None else _hours(self.line.hours, self.line.at)

    @property
    def queue(self) -> str:
        """How many wait, in which languages, and for how long at most."""
        if self.line is None:
            return ""
        menu = f" {_count(self.line.in_menu, 'caller')} in the menu." if self.line.in_menu else ""
        return _queue(self.line.waiting, self.line.at) + menu

    @property
    def waiting(self) -> tuple[str, ...]:
        """Each caller who waits, the first to be answered first."""
        return () if self.line is None else tuple(_waiting(one, self.line.at) for one in self.line.waiting)

    @property
    def calls(self) -> tuple[str, ...]:
        """Each call in progress; by the name of whoever has it."""
        return () if self.line is None else tuple(_call(one, self.line.at) for one in self.line.calls)

    @property
    def help_wanted(self) -> str:
        """Who asks for help; "" where nobody does."""
        names = [] if self.line is None else [one.by for one in self.line.calls if one.asks_help]
        return f"Help is wanted by {', '.join(names)}." if names else ""

    @property
    def people(self) -> tuple[PersonRow, ...]:
        """By name."""
        if self.line is None:
            return ()
        return tuple(PersonRow(one.id, _person(one, self.line.at)) for one in self.line.people)

    @property
    def trouble(self) -> tuple[str, ...]:
        """A sentence for each thing that needs somebody."""
        return () if self.line is None else tuple(_trouble(self.line.trouble))

    @property
    def by_hand(self) -> bool:
        return self.line is not None and self.line.hours.by_hand


def times_ahead(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Each half hour within the next 24 hours, as London's clocks show it."""
    minutes = timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
    first = now - minutes + STEP
    times = (first + STEP * step for step in range(AHEAD // STEP))
    return tuple((when_words(time, now), time) for time in times if time <= now + AHEAD)


def when_words(at: datetime, now: datetime) -> str:
    """A time as it is said: 15:30, midnight, tomorrow at 09:00, Monday at 09:00, Monday 4 January at 09:00."""
    there, here = at.astimezone(LONDON), now.astimezone(LONDON)
    days = (there.date() - here.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    if days == 1:
        return "midnight" if (there.hour, there.minute) == (0, 0) else f"tomorrow at {there:%H:%M}"
    return f"{there:%A} at {there:%H:%M}" if days < 7 else f"{day_words(there.date())} at {there:%H:%M}"


def day_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _hours(hours: HoursNow, now: datetime) -> str:
    until = "" if hours.until is None else when_words(hours.until, now)
    hand = " by hand" if hours.by_hand else ""
    if hours.open:
        return f"The line is open{hand}{f' until {until}' if until else ''}."
    opens = f" It opens at {until}." if until else ""
    hear = f" Callers are told: “{CLOSED_WORDS[hours.words]}”." if hours.by_hand else ""
    return f"The line is closed{hand}.{opens.replace('at tomorrow', 'tomorrow')}{hear}"


def _queue(waiting: tuple[WaitingNow, ...], now: datetime) -> str:
    if not waiting:
        return NOBODY_WAITS
    languages = Counter(one.language for one in waiting)
    parts = ", ".join(f"{languages[one]} {words}" for one, words in LANGUAGES.items() if languages[one])
    longest = clock_words(min(one.since for one in waiting), now)
    return f"{_count(len(waiting), 'caller')} waiting: {parts}. The longest wait is {longest}."


def _waiting(one: WaitingNow, now: datetime) -> str:
    silent = tr(", may be unable to speak") if one.unable_to_speak else ""
    return f"{clock_words(one.since, now)}  {LANGUAGES[one.language]}{silent}"


def _call(one: CallNow, now: datetime) -> str:
    since = "" if one.since is None else f" since {_past(one.since, now)}"
    asks = tr(". Asks for help") if one.asks_help else ""
    return f"{one.by}: {CALLS[one.state]}{since}{asks}"


def _person(one: PersonNow, now: datetime) -> str:
    link = "at" if one.presence is PresenceState.MISSED else "since"
    since = "" if one.since is None else f" {link} {_past(one.since, now)}"
    return f"{one.name}: {PRESENCE[one.presence].lower()}{since}"


def _past(at: datetime, now: datetime) -> str:
    there = at.astimezone(LONDON)
    same = there.date() == now.astimezone(LONDON).date()
    return f"{there:%H:%M}" if same else f"{day_words(there.date())} at {there:%H:%M}"


def _trouble(trouble: TroubleNow) -> Iterator[str]:
    if trouble.parked:
        yield f"{_count(trouble.parked, 'delivery', 'deliveries')} put aside. The outbox says why."
    if trouble.unanswered:
        yield f"{_count(trouble.unanswered, 'delivery', 'deliveries')} unanswered for too long. The outbox says whose."
    if trouble.purges_overdue:
        records = _count(trouble.purges_overdue, "call record")
        yield f"The telephone provider has not deleted {records} in time. An administrator has to look."
    yield from map(_key, trouble.keys)
    for one in trouble.drafts:
        yield f"{one.author} has {_count(one.drafts, 'draft')} not submitted, the oldest of {day_words(one.oldest)}."


def _key(one: KeyNow) -> str:
    if one.expired:
        return f"{one.whose}: out of date since {day_words(one.expires)}. Nothing can be released with it."
    return f"{one.whose}: good until {day_words(one.expires)}. An administrator has to renew it."


def _count(n: int, one: str, more: str = "") -> str:
    return f"{n} {one if n == 1 else more or one + 's'}"
