"""What the line answers to each of Twilio's questions: the dialogue moves, the rules are told, TwiML is spoken.

Knows no request and no signature; a Webhook has no place for a number. Whatever fails in here, somebody on the
telephone hears words and a way on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.counters import Fault, count_fault
from ivr.line import twiml
from ivr.line.allow_list import LEG_OVER, Label, QueueResult, Route, Webhook
from ivr.line.callbacks import caller_status, conference_event, handset_status, party_status
from ivr.line.dialogue import advance, answered, handed_on, handler_lost, not_taken, turned_away, wait_is_over
from ivr.line.exchange import Exchange, place_of
from ivr.line.menu import LEAVE, QUEUE, End, Queue
from ivr.line.place import Heard, Place
from ivr.line.wait_page import into_queue, wait
from shared.domain.arrivals import come_in
from shared.domain.calls import caller_left
from shared.domain.legs import (
    Handset,
    caller_is_back,
    caller_joins,
    handset_accepts,
    handset_left,
    handset_picked_up,
)
from shared.domain.live_calls import call_on_leg
from shared.domain.parties import conference_of_party, party_comes, party_left, party_picked_up
from shared.domain.vocabulary import CallOutcome

ACCEPT = "1"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Line:
    """The line as one function: a Webhook in, TwiML out; None where nobody listens for an answer. Never raises."""

    exchange: Exchange

    def __call__(self, webhook: Webhook) -> str | None:
        try:
            return ANSWERS[webhook.route](self.exchange, webhook)
        except Exception as error:  # noqa: BLE001 - a caller never hears a stack trace, whatever went wrong
            _log.error("webhook_failed", kind=webhook.route.name.lower(), error=type(error).__name__)
            count_fault(Fault.WEBHOOK_FAILED)
            return _way_on(self.exchange, webhook)


def incoming(exchange: Exchange, webhook: Webhook) -> str:
    """A call comes in. If the store cannot be written the menu goes on: the call is made when it is queued."""
    place = Place()
    try:
        refused = exchange.write(come_in, webhook.call_sid, place.language, exchange.clock(), exchange.door)
    except SQLAlchemyError as error:
        _log.error("arrival_not_stored", error=type(error).__name__)
        refused = None
    return exchange.speak(place if refused is None else turned_away(refused, exchange.closed_words()))


def step(exchange: Exchange, webhook: Webhook) -> str:
    """A key, or silence, in the menu. Nothing is stored until the caller reaches the queue or leaves."""
    place = advance(exchange.nodes, webhook.place, webhook.heard)
    node = exchange.nodes[place.node]
    if isinstance(node, Queue):
        place = into_queue(exchange, webhook, place)
    elif isinstance(node, End):
        _leave(exchange, webhook, CallOutcome.LEFT_QUIETLY)
    return exchange.speak(place)


def queued(exchange: Exchange, webhook: Webhook) -> str:
    """The caller has left Twilio's queue. Being moved to a handler is our own doing, and not a caller lost."""
    failed = not_taken(exchange.nodes, webhook.place)
    match webhook.queue_result:
        case QueueResult.REDIRECTED | QueueResult.REDIRECTED_FROM_BRIDGED | QueueResult.BRIDGED | QueueResult.BRIDGING:
            return twiml.empty()
        case QueueResult.HANGUP:
            _leave(exchange, webhook, CallOutcome.ABANDONED_IN_QUEUE)
            return twiml.empty()
        case QueueResult.LEAVE:
            left = _leave(exchange, webhook, CallOutcome.LEFT_QUIETLY)
            return exchange.speak(advance(exchange.nodes, webhook.place, Heard(LEAVE)) if left else failed)
        case QueueResult.QUEUE_FULL:
            _leave(exchange, webhook, CallOutcome.OVERFLOW)
            return exchange.speak(wait_is_over(exchange.nodes, webhook.place, CallOutcome.OVERFLOW))
        case QueueResult.ERROR | QueueResult.SYSTEM_ERROR | None:
            _log.error("queue_failed", state=webhook.queue_result or "unknown")
            _leave(exchange, webhook, CallOutcome.FAULT)
            return exchange.speak(failed)
    assert_never(webhook.queue_result)


def join(exchange: Exchange, webhook: Webhook) -> str:
    """The caller is put through; if the handler has gone meanwhile, they are in the queue again, where they were."""
    call = exchange.write(caller_joins, webhook.call_sid, webhook.conference, exchange.clock())
    if call is None:
        with exchange.store.read() as tx:
            return exchange.speak(place_of(call_on_leg(tx, webhook.call_sid)))
    after = exchange.urls.after(place_of(call), conference=webhook.conference)
    return twiml.caller_into_conference(webhook.conference, Label.CALLER, after, exchange.number)


def after(exchange: Exchange, webhook: Webhook) -> str:
    """The conversation is over: goodbye if someone meant it, else word of what follows and the head of the queue."""
    now = exchange.clock()
    if webhook.call_status in LEG_OVER:
        exchange.write(caller_left, webhook.call_sid, now)
        return twiml.empty()
    back = exchange.write(caller_is_back, webhook.call_sid, now, webhook.conference)
    place = replace(webhook.place, tries=0)
    if back is None:
        return exchange.speak(answered(exchange.nodes, place))
    again = handed_on if back.handed_on else handler_lost
    return exchange.speak(again(exchange.nodes, place))


