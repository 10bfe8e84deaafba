"""Others in the call, whom one may ask, and the outcome that can still be taken back; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.actions import OUTCOME_WORDS
from console.translation import tr
from console.words import clock_words
from shared.domain.vocabulary import CallState, PartyKind, PartyState
from shared.messages import AskedCall, CallInHand, ColleagueToAsk, FiledCall, Listed, PartyCard

_PARTY: Final[Mapping[PartyState, str]] = {
    PartyState.RINGING: tr("{name} is being rung; the caller is on hold."),
    PartyState.PRIVATE: tr("{name} is with you; the caller is on hold and hears neither of you."),
    PartyState.JOINED: tr("{name} is in the conversation; tell the caller so."),
}
_ASKED: Final[Mapping[PartyState, str]] = {
    PartyState.RINGING: tr("{by} asks you into a call. Answer your telephone and press 1."),
    PartyState.PRIVATE: tr("You are with {by}. The caller is on hold and hears neither of you."),
    PartyState.JOINED: tr("You are in the conversation with {by} and the caller."),
}
WRAP_UP_OVER: Final = tr("The time meant for wrap-up is over. Nothing happens by itself.")
WRAP_UP_LEFT: Final = tr("{left} of wrap-up left")
MUTED: Final = tr("Your telephone is muted: nobody hears you.")
HELP_ASKED: Final = tr("You have asked the supervisors for help.")
TALKING: Final = frozenset({CallState.TALKING, CallState.HELD})
PRESENT: Final = frozenset({PartyState.PRIVATE, PartyState.JOINED})


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could be brought in: a colleague's id, or that of a telephone outside."""

    id: str
    words: str
    outside: bool


class TogetherModel(QObject):
    """Emits `changed` when anything but the clock did, `ticked` when that did."""

    changed = Signal()
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.call: CallInHand | None = None
        self.asked: AskedCall | None = None
        self.filed: tuple[FiledCall, ...] = ()
        self.choosing = False
        self._to_ask: tuple[ColleagueToAsk, ...] = ()
        self._outside: tuple[Listed, ...] = ()
        self._now: datetime | None = None

    def use_list(self, outside: tuple[Listed, ...]) -> None:
        """The telephones outside that the service lets into a call."""
        self._outside = outside

    def show(
        self,
        call: CallInHand | None,
        to_ask: tuple[ColleagueToAsk, ...],
        asked: AskedCall | None,
        filed: tuple[FiledCall, ...],
    ) -> None:
        """What the board says now."""
        self.call, self._to_ask, self.asked, self.filed = call, to_ask, asked, filed
        if not self.is_talking:
            self.choosing = False
        self.changed.emit()

    def tick(self, now: datetime) -> None:
        """The service's time now."""
        self._now = now
        self.ticked.emit()

    def choose(self, choosing: bool) -> None:
        """Show whom one may ask, or do not."""
        self.choosing = choosing and self.is_talking
        self.changed.emit()

    @property
    def is_talking(self) -> bool:
        return self.call is not None and self.call.state in TALKING

    @property
    def parties(self) -> tuple[PartyCard, ...]:
        return () if self.call is None else self.call.parties

    @property
    def party_words(self) -> tuple[str, ...]:
        """Who is there beside the caller, and who hears whom."""
        return tuple(_PARTY[party.state].format(name=party.name) for party in self.parties)

    @property
    def own_words(self) -> tuple[str, ...]:
        """What one has set oneself and could forget: being muted, asking for help."""
        call = self.call
        if call is None or not self.is_talking:
            return ()
        return ((MUTED,) if call.handset_muted else ()) + ((HELP_ASKED,) if call.help_asked else ())

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Colleagues first, then the telephones outside; nobody who is here already."""
        here = {(party.kind, party.name) for party in self.parties}
        colleagues = tuple(
            Choice(one.id, tr("{name}, supervisor").format(name=one.name) if one.supervisor else one.name, False)
            for one in self._to_ask
        )
        outside = tuple(Choice(one.id, one.words, True) for one in self._outside)
        has_colleague = any(kind is PartyKind.COLLEAGUE for kind, _ in here)
        has_outside = any(kind is PartyKind.OUTSIDE for kind, _ in here)
        return (() if has_colleague else colleagues) + (() if has_outside else outside)

    @property
    def taker(self) -> PartyCard | None:
        """The colleague whom the call could be handed over to now."""
        return next((party for party in self.parties if party.takes_calls and party.state in PRESENT), None)

    @property
    def asked_words(self) -> str:
        return "" if self.asked is None else _ASKED[self.asked.state].format(by=self.asked.by)

    @property
    def left_words(self) -> str:
        """How much of the wrap-up that the service keeps is left."""
        until = None if self.call is None else self.call.wrap_up_until
        if until is None or self._now is None or not self.may("more_time"):
            return ""
        return WRAP_UP_OVER if until <= self._now else WRAP_UP_LEFT.format(left=clock_words(self._now, until))

    @property
    def last_filed(self) -> FiledCall | None:
        """The outcome that can be taken back longest."""
        left = [one for one in self.filed if self._now is None or one.until > self._now]
        return max(left, key=lambda one: one.until, default=None)

    @property
    def filed_words(self) -> str:
        """Of the call before; nothing once there is another, whose card it would seem to be about."""
        one = self.last_filed
        if one is None or self._now is None or self.call is not None:
            return ""
        outcome, left = OUTCOME_WORDS[one.disposition], clock_words(self._now, one.until)
        return tr("Filed as {outcome}. Kept open for {left}.").format(outcome=outcome, left=left)

    def may(self, action: str) -> bool:
        """Whether this can be done now."""
        call = self.call
        if action == "take_back":
            return self.last_filed is not None and call is None and self.asked is None
        if call is None:
            return False
        match action:
            case "more_time":
                return call.state is CallState.WRAP_UP
            case "training":
                return self.is_talking or call.state is CallState.WRAP_UP
            case "join_all":
                return any(party.state is PartyState.PRIVATE for party in self.parties)
            case "let_go":
                return bool(self.parties)
            case "hand_over":
                return self.taker is not None
            case _:
                return self.is_talking
