"""A call as the local Twilio keeps it: who, in what state, and everything its person has heard. It performs nothing."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ivr.simulator.script import Script

WORDS_PER_MINUTE = 150.0


class CallStatus(StrEnum):
    """Twilio's CallStatus."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


LIVE = frozenset({CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS})


class CallState(StrEnum):
    """What the person at the telephone notices."""

    RINGING = "ringing"
    LISTENING = "listening"
    WAITING = "waiting"
    TALKING = "talking"
    ENDED = "ended"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said, or played (then there is no voice): from when, for how long, and when it was cut short."""

    at: datetime
    words: str
    language: str
    voice: str
    seconds: float
    ended: datetime | None = None

    def heard_by(self, now: datetime) -> str:
        """The words that have been heard, at speaking speed, whole words only."""
        elapsed = ((self.ended or now) - self.at).total_seconds()
        if elapsed >= self.seconds:
            return self.words
        words = self.words.split()
        return " ".join(words[: int(len(words) * elapsed / self.seconds)])


@dataclass(slots=True, eq=False)
class Call:
    """One leg. `parting` is what leaving early (hung up, or moved by REST) owes to the place it waits in."""

    sid: str
    account_sid: str
    caller: str
    called: str
    direction: Direction
    created: datetime
    status: CallStatus
    parent_sid: str | None = None
    status_url: str | None = None
    status_events: frozenset[str] = frozenset({"completed"})
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    updated: datetime | None = None
    sequence: int = 0
    shown: CallState = CallState.RINGING
    transcript: list[Spoken] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    performing: Script | None = None
    hearing: Script | None = None
    parting: Callable[[str], None] | None = None
    on_answer: Callable[[], None] | None = None
    talking_with: "Call | None" = None
    also_sent: Mapping[str, str] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def duration(self) -> int:
        """Whole seconds between answer and end (or 0)."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    def speak(self, now: datetime, words: str, language: str, voice: str, seconds: float) -> Spoken:
        spoken = Spoken(now, words, language, voice, seconds)
        self.transcript.append(spoken)
        return spoken

    def fall_silent(self, now: datetime) -> Spoken:
        """What was being said ends now, finished or not."""
        self.transcript[-1] = replace(self.transcript[-1], ended=now)
        return self.transcript[-1]

    def press(self, digit: str) -> None:
        """A key: it goes to whatever is being heard; where nothing listens, it is lost as on a real call."""
        self.keys.append(digit)
        listener = self.hearing or self.performing
        if listener is not None:
            listener.key(digit)

    def stop_hearing(self) -> None:
        """End the wait page or hold music, if any."""
        hearing, self.hearing = self.hearing, None
        if hearing is not None:
            hearing.stop()

    def parameters(self) -> dict[str, str]:
        """What Twilio sends with every request about this call: the number in all the places where Twilio puts it."""
        sent = {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.caller,
            "To": self.called,
            "Caller": self.caller,
            "Called": self.called,
            "CallStatus": self.status.value,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction.value,
            **{f"{side}{part}": "" for side in ("To", "Called") for part in ("City", "State", "Zip", "Country")},
            **{f"{side}{part}": "" for side in ("From", "Caller") for part in ("City", "State", "Zip")},
            "FromCountry": "GB",
            "CallerCountry": "GB",
        }
        if self.parent_sid:
            sent["ParentCallSid"] = self.parent_sid
        if self.direction is Direction.INBOUND:
            sent |= {"CallToken": self._token(), "StirVerstat": "TN-Validation-Passed-C", "CallerName": self.caller}
        return sent | dict(self.also_sent)

    def _token(self) -> str:
        claims = {"callSid": self.sid, "from": self.caller, "to": self.called, "iat": int(self.created.timestamp())}
        return json.dumps({"parentCallInfoToken": _jwt(claims), "identityHeaderTokens": []})


def _jwt(claims: Mapping[str, object]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "ES384"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"not signed"))
