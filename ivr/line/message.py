"""What the edge hands to the line and is answered, as it travels over a local socket; it has no place for a number.

A message is read by the same rules as a request of Twilio's, and must then be written as it came: an unknown field, a
missing one or a value that is not allowed makes it no message at all.
"""

import json
import socket
import struct
from dataclasses import fields
from typing import Final
from urllib.parse import parse_qsl

from ivr.line.allow_list import Route, Webhook, allow

LARGEST_WEBHOOK: Final = 4 * 1024  # bytes; they are under 500
LARGEST_ANSWER: Final = 256 * 1024
_LENGTH: Final = struct.Struct("!I")
# Each field of a Webhook, and Twilio's or our own name for it, by which it is read.
_SENT: Final = {
    "call_sid": "CallSid",
    "heard": "Digits",
    "call_status": "CallStatus",
    "queue_result": "QueueResult",
    "event": "StatusCallbackEvent",
    "label": "ParticipantLabel",
    "conference_sid": "ConferenceSid",
}
_QUERY: Final = {"rounds": "w", "conference": "conference", "party": "party"}
FIELDS: Final = frozenset(field.name for field in fields(Webhook))


class MessageMalformed(Exception):
    """What came over the local socket is none of our messages."""


class PeerGone(Exception):
    """The other side of the local socket closed before all was said."""


def webhook_to_message(webhook: Webhook) -> bytes:
    """One JSON object of strings, its fields in order: the same webhook, the same bytes."""
    written = {
        "route": webhook.route.value,
        "place": webhook.place.to_query(),
        "rounds": str(webhook.rounds),
        "conference": webhook.conference,
        "party": webhook.party,
        "call_sid": webhook.call_sid,
        "heard": webhook.heard.digits,
        "call_status": webhook.call_status or "",
        "queue_result": webhook.queue_result or "",
        "event": webhook.event or "",
        "label": webhook.label or "",
        "conference_sid": webhook.conference_sid,
    }
    return json.dumps(written).encode()


def webhook_from_message(message: bytes) -> Webhook:
    """The webhook of a message. Raises MessageMalformed for anything that webhook_to_message would not have written."""
    try:
        said = json.loads(message)
        query = dict(parse_qsl(said["place"])) | {name: said[key] for key, name in _QUERY.items()}
        sent = {name: said[key] for key, name in _SENT.items()}
        webhook = allow(Route(said["route"]), query, sent)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MessageMalformed from None
    if webhook_to_message(webhook) != message:
        raise MessageMalformed
    return webhook


def answer_to_message(twiml: str | None) -> bytes:
    """What the line says, or None."""
    return json.dumps(twiml).encode()


def answer_from_message(message: bytes) -> str | None:
    """Raises MessageMalformed."""
    try:
        twiml = json.loads(message)
    except ValueError:
        raise MessageMalformed from None
    if twiml is not None and not isinstance(twiml, str):
        raise MessageMalformed
    return twiml


def send(connection: socket.socket, message: bytes) -> None:
    """Send one message, its length before it. Raises OSError."""
    connection.sendall(_LENGTH.pack(len(message)) + message)


def receive(connection: socket.socket, largest: int) -> bytes:
    """The next message, of so many bytes at most. Raises MessageMalformed, PeerGone or OSError."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > largest:
        raise MessageMalformed
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        part = connection.recv(length - len(received))
        if not part:
            raise PeerGone
        received += part
    return bytes(received)
