"""What breaks inside: handlers that raise with the whole request in their words, stores and providers that fail."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

import httpx
from flask import has_request_context, request
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from ivr.line import edge, twiml, webhooks
from ivr.line.allow_list import Route
from ivr.line.signature import Signatures
from tests.canary.installation import Installation


class Everything(Exception):
    """An exception that holds all there is to know of a request, as careless ones do."""


def raises(*_: Any, **__: Any) -> Any:
    """In place of any function: raise with the whole request in the message, in a note and in what caused it."""
    whole = "no request"
    if has_request_context():
        whole = f"{request.url} {dict(request.form)} {dict(request.headers)} {request.environ}"
    try:
        raise ValueError(whole)
    except ValueError as cause:
        error = Everything(whole)
        error.add_note(whole)
        raise error from cause


def in_every_handler(it: Installation) -> None:
    whole = webhooks.ANSWERS
    for broken in Route:
        with patch.object(webhooks, "ANSWERS", {**whole, broken: raises}):
            phone = it.rings("14")
            it.pass_time(30)
            for route in Route:
                it.posts(route, {**_of(phone), "From": it.shown, "Digits": "1"})
            phone.hang_up()


def at_the_edge(it: Installation) -> None:
    for where, name in ((edge, "allow"), (edge, "_doubled"), (Signatures, "right"), (twiml, "apology")):
        with patch.object(where, name, raises):
            phone = it.rings("1")
            it.pass_time(5)
            phone.hang_up()
    with patch.object(it.line, "dispatch_request", raises):
        it.rings("1").hang_up()
    it.clock.advance(5)


def while_speaking(it: Installation) -> None:
    for name in ("speak", "wait_page", "empty"):
        with patch.object(twiml, name, raises):
            phone = it.rings("0")
            it.pass_time(40)
            phone.hang_up()
            it.pass_time(2)


def at_the_desk(it: Installation) -> None:
    it.at_work()
    it.rings("0")
    it.pass_time(5)
    call = it.only_call()
    with patch("ivr.desk.calls.calls.take_call", raises), patch("ivr.desk.board.board_of", raises):
        it.handler.ask("POST", f"/calls/{call.id}/take", {"from": it.shown})


def read_only(it: Installation) -> None:
    """The store can be read and not written, from before the first word, and from the queue on."""
    it.at_work()
    with _each_transaction(it, _refuse_writing):
        early = it.rings("14")
        it.clock.advance(90)
        early.hang_up()
        it.clock.advance(5)
    late = it.rings("0")
    it.pass_time(5)
    with _each_transaction(it, _refuse_writing):
        it.clock.advance(70)
        late.press("5")
        it.clock.advance(40)
    it.pass_time(5)
    _let_write(it)


def full_disk(it: Installation) -> None:
    """Nothing more can be written: neither the database nor, where it is on the same disk, the log."""
    it.rings("0").listen(5)
    for room in (None, 1):
        with _disk_full(it, room):
            for keys in ("0", "14", "5", "*"):
                phone = it.rings(keys)
                it.clock.advance(60)
                phone.hang_up()
                it.clock.advance(1)


def store_gone(it: Installation) -> None:
    """Every statement fails, with its text and its values in the error."""
    phone = it.rings("1")

    def fails(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        raise OperationalError(f"{statement} {parameters}", parameters, Everything(f"{parameters} {it.shown}"))

    event.listen(it.store.engine, "before_cursor_execute", fails)
    try:
        phone.listen(1).press("0").listen(60)
        it.posts(Route.JOIN, _of(phone))
        it.posts(Route.AFTER, _of(phone))
    finally:
        event.remove(it.store.engine, "before_cursor_execute", fails)
    phone.hang_up()


def rest_errors(it: Installation) -> None:
    """Twilio answers every kind of request with errors that repeat the call, or not at all."""
    answers = it.rest_carrier
    for carrier in (*_errors(it), _Breaks(it.shown)):
        it.rest_carrier = answers
        _talk_through(it, carrier, answers)
    it.rest_carrier = answers
    it.pass_time(10)


def rest_errors_on_deletion(it: Installation) -> None:
    """For a while the provider will not delete, and says so with the whole call."""
    answers = it.rest_carrier
    it.rings("0").listen(10).hang_up()
    for carrier in (*_errors(it), _Breaks(it.shown)):
        it.rest_carrier = carrier
        it.pass_time(400, step=20.0)
    it.rest_carrier = answers


def _talk_through(it: Installation, carrier: httpx.BaseTransport, answers: httpx.BaseTransport) -> None:
    it.at_work()
    phone = it.rings("0")
    it.pass_time(5)
    call = it.only_call()
    it.rest_carrier = carrier
    it.handler.ask("POST", f"/calls/{call.id}/take")
    it.pass_time(5)
    it.rest_carrier = answers
    it.pass_time(4)
    if it.handset.ringing:
        it.handset.answer()
        it.pass_time(10)
        it.handset.press("1")
        it.pass_time(5)
        it.rest_carrier = carrier
        for verb in ("hold", "resume", "end"):
            it.handler.ask("POST", f"/calls/{call.id}/{verb}")
            it.pass_time(4)
        it.rest_carrier = answers
    phone.hang_up()
    it.handset.hang_up()
    it.forget()


def _errors(it: Installation) -> Iterator[httpx.BaseTransport]:
    for status, code in ((400, 21211), (404, 20404), (429, 20429), (409, 20009), (500, 0), (503, 20503)):
        body = {"code": code, "message": f"From {it.shown}", "status": status, "from": it.shown,
                "more_info": f"https://www.twilio.com/docs/errors/{code}?from={it.shown}"}  # fmt: skip
        yield httpx.MockTransport(_always(status, json.dumps(body)))
    yield httpx.MockTransport(_always(502, f"<html>{it.shown}</html>"))
    yield httpx.MockTransport(_always(200, f"not JSON: {it.shown}"))
    yield httpx.MockTransport(_always(302, it.shown))


def _always(status: int, body: str) -> Callable[[httpx.Request], httpx.Response]:
    headers = {"X-Caller": "x", "Content-Type": "application/json"}
    return lambda _request: httpx.Response(status, text=body, headers=headers)


class _Breaks(httpx.BaseTransport):
    """A connection that breaks, with the request in the error's words."""

    def __init__(self, number: str) -> None:
        self._number = number

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"{request.url} {request.read()!r} {self._number}", request=request)


