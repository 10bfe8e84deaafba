"""A Flask test client whose requests travel as HTTP over a socket, as they do where the edge stands apart."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import h11
from flask.testing import FlaskClient
from werkzeug.datastructures import EnvironHeaders, Headers

from ivr.line.allow_list import Webhook
from ivr.line.edge import LARGEST_REQUEST
from ivr.line.hand_over import LineServer
from ivr.one_request import answer_one

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class OverASocket(FlaskClient):
    """Each request on a connection of its own, which the application's side closes."""

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        answered = answer_to(self.application, _written(environ))
        wire = h11.Connection(h11.CLIENT)
        wire.send(h11.Request(method=environ["REQUEST_METHOD"], target="/", headers=[("host", "line")]))
        wire.send(h11.EndOfMessage())
        wire.receive_data(answered)
        wire.receive_data(b"")
        head = wire.next_event()
        assert isinstance(head, h11.Response), answered
        body = io.BytesIO()
        while isinstance(event := wire.next_event(), h11.Data):
            body.write(event.data)
        headers = Headers([(name.decode(), value.decode()) for name, value in head.headers])
        return [body.getvalue()], f"{head.status_code} {head.reason.decode()}", headers


@contextmanager
def answering(path: Path, line: Callable[[Webhook], str | None]) -> Iterator[Path]:
    """A line that can be asked at this socket while the block runs."""
    stop = threading.Event()
    serving = threading.Thread(target=LineServer(path, line, threads=4).serve, args=(stop,))
    serving.start()
    try:
        yield path
    finally:
        stop.set()
        serving.join()


def answer_to(application: WSGIApplication, written: bytes, then_close: bool = False) -> bytes:
    """What the edge says to these bytes; `then_close`: after them the other side sends no more."""
    ours, theirs = socket.socketpair()
    with ThreadPoolExecutor(1) as answering, theirs, ours:
        done = answering.submit(_answer, application, ours)
        theirs.sendall(written)
        if then_close:
            theirs.shutdown(socket.SHUT_WR)
        answered = b""
        while part := theirs.recv(65_536):
            answered += part
        if not then_close:
            theirs.shutdown(socket.SHUT_WR)
        done.result(timeout=10)
    return answered


def _answer(application: WSGIApplication, connection: socket.socket) -> None:
    try:
        answer_one(application, LARGEST_REQUEST, connection)
    finally:
        connection.shutdown(socket.SHUT_WR)


def _written(environ: dict[str, Any]) -> bytes:
    target = quote(environ["PATH_INFO"].encode("latin-1")) + (f"?{q}" if (q := environ["QUERY_STRING"]) else "")
    headers = dict(EnvironHeaders(environ).items())
    body = environ["wsgi.input"].read()
    if body:
        headers["Content-Length"] = str(len(body))
    head = [f"{environ['REQUEST_METHOD']} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
