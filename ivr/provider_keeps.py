"""What Twilio and the networks keep of a call whatever we ask, for how long, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kept:
    """`what` stays with somebody else for `how_long`; `basis` is where they say so."""

    what: str
    how_long: str
    basis: str


PROVIDER_KEEPS: Final = (
    Kept(
        "the caller's number and the line's, in billing records",
        "up to 120 days",
        "Twilio's API description: 'from' and 'to' of a call are personal data with deleteSla 120",
    ),
    Kept(
        "Voice Insights and request logs: how each call went, our pages with the choices in them, the keys pressed",
        "up to 30 days",
        "Twilio's documentation, Voice Insights; a call's own events go when its record is deleted",
    ),
    Kept(
        "conferences: a random name, times, and the ids of the legs",
        "not said",
        "Twilio's API description: a conference can be fetched and ended; there is no DELETE",
    ),
    Kept(
        "alerts: each request that got a wrong answer, with the caller's number and the keys pressed",
        "not said",
        "Twilio's Monitor API has no DELETE for alerts; so the line answers every request with 200",
    ),
    Kept(
        "call records of the caller's network and of those between",
        "as their law and contracts say",
        "no one's to delete but theirs; the caller hears of it in the welcome",
    ),
)