def _of(phone: Any) -> Mapping[str, str]:
    return {**phone.call.parameters(), "CallStatus": "in-progress"}


# --- stores that fail -------------------------------------------------------------------------------------------------


@contextmanager
def _each_transaction(it: Installation, happens: Callable[[Connection], None]) -> Iterator[None]:
    event.listen(it.store.engine, "begin", happens)
    try:
        yield
    finally:
        event.remove(it.store.engine, "begin", happens)
        _let_write(it)


def _refuse_writing(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("PRAGMA query_only=ON" if sqlite else "SET TRANSACTION READ ONLY")


@contextmanager
def _disk_full(it: Installation, room: int | None) -> Iterator[None]:
    """No file may grow beyond `room` bytes; None leaves the logs some, but not the database."""
    if not it.store.is_sqlite:
        with _each_transaction(it, _server_is_full):
            yield
        return
    wal = it.folder / "candour.db-wal"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size if room is None else room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _server_is_full(connection: Connection) -> None:
    if not connection.get_execution_options().get("candour_read"):
        connection.execute(
            text("DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$")
        )


def _let_write(it: Installation) -> None:
    it.store.engine.dispose()  # connections that were told otherwise


SCENARIOS: Final[Mapping[str, Callable[[Installation], None]]] = MappingProxyType(
    {
        "an exception in every handler": in_every_handler,
        "an exception at the edge": at_the_edge,
        "an exception while speaking": while_speaking,
        "an exception at the desk": at_the_desk,
        "a store that cannot be written": read_only,
        "a full disk": full_disk,
        "a store that is gone": store_gone,
        "REST errors that hold the number": rest_errors,
        "REST errors on deletion": rest_errors_on_deletion,
    }
)
