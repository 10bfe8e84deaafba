"""The only module that calls Twilio's REST; knows no store, no rule and no caller, only legs by their ids.

Twilio's own client, unmodified. Its errors become the four below, which repeat nothing of a request or an answer.
"""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.apart import ApartTransport, without_the_call
from ivr.line.place import Place
from ivr.line.twiml import QUEUE_NAME, listen
from ivr.line.urls import LineUrls
from shared.domain.vocabulary import Language

QUEUE_SIZE = 1000  # callers; a queue that <Enqueue> makes holds 100
RING_SECONDS = 20  # Twilio adds 5
TIMEOUT_SECONDS = 8.0  # for one request; shorter than an order's lease
PAUSE_WHEN_BUSY = 1.0  # seconds; Twilio starts one call a second by default
_QUIET = "candour.twilio"

_T = TypeVar("_T")

LIVE = frozenset({"queued", "initiated", "ringing", "in-progress"})
NEWEST = 5  # legs to one handset looked at, newest first

NOT_IN_PROGRESS = frozenset({20404, 21220, 21221})
BUSY = frozenset({20429, 20009})  # too many requests; a record that cannot be deleted yet


class SwitchboardFact(Exception):
    """Why the provider did not do what was asked."""


class LegGone(SwitchboardFact):
    """The leg, or its place in the queue or conference, is not there any more."""


class ProviderBusy(SwitchboardFact):
    """Asked too much or too early; ask again in `seconds`."""

    def __init__(self, seconds: float = PAUSE_WHEN_BUSY) -> None:
        super().__init__("busy")
        self.seconds = seconds


class ProviderUnreachable(SwitchboardFact):
    """No answer, or an answer that something is wrong at their end. The request may have been carried out."""


class ProviderRefused(SwitchboardFact):
    """The provider will not do this; `code` is Twilio's error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Account:
    """A Twilio account. `api_base_url` is "" for Twilio's own; `region` and `edge` as Twilio names them, or ""."""

    sid: str
    auth_token: str = field(repr=False)
    api_base_url: str = ""
    region: str = ""
    edge: str = ""


def twilio_client(account: Account, http: HttpClient | None = None) -> Client:
    """The client for this account, as configured: TWILIO_REGION and the like in the environment are ignored."""
    client = Client(
        account.sid,
        account.auth_token,
        region=account.region or None,
        edge=account.edge or None,
        http_client=http or QuietHttp(),
        environment={"CONFIGURED": "here"},  # an empty mapping would read the process's own
    )
    if account.api_base_url:
        client.api.base_url = account.api_base_url.rstrip("/")
    return client


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """What Twilio does when the number is rung. Addresses are "" where nothing is set.

    `taken_over`: something else (a SIP trunk, a TwiML application) answers in place of the addresses;
    `looks_callers_up`: each caller's name is asked for, from others, by their number.
    """

    voice_url: str
    voice_method: str
    fallback_url: str
    fallback_method: str
    status_url: str
    status_method: str
    taken_over: bool
    looks_callers_up: bool


def _settings(number: Any) -> NumberSettings:
    return NumberSettings(
        voice_url=number.voice_url or "",
        voice_method=number.voice_method or "POST",
        fallback_url=number.voice_fallback_url or "",
        fallback_method=number.voice_fallback_method or "POST",
        status_url=number.status_callback or "",
        status_method=number.status_callback_method or "POST",
        taken_over=bool(number.trunk_sid or number.voice_application_sid),
        looks_callers_up=bool(number.voice_caller_id_lookup),
    )


def careful_carrier() -> httpx.Client:
    """Carries requests to the provider; answers that may hold a caller's number are read in processes of their own."""
    return httpx.Client(transport=ApartTransport(httpx.HTTPTransport(), TIMEOUT_SECONDS), timeout=TIMEOUT_SECONDS)


class QuietHttp(HttpClient):  # type: ignore[misc]  # the twilio package is not typed
    """Carries the client's requests with a time limit, writes no log and keeps nothing.

    Twilio answers anything about a call with the whole call, the caller's number included; of those answers only the
    id and the error are handed on. The client's own carrier logs addresses and keeps its last answer.
    """

    def __init__(self, carrier: httpx.Client | None = None) -> None:
        silent = logging.getLogger(_QUIET)
        silent.disabled = True
        super().__init__(silent, is_async=False)
        self._carrier = carrier or careful_carrier()

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        answer = self._carrier.request(method, uri, params=params, data=data, headers=headers, auth=auth)
        text = without_the_call(answer.content).decode() if "/Calls" in answer.url.path else answer.text
        return Response(answer.status_code, text, answer.headers)


