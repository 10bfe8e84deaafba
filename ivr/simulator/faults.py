"""Faults of the field that a test can switch on in the local Twilio, as a table. It knows no calls, only requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ivr.simulator.webhook import Webhook


class Fault(StrEnum):
    """What can go wrong between Twilio and the application."""

    REPEAT_WEBHOOK = "repeat-webhook"
    DELAY = "delay"
    DROP = "drop"
    REORDER = "reorder"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"
    LOSE_DIGITS = "lose-digits"
    DELETE_TOO_SOON = "delete-too-soon"
    TOO_MANY_CALLS = "too-many-calls"


@dataclass(frozen=True, slots=True)
class FaultTerms:
    """What a fault does and which requests it can befall."""

    meaning: str
    callbacks: bool  # befalls status callbacks
    twiml: bool  # befalls requests for TwiML


FAULTS: Mapping[Fault, FaultTerms] = MappingProxyType(
    {
        Fault.REPEAT_WEBHOOK: FaultTerms("the first answer is lost and the same request comes again", False, True),
        Fault.DELAY: FaultTerms("the request arrives late", True, True),
        Fault.DROP: FaultTerms("the callback never arrives", True, False),
        Fault.REORDER: FaultTerms("the callback arrives after the one that follows it", True, False),
        Fault.DUPLICATE: FaultTerms("the callback arrives twice", True, False),
        Fault.UNREACHABLE: FaultTerms("the application cannot be reached, at the second try neither", True, True),
        Fault.LOSE_DIGITS: FaultTerms("the request comes without the keys that were pressed", False, True),
        Fault.TOO_MANY_CALLS: FaultTerms("a second call within a second is not started", False, False),
        Fault.DELETE_TOO_SOON: FaultTerms("a call cannot be deleted in the minute after its end", False, False),
    }
)


@dataclass(slots=True)
class Switched:
    """A fault that is on: where (a part of the URL or the callback's event), how often, and how late."""

    fault: Fault
    where: str
    times: int | None
    seconds: float


class Faults:
    """The faults switched on in one local Twilio."""

    def __init__(self) -> None:
        self._on: list[Switched] = []

    def switch_on(self, fault: Fault, where: str = "", times: int | None = None, seconds: float = 2.0) -> None:
        """Befall the next `times` requests (None: all) whose URL or callback event holds `where`."""
        self._on.append(Switched(fault, where, times, seconds))

    def switch_off(self) -> None:
        self._on.clear()

    def befalls(self, webhook: Webhook) -> Switched | None:
        """The fault that this request meets, used up by one."""
        if webhook.audio:
            return None
        for switched in self._on:
            terms = FAULTS[switched.fault]
            meant = terms.callbacks if webhook.callback else terms.twiml
            if meant and (switched.where in webhook.url or switched.where == webhook.callback):
                return self._use(switched)
        return None

    def refuses(self, fault: Fault) -> bool:
        """Whether a REST request is refused now, by DELETE_TOO_SOON or TOO_MANY_CALLS, used up by one."""
        for switched in self._on:
            if switched.fault is fault:
                return self._use(switched) is not None
        return False

    def _use(self, switched: Switched) -> Switched:
        if switched.times is not None:
            switched.times -= 1
            if switched.times <= 0:
                self._on.remove(switched)
        return switched
