"""Telephones for the local Twilio: a caller's, and the handsets that the application rings."""

import re
from collections.abc import Callable, Mapping
from typing import Self

from ivr.simulator.calls import Call, CallState, CallStatus, Spoken
from ivr.simulator.clock import VirtualTime
from ivr.simulator.refusals import NothingHappened
from ivr.simulator.twiml_engine import Twilio

# What Twilio sends as From for a caller who withholds the number (facts of the field, any of them).
WITHHELD = (
    "anonymous", "Anonymous", "unknown", "RESTRICTED", "unavailable", "private", "blocked", "withheld",
    "+266696687", "266696687", "+7378742833", "+17378742833", "+86282452253", "+8656696", "+2562533",
)  # fmt: skip
PATIENCE_SECONDS = 600.0


class Telephone:
    """A telephone with at most one call. In virtual time each act settles at once what it causes at once."""

    def __init__(self, twilio: Twilio, number: str) -> None:
        self.twilio = twilio
        self.number = number
        self.call: Call | None = None

    @property
    def state(self) -> CallState | None:
        """What the person notices; None where no call has been made or come in yet."""
        return self.twilio.state(self.call) if self.call else None

    @property
    def transcript(self) -> list[Spoken]:
        """Everything said or played on this call so far, with its times."""
        return list(self.call.transcript) if self.call else []

    @property
    def says(self) -> str:
        """All the words that have been heard by now, in order."""
        now = self.twilio.clock.now()
        return " ".join(spoken.heard_by(now) for spoken in self.transcript).strip()

    @property
    def in_conference_with(self) -> list[str]:
        """The numbers (or addresses) of the others on the line, if this person can talk with them now."""
        if self.call is None:
            return []
        others = self.twilio.talking_with(self.call)
        return [other.caller if other.direction == "inbound" else other.called for other in others]

    def heard(self, words: str) -> bool:
        """Whether these words have been heard to their end, however they were spaced or written in capitals."""
        return _plain(words) in _plain(self.says)

    def press(self, keys: str) -> Self:
        """Press keys, one after the other. Keys pressed while nothing listens are lost, as on a real call."""
        for key in keys:
            if not re.fullmatch("[0-9*#]", key):
                raise ValueError(f"{key!r} is no key of a telephone")
            if self.call is not None:
                self.twilio.press(self.call, key)
            self._settle()
        return self

    def hang_up(self) -> Self:
        """Put the telephone down."""
        if self.call is not None:
            self.twilio.hang_up(self.call)
        self._settle()
        return self

    def listen(self, seconds: float) -> Self:
        """Stay on the line for this long (virtual time)."""
        self._virtual().advance(seconds)
        return self

    def listen_until(self, happened: Callable[[], bool], limit: float = PATIENCE_SECONDS) -> Self:
        """Stay on the line until something has happened; raises NothingHappened after `limit` seconds."""
        try:
            self._virtual().run_until(happened, limit)
        except NothingHappened as nothing:
            raise NothingHappened(f"{nothing}; state {self.state}; heard: {self.says!r}") from None
        return self

    def listen_for(self, words: str, limit: float = PATIENCE_SECONDS) -> Self:
        """Stay on the line until these words have been heard to their end."""
        return self.listen_until(lambda: self.heard(words), limit)

    def _virtual(self) -> VirtualTime:
        if not isinstance(self.twilio.clock, VirtualTime):
            raise TypeError("only virtual time can be moved on")
        return self.twilio.clock

    def _settle(self) -> None:
        if isinstance(self.twilio.clock, VirtualTime):
            self.twilio.clock.advance()


class Phone(Telephone):
    """A caller's telephone. `also_sent` are parameters that Twilio sends at times: a SipHeader_, ForwardedFrom."""

    def __init__(
        self, twilio: Twilio, number: str = "+442079460123", also_sent: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(twilio, number)
        self.also_sent = also_sent

    @classmethod
    def withheld(cls, twilio: Twilio, shown: str = "anonymous") -> Self:
        """A telephone that withholds its number; `shown` is what Twilio sends in its place."""
        return cls(twilio, shown)

    def dial(self) -> Self:
        """Ring the line."""
        self.call = self.twilio.dial_in(self.number, self.also_sent)
        self._settle()
        return self


class Handset(Telephone):
    """A telephone that the application rings: a handler's, by number or SIP address. It makes itself known to `twilio`.

    `answers_after` seconds of ringing it is picked up by itself, and then `presses` its keys (again every
    `presses_after` seconds, for as long as it is only being spoken to). `speaks` is what a
    voicemail says; nobody understands it.
    """

    def __init__(
        self, twilio: Twilio, number: str, answers_after: float | None = None, presses: str = "", speaks: str = ""
    ) -> None:
        super().__init__(twilio, number)
        self.answers_after = answers_after
        self.presses = presses
        self.speaks = speaks
        self.rings = 0
        self.presses_after = 2.0
        twilio.handsets[number] = self

    @classmethod
    def voicemail(cls, twilio: Twilio, number: str, answers_after: float = 15.0) -> Self:
        """Nobody is there: a machine picks up, speaks and presses nothing."""
        return cls(twilio, number, answers_after, speaks="Please leave a message after the tone.")

    @property
    def ringing(self) -> bool:
        return self.call is not None and self.call.status is CallStatus.RINGING

    def ring(self, call: Call) -> None:
        """Twilio rings. A handset in use is busy."""
        if self.call is not None and self.call.live:
            self.twilio.hang_up(call, CallStatus.BUSY)
            return
        self.call = call
        self.rings += 1
        if self.answers_after is not None:
            self.twilio.clock.after(self.answers_after, lambda: self._answer(call))

    def answer(self) -> Self:
        """Pick up."""
        if self.call is not None:
            self.twilio.answer(self.call)
        self._settle()
        return self

    def decline(self) -> Self:
        """Refuse the ringing call: the other side hears that this handset is busy."""
        if self.call is not None and self.ringing:
            self.twilio.hang_up(self.call, CallStatus.BUSY)
        self._settle()
        return self

    def _answer(self, call: Call) -> None:
        self.twilio.answer(call)
        if self.presses:
            self.twilio.clock.after(self.presses_after, lambda: self._press(call))

    def _press(self, call: Call) -> None:
        if self.twilio.state(call) is CallState.LISTENING:
            for key in self.presses:
                self.twilio.press(call, key)
            self.twilio.clock.after(self.presses_after, lambda: self._press(call))


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[\w'’]+", words.casefold()))
