"""Twilio's conferences: who is in, who hears whom, and the callbacks that tell of it. It knows no reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ivr.simulator.calls import Call
from ivr.simulator.performer import Performer
from ivr.simulator.refusals import TwimlRefused
from ivr.simulator.script import Ending, Performance, Wait
from ivr.simulator.twiml_grammar import IN_A_CONFERENCE_WAIT, Verb

if TYPE_CHECKING:
    from ivr.simulator.twiml_engine import Twilio


class ConferenceStatus(StrEnum):
    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


# What a statusCallbackEvent value subscribes to.
SUBSCRIBED: Mapping[str, frozenset[str]] = {
    "start": frozenset({"conference-start"}),
    "end": frozenset({"conference-end"}),
    "join": frozenset({"participant-join"}),
    "leave": frozenset({"participant-leave"}),
    "mute": frozenset({"participant-mute", "participant-unmute"}),
    "hold": frozenset({"participant-hold", "participant-unhold"}),
    "modify": frozenset({"participant-modify"}),
    "speaker": frozenset(),
    "announcement": frozenset(),
}


@dataclass(slots=True, eq=False)
class Participant:
    """A call in a conference."""

    call: Call
    label: str | None
    starts: bool
    ends: bool
    muted: bool
    wait_url: str | None
    joined: datetime
    updated: datetime
    hold: bool = False
    hold_url: str | None = None
    hold_method: str = "GET"
    wait_method: str = "POST"


@dataclass(slots=True, eq=False)
class Conference:
    """One conference. The first participant's callback address and events hold for its whole life."""

    sid: str
    name: str
    callback: str | None
    events: frozenset[str]
    created: datetime
    updated: datetime
    status: ConferenceStatus = ConferenceStatus.INIT
    participants: dict[str, Participant] = field(default_factory=dict)
    sequence: int = 0
    ended_by: str | None = None
    reason_ended: str | None = None

    def heard_by(self, call: Call) -> list[Call]:
        """The others that this call can talk with."""
        mine = self.participants.get(call.sid)
        if self.status is not ConferenceStatus.IN_PROGRESS or mine is None or mine.hold:
            return []
        return [other.call for other in self.participants.values() if other is not mine and not other.hold]


