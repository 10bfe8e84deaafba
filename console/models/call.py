"""The call this person took: where it stands, what may be done now, its clock and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr
from console.words import CALL_STATES, CATEGORIES, LANGUAGES, MODES, clock_words, force_words
from shared.domain.signposts import SIGNPOSTS
from shared.domain.vocabulary import CallState, Disposition, EndedBy, PartyState
from shared.messages import CallInHand

# A second press ends the call, but not one so quick that it was the same movement, nor one long after.
SURE_AFTER: Final = timedelta(milliseconds=400)
SURE_WITHIN: Final = timedelta(seconds=5)

_MAY: Final[Mapping[str, frozenset[CallState]]] = {
    "hold": frozenset({CallState.TALKING}),
    "resume": frozenset({CallState.HELD}),
    "end": frozenset({CallState.CONNECTING, CallState.TALKING, CallState.HELD}),
    "finish": frozenset({CallState.WRAP_UP}),
    "outcome": frozenset({CallState.WRAP_UP}),
}
# The conversation has begun: what was chosen in the menu may be seen.
BEGUN: Final = frozenset({CallState.TALKING, CallState.HELD, CallState.WRAP_UP})

_HINTS: Final[Mapping[CallState, str]] = {
    CallState.RINGING: tr("Answer your telephone and press 1 to take the call. The caller is still waiting."),
    CallState.CONNECTING: tr("The caller is being moved to you."),
    CallState.HELD: tr("The caller hears that you will be back."),
    CallState.WRAP_UP: tr("Choose how it ended, then finish. Take the time you need."),
}
_ENDED_BY: Final[Mapping[EndedBy, str]] = {
    EndedBy.CALLER: tr("The caller hung up."),
    EndedBy.HANDLER: tr("You ended the call."),
    EndedBy.NOBODY: tr("The line was lost."),
}


ELSEWHERE: Final = ""  # sent to somebody who is not on the list
WHERE_TO: Final[tuple[tuple[str, str], ...]] = (
    *((post.id, f"{post.nation}: {post.to}") for post in SIGNPOSTS),
    (ELSEWHERE, tr("Somebody else")),
)
BREAK_FOLLOWS: Final = tr("A break follows. Choose how it ended.")
CANNOT_SPEAK: Final = tr(
    "The caller may be unable to speak. Ask questions for yes or no: one key for yes, two for no. You hear the tones."
)


class CallModel(QObject):
    """Emits `changed` when the call or what may be done did, `ticked` when only the clock did."""

    changed = Signal()
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.call: CallInHand | None = None
        self.outcome: Disposition | None = None
        self.sent_to: str | None = None  # a signpost's id, or ELSEWHERE; None: not said yet
        self.break_after = False
        self.busy = False
        self.notice = ""
        self._now: datetime | None = None
        self._armed_at: datetime | None = None
        self._leaving_at: datetime | None = None

    def show(self, call: CallInHand | None) -> None:
        """What the board says now. Another call starts without an outcome."""
        if call is None or self.call is None or call.id != self.call.id:
            self.outcome, self.sent_to, self.notice, self.break_after = None, None, "", False
        if call is None or self.call is None or call.state != self.call.state:
            self._armed_at, self.notice = None, ""
        self.call = call
        self.busy = False
        self.changed.emit()

    def tick(self, now: datetime) -> None:
        """The service's time now; an unfinished second press lapses."""
        self._now = now
        if self._armed_at is not None and now - self._armed_at > SURE_WITHIN:
            self._armed_at = None
            self.changed.emit()
        self.ticked.emit()

    def wait(self) -> None:
        """Something was asked of the service; nothing else until it answers."""
        self.busy = True
        self.notice = ""
        self.changed.emit()

    def tell(self, notice: str) -> None:
        """The service said no, or nothing."""
        self.busy = False
        self.notice = notice
        self.changed.emit()

    def press_end(self, now: datetime) -> bool:
        """A press on End. True when this one ends the call; the first only asks."""
        if self._armed_at is not None and now - self._armed_at < SURE_AFTER:
            return False
        sure = self.is_armed and self._armed_at is not None and now - self._armed_at <= SURE_WITHIN
        self._armed_at = None if sure else now
        self.changed.emit()
        return sure

    def press_leave(self, now: datetime) -> bool:
        """A press on Sign out. True when nothing is left behind, or this one was made knowing that a call is."""
        asked, self._leaving_at = self._leaving_at, now
        return self.call is None or (asked is not None and SURE_AFTER <= now - asked <= SURE_WITHIN)

    def want_break(self) -> None:
        """Finishing is to be followed by a break."""
        self.break_after = True
        self.changed.emit()

    def choose(self, outcome: Disposition) -> None:
        """The outcome the handler picked, not sent yet."""
        self.outcome, self.sent_to = outcome, None
        self.changed.emit()

    def send_to(self, signpost: str) -> None:
        """To whom the caller was sent: a signpost's id, or ELSEWHERE."""
        self.outcome, self.sent_to = Disposition.SIGNPOSTED, signpost
        self.changed.emit()

    @property
    def asks_where_to(self) -> bool:
        """Whether it is still to be said to whom the caller was sent."""
        return self.may("outcome") and self.outcome is Disposition.SIGNPOSTED and self.sent_to is None

    @property
    def is_armed(self) -> bool:
        """Whether one more press ends the call."""
        return self._armed_at is not None

    def may(self, action: str) -> bool:
        """Whether hold, resume, end, outcome or finish can be done now."""
        if self.call is None or self.busy or self.call.state not in _MAY[action]:
            return False
        if action == "resume":
            return not self._is_apart
        return action != "finish" or (self.outcome is not None and not self.asks_where_to)

    def is_about(self, action: str) -> bool:
        """Whether the action belongs to this state at all; else its button is not shown."""
        return self.call is not None and self.call.state in _MAY[action] and not (action == "resume" and self._is_apart)

    @property
    def _is_apart(self) -> bool:
        """Whether somebody is with the handler alone: then the caller joins all of them, or they leave first."""
        return self.call is not None and any(party.state is PartyState.PRIVATE for party in self.call.parties)

    @property
    def has_begun(self) -> bool:
        return self.call is not None and self.call.state in BEGUN

    @property
    def state_words(self) -> str:
        return tr("No call") if self.call is None else CALL_STATES[self.call.state]

    @property
    def hint(self) -> str:
        """One calm line about what to do now, or what went wrong."""
        if self.notice or self.call is None:
            return self.notice
        if self.call.state is CallState.WRAP_UP:
            hint = BREAK_FOLLOWS if self.break_after else _HINTS[CallState.WRAP_UP]
            return f"{_ENDED_BY[self.call.ended_by]} {hint}"
        if self.call.state is CallState.TALKING and self.call.unable_to_speak:
            return CANNOT_SPEAK
        return _HINTS.get(self.call.state, "")

    @property
    def clock(self) -> str:
        """How long the conversation has lasted; before it, how long the caller has waited; after it, the wrap-up."""
        if self.call is None or self._now is None:
            return "0:00"
        since = self.call.ended_at or self.call.answered_at or self.call.waiting_since
        return clock_words(since, self._now)

    @property
    def clock_label(self) -> str:
        if self.call is None:
            return ""
        if self.call.ended_at is not None:
            return tr("since the call ended")
        return tr("in conversation") if self.call.answered_at is not None else tr("waiting")

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What was chosen in the menu, as label and words; nothing before the conversation begins."""
        call = self.call
        if call is None or not self.has_begun:
            return ()
        shown = [(tr("Language"), LANGUAGES[call.language])]
        if call.mode is not None:
            shown.append((tr("The caller is"), MODES[call.mode]))
        if call.category is not None:
            shown.append((tr("About"), CATEGORIES[call.category]))
        shown.append((tr("Force"), force_words(call.force_id)))
        return tuple(shown)