def hold(exchange: Exchange, webhook: Webhook) -> str:
    """What a caller on hold hears."""
    return twiml.hold(exchange.prompts, webhook.place.language)


def handset(exchange: Exchange, webhook: Webhook) -> str:
    """A handler's handset was picked up, by the handler or by a voicemail."""
    hears = exchange.write(handset_picked_up, webhook.conference, webhook.call_sid, exchange.clock())
    return _to_handset(exchange, webhook, hears)


def handset_key(exchange: Exchange, webhook: Webhook) -> str:
    """Pressing 1 takes the call; anything else, silence too, leaves the caller in the queue."""
    if webhook.heard.digits != ACCEPT:
        exchange.write(handset_left, webhook.conference, webhook.call_sid, exchange.clock())
        return twiml.hang_up()
    hears = exchange.write(handset_accepts, webhook.conference, webhook.call_sid, exchange.clock())
    return _to_handset(exchange, webhook, hears)


def party(exchange: Exchange, webhook: Webhook) -> str:
    """The telephone of somebody asked into a call was picked up, by them or by a voicemail."""
    return _to_party(exchange, webhook, exchange.write(party_picked_up, *_who(exchange, webhook)))


def party_key(exchange: Exchange, webhook: Webhook) -> str:
    """A colleague who presses 1 comes in; anything else leaves the call as it was."""
    if webhook.heard.digits != ACCEPT:
        exchange.write(party_left, webhook.call_sid, exchange.clock(), webhook.party)
        return twiml.hang_up()
    return _to_party(exchange, webhook, exchange.write(party_comes, *_who(exchange, webhook)))


def _who(exchange: Exchange, webhook: Webhook) -> tuple[str, str, datetime]:
    return webhook.party, webhook.call_sid, exchange.clock()


def _to_party(exchange: Exchange, webhook: Webhook, hears: Handset) -> str:
    match hears:
        case Handset.PRESS_1:
            return twiml.handset_offer(exchange.urls.party_key(party=webhook.party), exchange.prompts)
        case Handset.JOIN:
            with exchange.store.read() as tx:
                name = conference_of_party(tx, webhook.party)
            return twiml.party_into_conference(name, exchange.number) if name else twiml.hang_up()
        case Handset.CALLER_GONE:
            return twiml.caller_gone(exchange.prompts)
        case Handset.HANG_UP:
            return twiml.hang_up()
    assert_never(hears)


def _to_handset(exchange: Exchange, webhook: Webhook, hears: Handset) -> str:
    name = webhook.conference
    match hears:
        case Handset.PRESS_1:
            return twiml.handset_offer(exchange.urls.handset_key(conference=name), exchange.prompts)
        case Handset.JOIN:
            told = exchange.urls.conference(conference=name)
            return twiml.handler_into_conference(name, Label.HANDLER, told, exchange.number)
        case Handset.CALLER_GONE:
            return twiml.caller_gone(exchange.prompts)
        case Handset.HANG_UP:
            return twiml.hang_up()
    assert_never(hears)


def _leave(exchange: Exchange, webhook: Webhook, outcome: CallOutcome) -> bool:
    """The caller leaves the line. False if there was no such call."""
    with exchange.store.begin() as tx:
        known = call_on_leg(tx, webhook.call_sid) is not None
        caller_left(tx, webhook.call_sid, exchange.clock(), outcome)
    return known


def _way_on(exchange: Exchange, webhook: Webhook) -> str | None:
    """After a failure: an apology, and the queue or one more try; the second time the other ways, never a loop."""
    place, urls, prompts = webhook.place, exchange.urls, exchange.prompts
    to_queue = urls.step(replace(place, node=QUEUE, tries=0, mistaken=False))
    match webhook.route:
        case Route.WAIT:
            return twiml.wait_page(place, exchange.nodes[place.node], webhook.rounds, urls, prompts)
        case Route.HOLD:
            return twiml.hold(prompts, place.language)
        case Route.INCOMING:
            then = to_queue
        case Route.STEP:
            then = "" if isinstance(exchange.nodes[place.node], Queue) else to_queue
        case Route.JOIN:
            then = to_queue if place.tries else urls.join(conference=webhook.conference, t="1")
        case Route.AFTER:
            then = "" if place.tries else urls.after(replace(place, tries=1), conference=webhook.conference)
        case Route.QUEUED | Route.HANDSET | Route.HANDSET_KEY | Route.PARTY | Route.PARTY_KEY:
            then = ""
        case Route.HANDSET_STATUS | Route.PARTY_STATUS | Route.CONFERENCE | Route.STATUS:
            return None
        case _:
            assert_never(webhook.route)
    return twiml.apology(prompts, place.language, then)


ANSWERS: Mapping[Route, Callable[[Exchange, Webhook], str | None]] = MappingProxyType(
    {
        Route.INCOMING: incoming,
        Route.STEP: step,
        Route.WAIT: wait,
        Route.QUEUED: queued,
        Route.JOIN: join,
        Route.AFTER: after,
        Route.HOLD: hold,
        Route.HANDSET: handset,
        Route.HANDSET_KEY: handset_key,
        Route.HANDSET_STATUS: handset_status,
        Route.PARTY: party,
        Route.PARTY_KEY: party_key,
        Route.PARTY_STATUS: party_status,
        Route.CONFERENCE: conference_event,
        Route.STATUS: caller_status,
    }
)
