"""A unit's system that takes reports by HTTPS, in the shape of JSON:API, and keeps its answers to be fetched.

Both sides show a certificate. 201 counts only with our digest in it: the unit's system has persisted just these bytes.
Nothing beside the sealed report says anything about it; docs/outbox.md is the interface.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx

from shared.delivery_settings import Outbox, UnitRoute
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.transports.patience import impatient, within
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import (
    EXCHANGE_SECONDS,
    MAX_ANSWERS,
    MAX_BROUGHT_BYTES,
    NETWORK_SECONDS,
    REMOTE_LOOK_SECONDS,
)
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import envelope_to_bytes

MEDIA_TYPE: Final = "application/vnd.api+json"
HTTPS_PORT: Final = 443
MAX_REPLY_BYTES: Final = 4 * 1024 * 1024
_LATER: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.LOCKED}
)
MAX_PAGES: Final = 100  # in one look
MAX_QUERY: Final = 2000  # characters of what says where the next page begins
_CREDENTIALS: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(slots=True)
class _Bookmark:
    """The query of the page of answers that comes next; "" is the first."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class HttpsTransport:
    """``place`` is the collection reports are posted to; answers are fetched from ``answers`` below it."""

    place: Place
    tls: ssl.SSLContext
    gate: Gate
    api_key: str = ""
    failpoint: Fail = go_on
    look_seconds: float = REMOTE_LOOK_SECONDS
    patience: float = EXCHANGE_SECONDS
    _client: httpx.Client = field(init=False)
    _bookmark: _Bookmark = field(init=False, default_factory=_Bookmark)

    def __post_init__(self) -> None:
        tls = impatient(self.tls)
        client = httpx.Client(verify=tls, timeout=NETWORK_SECONDS, follow_redirects=False, trust_env=False)
        object.__setattr__(self, "_client", client)

    def close(self) -> None:
        """Ends the connections that were kept for the next report."""
        self._client.close()

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Returns once the unit's system says that it has persisted these bytes. Sent again, it says so again."""
        written = json.dumps(submission(name, envelope)).encode()
        headers = {"Content-Type": MEDIA_TYPE, "Idempotency-Key": name}
        with within(self.patience):
            status, reply = self._ask("POST", self.place.path, headers, written)
        _check_status(status)
        _check_receipt(reply, name, envelope.digest)
        self.failpoint(Failpoint.SENT)

    def answers(self) -> list[tuple[str, bytes]]:
        """What the unit's system keeps for us, page by page: a look goes on where the last one stopped."""
        found: list[tuple[str, bytes]] = []
        read = 0
        try:
            with within(self.patience):
                while read < MAX_PAGES and len(found) < MAX_ANSWERS:
                    found += self._page()
                    read += 1
                    if not self._bookmark.query:
                        break
        except WorldInTheWay:
            if not read:
                self._bookmark.query = ""  # a page that never comes must not stand before the others
                raise
        return found

    def _page(self) -> list[tuple[str, bytes]]:
        status, reply = self._ask("GET", f"{self.place.path}/answers", {}, None, self._bookmark.query)
        if status != HTTPStatus.OK:
            raise WorldInTheWay(Reason.UNIT_BUSY)
        self._bookmark.query = _next_page(reply)
        return [answer for one in _listed(reply) if (answer := _answer_in(one)) is not None]

    def _ask(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, query: str = ""
    ) -> tuple[int, Any]:
        numeric = self.gate.address_of(self.place)
        address = httpx.URL(scheme="https", host=numeric, port=self.place.port, path=path or "/")
        if query:
            address = address.copy_with(query=query.encode())
        sent = {"Accept": MEDIA_TYPE, "Accept-Encoding": "identity", "Host": self.place.shown, **headers}
        if self.api_key:
            sent["X-Api-Key"] = self.api_key
        asked = self._client.build_request(
            method, address, headers=sent, content=content, extensions={"sni_hostname": self.place.host}
        )
        try:
            reply = self._client.send(asked, stream=True)
            try:
                return reply.status_code, _json(_at_most(reply))
            finally:
                reply.close()
        except httpx.TransportError as trouble:
            raise _why(trouble) from None


