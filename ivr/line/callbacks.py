"""What Twilio reports without asking: legs that end, people who join and leave. Answered with nothing, folded by rule.

Reports come late, twice and in any order; the rules in shared.domain.legs make that harmless.
"""

from ivr.line.allow_list import LEG_OVER, ConferenceEvent, Label, Webhook
from ivr.line.exchange import Exchange
from shared.domain.calls import caller_left
from shared.domain.legs import caller_joins, handset_joined, handset_left
from shared.domain.parties import party_left


def caller_status(exchange: Exchange, webhook: Webhook) -> None:
    """The caller's leg: only its end matters."""
    if webhook.call_status in LEG_OVER:
        exchange.write(caller_left, webhook.call_sid, exchange.clock())


def handset_status(exchange: Exchange, webhook: Webhook) -> None:
    """A handset's leg: not answered, busy, or hung up."""
    if webhook.call_status in LEG_OVER:
        exchange.write(handset_left, webhook.conference, webhook.call_sid, exchange.clock())


def party_status(exchange: Exchange, webhook: Webhook) -> None:
    """The leg of somebody asked into a call: not answered, busy, or hung up."""
    if webhook.call_status in LEG_OVER:
        exchange.write(party_left, webhook.call_sid, exchange.clock(), webhook.party)


def conference_event(exchange: Exchange, webhook: Webhook) -> None:
    """Who joined and who left. A caller who left is known by what their own leg does next."""
    now, name = exchange.clock(), webhook.conference
    match webhook.event, webhook.label:
        case ConferenceEvent.JOINED, Label.HANDLER:
            exchange.write(handset_joined, name, webhook.conference_sid, webhook.call_sid, now)
        case ConferenceEvent.JOINED, Label.CALLER:
            exchange.write(caller_joins, webhook.call_sid, name, now)
        case ConferenceEvent.LEFT, Label.HANDLER:
            exchange.write(handset_left, name, webhook.call_sid, now)
        case ConferenceEvent.LEFT, None:
            # Somebody who was asked: still a party, or the handler since the call was handed over to them.
            exchange.write(party_left, webhook.call_sid, now)
            exchange.write(handset_left, name, webhook.call_sid, now)
