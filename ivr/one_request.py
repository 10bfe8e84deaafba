"""One HTTP/1.1 request on one connection, given to a WSGI application; the connection ends with the answer.

h11 reads and writes HTTP, strictly. Nothing here knows what is asked, and nothing is logged.
"""

from __future__ import annotations

import io
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import h11
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

READ_SECONDS: Final = 4.0  # for the whole request, however slowly it comes
WRITE_SECONDS: Final = 5.0
LARGEST_HEAD: Final = 16 * 1024  # bytes
_LINGER_SECONDS: Final = 1.0
_PART: Final = 4 * 1024  # bytes read at once: so much more than the largest head can come
# What the application may see of the head; of Twilio's, no other is needed.
_HEADERS: Final = {b"content-type": "CONTENT_TYPE", b"x-twilio-signature": "HTTP_X_TWILIO_SIGNATURE"}


class _PeerGone(Exception):
    """The other side closed, or was too slow: there is nobody to answer."""


@dataclass(slots=True)
class _Wire:
    connection: socket.socket
    until: float  # monotonic seconds
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.SERVER, LARGEST_HEAD))

    def next_event(self) -> Any:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            if self.http.they_are_waiting_for_100_continue:
                self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.http.receive_data(self._more())
        return event

    def _more(self) -> bytes:
        left = self.until - time.monotonic()
        if left <= 0:
            raise _PeerGone
        self.connection.settimeout(left)
        received = self.connection.recv(_PART)
        if not received:
            raise _PeerGone
        return received

    def send(self, *events: h11.Event) -> None:
        self.connection.settimeout(WRITE_SECONDS)
        self.connection.sendall(b"".join(self.http.send(event) or b"" for event in events))


def answer_one(application: WSGIApplication, largest: int, connection: socket.socket) -> None:
    """Read one request from a connection and answer it. A body of more than `largest` bytes is not read to its end."""
    wire = _Wire(connection, time.monotonic() + READ_SECONDS)
    try:
        request = wire.next_event()
        body = _body(wire, request, largest)
        answer = Response.from_app(application, _environ(request, body), buffered=True)
    except h11.RemoteProtocolError as malformed:
        request, answer = None, Response(status=malformed.error_status_hint)
    except (_PeerGone, OSError):
        return
    try:
        _send(wire, answer, with_body=request is None or request.method != b"HEAD")
        _linger(wire)
    except OSError:
        return


def _body(wire: _Wire, request: h11.Request, largest: int) -> bytes:
    if any(name == b"content-length" and int(value) > largest for name, value in request.headers):
        return b""
    body = bytearray()
    while isinstance(event := wire.next_event(), h11.Data):
        body += event.data
        if len(body) > largest:
            break
    return bytes(body)


def _environ(request: h11.Request, body: bytes) -> WSGIEnvironment:
    path, _, query = request.target.decode("latin-1").partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method.decode("latin-1"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "line",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": True,
    }
    for name, value in request.headers:
        if known := _HEADERS.get(name):
            written = value.decode("latin-1")
            environ[known] = f"{environ[known]},{written}" if known in environ else written
        elif name == b"content-length" and not body:
            environ["CONTENT_LENGTH"] = value.decode("latin-1")
    return environ


def _send(wire: _Wire, answer: Response, with_body: bool) -> None:
    headers = [(name.lower(), value) for name, value in answer.headers.items()]
    head = h11.Response(status_code=answer.status_code, headers=[*headers, ("connection", "close")])
    content = answer.get_data()
    wire.send(head, *([h11.Data(data=content)] if with_body and content else []), h11.EndOfMessage())


def _linger(wire: _Wire) -> None:
    """Where something was left unread, let it come for a moment: closing at once would take back the answer."""
    if wire.http.their_state in {h11.DONE, h11.MUST_CLOSE, h11.CLOSED}:
        return
    wire.connection.shutdown(socket.SHUT_WR)
    until = time.monotonic() + _LINGER_SECONDS
    while (left := until - time.monotonic()) > 0:
        wire.connection.settimeout(left)
        if not wire.connection.recv(_PART):
            return