def submission(name: str, envelope: Envelope) -> dict[str, Any]:
    """The document that is posted: an incident of which nothing is known but its sealed content."""
    about = {"type": "submission", "id": name}
    attributes = {
        "submissionId": name,
        "submissionContent": to_base64url(envelope_to_bytes(envelope)),
        "contentDigest": envelope.digest.hex(),
    }
    return {
        "data": {"type": "incident", "id": name, "attributes": {}, "relationships": {"submission": {"data": about}}},
        "included": [{**about, "attributes": attributes}],
    }


def _check_status(status: int) -> None:
    if status == HTTPStatus.CREATED:
        return
    if status == HTTPStatus.CONFLICT:
        raise CannotBeDelivered(Reason.ANOTHER_FILE_THERE)
    if status in _CREDENTIALS:
        raise CannotBeDelivered(Reason.CREDENTIALS_REFUSED)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise CannotBeDelivered(Reason.SENT_ELSEWHERE)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        raise WorldInTheWay(Reason.UNIT_BUSY)
    if status >= HTTPStatus.BAD_REQUEST:
        raise CannotBeDelivered(Reason.REFUSED_BY_UNIT)
    raise WorldInTheWay(Reason.NOT_ACKNOWLEDGED)


def _check_receipt(reply: Any, name: str, digest: bytes) -> None:
    try:
        receipt = reply["data"]
        named, covered = receipt["id"], receipt["attributes"]["contentDigest"]
    except (KeyError, TypeError):
        raise WorldInTheWay(Reason.NOT_ACKNOWLEDGED) from None
    if (named, covered) != (name, digest.hex()):
        raise WorldInTheWay(Reason.CUT_SHORT)


def _listed(reply: Any) -> list[dict[str, Any]]:
    found = reply.get("data") if isinstance(reply, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _answer_in(listed: dict[str, Any]) -> tuple[str, bytes] | None:
    try:
        name, content = str(listed["id"]), listed["attributes"]["content"]
        written = from_base64url(content) if isinstance(content, str) else b""
    except (KeyError, TypeError, NotCanonical):
        return None
    return (name, written) if 0 < len(written) <= MAX_BROUGHT_BYTES else None


def _next_page(reply: Any) -> str:
    """JSON:API's link to it. Only its query is used: the address is ours to know, whatever the unit's system says."""
    links = reply.get("links") if isinstance(reply, dict) else None
    link = links.get("next") if isinstance(links, dict) else None
    written = link.get("href") if isinstance(link, dict) else link
    if not isinstance(written, str):
        return ""
    query = written.partition("#")[0].partition("?")[2]
    return query if len(query) <= MAX_QUERY and query.isascii() and query.isprintable() else ""


def _json(written: bytes) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _at_most(reply: httpx.Response) -> bytes:
    """As it came: what is packed, though we asked for nothing packed, could be any size unpacked."""
    written = bytearray()
    for piece in reply.iter_raw():
        written += piece
        if len(written) > MAX_REPLY_BYTES:
            raise WorldInTheWay(Reason.NOT_ACKNOWLEDGED)
    return bytes(written)


def _why(trouble: httpx.TransportError) -> WorldInTheWay | CannotBeDelivered:
    cause = trouble.__cause__ or trouble.__context__
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return WorldInTheWay(Reason.NOT_WHO_IT_SHOULD_BE, nothing_left=True)
    return WorldInTheWay(Reason.NO_CONNECTION, isinstance(trouble, httpx.ConnectError | httpx.ConnectTimeout))


def from_route(outbox: Outbox, route: UnitRoute, failpoint: Fail = go_on) -> HttpsTransport:
    """As configured. Raises OSError, ssl.SSLError among them, where a file cannot be used."""
    assert route.certificate is not None
    tls = ssl.create_default_context(cafile=route.authority)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_cert_chain(route.certificate, route.key)
    api_key = "" if route.api_key is None else route.api_key.read_text(encoding="utf-8").strip()
    place, gate = Place.at(route.https, HTTPS_PORT), Gate.listing(outbox.private_networks)
    return HttpsTransport(place, tls, gate, api_key, failpoint)
