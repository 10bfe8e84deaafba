"""What a local Twilio is set up with and what it tells of: the account, the line, events, and whoever answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ivr.simulator.calls import Call
from ivr.simulator.refusals import NotTheSimulators

# No account of Twilio's has such a SID: theirs are random. Whatever else is configured, this one cannot reach Twilio.
SIMULATOR_SIDS = "AC" + "0" * 16
SIMULATOR_ACCOUNT_SID = SIMULATOR_SIDS + "51a1a7ed51a1a7ed"


@dataclass(frozen=True, slots=True)
class Account:
    """The credentials on both sides. Raises NotTheSimulators for any SID that a real account could have."""

    auth_token: str = field(repr=False)
    sid: str = SIMULATOR_ACCOUNT_SID
    next_token: str = field(default="", repr=False)  # REST takes either; webhooks are signed with the first

    def __post_init__(self) -> None:
        if not (self.sid.startswith(SIMULATOR_SIDS) and len(self.sid) == 34):
            raise NotTheSimulators(f"the local Twilio's account SID begins with {SIMULATOR_SIDS}")


@dataclass(frozen=True, slots=True)
class Line:
    """The number that callers ring and what is set for it; Twilio's own defaults where nothing was set."""

    number: str
    voice_url: str
    status_url: str | None = None
    fallback_url: str | None = None
    voice_method: str = "POST"
    status_method: str = "POST"
    fallback_method: str = "POST"
    looks_callers_up: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person at a telephone would notice."""

    at: datetime
    call_sid: str
    kind: str
    details: Mapping[str, str | float]


class Answerer(Protocol):
    """Whoever is at the other end when the application calls a number."""

    def ring(self, call: Call) -> None: ...
