"""The queue: how a caller comes into it, what they hear in it, and how a wait ends that no handler ends."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.line import twiml
from ivr.line.allow_list import Webhook
from ivr.line.dialogue import asked_for_the_language, keep_waiting, not_taken, wait_is_over
from ivr.line.exchange import Exchange
from ivr.line.menu import End, Queue
from ivr.line.place import Place
from shared.domain.calls import caller_cannot_speak, caller_waits, is_news
from shared.domain.live_calls import LiveCall, call_on_leg
from shared.domain.vocabulary import CallOutcome, Language
from shared.domain.waiting import (
    MINUTES,
    asks_for_the_language,
    end_wait,
    likely_wait,
    nearest_person,
    queue_or_turn_away,
    why_wait_ends,
)

LIKELY: Mapping[int, str] = MappingProxyType(
    dict(zip(MINUTES, ("wait_1", "wait_2", "wait_5", "wait_10", "wait_20", "wait_30"), strict=True))
)

_log = structlog.get_logger()


def into_queue(exchange: Exchange, webhook: Webhook, place: Place) -> Place:
    """Store the call as queued; if it cannot be, or nobody is on duty, the caller hears so and does not wait."""
    try:
        refused = exchange.write(
            queue_or_turn_away, webhook.call_sid, place.language, place.mode, place.category, place.force or None,
            place.unable_to_speak, exchange.clock(),
        )  # fmt: skip
    except SQLAlchemyError as error:
        _log.error("call_not_queued", error=type(error).__name__)
        return not_taken(exchange.nodes, place)
    return place if refused is None else wait_is_over(exchange.nodes, place, refused)


def wait(exchange: Exchange, webhook: Webhook) -> str:
    """The wait page. Asked for the first time, it makes the call one that can be offered."""
    place, rounds = keep_waiting(exchange.nodes, webhook.place, webhook.heard, webhook.rounds)
    try:
        call = _noted(exchange, webhook, place)
        if call is None:
            place = not_taken(exchange.nodes, place)
        elif isinstance(exchange.nodes[place.node], Queue):
            over = _is_over(exchange, call)
            if over is not None:
                # Said here, for the queue's action could not tell it from leaving by key.
                return exchange.speak(wait_is_over(exchange.nodes, place, over))
            if asks_for_the_language(call, exchange.clock(), exchange.patience):
                place = asked_for_the_language(exchange.nodes, place)
    except SQLAlchemyError as error:
        _log.error("waiting_not_stored", error=type(error).__name__)
        if rounds:  # the first time, the next page tries again; after that it would be a lie
            place = not_taken(exchange.nodes, place)
    likely = _likely(exchange, place) if rounds == 0 else twiml.WAIT_UNKNOWN
    return twiml.wait_page(place, exchange.nodes[place.node], rounds, exchange.urls, exchange.prompts, likely)


def _noted(exchange: Exchange, webhook: Webhook, place: Place) -> LiveCall | None:
    """The waiting caller's call, made sure that it is known. None if it counts as finished."""
    call, node = _call(exchange, webhook), exchange.nodes[place.node]
    if isinstance(node, End):
        return call
    if call is None:
        # Of a call we lost, or a request sent again long after its call: the next page of a caller really there
        # makes it one that can be offered, and nobody's handset rings for one who is not.
        into_queue(exchange, webhook, place)
        return _call(exchange, webhook)
    unable = place.unable_to_speak and not call.unable_to_speak
    anyone = isinstance(node, Queue) and node.anyone and call.language is Language.CY
    news = is_news(call, exchange.clock())
    if unable:
        exchange.write(caller_cannot_speak, webhook.call_sid)
    if anyone:
        exchange.write(nearest_person, webhook.call_sid, exchange.clock())
    if news:
        exchange.write(caller_waits, webhook.call_sid, exchange.clock())
    return _call(exchange, webhook) if unable or anyone or news else call


def _is_over(exchange: Exchange, call: LiveCall) -> CallOutcome | None:
    """Why this wait ends now, if it does: then the call is finished."""
    now = exchange.clock()
    with exchange.store.read() as tx:
        over = why_wait_ends(tx, call, now, exchange.patience)
    return None if over is None else exchange.write(end_wait, call.call_sid, now, exchange.patience)


def _likely(exchange: Exchange, place: Place) -> str:
    """The prompt that says how long it may be. Of waits for a Welsh speaker too little is known to say it."""
    if place.language is Language.CY:
        return twiml.WAIT_UNKNOWN
    try:
        with exchange.store.read() as tx:
            minutes = likely_wait(tx, exchange.clock())
    except SQLAlchemyError:
        return twiml.WAIT_UNKNOWN
    return twiml.WAIT_UNKNOWN if minutes is None else LIKELY[minutes]


def _call(exchange: Exchange, webhook: Webhook) -> LiveCall | None:
    with exchange.store.read() as tx:
        return call_on_leg(tx, webhook.call_sid)
