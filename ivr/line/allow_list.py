"""What the line learns of a request of Twilio's: the listed fields and no others, none of which can hold a number.

Twilio also sends who rang, from where, and tokens that hold the number again; nothing here reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from ivr.line.place import Heard, Place, rounds_waited

_E = TypeVar("_E", bound=StrEnum)
_CALL = re.compile(r"CA[0-9a-f]{32}", re.ASCII)
_CONFERENCE = re.compile(r"CF[0-9a-f]{32}", re.ASCII)
_OUR_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Route(StrEnum):
    """Every address of the line's that Twilio asks."""

    INCOMING = "/voice/incoming"
    STEP = "/voice/step"
    WAIT = "/voice/wait"
    QUEUED = "/voice/queued"
    JOIN = "/voice/join"
    AFTER = "/voice/after"
    HOLD = "/voice/hold"
    HANDSET = "/voice/handset"
    HANDSET_KEY = "/voice/handset/key"
    HANDSET_STATUS = "/voice/handset/status"
    PARTY = "/voice/party"
    PARTY_KEY = "/voice/party/key"
    PARTY_STATUS = "/voice/party/status"
    CONFERENCE = "/voice/conference"
    STATUS = "/voice/status"


class CallStatus(StrEnum):
    """Where a leg stands (Twilio: CallStatus)."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


LEG_OVER = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED, CallStatus.CANCELED}
)


class QueueResult(StrEnum):
    """How a caller left Twilio's queue (Twilio: QueueResult)."""

    BRIDGED = "bridged"
    BRIDGING = "bridging-in-process"
    ERROR = "error"
    HANGUP = "hangup"
    LEAVE = "leave"
    REDIRECTED = "redirected"
    REDIRECTED_FROM_BRIDGED = "redirected-from-bridged"
    QUEUE_FULL = "queue-full"
    SYSTEM_ERROR = "system-error"


class ConferenceEvent(StrEnum):
    """What we follow of a conference (Twilio: StatusCallbackEvent); other events are dropped."""

    JOINED = "participant-join"
    LEFT = "participant-leave"


class Label(StrEnum):
    """Who a participant of a conference is. Twilio keeps labels, so they name nobody."""

    HANDLER = "handler"
    CALLER = "caller"


NEW_CALLER = Place()
SILENCE = Heard()


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request of Twilio's, as far as the line may know it. What was missing or unknown is "" or None.

    `call_sid` is the leg the request is about; `conference` the random name of an attempt to answer, from our own
    address; `party` that of somebody brought into a call; `conference_sid` Twilio's id of that conference.
    """

    route: Route
    place: Place = NEW_CALLER
    rounds: int = 0
    conference: str = ""
    party: str = ""
    call_sid: str = ""
    heard: Heard = SILENCE
    call_status: CallStatus | None = None
    queue_result: QueueResult | None = None
    event: ConferenceEvent | None = None
    label: Label | None = None
    conference_sid: str = ""


def allow(route: Route, query: Mapping[str, str], sent: Mapping[str, str]) -> Webhook:
    """Keep what the line may know of a request: `query` is our own address's, `sent` are Twilio's parameters. Total."""
    return Webhook(
        route=route,
        place=Place.from_query(query),
        rounds=rounds_waited(query),
        conference=_matching(_OUR_ID, query.get("conference", "")),
        party=_matching(_OUR_ID, query.get("party", "")),
        call_sid=_matching(_CALL, sent.get("CallSid", "")),
        heard=Heard(sent.get("Digits", "")),
        call_status=_member(CallStatus, sent.get("CallStatus", "")),
        queue_result=_member(QueueResult, sent.get("QueueResult", "")),
        event=_member(ConferenceEvent, sent.get("StatusCallbackEvent", "")),
        label=_member(Label, sent.get("ParticipantLabel", "")),
        conference_sid=_matching(_CONFERENCE, sent.get("ConferenceSid", "")),
    )


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _member(kind: type[_E], text: str) -> _E | None:
    return kind(text) if text in kind.__members__.values() else None
