"""Leaks planted on purpose, each as somebody in a hurry might make it, to see that the canary sees them.

Each is planted in the middle of a call and must be found where it is, by the same search as everything else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import io
import json
import logging
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import quote

import structlog
from flask import request
from sqlalchemy.exc import DBAPIError

from ivr.line import webhooks
from ivr.line.allow_list import Route
from ivr.simulator.in_process import AUTH_TOKEN
from tests.canary.installation import SIGN_IN_SECRET, Installation
from tests.canary.needles import Caller
from tests.support.organisation import HANDLER
from tests.support.sealed_reports import as_text, draft, facts

Plant = Callable[[Installation, Caller], None]


@dataclass(frozen=True, slots=True)
class Leak:
    """What leaks, and the place it must be found in (how the place's name begins)."""

    name: str
    place: str
    plant: Plant


# --- where leaks go ---------------------------------------------------------------------------------------------------


def _ring(it: Installation) -> None:
    it.rings("0").listen(10)


def _in_handler(careless: Callable[[], Any]) -> Plant:
    """Something careless in the handler of an incoming call, with Flask's request at hand."""

    def plant(it: Installation, _: Caller) -> None:
        incoming = webhooks.ANSWERS[Route.INCOMING]

        def handler(exchange: Any, webhook: Any) -> str | None:
            said = careless()
            answer = incoming(exchange, webhook)
            return answer.replace("</Response>", f"<!--{said}--></Response>") if said and answer else answer

        with patch.object(webhooks, "ANSWERS", {**webhooks.ANSWERS, Route.INCOMING: handler}):
            _ring(it)

    return plant


def _in_column(column: str, value: Callable[[Caller], object]) -> Plant:
    """A value in a column, past the types that would refuse it."""

    def plant(it: Installation, caller: Caller) -> None:
        _ring(it)
        table, _, name = column.partition(".")
        with _past_the_types(it) as execute:
            execute(f"UPDATE {table} SET {name} = ?", (value(caller),))  # noqa: S608 - our own names

    return plant


def _in_file(name: str, content: Callable[[Caller], bytes]) -> Plant:
    def plant(it: Installation, caller: Caller) -> None:
        _ring(it)
        (it.folder / name).write_bytes(content(caller))

    return plant


@contextmanager
def _past_the_types(it: Installation) -> Iterator[Callable[..., Any]]:
    connection = it.store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        yield cursor.execute
        connection.commit()
    finally:
        connection.close()


# --- what leaks -------------------------------------------------------------------------------------------------------


def log_the_form() -> None:
    logging.getLogger("candour.line").info("incoming %s", request.form.to_dict())


def log_the_traceback() -> None:
    try:
        raise ValueError(f"cannot place {request.form['From']}")
    except ValueError:
        logging.getLogger("candour.line").exception("incoming call")


def log_a_token() -> None:
    logging.getLogger("candour.line").debug("token %s", json.loads(request.form["CallToken"]))


def log_a_local_number() -> None:
    number = request.form["From"]
    logging.getLogger("candour.line").warning("caller (0%s) %s %s", number[3:6], number[6:9], number[9:])


def log_last_four() -> None:
    logging.getLogger("candour.line").info("caller ending %s", request.form["From"][-4:])


def log_call_sid() -> None:
    logging.getLogger("candour.line").info("call %s", request.form["CallSid"])


def log_digest_of_call_sid() -> None:
    logging.getLogger("candour.line").info("call %s", hashlib.md5(request.form["CallSid"].encode()).hexdigest())  # noqa: S324


def log_signature() -> None:
    logging.getLogger("candour.line").info("signed %s", request.headers["X-Twilio-Signature"])


def past_the_allow_list() -> None:
    with patch("ivr.log.ALLOWED", frozenset({"event", "call"})), patch("ivr.log._may_be_said", lambda _: True):
        structlog.get_logger().info("arrived", call=quote(request.form["From"]))


def print_it() -> None:
    sys.stdout.write(f"{request.form['From']}\n")


def complain_of_it() -> None:
    sys.stderr.write(f"KeyError: {request.form['Caller']!r}\n")


def say_it() -> str:
    return request.form["From"][::-1]


def only_in_wal(it: Installation, caller: Caller) -> None:
    _ring(it)
    _insert_and_delete(it, caller)


def in_a_free_page(it: Installation, caller: Caller) -> None:
    _ring(it)
    _insert_and_delete(it, caller)
    with _past_the_types(it) as execute:
        execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert_and_delete(it: Installation, caller: Caller) -> None:
    with _past_the_types(it) as execute:
        execute("PRAGMA secure_delete=OFF")
        execute("BEGIN")
        execute("INSERT INTO day_count VALUES ('2026-03-02', 'force', ?, 1)", (f"from {caller.number}",))
        execute("COMMIT")
        execute("BEGIN")
        execute("DELETE FROM day_count WHERE value LIKE 'from%'")
        execute("COMMIT")
        execute("PRAGMA secure_delete=ON")


def a_table_of_its_own(it: Installation, caller: Caller) -> None:
    _ring(it)
    with _past_the_types(it) as execute:
        execute("CREATE TABLE banned (caller INTEGER)")
        execute("BEGIN")
        execute("INSERT INTO banned VALUES (?)", (int(f"44{caller.national}"),))


def on_a_console(it: Installation, caller: Caller) -> None:
    it.at_work()
    with patch("ivr.desk.app._HEADERS", {"X-Caller": f"0{caller.area} {caller.exchange} {caller.last}"}):
        it.handler.ask("PUT", "/presence", {"state": "available"})
    _ring(it)


def in_the_event_stream(it: Installation, caller: Caller) -> None:
    it.at_work()
    _ring(it)
    with _past_the_types(it) as execute:
        execute("UPDATE person SET name = ? WHERE name = ?", (caller.number, HANDLER))
    it.supervisor.look()
    with _past_the_types(it) as execute:
        execute("UPDATE person SET name = ? WHERE name = ?", (HANDLER, caller.number))


def inside_an_envelope(it: Installation, caller: Caller) -> None:
    it.at_work()
    words = json.dumps({"words": "what was reported", "caller": caller.number}).encode()
    sealed = draft(it.organisation, it.handler.member, words)
    message = {"revision": None, "facts": facts().model_dump(mode="json"), "envelope": as_text(sealed)}
    assert it.handler.ask("POST", "/reports", message).status_code == 200
    _ring(it)


def call_sid_outlives_its_call(it: Installation, _: Caller) -> None:
    phone = it.rings("0").listen(10)
    assert phone.call is not None
    phone.hang_up()
    it.pass_time(5)
    with _past_the_types(it) as execute:
        execute("UPDATE finished_call SET id = ?", (phone.call.sid[2:],))


def purge_never_ends(it: Installation, _: Caller) -> None:
    _ring(it)
    it.forget = lambda: None  # type: ignore[method-assign]


def _zipped(caller: Caller) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>&#43;44{caller.national}</t>")
    return packed.getvalue()


def _bcd(digits: str) -> bytes:
    return bytes.fromhex(digits)


def _swapped(digits: str) -> bytes:
    return bytes.fromhex("".join(digits[at + 1] + digits[at] for at in range(0, len(digits), 2)))


_ROOT_LOG: Final = "file said/root.log"

LEAKS: Final[tuple[Leak, ...]] = (
    Leak("the form in a log line", _ROOT_LOG, _in_handler(log_the_form)),
    Leak("an exception with its traceback in the log", _ROOT_LOG, _in_handler(log_the_traceback)),
    Leak("Twilio's call token in the log", _ROOT_LOG, _in_handler(log_a_token)),
    Leak("the number as people write it, in the log", _ROOT_LOG, _in_handler(log_a_local_number)),
    Leak("the last four digits in the log", _ROOT_LOG, _in_handler(log_last_four)),
    Leak("URL-escaped in our own log", "file said/candour.log", _in_handler(past_the_allow_list)),
    Leak("on standard output", "file said/stdout", _in_handler(print_it)),
    Leak("on standard error", "file said/stderr", _in_handler(complain_of_it)),
    Leak("reversed in what the line answers", "answer ", _in_handler(say_it)),
    Leak("URL-escaped in a text column", "table live_call",
         _in_column("live_call.force_id", lambda c: quote(c.number))),
    Leak("base64 in a blob", "table person",
         _in_column("person.private_bundle", lambda c: base64.b64encode(b"v1:" + c.number.encode()))),
    Leak("base64 in a blob, at another offset", "table person",
         _in_column("person.private_bundle", lambda c: base64.urlsafe_b64encode(b"k=" + c.number.encode() + b"&s"))),
    Leak("a hash in a column", "table live_call",
         _in_column("live_call.force_id", lambda c: hashlib.sha256(c.number.encode()).hexdigest())),
    Leak("a raw hash cut short in a blob", "table person",
         _in_column("person.salt", lambda c: hashlib.blake2b(c.number[1:].encode()).digest()[:16])),
    Leak("a hash keyed with the auth token", "table live_call",
         _in_column("live_call.force_id", lambda c: hmac.digest(AUTH_TOKEN.encode(), c.number.encode(), "sha1").hex())),
    Leak("a hash keyed with the sign-in secret", "table person",
         _in_column("person.salt", lambda c: hmac.digest(SIGN_IN_SECRET, c.number.encode(), "sha256"))),
    Leak("BCD in a blob", "table person", _in_column("person.reader_public", lambda c: _bcd(f"44{c.national}"))),
    Leak("BCD as telephone networks write it", "table person",
         _in_column("person.reader_public", lambda c: b"\x91" + _swapped(f"44{c.national}") + b"\xff")),
    Leak("a number in a number column", "table live_call",
         _in_column("live_call.waited_seconds", lambda c: int(c.national))),
    Leak("hexadecimal in a text column", "table live_call",
         _in_column("live_call.force_id", lambda c: c.number.encode().hex())),
    Leak("the last six digits in a column", "table live_call",
         _in_column("live_call.force_id", lambda c: f"...{c.national[-6:]}")),
    Leak("only in the write-ahead log", "file candour.db-wal", only_in_wal),
    Leak("in a free page of the database", "file candour.db", in_a_free_page),
    Leak("in a table of its own", "table banned", a_table_of_its_own),
    Leak("in a UTF-16 file", "file export.csv",
         _in_file("export.csv", lambda c: f"caller;{c.number}\r\n".encode("utf-16"))),
    Leak("in a compressed backup", "file backup.gz",
         _in_file("backup.gz", lambda c: gzip.compress(f"INSERT … '{c.number}'".encode()))),
    Leak("XML-escaped in a spreadsheet", "file summary.xlsx", _in_file("summary.xlsx", _zipped)),
    Leak("in 8 binary bytes of a file", "file ring.bin",
         _in_file("ring.bin", lambda c: b"\1\2\3" + int(f"44{c.national}").to_bytes(8, "little"))),
    Leak("in JSON's code points", "file state.json",
         _in_file("state.json", lambda c: "".join(f"\\u{ord(x):04x}" for x in c.number).encode())),
    Leak("in a file's name", "file caller-",
         lambda it, c: _in_file(f"caller-{c.national}.lock", lambda _: b"")(it, c)),
    Leak("in a header of the desk's", "frame ", on_a_console),
    Leak("in the event stream", "frame ", in_the_event_stream),
    Leak("inside a sealed report", "an opened envelope", inside_an_envelope),
    Leak("a CallSid in the log", _ROOT_LOG, _in_handler(log_call_sid)),
    Leak("a digest of a CallSid in the log", _ROOT_LOG, _in_handler(log_digest_of_call_sid)),
    Leak("a request's signature in the log", _ROOT_LOG, _in_handler(log_signature)),
    Leak("a CallSid as a finished call's id", "table finished_call", call_sid_outlives_its_call),
    Leak("a CallSid that is never purged", "table ", purge_never_ends),
)  # fmt: skip


def postgres_logs_a_value(it: Installation, caller: Caller) -> None:
    _ring(it)
    try:
        with it.store.engine.connect() as connection:
            connection.exec_driver_sql(f"INSERT INTO live_call (id) VALUES ('{caller.number}')")  # noqa: S608
    except DBAPIError:
        return


ON_POSTGRESQL: Final = (Leak("a failing statement in PostgreSQL's log", "PostgreSQL's log", postgres_logs_a_value),)