class Switchboard:
    """What we ask of the provider. Every method raises LegGone, ProviderBusy, ProviderUnreachable or ProviderRefused.

    `number` is the line's own, which handsets are shown; `ring_seconds` how long they ring (Twilio adds 5).
    """

    def __init__(self, client: Client, urls: LineUrls, number: str, ring_seconds: int = RING_SECONDS) -> None:
        self._client = client
        self._urls = urls
        self._number = number
        self._ring_seconds = ring_seconds
        self._queue_sid = ""

    def ring_handset(self, handset: str, conference: str, again: bool = False) -> str:
        """Ring a handset for an attempt to answer. Returns the leg's SID.

        `again`: it may have been rung before, by a worker that died; a handset that is ringing is not rung twice.
        """
        ringing = self._leg_to(handset) if again else ""
        return ringing or self._ring(handset, conference)

    def _leg_to(self, handset: str) -> str:
        """The live leg to a handset, or "". A handler has one call at a time, so it belongs to this attempt."""
        newest = _ask(lambda: self._client.calls.list(to=handset, limit=NEWEST, page_size=NEWEST))
        return next((str(leg.sid) for leg in newest if leg.status in LIVE), "")

    def _ring(self, handset: str, conference: str) -> str:
        told = self._urls.handset_status(conference=conference)
        return self._start(handset, self._urls.handset(conference=conference), told)

    def _start(self, telephone: str, url: str, status_url: str) -> str:
        made = _ask(
            lambda: self._client.calls.create(
                to=telephone,
                from_=self._number,
                url=url,
                method="POST",
                timeout=self._ring_seconds,
                status_callback=status_url,
                status_callback_event=["completed"],
                status_callback_method="POST",
            )
        )
        return str(made.sid)

    def ring_party(self, telephone: str, party: str, again: bool = False) -> str:
        """Ring somebody who is asked into a call. Returns the leg's SID. `again`: as with a handset."""
        ringing = self._leg_to(telephone) if again else ""
        return ringing or self._start(telephone, self._urls.party(party=party), self._urls.party_status(party=party))

    def ring_ourselves(self, rings_from: str, seconds: int) -> str:
        """Ring the line's own number, from another of the account's; that side is silent for so long. Returns its SID.

        The line sees a leg of its own, with another SID.
        """
        made = _ask(
            lambda: self._client.calls.create(
                to=self._number, from_=rings_from, twiml=listen(seconds), timeout=self._ring_seconds
            )
        )
        return str(made.sid)

    def legs_from(self, number: str) -> list[str]:
        """The SIDs of the newest legs from a number to the line's, both sides of a call we made ourselves."""
        newest = _ask(lambda: self._client.calls.list(to=self._number, from_=number, limit=NEWEST, page_size=NEWEST))
        return [str(leg.sid) for leg in newest]

    def move_caller(self, leg_sid: str, conference: str) -> None:
        """Take a caller out of the queue, to a conference. LegGone if they are not in it."""
        queue = self._client.queues(self.queue_sid())
        url = self._urls.join(conference=conference)
        _ask(lambda: queue.members(leg_sid).update(url=url, method="POST"))

    def recall_caller(self, leg_sid: str, place: Place, conference: str) -> None:
        """Take a caller out of whatever they hear, to where that conversation ends."""
        url = self._urls.after(place, conference=conference)
        _ask(lambda: self._client.calls(leg_sid).update(url=url, method="POST"))

    def hold(self, leg_sid: str, conference_sid: str, language: Language) -> None:
        """Part a caller from the conversation; they hear the words for that."""
        url = self._urls.hold(l=language.value)
        participant = self._client.conferences(conference_sid).participants(leg_sid)
        _ask(lambda: participant.update(hold=True, hold_url=url, hold_method="POST"))

    def resume(self, leg_sid: str, conference_sid: str) -> None:
        """Bring a caller on hold back into the conversation."""
        participant = self._client.conferences(conference_sid).participants(leg_sid)
        _ask(lambda: participant.update(hold=False))

    def mute(self, leg_sid: str, conference_sid: str, muted: bool) -> None:
        """A handset is not heard in its conference, or is heard again."""
        participant = self._client.conferences(conference_sid).participants(leg_sid)
        _ask(lambda: participant.update(muted=muted))

    def hand_over(self, leg_sid: str, conference_sid: str, caller_sid: str) -> None:
        """The conference ends when this leg leaves it, and the caller comes off hold."""
        participants = self._client.conferences(conference_sid).participants
        _ask(lambda: participants(leg_sid).update(end_conference_on_exit=True))
        _ask(lambda: participants(caller_sid).update(hold=False))

    def leave(self, leg_sid: str, conference_sid: str) -> None:
        """Hang up a leg without ending its conference."""
        participant = self._client.conferences(conference_sid).participants(leg_sid)
        with suppress(LegGone):  # of the conference; the leg may still be there
            _ask(lambda: participant.update(end_conference_on_exit=False))
        self.end_leg(leg_sid)

    def end_leg(self, leg_sid: str) -> None:
        """Hang up a leg, ringing or talking."""
        _ask(lambda: self._client.calls(leg_sid).update(status="completed"))

    def leg_is_live(self, leg_sid: str) -> bool:
        """Whether a leg is ringing or talking. LegGone if the provider knows of no such leg."""
        return str(_ask(self._client.calls(leg_sid).fetch).status) in LIVE

    def legs_in_queue(self) -> frozenset[str]:
        """The SIDs of everyone who waits in the queue; no number comes with them."""
        members = self._client.queues(self.queue_sid()).members
        return frozenset(str(one.call_sid) for one in _ask(lambda: members.list(page_size=QUEUE_SIZE)))

    def legs_in_conference(self, conference_sid: str) -> frozenset[str]:
        """The SIDs of everyone in a conference; no number comes with them."""
        participants = self._client.conferences(conference_sid).participants
        return frozenset(str(one.call_sid) for one in _ask(participants.list))

    def delete_record(self, leg_sid: str) -> None:
        """Delete the provider's record of an ended leg. LegGone when there is none: that is the proof."""
        _ask(lambda: self._client.calls(leg_sid).delete())

    def queue_sid(self) -> str:
        """The one queue's SID; made with room for QUEUE_SIZE callers if it is not there yet."""
        if not self._queue_sid:
            found = [queue.sid for queue in _ask(self._client.queues.list) if queue.friendly_name == QUEUE_NAME]
            self._queue_sid = found[0] if found else self._make_queue()
        return self._queue_sid

    def prepare_queue(self) -> None:
        """See that the queue is there before the first caller, with room enough: <Enqueue> would make a small one."""
        queue, room = self.queue_sid(), self.queue_room()
        if room is not None and room < QUEUE_SIZE:
            _ask(lambda: self._client.queues(queue).update(max_size=QUEUE_SIZE))

    def queue_room(self) -> int | None:
        """How many callers the queue holds at most; None if there is no queue."""
        rooms = [queue.max_size for queue in _ask(self._client.queues.list) if queue.friendly_name == QUEUE_NAME]
        return int(rooms[0]) if rooms else None

    def number_settings(self) -> NumberSettings | None:
        """What is set for the line's number; None if the account has no such number."""
        numbers = self._client.incoming_phone_numbers
        found = _ask(lambda: numbers.list(phone_number=self._number, limit=1))
        return _settings(found[0]) if found else None

    def _make_queue(self) -> str:
        return str(_ask(lambda: self._client.queues.create(friendly_name=QUEUE_NAME, max_size=QUEUE_SIZE)).sid)


def _ask(request: Callable[[], _T]) -> _T:
    try:
        return request()
    except (TwilioRestException, TwilioServiceException) as error:
        raise _fact(error.status, error.code or 0) from None
    except TwilioException as error:
        raise _fact_of_page(error) from None
    except (httpx.HTTPError, OSError):
        raise ProviderUnreachable from None


def _fact_of_page(error: TwilioException) -> SwitchboardFact:
    """Of a list that was refused the client tells nothing but the answer itself."""
    answer = next((one for one in error.args if isinstance(one, Response)), None)
    if answer is None:
        return ProviderUnreachable()
    try:
        code = int(json.loads(answer.text)["code"])
    except (ValueError, KeyError, TypeError):
        code = 0
    return _fact(answer.status_code, code)


def _fact(status: int, code: int) -> SwitchboardFact:
    if code in BUSY or status == 429:
        return ProviderBusy()
    if code in NOT_IN_PROGRESS or status == 404:
        return LegGone()
    if status >= 500:
        return ProviderUnreachable()
    return ProviderRefused(code)
