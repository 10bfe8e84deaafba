"""What each address of Twilio's REST does to calls, queues and conferences. It checks no credentials."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Response, request

from ivr.simulator.calls import Call, CallStatus, Direction
from ivr.simulator.conferences import Conference, ConferenceStatus, Participant
from ivr.simulator.faults import Fault
from ivr.simulator.queues import Member, Queue
from ivr.simulator.rest_answers import page, shaped
from ivr.simulator.rest_numbers import Numbers
from ivr.simulator.rest_parameters import (
    CREATE_CALL,
    CREATE_QUEUE,
    FILTERS,
    FLAGS,
    PAGES,
    UPDATE_CALL,
    UPDATE_CONFERENCE,
    UPDATE_MEMBER,
    UPDATE_PARTICIPANT,
    UPDATE_QUEUE,
    RestRefused,
    flag,
    inline_twiml,
    invalid,
    missing,
    sent,
)
from ivr.simulator.rest_shapes import (
    Shape,
    call_shape,
    conference_shape,
    member_shape,
    participant_shape,
    queue_shape,
)
from ivr.simulator.twiml_engine import Twilio

DELETABLE_AFTER_SECONDS = 60.0
SECONDS_A_CALL = 1.0  # Twilio's limit by default


class Resources:
    """What each address and method does. Parameters are read strictly: an unknown one is refused by name."""

    def __init__(self, twilio: Twilio) -> None:
        self._twilio = twilio
        self._started: datetime | None = None  # the last call
        self._number_sid = twilio.new_sid("PN")
        self._numbers = Numbers(twilio, self._number_sid)

    def routes(self) -> Mapping[str, Mapping[str, Callable[..., Response]]]:
        member, participant = "/Queues/<queue>/Members/<call>.json", "/Conferences/<room>/Participants/<call>.json"
        return {
            "/Calls.json": {"POST": self.create_call, "GET": self.list_calls},
            "/Calls/<call>.json": {"GET": self.fetch_call, "POST": self.update_call, "DELETE": self.delete_call},
            "/Queues.json": {"POST": self.create_queue, "GET": self.list_queues},
            "/Queues/<queue>.json": {"GET": self.fetch_queue, "POST": self.update_queue},
            "/Queues/<queue>/Members.json": {"GET": self.list_members},
            member: {"GET": self.fetch_member, "POST": self.update_member},
            "/Conferences.json": {"GET": self.list_conferences},
            "/Conferences/<room>.json": {"GET": self.fetch_conference, "POST": self.update_conference},
            "/Conferences/<room>/Participants.json": {"GET": self.list_participants},
            participant: {
                "GET": self.fetch_participant,
                "POST": self.update_participant,
                "DELETE": self.delete_participant,
            },
            **self._numbers.routes(),
        }

    # Calls.

    def create_call(self) -> Response:
        given = sent(CREATE_CALL)
        if "To" not in given or "From" not in given:
            invalid(21201 if "To" not in given else 21213, "No 'To' or 'From' number is specified")
        if ("Url" in given) == ("Twiml" in given):
            invalid(21205, "Exactly one of Url and Twiml is required")
        document = inline_twiml(given)
        self._not_too_many()
        call = self._twilio.new_call(given["From"], given["To"], Direction.OUTBOUND_API)
        call.status_url = given.get("StatusCallback")
        call.status_events = frozenset(request.form.getlist("StatusCallbackEvent")) or call.status_events
        self._twilio.call_out(call, given.get("Url"), document, float(given.get("Timeout", "60")))
        return self._call(call, 201)

    def _not_too_many(self) -> None:
        now = self._twilio.clock.now()
        soon = self._started is not None and (now - self._started).total_seconds() < SECONDS_A_CALL
        if soon and self._twilio.faults.refuses(Fault.TOO_MANY_CALLS):
            raise RestRefused(20429, "Too Many Requests", 429)
        self._started = now

    def list_calls(self) -> Response:
        sent(PAGES | FILTERS)
        wanted = request.args
        shapes = [
            call_shape(call, self._number_sid)
            for call in reversed(self._twilio.calls.values())
            if wanted.get("Status", call.status) == call.status
            and wanted.get("To", call.called) == call.called
            and wanted.get("From", call.caller) == call.caller
        ]
        return page("calls", shapes)

    def fetch_call(self, call: str) -> Response:
        sent({})
        return self._call(self._found_call(call))

    def update_call(self, call: str) -> Response:
        given, found = sent(UPDATE_CALL), self._found_call(call)
        document = inline_twiml(given)
        if not found.live:
            invalid(21220, "Call is not in-progress. Cannot redirect.")
        if "Status" in given:
            unanswered = given["Status"] == "canceled" or found.answered_at is None
            if given["Status"] == "canceled" and found.answered_at is not None:
                invalid(21220, "Call is in-progress. Cannot cancel.")
            self._twilio.hang_up(found, CallStatus.CANCELED if unanswered else CallStatus.COMPLETED)
        elif found.status is not CallStatus.IN_PROGRESS:
            invalid(21220, "Call is not in-progress. Cannot redirect.")
        else:
            self._twilio.move(found, given.get("Url"), document)
        return self._call(found)

    def delete_call(self, call: str) -> Response:
        sent({})
        found = self._found_call(call)
        if found.live:
            raise RestRefused(20009, "The call is in progress and cannot be deleted", 409)
        ended = found.ended_at or found.created
        fresh = (self._twilio.clock.now() - ended).total_seconds() < DELETABLE_AFTER_SECONDS
        if fresh and self._twilio.faults.refuses(Fault.DELETE_TOO_SOON):
            raise RestRefused(20009, "The call cannot be deleted yet", 409)
        del self._twilio.calls[call]
        return Response(status=204)

    def _found_call(self, sid: str) -> Call:
        return self._twilio.calls.get(sid) or missing()

    def _call(self, call: Call, status: int = 200) -> Response:
        return shaped(call_shape(call, self._number_sid), status)

    # Queues.

    def create_queue(self) -> Response:
        given = sent(CREATE_QUEUE)
        if "FriendlyName" not in given:
            invalid(22001, "Queue FriendlyName is required")
        if self._twilio.queues.named(given["FriendlyName"]):
            invalid(22003, "A queue of this FriendlyName exists")
        queue = self._twilio.queues.create(given["FriendlyName"], _queue_size(given, 1000))
        return shaped(queue_shape(queue, self._twilio.account.sid), 201)

    def list_queues(self) -> Response:
        sent(PAGES)
        sid = self._twilio.account.sid
        return page("queues", [queue_shape(queue, sid) for queue in self._twilio.queues.by_sid.values()])

    def fetch_queue(self, queue: str) -> Response:
        sent({})
        return shaped(queue_shape(self._queue(queue), self._twilio.account.sid))

    def update_queue(self, queue: str) -> Response:
        given, found = sent(UPDATE_QUEUE), self._queue(queue)
        found.max_size = _queue_size(given, found.max_size)
        return shaped(queue_shape(found, self._twilio.account.sid))

    def list_members(self, queue: str) -> Response:
        sent(PAGES)
        found = self._queue(queue)
        return page("queue_members", [self._member_shape(found, member) for member in found.members])

    def fetch_member(self, queue: str, call: str) -> Response:
        sent({})
        found = self._queue(queue)
        return shaped(self._member_shape(found, self._member(found, call)))

    def update_member(self, queue: str, call: str) -> Response:
        given, found = sent(UPDATE_MEMBER), self._queue(queue)
        if "Url" not in given:
            invalid(21205, "Url is required")
        member = self._member(found, call)
        shape = self._member_shape(found, member)
        self._twilio.move(member.call, given["Url"])
        return shaped(shape)

    def _queue(self, sid: str) -> Queue:
        return self._twilio.queues.by_sid.get(sid) or missing()

    def _member(self, queue: Queue, call: str) -> Member:
        members = queue.members[:1] if call == "Front" else [one for one in queue.members if one.call.sid == call]
        return members[0] if members else missing()

    def _member_shape(self, queue: Queue, member: Member) -> Shape:
        return member_shape(queue, member, self._twilio.queues.waited(member), self._twilio.account.sid)

    # Conferences.

    def list_conferences(self) -> Response:
        sent(PAGES | FILTERS)
        wanted = request.args
        shapes = [
            conference_shape(conference, self._twilio.account.sid)
            for conference in reversed(self._twilio.conferences.by_sid.values())
            if wanted.get("Status", conference.status) == conference.status
            and wanted.get("FriendlyName", conference.name) == conference.name
        ]
        return page("conferences", shapes)

    def fetch_conference(self, room: str) -> Response:
        sent({})
        return shaped(conference_shape(self._conference(room), self._twilio.account.sid))

    def update_conference(self, room: str) -> Response:
        given, conference = sent(UPDATE_CONFERENCE), self._conference(room)
        if given and conference.status is not ConferenceStatus.COMPLETED:
            self._twilio.conferences.end(conference, "conference-ended-via-api")
        return shaped(conference_shape(conference, self._twilio.account.sid))

    def list_participants(self, room: str) -> Response:
        sent(PAGES | {"Muted": FLAGS, "Hold": FLAGS})
        conference = self._conference(room)
        shapes = [self._participant_shape(conference, one) for one in conference.participants.values()]
        return page("participants", shapes)

    def fetch_participant(self, room: str, call: str) -> Response:
        sent({})
        conference = self._conference(room)
        return shaped(self._participant_shape(conference, self._participant(conference, call)))

    def update_participant(self, room: str, call: str) -> Response:
        given, conference = sent(UPDATE_PARTICIPANT), self._conference(room)
        participant = self._participant(conference, call)
        conferences = self._twilio.conferences
        if "EndConferenceOnExit" in given:
            if participant.hold:
                invalid(20001, "EndConferenceOnExit cannot be changed while the participant is on hold")
            conferences.set_ends(conference, participant, flag(given["EndConferenceOnExit"]))
        if "Muted" in given:
            conferences.set_muted(conference, participant, flag(given["Muted"]))
        if "Hold" in given:
            method = given.get("HoldMethod", "GET")  # Twilio's default here, unlike everywhere else
            conferences.set_hold(conference, participant, flag(given["Hold"]), given.get("HoldUrl"), method)
        return shaped(self._participant_shape(conference, participant))

    def delete_participant(self, room: str, call: str) -> Response:
        sent({})
        conference = self._conference(room)
        self._twilio.conferences.remove(conference, self._participant(conference, call))
        return Response(status=204)

    def _conference(self, sid: str) -> Conference:
        return self._twilio.conferences.by_sid.get(sid) or missing()

    def _participant(self, conference: Conference, name: str) -> Participant:
        everyone = conference.participants.values()
        found = [one for one in everyone if name in {one.call.sid, one.label}]
        return found[0] if found else missing()

    def _participant_shape(self, conference: Conference, participant: Participant) -> Shape:
        return participant_shape(conference, participant, self._twilio.account.sid)


def _queue_size(given: Mapping[str, str], otherwise: int) -> int:
    size = int(given.get("MaxSize", otherwise))
    if not 1 <= size <= 5000:
        invalid(22002, "MaxSize is between 1 and 5000")
    return size
