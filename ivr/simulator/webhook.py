"""The local Twilio's requests to the application, signed and sent as Twilio does. It knows nothing of TwiML."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit
from wsgiref.types import WSGIApplication

import httpx
from werkzeug.test import Client

from ivr.simulator.refusals import NotTheSimulators, WebhookUnreachable

DEADLINE_SECONDS = 15.0  # Twilio's hard limit for an answer
REDIRECTS_FOLLOWED = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request to be made. `params` go in the body of a POST and in the query of a GET."""

    url: str
    params: Mapping[str, str]
    method: str = "POST"
    token: str = ""
    audio: bool = False  # what a <Play> names: no parameters are sent, and no fault of TwiML's befalls it

    @property
    def callback(self) -> str:
        """What a status callback reports, such as `participant-leave`; empty where TwiML is asked for."""
        return self.params.get("StatusCallbackEvent") or (
            self.params.get("CallStatus", "") if "CallbackSource" in self.params else ""
        )


class Transport(Protocol):
    """Carries a request and brings the answer; raises WebhookUnreachable where there is none."""

    def __call__(self, method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply: ...


def signature(auth_token: str, url: str, params: Mapping[str, str]) -> str:
    """Twilio's X-Twilio-Signature: base64(HMAC-SHA1(token, URL + every POST name and value, sorted by name)).

    The fragment is no part of it, and over HTTPS neither is a port (Twilio's documentation, "Webhooks security").
    """
    signed = _signed_url(url) + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _signed_url(url: str) -> str:
    parts = urlsplit(url)
    netloc = parts.netloc
    if parts.scheme == "https" and parts.port is not None:
        netloc = netloc.rpartition(":")[0]
    return urlunsplit(SplitResult(parts.scheme, netloc, parts.path, parts.query, ""))


def send(webhook: Webhook, auth_token: str, transport: Transport) -> Reply:
    """Make the request as Twilio does: redirects are followed by GET and lose the Digits."""
    reply = _send_once(webhook, auth_token, transport)
    for _ in range(REDIRECTS_FOLLOWED):
        if not (reply.location and 300 <= reply.status < 400):
            return reply
        kept = {name: value for name, value in webhook.params.items() if name != "Digits"}
        webhook = Webhook(reply.location, kept, "GET", webhook.token)
        reply = _send_once(webhook, auth_token, transport)
    return reply


def _send_once(webhook: Webhook, auth_token: str, transport: Transport) -> Reply:
    url, posted = webhook.url.partition("#")[0], dict(webhook.params)
    if webhook.method == "GET" and posted:
        url, posted = url + ("&" if "?" in url else "?") + urlencode(posted), {}
    headers = {
        "X-Twilio-Signature": signature(auth_token, url, posted),
        "I-Twilio-Idempotency-Token": webhook.token,
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    return transport(webhook.method, url, posted, headers)


class HttpTransport:
    """Webhooks over HTTP, to one public address only. `local` is where that address is answered on this machine.

    `elsewhere` is one more address that may be asked, the fallback's. Raises NotTheSimulators if it is on another
    machine: callers' numbers go there.
    """

    def __init__(self, public_url: str, local: str | None = None, elsewhere: str | None = None) -> None:
        if elsewhere and urlsplit(elsewhere).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise NotTheSimulators("the local Twilio's fallback is on this machine")
        self._elsewhere = elsewhere
        self._public = public_url.rstrip("/")
        self._local = (local or public_url).rstrip("/")
        self._client = httpx.Client(timeout=DEADLINE_SECONDS, trust_env=False)

    def __call__(self, method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        is_elsewhere = url == self._elsewhere
        target = url if is_elsewhere else self._local + _within(self._public, url)
        posted = dict(params) if method == "POST" else None
        host = {"Host": urlsplit(url if is_elsewhere else self._public).netloc}
        try:
            response = self._client.request(method, target, data=posted, headers={**headers, **host})
        except httpx.HTTPError as error:
            raise WebhookUnreachable(type(error).__name__) from error
        location = str(httpx.URL(url).join(response.headers["location"])) if response.has_redirect_location else ""
        return Reply(response.status_code, response.headers.get("content-type", ""), response.content, location)


@dataclass(slots=True)
class WsgiTransport:
    """Webhooks straight into a WSGI application. An exception that leaves the application reaches the test."""

    application: WSGIApplication
    public_url: str
    sent: list[Webhook] = field(default_factory=list)

    def __call__(self, method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        self.sent.append(Webhook(url, params, method, headers["I-Twilio-Idempotency-Token"]))
        path, _, query = _within(self.public_url.rstrip("/"), url).partition("?")
        response = Client(self.application).open(
            path,
            method=method,
            base_url=self.public_url,
            query_string=query,
            data=dict(params) if method == "POST" else None,
            headers=dict(headers),
        )
        location = str(httpx.URL(url).join(response.headers["Location"])) if "Location" in response.headers else ""
        return Reply(response.status_code, response.headers.get("Content-Type", ""), response.get_data(), location)


def _within(public_url: str, url: str) -> str:
    path = url.removeprefix(public_url)
    if path == url or not path.startswith(("/", "?")):
        raise NotTheSimulators(f"the local Twilio only calls {public_url}")
    return path
