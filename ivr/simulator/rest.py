"""Twilio's REST, for the unmodified `twilio` client: the calls that the application makes and nothing else."""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from ivr.simulator.calls import Call, CallStatus, Direction
from ivr.simulator.conferences import Conference, ConferenceStatus, Participant
from ivr.simulator.performer import Document
from ivr.simulator.queues import Member, Queue
from ivr.simulator.refusals import TwimlRefused
from ivr.simulator.rest_shapes import (
    VERSION,
    Shape,
    call_shape,
    conference_shape,
    error_shape,
    member_shape,
    page_shape,
    participant_shape,
    queue_shape,
)
from ivr.simulator.twiml_engine import Twilio
from ivr.simulator.twiml_grammar import read_twiml

ROOT = f"/{VERSION}/Accounts/<account>"
DELETABLE_AFTER_SECONDS = 60.0
TWIML_CHARACTERS = 4000  # Twilio's limit for the Twiml parameter
FLAGS = "(?i:true|false)"
ADDRESS = r"https?://\S+"
METHODS = "POST|GET"
EVENTS = "initiated|ringing|answered|completed"

# Every parameter that is known, and the pattern its values match; any other is refused.
CREATE_CALL = {
    "From": r"\+\d{5,15}",
    "To": r"\+\d{5,15}|sips?:\S+|client:\S+",
    "Url": ADDRESS,
    "Twiml": r"(?s).+",
    "Method": METHODS,
    "Timeout": r"\d{1,3}",
    "StatusCallback": ADDRESS,
    "StatusCallbackEvent": EVENTS,
    "StatusCallbackMethod": "POST",
}
UPDATE_CALL = {
    "Status": "completed|canceled",
    "Url": ADDRESS,
    "Twiml": r"(?s).+",
    "Method": METHODS,
}
CREATE_QUEUE = {"FriendlyName": r".{1,64}", "MaxSize": r"\d{1,4}"}
UPDATE_MEMBER = {"Url": ADDRESS, "Method": METHODS}
UPDATE_PARTICIPANT = {
    "Muted": FLAGS,
    "Hold": FLAGS,
    "HoldUrl": ADDRESS,
    "HoldMethod": METHODS,
    "EndConferenceOnExit": FLAGS,
}
UPDATE_CONFERENCE = {"Status": "completed"}
PAGES = {"PageSize": r"\d{1,4}", "Page": r"\d+", "PageToken": ".*"}
FILTERS = {"Status": r"[\w-]+", "FriendlyName": ".+", "To": ".+", "From": ".+"}


class RestRefused(Exception):
    """An answer with an error, in Twilio's shape."""

    def __init__(self, code: int, message: str, status: int) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def rest_app(twilio: Twilio) -> Flask:
    """The REST application of one local Twilio."""
    app = Flask("ivr.simulator.rest", static_folder=None)
    app.before_request(lambda: _check_credentials(twilio))
    app.register_error_handler(RestRefused, _refused)
    app.register_error_handler(HTTPException, _not_found)
    resources = Resources(twilio)
    for rule, methods in resources.routes().items():
        for method, view in methods.items():
            app.add_url_rule(f"{ROOT}{rule}", f"{method} {rule}", _locked(twilio, view), methods=[method])
    return app


def _locked(twilio: Twilio, view: Callable[..., Response]) -> Callable[..., Response]:
    def locked(account: str, **names: str) -> Response:
        with twilio.lock:
            return view(**names)

    return locked


def _check_credentials(twilio: Twilio) -> None:
    if not request.path.startswith(f"/{VERSION}/"):
        return  # the local Twilio's own controls, where they are added
    given = request.authorization
    user, password = (given.username or "", given.password or "") if given else ("", "")
    right = hmac.compare_digest(password.encode(), twilio.account.auth_token.encode())
    named = (request.view_args or {}).get("account", twilio.account.sid)
    if not (right and user == twilio.account.sid == named):
        raise RestRefused(20003, "Authenticate", 401)


def _refused(refused: RestRefused) -> tuple[Response, int]:
    return jsonify(error_shape(refused.code, refused.message, refused.status)), refused.status


def _not_found(error: HTTPException) -> tuple[Response, int]:
    missing = f"The requested resource {request.path} was not found"
    return jsonify(error_shape(20404, missing, error.code or 404)), error.code or 404


