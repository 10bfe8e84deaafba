"""The provider's side: credentials, what is set for the number, the queue, the fallback on another host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urldefrag, urlsplit

import httpx

from ivr.checks.finding import Finding, finding
from ivr.checks.public import document
from ivr.line.allow_list import Route
from ivr.switchboard import (
    QUEUE_SIZE,
    NumberSettings,
    ProviderRefused,
    ProviderUnreachable,
    Switchboard,
    SwitchboardFact,
)
from shared.settings import Provider, Telephony

CREDENTIALS: Final = "credentials"
NOT_AUTHENTICATED: Final = 20003


def provider(switchboard: Switchboard, telephony: Telephony, public_url: str, http: httpx.Client) -> Iterator[Finding]:
    """Everything that the provider tells of the account. ``http`` fetches the fallback document."""
    place = f"{telephony.region} by way of {telephony.edge}" if telephony.region else "US1, Twilio's own default"
    try:
        room = switchboard.queue_room()
        yield Finding(CREDENTIALS, f"accepted in {telephony.api_base_url or place}")
        yield _queue(room)
        settings = switchboard.number_settings()
    except SwitchboardFact as fact:
        yield not_asked(fact, place, telephony.provider)
        return
    if settings is None:
        to_do = "See [telephony] number, region and account_sid: each region has numbers and credentials of its own."
        yield Finding("number", f"the account has no {telephony.number} there", to_do)
        return
    yield from of_number(settings, public_url.rstrip("/"))
    yield _fallback(settings, public_url, telephony.number, http)


def second_token(switchboard: Switchboard) -> Finding:
    """Whether the provider takes the next token too. ``switchboard`` uses it."""
    try:
        switchboard.queue_room()
    except SwitchboardFact as fact:
        return not_asked(fact, "use, as auth_token_next")
    return Finding(CREDENTIALS, "auth_token_next is accepted too")


def not_asked(fact: SwitchboardFact, place: str, of: Provider = Provider.TWILIO) -> Finding:
    """Why the provider could not be asked."""
    if of is Provider.SIMULATOR and isinstance(fact, ProviderUnreachable):
        return Finding(CREDENTIALS, "the local stand-in for Twilio does not answer", "Start it: candour simulate")
    match fact:
        case ProviderRefused(code=code) if code == NOT_AUTHENTICATED:
            to_do = "See [telephony] account_sid and auth_token; a region other than US1 has tokens of its own."
            return Finding(CREDENTIALS, f"not accepted in {place}", to_do)
        case ProviderUnreachable():
            return Finding(CREDENTIALS, "no answer from Twilio", "See [telephony] region, edge, and the way out.")
        case _:
            return Finding(CREDENTIALS, f"Twilio answered: {fact or type(fact).__name__}", "See Twilio's console.")


def _queue(room: int | None) -> Finding:
    to_do = "Start 'candour serve': the order worker makes it, with that room."
    if room is None:
        return Finding("queue", "not there yet", to_do)
    return finding("queue", f"room for {room} callers", room >= QUEUE_SIZE, f"It wants {QUEUE_SIZE}. {to_do}")


def of_number(settings: NumberSettings, public_url: str) -> Iterator[Finding]:
    """Where Twilio turns when the number is rung."""
    yield _address("number: a call", settings.voice_url, settings.voice_method, f"{public_url}{Route.INCOMING}")
    yield _address("number: status", settings.status_url, settings.status_method, f"{public_url}{Route.STATUS}")
    if settings.taken_over:
        yield Finding("number", "a SIP trunk or TwiML app answers it", "Take it away: the addresses above are unused.")
    if settings.looks_callers_up:
        yield Finding("number", "callers' names are looked up", "Switch Caller Name Lookup off, for the callers' sake.")


def _address(about: str, is_set: str, method: str, wanted: str) -> Finding:
    well = urldefrag(is_set).url == wanted and method == "POST"
    return finding(about, f"{method} {is_set}" if is_set else "nothing is set", well, f"Set it to POST {wanted}")


def _fallback(settings: NumberSettings, public_url: str, number: str, http: httpx.Client) -> Finding:
    about, url = "number: fallback", settings.fallback_url
    write = "'candour fallback' writes a document for another host; set its address there, as POST."
    if not url:
        return Finding(about, "nothing is set", write)
    if urlsplit(url).hostname == urlsplit(public_url).hostname and _port(url) == _port(public_url):
        return Finding(about, f"{url} is on our own host", write)
    if settings.fallback_method != "POST":
        to_do = "Set it to POST: with GET the other host's log would hold callers' numbers."
        return Finding(about, f"{settings.fallback_method} {url}", to_do)
    return finding(about, f"POST {url}", _dials(url, number, http), f"It does not dial from {number}. {write}")


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _dials(url: str, number: str, http: httpx.Client) -> bool:
    """Whether the document there dials somebody, showing the line's own number."""
    try:
        root = document(http.post(url))
    except httpx.HTTPError:
        return False
    return root is not None and any(dial.get("callerId") == number for dial in root.iter("Dial"))
