"""The shapes in which Twilio's REST answers, from its OpenAPI description (2010-04-01). They decide nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from ivr.simulator.account import Line
from ivr.simulator.calls import Call, Direction
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.queues import Member, Queue

VERSION = "2010-04-01"
CALL_SUBRESOURCES = (
    "notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions",
    "user_defined_message_subscriptions", "user_defined_messages",
)  # fmt: skip
NUMBER_HAS_NO = (
    "address_sid", "identity_sid", "sms_application_sid", "sms_url", "sms_fallback_url", "trunk_sid",
    "emergency_address_sid", "bundle_sid",
)  # fmt: skip

Shape = dict[str, object]


def call_shape(call: Call, number_sid: str) -> Shape:
    base = f"/{VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "date_created": _rfc2822(call.created),
        "date_updated": _rfc2822(call.updated or call.created),
        "parent_call_sid": call.parent_sid,
        "account_sid": call.account_sid,
        "to": call.called,
        "to_formatted": call.called,
        "from": call.caller,
        "from_formatted": call.caller,
        "phone_number_sid": number_sid,
        "status": call.status.value,
        "start_time": _rfc2822(call.answered_at),
        "end_time": _rfc2822(call.ended_at),
        "duration": None if call.ended_at is None else str(call.duration),
        "price": None,
        "price_unit": "USD",
        "direction": call.direction.value,
        "answered_by": None,
        "api_version": VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": call.caller if call.direction is Direction.INBOUND else None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{base}.json",
        "subresource_uris": {name: f"{base}/{_title(name)}.json" for name in CALL_SUBRESOURCES},
    }


def queue_shape(queue: Queue, account_sid: str) -> Shape:
    return {
        "sid": queue.sid,
        "account_sid": account_sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.max_size,
        "average_wait_time": queue.average_wait,
        "date_created": _rfc2822(queue.created),
        "date_updated": _rfc2822(queue.updated),
        "uri": f"/{VERSION}/Accounts/{account_sid}/Queues/{queue.sid}.json",
    }


def number_shape(line: Line, sid: str, account_sid: str, made: datetime) -> Shape:
    return {
        "sid": sid,
        "account_sid": account_sid,
        "phone_number": line.number,
        "friendly_name": line.number,
        "voice_url": line.voice_url,
        "voice_method": line.voice_method,
        "voice_fallback_url": line.fallback_url,
        "voice_fallback_method": line.fallback_method,
        "voice_caller_id_lookup": line.looks_callers_up,
        "voice_receive_mode": "voice",
        "voice_application_sid": None,
        "status_callback": line.status_url,
        "status_callback_method": line.status_method,
        **dict.fromkeys(("sms_method", "sms_fallback_method"), "POST"),
        **dict.fromkeys(NUMBER_HAS_NO, None),
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"mms": False, "sms": False, "voice": True, "fax": False},
        "date_created": _rfc2822(made),
        "date_updated": _rfc2822(made),
        "emergency_status": "Inactive",
        "emergency_address_status": "unregistered",
        "origin": "twilio",
        "status": "in-use",
        "type": "toll-free",
        "api_version": VERSION,
        "uri": f"/{VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{sid}.json",
    }


def member_shape(queue: Queue, member: Member, waited: int, account_sid: str) -> Shape:
    return {
        "call_sid": member.call.sid,
        "queue_sid": queue.sid,
        "date_enqueued": _rfc2822(member.enqueued),
        "position": queue.position(member) if member in queue.members else 0,
        "wait_time": waited,
        "uri": f"/{VERSION}/Accounts/{account_sid}/Queues/{queue.sid}/Members/{member.call.sid}.json",
    }


def conference_shape(conference: Conference, account_sid: str) -> Shape:
    base = f"/{VERSION}/Accounts/{account_sid}/Conferences/{conference.sid}"
    return {
        "sid": conference.sid,
        "account_sid": account_sid,
        "friendly_name": conference.name,
        "status": conference.status.value,
        "region": "ie1",
        "api_version": VERSION,
        "date_created": _rfc2822(conference.created),
        "date_updated": _rfc2822(conference.updated),
        "reason_conference_ended": conference.reason_ended,
        "call_sid_ending_conference": conference.ended_by,
        "uri": f"{base}.json",
        "subresource_uris": {"participants": f"{base}/Participants.json", "recordings": f"{base}/Recordings.json"},
    }


def participant_shape(conference: Conference, participant: Participant, account_sid: str) -> Shape:
    sid = participant.call.sid
    return {
        "account_sid": account_sid,
        "call_sid": sid,
        "label": participant.label,
        "conference_sid": conference.sid,
        "date_created": _rfc2822(participant.joined),
        "date_updated": _rfc2822(participant.updated),
        "end_conference_on_exit": participant.ends,
        "start_conference_on_enter": participant.starts,
        "muted": participant.muted,
        "hold": participant.hold,
        "status": "connected",
        "coaching": False,
        "call_sid_to_coach": None,
        "queue_time": None,
        "uri": f"/{VERSION}/Accounts/{account_sid}/Conferences/{conference.sid}/Participants/{sid}.json",
    }


def page_shape(name: str, everything: Sequence[Shape], path: str, page: int, size: int) -> Shape:
    """One page of a list; `page` from 0, `size` 1 to 1000."""
    start = page * size
    shown = everything[start : start + size]
    more = len(everything) > start + size
    address = f"{path}?PageSize={size}&Page="
    return {
        name: list(shown),
        "page": page,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "uri": f"{address}{page}",
        "first_page_uri": f"{address}0",
        "next_page_uri": f"{address}{page + 1}" if more else None,
        "previous_page_uri": f"{address}{page - 1}" if page else None,
    }


def error_shape(code: int, message: str, status: int) -> Mapping[str, object]:
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


def _rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