class Resources:
    """What each address and method does. Parameters are read strictly: an unknown one is refused by name."""

    def __init__(self, twilio: Twilio) -> None:
        self._twilio = twilio
        self._number_sid = twilio.new_sid("PN")

    def routes(self) -> Mapping[str, Mapping[str, Callable[..., Response]]]:
        member, participant = "/Queues/<queue>/Members/<call>.json", "/Conferences/<room>/Participants/<call>.json"
        return {
            "/Calls.json": {"POST": self.create_call, "GET": self.list_calls},
            "/Calls/<call>.json": {"GET": self.fetch_call, "POST": self.update_call, "DELETE": self.delete_call},
            "/Queues.json": {"POST": self.create_queue, "GET": self.list_queues},
            "/Queues/<queue>.json": {"GET": self.fetch_queue},
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
        }

    # Calls.

    def create_call(self) -> Response:
        sent = _sent(CREATE_CALL)
        if "To" not in sent or "From" not in sent:
            _invalid(21201 if "To" not in sent else 21213, "No 'To' or 'From' number is specified")
        if ("Url" in sent) == ("Twiml" in sent):
            _invalid(21205, "Exactly one of Url and Twiml is required")
        document = _inline(sent)
        call = self._twilio.new_call(sent["From"], sent["To"], Direction.OUTBOUND_API)
        call.status_url = sent.get("StatusCallback")
        call.status_events = frozenset(request.form.getlist("StatusCallbackEvent")) or call.status_events
        self._twilio.call_out(call, sent.get("Url"), document, float(sent.get("Timeout", "60")))
        return self._call(call, 201)

    def list_calls(self) -> Response:
        _sent(PAGES | FILTERS)
        wanted = request.args
        shapes = [
            call_shape(call, self._number_sid)
            for call in reversed(self._twilio.calls.values())
            if wanted.get("Status", call.status) == call.status
            and wanted.get("To", call.called) == call.called
            and wanted.get("From", call.caller) == call.caller
        ]
        return _page("calls", shapes)

    def fetch_call(self, call: str) -> Response:
        _sent({})
        return self._call(self._found_call(call))

    def update_call(self, call: str) -> Response:
        sent, found = _sent(UPDATE_CALL), self._found_call(call)
        document = _inline(sent)
        if not found.live:
            _invalid(21220, "Call is not in-progress. Cannot redirect.")
        if "Status" in sent:
            unanswered = sent["Status"] == "canceled" or found.answered_at is None
            if sent["Status"] == "canceled" and found.answered_at is not None:
                _invalid(21220, "Call is in-progress. Cannot cancel.")
            self._twilio.hang_up(found, CallStatus.CANCELED if unanswered else CallStatus.COMPLETED)
        elif found.status is not CallStatus.IN_PROGRESS:
            _invalid(21220, "Call is not in-progress. Cannot redirect.")
        else:
            self._twilio.move(found, sent.get("Url"), document)
        return self._call(found)

    def delete_call(self, call: str) -> Response:
        _sent({})
        found = self._found_call(call)
        if found.live:
            raise RestRefused(20009, "The call is in progress and cannot be deleted", 409)
        ended = found.ended_at or found.created
        fresh = (self._twilio.clock.now() - ended).total_seconds() < DELETABLE_AFTER_SECONDS
        if fresh and self._twilio.faults.delete_too_soon():
            raise RestRefused(20009, "The call cannot be deleted yet", 409)
        del self._twilio.calls[call]
        return Response(status=204)

    def _found_call(self, sid: str) -> Call:
        return self._twilio.calls.get(sid) or _missing()

    def _call(self, call: Call, status: int = 200) -> Response:
        return _shaped(call_shape(call, self._number_sid), status)

    # Queues.

    def create_queue(self) -> Response:
        sent = _sent(CREATE_QUEUE)
        if "FriendlyName" not in sent:
            _invalid(22001, "Queue FriendlyName is required")
        if self._twilio.queues.named(sent["FriendlyName"]):
            _invalid(22003, "A queue of this FriendlyName exists")
        size = int(sent.get("MaxSize", "1000"))
        if not 1 <= size <= 5000:
            _invalid(22002, "MaxSize is between 1 and 5000")
        queue = self._twilio.queues.create(sent["FriendlyName"], size)
        return _shaped(queue_shape(queue, self._twilio.account.sid), 201)

    def list_queues(self) -> Response:
        _sent(PAGES)
        sid = self._twilio.account.sid
        return _page("queues", [queue_shape(queue, sid) for queue in self._twilio.queues.by_sid.values()])

    def fetch_queue(self, queue: str) -> Response:
        _sent({})
        return _shaped(queue_shape(self._queue(queue), self._twilio.account.sid))

    def list_members(self, queue: str) -> Response:
        _sent(PAGES)
        found = self._queue(queue)
        return _page("queue_members", [self._member_shape(found, member) for member in found.members])

    def fetch_member(self, queue: str, call: str) -> Response:
        _sent({})
        found = self._queue(queue)
        return _shaped(self._member_shape(found, self._member(found, call)))

    def update_member(self, queue: str, call: str) -> Response:
        sent, found = _sent(UPDATE_MEMBER), self._queue(queue)
        if "Url" not in sent:
            _invalid(21205, "Url is required")
        member = self._member(found, call)
        shape = self._member_shape(found, member)
        self._twilio.move(member.call, sent["Url"])
        return _shaped(shape)

    def _queue(self, sid: str) -> Queue:
        return self._twilio.queues.by_sid.get(sid) or _missing()

    def _member(self, queue: Queue, call: str) -> Member:
        members = queue.members[:1] if call == "Front" else [one for one in queue.members if one.call.sid == call]
        return members[0] if members else _missing()

    def _member_shape(self, queue: Queue, member: Member) -> Shape:
        return member_shape(queue, member, self._twilio.queues.waited(member), self._twilio.account.sid)

    # Conferences.

    def list_conferences(self) -> Response:
        _sent(PAGES | FILTERS)
        wanted = request.args
        shapes = [
            conference_shape(conference, self._twilio.account.sid)
            for conference in reversed(self._twilio.conferences.by_sid.values())
            if wanted.get("Status", conference.status) == conference.status
            and wanted.get("FriendlyName", conference.name) == conference.name
        ]
        return _page("conferences", shapes)

    def fetch_conference(self, room: str) -> Response:
        _sent({})
        return _shaped(conference_shape(self._conference(room), self._twilio.account.sid))

    def update_conference(self, room: str) -> Response:
        sent, conference = _sent(UPDATE_CONFERENCE), self._conference(room)
        if sent and conference.status is not ConferenceStatus.COMPLETED:
            self._twilio.conferences.end(conference, "conference-ended-via-api")
        return _shaped(conference_shape(conference, self._twilio.account.sid))

    def list_participants(self, room: str) -> Response:
        _sent(PAGES | {"Muted": FLAGS, "Hold": FLAGS})
        conference = self._conference(room)
        shapes = [self._participant_shape(conference, one) for one in conference.participants.values()]
        return _page("participants", shapes)

    def fetch_participant(self, room: str, call: str) -> Response:
        _sent({})
        conference = self._conference(room)
        return _shaped(self._participant_shape(conference, self._participant(conference, call)))

    def update_participant(self, room: str, call: str) -> Response:
        sent, conference = _sent(UPDATE_PARTICIPANT), self._conference(room)
        participant = self._participant(conference, call)
        conferences = self._twilio.conferences
        if "EndConferenceOnExit" in sent:
            if participant.hold:
                _invalid(20001, "EndConferenceOnExit cannot be changed while the participant is on hold")
            conferences.set_ends(conference, participant, _flag(sent["EndConferenceOnExit"]))
        if "Muted" in sent:
            conferences.set_muted(conference, participant, _flag(sent["Muted"]))
        if "Hold" in sent:
            conferences.set_hold(conference, participant, _flag(sent["Hold"]), sent.get("HoldUrl"))
        return _shaped(self._participant_shape(conference, participant))

    def delete_participant(self, room: str, call: str) -> Response:
        _sent({})
        conference = self._conference(room)
        self._twilio.conferences.remove(conference, self._participant(conference, call))
        return Response(status=204)

    def _conference(self, sid: str) -> Conference:
        return self._twilio.conferences.by_sid.get(sid) or _missing()

    def _participant(self, conference: Conference, name: str) -> Participant:
        everyone = conference.participants.values()
        found = [one for one in everyone if name in {one.call.sid, one.label}]
        return found[0] if found else _missing()

    def _participant_shape(self, conference: Conference, participant: Participant) -> Shape:
        return participant_shape(conference, participant, self._twilio.account.sid)


