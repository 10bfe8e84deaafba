"""What ours is measured against: the least that does the same kind of work. It imports nothing of Candour's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
import threading
from collections.abc import Iterator
from queue import SimpleQueue

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator

from tests.bench.servers import told

TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Thank you for calling.</Say><Hangup/></Response>'


def signed_views() -> Flask:
    """Two views that check Twilio's signature and answer with constant TwiML.

    `/validated` as in Twilio's samples, by `RequestValidator.validate`; `/once` by the same sum done only once,
    for the validator does it twice (with the port and without).
    """
    app = Flask("bare")
    token = told("auth_token")
    validator = RequestValidator(token)

    @app.post("/validated")
    def validated() -> Response:
        if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        return Response(TWIML, content_type="text/xml")

    @app.post("/once")
    def once() -> Response:
        signed = request.url + "".join(name + value for name, value in sorted(request.form.items()))
        mac = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
        given = request.headers.get("X-Twilio-Signature", "")
        if not hmac.compare_digest(base64.b64encode(mac).decode(), given):
            abort(403)
        return Response(TWIML, content_type="text/xml")

    return app


def commit_and_stream() -> Flask:
    """`/wait` commits one row as durably as the service does and tells `/events`, one event stream, at once."""
    app = Flask("bare")
    database = sqlite3.connect(told("database"), check_same_thread=False, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE waiting (id INTEGER)"):
        database.execute(statement)
    writing, committed = threading.Lock(), SimpleQueue[int]()

    @app.post("/wait")
    def wait() -> Response:
        with writing:
            row = database.execute("INSERT INTO waiting DEFAULT VALUES").lastrowid or 0
        committed.put(row)
        return Response(TWIML, content_type="text/xml")

    @app.get("/events")
    def events() -> Response:
        return Response(_told(committed), content_type="text/event-stream")

    return app


def _told(committed: SimpleQueue[int]) -> Iterator[str]:
    yield "event: snapshot\ndata: {}\n\n"
    while True:
        yield f"event: change\ndata: {committed.get()}\n\n"