class Conferences:
    """All conferences of the account, ended ones too."""

    def __init__(self, twilio: "Twilio") -> None:
        self._twilio = twilio
        self.by_sid: dict[str, Conference] = {}

    def of(self, call: Call) -> Conference | None:
        """The conference that this call is in."""
        return next((known for known in self.by_sid.values() if call.sid in known.participants), None)

    def hold(self, call: Call, dial: Verb, base: str) -> Performance[Mapping[str, str]]:
        """Keep the call in the conference until it leaves; the result is what <Dial action> is sent."""
        self._join(call, dial.children[0], base)

        def part(how: str) -> None:
            self._leave(call, "participant_hung_up" if how == "hangup" else "participant_updated_via_api")
            if how == "hangup" and dial.get("action"):
                self._twilio.ask_in_passing(call, urljoin(base, dial["action"]), RESULT)

        call.parting = part
        self._twilio.notice(call)
        yield Wait(None)
        return RESULT

    def _join(self, call: Call, room: Verb, base: str) -> None:
        now = self._twilio.clock.now()
        conference = self._named(room, base)
        participant = Participant(
            call,
            room.get("participantLabel"),
            starts=room.flag("startConferenceOnEnter"),
            ends=room.flag("endConferenceOnExit"),
            muted=room.flag("muted"),
            wait_url=urljoin(base, room["waitUrl"]) if room.get("waitUrl") else None,
            joined=now,
            updated=now,
            wait_method=room["waitMethod"],
        )
        if participant.label in {other.label for other in conference.participants.values() if other.label}:
            self._twilio.refuse(call, base, TwimlRefused(f"participantLabel {participant.label!r} is taken"))
        conference.participants[call.sid] = participant
        self._tell(conference, "participant-join", participant)
        everyone = conference.participants.values()
        if conference.status is ConferenceStatus.INIT and len(everyone) > 1 and any(one.starts for one in everyone):
            conference.status = ConferenceStatus.IN_PROGRESS
            self._tell(conference, "conference-start")
        self._settle(conference)

    def _named(self, room: Verb, base: str) -> Conference:
        for known in self.by_sid.values():
            if known.name == room.text and known.status is not ConferenceStatus.COMPLETED:
                return known
        now = self._twilio.clock.now()
        callback = room.get("statusCallback")
        subscribed = (room.get("statusCallbackEvent") or "").split()
        conference = Conference(
            self._twilio.new_sid("CF"),
            room.text,
            urljoin(base, callback) if callback else None,
            frozenset[str]().union(*(SUBSCRIBED[event] for event in subscribed)),
            now,
            now,
        )
        self.by_sid[conference.sid] = conference
        return conference

    def _settle(self, conference: Conference) -> None:
        """Everyone hears what is right for them now: the others, hold music, or the wait page."""
        for participant in list(conference.participants.values()):
            call = participant.call
            call.stop_hearing()
            if participant.hold:
                self._play(call, participant.hold_url, participant.hold_method)
            elif conference.status is ConferenceStatus.INIT:
                self._play(call, participant.wait_url, participant.wait_method)
            self._twilio.notice(call)

    def _play(self, call: Call, url: str | None, method: str) -> None:
        if url:
            player = Performer(self._twilio, call, IN_A_CONFERENCE_WAIT)
            self._twilio.let_hear(call, player.looped(url, method), lambda ending: self._music_failed(call, ending))

    def _music_failed(self, call: Call, ending: Ending) -> None:
        """Without a wait page there is no conference (Twilio: "if the waitUrl fails")."""
        self._twilio.hang_up(call)

    def remove(self, conference: Conference, participant: Participant) -> None:
        """Take a participant out by REST; its call goes on with what follows its <Dial>."""
        participant.call.parting = None
        self._leave(participant.call, "participant_updated_via_api", kicked=True)
        self._twilio.release(participant.call, "kicked")

    def set_hold(
        self, conference: Conference, participant: Participant, held: bool, url: str | None, method: str
    ) -> None:
        participant.hold, participant.hold_url, participant.hold_method = held, url, method
        self._tell(conference, "participant-hold" if held else "participant-unhold", participant)
        self._settle(conference)

    def set_muted(self, conference: Conference, participant: Participant, muted: bool) -> None:
        participant.muted = muted
        self._tell(conference, "participant-mute" if muted else "participant-unmute", participant)

    def set_ends(self, conference: Conference, participant: Participant, ends: bool) -> None:
        participant.ends = ends
        self._tell(conference, "participant-modify", participant)

    def end(self, conference: Conference, reason: str, by: Call | None = None) -> None:
        """End it for all who are still in; each call goes on with what follows its <Dial>."""
        conference.status = ConferenceStatus.COMPLETED
        conference.reason_ended, conference.ended_by = reason, by.sid if by else None
        remaining = list(conference.participants.values())
        for participant in remaining:
            del conference.participants[participant.call.sid]
            participant.call.parting = None
            participant.call.stop_hearing()
            self._tell(conference, "participant-leave", participant, {"ReasonParticipantLeft": "conference_ended"})
        ending = {"ReasonConferenceEnded": reason}
        if by is not None:
            ending["CallSidEndingConference"] = by.sid
        self._tell(conference, "conference-end", None, ending)
        for participant in remaining:
            self._twilio.release(participant.call, "conference-ended")

    def _leave(self, call: Call, reason: str, kicked: bool = False) -> None:
        conference = self.of(call)
        if conference is None:
            return
        participant = conference.participants.pop(call.sid)
        call.parting = None
        call.stop_hearing()
        self._tell(conference, "participant-leave", participant, {"ReasonParticipantLeft": reason})
        how = "kicked" if kicked else "left"
        if participant.ends:
            self.end(conference, f"participant-with-end-conference-on-exit-{how}", call)
        elif not conference.participants:
            self.end(conference, f"last-participant-{how}", call)
        else:
            self._settle(conference)

    def _tell(
        self,
        conference: Conference,
        event: str,
        participant: Participant | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        conference.updated = now = self._twilio.clock.now()
        told = {
            "ConferenceSid": conference.sid,
            "FriendlyName": conference.name,
            "AccountSid": self._twilio.account.sid,
            "Timestamp": format_datetime(now),
            "StatusCallbackEvent": event,
            "SequenceNumber": str(conference.sequence),
            **(_described(participant) if participant else {}),
            **(more or {}),
        }
        if participant is not None:
            participant.updated = now
        conference.sequence += 1
        if conference.callback and event in conference.events:
            self._twilio.carrier.tell(conference.callback, told)


RESULT: Mapping[str, str] = {"DialCallStatus": "answered"}  # Twilio's value when a conference was dialled


def _described(participant: Participant) -> dict[str, str]:
    described = {
        "CallSid": participant.call.sid,
        "Muted": _flag(participant.muted),
        "Hold": _flag(participant.hold),
        "Coaching": "false",
        "EndConferenceOnExit": _flag(participant.ends),
        "StartConferenceOnEnter": _flag(participant.starts),
    }
    return described | ({"ParticipantLabel": participant.label} if participant.label else {})


def _flag(value: bool) -> str:
    return "true" if value else "false"
