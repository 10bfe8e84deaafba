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

from console.dates import day_and_time, time_words, weekday_and_day, weekday_and_year, weekday_words
from console.translation import ntr, tr
from console.words import LANGUAGES, PRESENCE, clock_words
from shared.domain.london import LONDON
from shared.domain.vocabulary import CallState, ClosedWords
from shared.line_messages import CallNow, HoursNow, KeyNow, LineNow, PersonNow, TroubleNow, WaitingNow

CLOSED_WORDS: Final[Mapping[ClosedWords, str]] = {
    ClosedWords.CLOSED: tr("The line is closed now"),
    ClosedWords.TROUBLE: tr("Closed, because something does not work"),
    ClosedWords.NOBODY: tr("Closed, because nobody can be here"),
}
CALLS: Final[Mapping[CallState, str]] = {
    CallState.RINGING: tr("their telephone rings"),
    CallState.CONNECTING: tr("being put through"),
    CallState.TALKING: tr("talking"),
    CallState.HELD: tr("the caller is on hold"),
    CallState.WRAP_UP: tr("wrapping up"),
}
_OPEN: Final = {  # by whether it is by hand, and whether until when is known
    (False, False): tr("The line is open."),
    (False, True): tr("The line is open until {until}."),
    (True, False): tr("The line is open by hand."),
    (True, True): tr("The line is open by hand until {until}; the usual hours follow."),
}
_OPENS_TODAY: Final = tr("It opens at {time}.")
_OPENS_TOMORROW: Final = tr("It opens tomorrow at {time}.")
_OPENS_LATER: Final = tr("It opens on {date} at {time}.")
_WEEK: Final = 7  # days; until then a weekday says which day is meant
_NEARLY_A_YEAR: Final = 300  # days; beyond, a day could be understood as this year's
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
    name: str
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
        in_menu = self.line.in_menu
        menu = ntr("{count} caller in the menu.", "{count} callers in the menu.", in_menu).format(count=in_menu)
        return _queue(self.line.waiting, self.line.at) + (f" {menu}" if in_menu else "")

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
        return tr("Help is wanted by {names}.").format(names=", ".join(names)) if names else ""

    @property
    def people(self) -> tuple[PersonRow, ...]:
        """By name."""
        if self.line is None:
            return ()
        return tuple(PersonRow(one.id, one.name, _person(one, self.line.at)) for one in self.line.people)

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
    """A time as it is said: 15:30, midnight, tomorrow at 09:00, Monday at 09:00, Monday 4 January at 09:00.

    Nearly a year away or further, with its year.
    """
    there, here = at.astimezone(LONDON), now.astimezone(LONDON)
    days = (there.date() - here.date()).days
    if days == 0:
        return time_words(there)
    if days == 1 and (there.hour, there.minute) == (0, 0):
        return tr("midnight")
    if days == 1:
        return tr("tomorrow at {time}").format(time=time_words(there))
    return tr("{date} at {time}").format(date=_day_ahead(there, days), time=time_words(there))


def _day_ahead(day: date, days: int) -> str:
    if days < _WEEK:
        return weekday_words(day)
    return weekday_and_day(day) if days < _NEARLY_A_YEAR else weekday_and_year(day)


def _hours(hours: HoursNow, now: datetime) -> str:
    if hours.open:
        until = "" if hours.until is None else when_words(hours.until, now)
        return _OPEN[hours.by_hand, bool(until)].format(until=until)
    said = [tr("The line is closed by hand.") if hours.by_hand else tr("The line is closed.")]
    if hours.until is not None:
        said.append(_opens(hours.until, now))
    if hours.by_hand:
        said.append(tr("Callers are told: “{words}”.").format(words=CLOSED_WORDS[hours.words]))
    return " ".join(said)


def _opens(at: datetime, now: datetime) -> str:
    there = at.astimezone(LONDON)
    days = (there.date() - now.astimezone(LONDON).date()).days
    words = (_OPENS_TODAY, _OPENS_TOMORROW)[days] if days in (0, 1) else _OPENS_LATER
    return words.format(time=time_words(there), date=_day_ahead(there, days))


def _queue(waiting: tuple[WaitingNow, ...], now: datetime) -> str:
    if not waiting:
        return NOBODY_WAITS
    languages = Counter(one.language for one in waiting)
    parts = ", ".join(f"{languages[one]} {words}" for one, words in LANGUAGES.items() if languages[one])
    longest = clock_words(min(one.since for one in waiting), now)
    count = len(waiting)
    return ntr(
        "{count} caller waiting: {languages}. The longest wait is {longest}.",
        "{count} callers waiting: {languages}. The longest wait is {longest}.",
        count,
    ).format(count=count, languages=parts, longest=longest)


def _waiting(one: WaitingNow, now: datetime) -> str:
    words = tr("{language}, may be unable to speak") if one.unable_to_speak else "{language}"
    return f"{clock_words(one.since, now)}  {words.format(language=LANGUAGES[one.language])}"


def _call(one: CallNow, now: datetime) -> str:
    since = "" if one.since is None else _past(one.since, now)
    words = tr("{name}: {state} since {time}") if since else "{name}: {state}"
    said = words.format(name=one.by, state=CALLS[one.state], time=since)
    return tr("{call}. Asks for help").format(call=said) if one.asks_help else said


def _person(one: PersonNow, now: datetime) -> str:
    if one.presence is None:
        return tr("{name}: takes no calls").format(name=one.name)
    name, state = one.name, PRESENCE[one.presence].lower()
    if one.since is None:
        return f"{name}: {state}"
    words = tr("{name}: {state} since {time}")
    return words.format(name=name, state=state, time=_past(one.since, now))


def _past(at: datetime, now: datetime) -> str:
    there = at.astimezone(LONDON)
    same = there.date() == now.astimezone(LONDON).date()
    return time_words(there) if same else day_and_time(there)


def _trouble(trouble: TroubleNow) -> Iterator[str]:
    if trouble.parked:
        yield ntr(
            "{count} delivery put aside. The outbox says why.",
            "{count} deliveries put aside. The outbox says why.",
            trouble.parked,
        ).format(count=trouble.parked)
    if trouble.unanswered:
        yield ntr(
            "{count} delivery unanswered for too long. The outbox says whose.",
            "{count} deliveries unanswered for too long. The outbox says whose.",
            trouble.unanswered,
        ).format(count=trouble.unanswered)
    if trouble.purges_overdue:
        yield ntr(
            "The telephone provider has not deleted {count} call record in time. An administrator has to look.",
            "The telephone provider has not deleted {count} call records in time. An administrator has to look.",
            trouble.purges_overdue,
        ).format(count=trouble.purges_overdue)
    if trouble.questions:
        yield ntr(
            "{count} question from a unit that nobody has read.",
            "{count} questions from units that nobody has read.",
            trouble.questions,
        ).format(count=trouble.questions)
    yield from map(_key, trouble.keys)
    for one in trouble.drafts:
        yield ntr(
            "{name} has {count} draft not submitted, the oldest of {day}.",
            "{name} has {count} drafts not submitted, the oldest of {day}.",
            one.drafts,
        ).format(name=one.author, count=one.drafts, day=weekday_and_day(one.oldest))


def _key(one: KeyNow) -> str:
    if one.suspended:
        return tr("{key}: suspended. Nothing can be released with it.").format(key=one.whose)
    if one.expired:
        words = tr("{key}: out of date since {day}. Nothing can be released with it.")
    else:
        words = tr("{key}: good until {day}. An administrator has to renew it.")
    return words.format(key=one.whose, day=weekday_and_day(one.expires))
