"""Who is waiting, what is offered, and how this person stands; and whether the service can be reached."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr
from console.words import LANGUAGES, PRESENCE, clock_words
from shared.domain.vocabulary import Language, PresenceBecause, PresenceState
from shared.messages import Colleague, Listed, Me, WaitingCall

UNABLE_TO_SPEAK = tr("May be unable to speak")
OFFERED = tr("A call is offered to you, on the left.")
FOR_OTHERS = tr("For someone who speaks {language}")
HANDED = tr("A supervisor gives you this call, on the left.")

_IDLE: Final[Mapping[PresenceState, str]] = {
    PresenceState.AVAILABLE: tr("You are available. The next call in your language is offered to you."),
    PresenceState.ON_CALL: "",
    PresenceState.WRAP_UP: "",
    PresenceState.BREAK: tr("You are on a break. No calls are offered to you."),
    PresenceState.MISSED: tr("A call was offered and not taken. Choose Available when you are back."),
    PresenceState.OFFLINE: tr("You are offline. Choose Available to be offered calls."),
}


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One waiting call as it is shown."""

    id: str
    waited: str
    language: str
    note: str  # "" or that the caller may be unable to speak
    offered: bool  # to this person, now
    for_others: str = ""  # why this person cannot take it, or ""


_BECAUSE: Final[Mapping[PresenceBecause, str]] = {
    PresenceBecause.MISSED_CALL: tr(
        "A call came and was not taken, so you are shown as away. Choose Available when you are back."
    ),
    PresenceBecause.LINE_LOST: tr(
        "Your telephone dropped out of a call, so you are shown as away. The caller is first in "
        "the queue. Choose Available when your telephone works."
    ),
    PresenceBecause.NOT_RUNG: tr(
        "Your telephone could not be rung, so you are shown as away. An administrator can help."
    ),
    PresenceBecause.NOT_CONNECTED: tr(
        "This desk was not connected for a while, so you are shown as offline. Choose Available to be offered calls."
    ),
}


class LineModel(QObject):
    """Emits `changed` when rows, presence, offer or reach did, and `ticked` when only clocks did."""

    changed = Signal()
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.me: Me | None = None
        self.calls: tuple[WaitingCall, ...] = ()
        self.colleagues: tuple[Colleague, ...] = ()
        self.breaks: tuple[Listed, ...] = ()
        self._speaks = frozenset(Language)
        self.reached = False
        self.ever_reached = False
        self.notice = ""
        self.notice_is_good = False
        self._refused = False
        self._now: datetime | None = None

    def use_list(self, breaks: tuple[Listed, ...]) -> None:
        """The reasons for a break that the service knows."""
        self.breaks = breaks

    def speak(self, languages: Iterable[Language]) -> None:
        """The languages of whoever takes calls here; other calls wait for others."""
        self._speaks = frozenset(languages)
        self.changed.emit()

    def show(self, me: Me | None, calls: tuple[WaitingCall, ...], colleagues: tuple[Colleague, ...] = ()) -> None:
        """What the board says now: longest wait first. Colleagues are told to supervisors alone."""
        if self._refused and self.me is not None and me is not None and me.presence is not self.me.presence:
            self.notice, self._refused = "", False  # it was about what is over now
        self.me, self.colleagues = me, colleagues
        self.calls = tuple(sorted(calls, key=lambda call: call.waiting_since))
        self.changed.emit()

    def set_reached(self, reached: bool) -> None:
        """Whether the stream from the service runs."""
        self.reached = reached
        self.ever_reached = self.ever_reached or reached
        self.changed.emit()

    def tell(self, notice: str, good: bool = False) -> None:
        """One line about what was just done or refused; "" takes it away."""
        self.notice, self.notice_is_good, self._refused = notice, good, False
        self.changed.emit()

    def refuse(self, notice: str) -> None:
        """As tell, of something that could not be done as one stands: it goes with the next change of that."""
        self.tell(notice)
        self._refused = True

    def tick(self, now: datetime) -> None:
        """The service's time now, for the clocks."""
        self._now = now
        self.ticked.emit()

    def clear(self) -> None:
        """Nobody is signed in any more."""
        self.ever_reached = False
        self.reached = False
        self.notice = ""
        self.show(None, ())

    @property
    def presence(self) -> PresenceState:
        return PresenceState.OFFLINE if self.me is None else self.me.presence

    @property
    def presence_words(self) -> str:
        """The state, and for how long."""
        if self.me is None or self._now is None:
            return PRESENCE[self.presence]
        reason = next((f": {one.words}" for one in self.breaks if one.id == self.me.reason), "")
        return f"{PRESENCE[self.presence]}{reason} · {clock_words(self.me.since, self._now)}"

    @property
    def banner(self) -> str:
        """What to say while the service cannot be reached; "" while it can."""
        if self.reached or (self.me is None and not self.ever_reached):
            return ""
        return tr("The service cannot be reached. What you type is kept here; this window reconnects by itself.")

    @property
    def idle_words(self) -> str:
        """What to say where a call would be."""
        if self.offer is not None:
            return HANDED if self.offer.handed else OFFERED
        because = None if self.me is None else _BECAUSE.get(self.me.because)
        return because or _IDLE[self.presence]

    @property
    def longest_for_me(self) -> WaitingCall | None:
        """The call to take unasked: of those in a language one speaks."""
        return self._longest(self._speaks)

    def longest_for(self, person_id: str) -> WaitingCall | None:
        """The call to give to a colleague."""
        spoken = next((one.languages for one in self.colleagues if one.id == person_id), ())
        return self._longest(spoken)

    def _longest(self, spoken: Container[Language]) -> WaitingCall | None:
        return next((call for call in self.calls if call.language in spoken), None)

    @property
    def who_wants_help(self) -> tuple[Colleague, ...]:
        """Those whose call a supervisor is asked into."""
        return tuple(one for one in self.colleagues if one.asks_help is not None)

    @property
    def who_could_take(self) -> tuple[Colleague, ...]:
        """Those whom a waiting call can be given to: they are available, and somebody waits whom they can speak to."""
        waited_in = {call.language for call in self.calls}
        available = (one for one in self.colleagues if one.presence is PresenceState.AVAILABLE)
        return tuple(one for one in available if not waited_in.isdisjoint(one.languages))

    @property
    def offer(self) -> WaitingCall | None:
        """The call offered to this person now."""
        return next((call for call in self.calls if call.offered_to_me and not self._has_passed(call)), None)

    def rows(self, most: int) -> tuple[WaitingRow, ...]:
        """The calls that have waited longest, at most so many of them."""
        offer = self.offer
        return tuple(self._row(call, call is offer) for call in self.calls[:most])

    @property
    def offered_row(self) -> WaitingRow | None:
        """The offered call as it is shown."""
        return None if self.offer is None else self._row(self.offer, True)

    def _row(self, call: WaitingCall, offered: bool) -> WaitingRow:
        waited = clock_words(call.waiting_since, self._now or call.waiting_since)
        note = UNABLE_TO_SPEAK if call.unable_to_speak else ""
        language = LANGUAGES[call.language]
        others = "" if call.language in self._speaks else FOR_OTHERS.format(language=language)
        return WaitingRow(call.id, waited, language, note, offered, others)

    def _has_passed(self, call: WaitingCall) -> bool:
        return self._now is not None and call.offered_until is not None and call.offered_until <= self._now