def _sent(known: Mapping[str, str]) -> dict[str, str]:
    given = request.args if request.method == "GET" else request.form
    for name, values in given.lists():
        if name not in known:
            _invalid(20001, f"Parameter {name} is not known to the local Twilio")
        if not all(re.fullmatch(known[name], value) for value in values):
            _invalid(20001, f"Parameter {name} has a value that is not allowed")
    return given.to_dict()


def _inline(sent: Mapping[str, str]) -> Document | None:
    if "Twiml" not in sent:
        return None
    if len(sent["Twiml"]) > TWIML_CHARACTERS:
        _invalid(20001, f"Twiml is longer than {TWIML_CHARACTERS} characters")
    try:
        return Document("", read_twiml(sent["Twiml"]))
    except TwimlRefused as refused:
        raise RestRefused(12100, f"Twiml: {refused}", 400) from refused


def _page(name: str, shapes: list[Shape]) -> Response:
    size = min(max(int(request.args.get("PageSize", "50")), 1), 1000)
    return _shaped(page_shape(name, shapes, request.path, int(request.args.get("Page", "0")), size))


def _shaped(shape: Shape, status: int = 200) -> Response:
    response = jsonify(shape)
    response.status_code = status
    return response


def _flag(value: str) -> bool:
    return value.lower() == "true"


def _missing() -> NoReturn:
    raise RestRefused(20404, f"The requested resource {request.path} was not found", 404)


def _invalid(code: int, message: str) -> NoReturn:
    raise RestRefused(code, message, 400)
