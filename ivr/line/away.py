"""What is said where the line's own process cannot be asked: an apology and one more try, then the other ways."""

from collections.abc import Mapping
from typing import Final, assert_never
from urllib.parse import urlencode

from ivr.line import twiml
from ivr.line.allow_list import Route, Webhook
from ivr.line.prompts import Prompts

AGAIN: Final = "again"  # in the query of the one more try


class LineAway(Exception):
    """The line did not answer: it is not there, or not in time."""


def line_away(webhook: Webhook, query: Mapping[str, str], public_url: str, prompts: Prompts) -> str | None:
    """TwiML for whoever is on the telephone; None where nobody is. `query` is the request's own, which we once gave.

    Someone asked again without the key they pressed goes on as a silent caller does: to the queue, with their choices.
    """
    match webhook.route:
        case Route.INCOMING | Route.STEP | Route.WAIT | Route.JOIN | Route.AFTER:
            then = "" if AGAIN in query else _again(webhook, public_url)
        case Route.HOLD:
            return twiml.hold(prompts, webhook.place.language)  # needs no line; whoever holds must not be hung up on
        case Route.QUEUED | Route.HANDSET | Route.HANDSET_KEY | Route.PARTY | Route.PARTY_KEY:
            then = ""  # asked again, these would mean something else
        case Route.HANDSET_STATUS | Route.PARTY_STATUS | Route.CONFERENCE | Route.STATUS:
            return None
        case _:
            assert_never(webhook.route)
    return twiml.apology(prompts, webhook.place.language, then)


def _again(webhook: Webhook, public_url: str) -> str:
    rest = {"w": webhook.rounds or "", "conference": webhook.conference, AGAIN: "1"}
    written = urlencode({name: value for name, value in rest.items() if value})
    query = "&".join(part for part in (webhook.place.to_query(), written) if part)
    return f"{public_url.rstrip('/')}{webhook.route}?{query}"
