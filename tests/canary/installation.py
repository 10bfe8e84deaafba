"""A whole installation in virtual time under the canary's eyes: line, desk, order worker, courier and a local Twilio.

Everything it writes, answers or is asked goes where `written` can search it. The local Twilio's own memory does not:
Twilio knows the number, and what it keeps is no leak of ours.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import httpx
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.test import TestResponse

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from ivr.line.app import LineSettings, line_app
from ivr.line.urls import LineUrls
from ivr.order_worker import OrderWorker
from ivr.simulator.clock import VirtualTime
from ivr.simulator.in_process import AUTH_TOKEN, LINE_NUMBER, PUBLIC_URL, local_twilio
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.rest import rest_app
from ivr.simulator.webhook import Reply, Transport, signature
from ivr.switchboard import Account, QuietHttp, Switchboard, twilio_client
from shared.domain.live_calls import LiveCall, call_on_leg
from shared.outbox.courier import Courier
from shared.outbox.transports.folder import FolderTransport
from shared.sealing.canonical import to_base64url
from shared.store.database import Store
from shared.store.schema import live_call, provider_purge
from tests.canary.needles import Caller
from tests.support.organisation import CHEAP, HANDLER, HANDSETS, SUPERVISOR, Member, Organisation

NEXT_TOKEN: Final = "the token that comes after"
A_STEP: Final = 5.0  # virtual seconds between two looks of the order worker
LONGEST: Final = 3 * 60 * 60.0  # virtual seconds in which every call must have been forgotten
SIGN_IN_SECRET: Final = b"\7" * 32  # what tests.support.organisation founds with

# Whatever an installation could make keyed hashes with, by name.
SECRETS: Final[Mapping[str, bytes]] = {
    "the auth token": AUTH_TOKEN.encode(),
    "the next auth token": NEXT_TOKEN.encode(),
    "the sign-in secret": SIGN_IN_SECRET,
    "no secret": b"",
}


@dataclass(slots=True)
class Watched:
    """Carries the local Twilio's requests, remembering what the line answered and which ids it was told."""

    carry: Transport
    answers: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __call__(self, method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        self.signatures.append(headers["X-Twilio-Signature"])
        self.ids |= {value for value in params.values() if value[:2] in {"CA", "CF"} and len(value) == 34}
        self.ids |= set(parse_qs(urlsplit(url).query).get("conference", ()))
        reply = self.carry(method, url, params, headers)
        self.answers.append(f"{reply.status} {reply.content_type} {reply.location}\n".encode() + reply.body)
        return reply


@dataclass(slots=True)
class Console:
    """Someone signed in at the desk. What the desk answers is kept, the event stream's first frame included."""

    client: FlaskClient
    member: Member
    headers: dict[str, str] = field(default_factory=dict)
    frames: list[bytes] = field(default_factory=list)

    def sign_in(self) -> None:
        key = to_base64url(self.member.authentication_key)
        signed_in = self.ask("POST", "/sign-in", {"name": self.member.name, "authentication_key": key})
        self.headers["Authorization"] = f"Bearer {signed_in.get_json()['token']}"

    def ask(self, method: str, path: str, message: Any = None) -> TestResponse:
        answer = self.client.open(f"/desk/v1{path}", method=method, json=message, headers=self.headers)
        self.frames.append(f"{method} {answer.status}\n{answer.headers}".encode() + answer.get_data())
        return answer

    def look(self) -> None:
        """Follow events for a moment: the snapshot shows what a console would."""
        answer = self.client.get("/desk/v1/events", headers=self.headers, buffered=False)
        self.frames.append(next(answer.iter_encoded(), b""))
        answer.close()


class Installation:
    """One installation, made for one scenario. A context manager; `folder` is where its files are."""

    def __init__(
        self, store: Store, organisation: Organisation, folder: Path, caller: Caller | None, seed: int = 1
    ) -> None:
        self.store, self.organisation, self.folder, self.caller = store, organisation, folder, caller
        self.clock = VirtualTime()
        self.stop = threading.Event()
        self.line = self.new_line()
        self.twilio = local_twilio(self.line, clock=self.clock, seed=seed)
        self.watched = Watched(self.twilio.carrier.transport)
        self.twilio.carrier.transport = self.watched
        desk = desk_app(store, self.clock.now, self.stop, DeskSettings(sign_in_cost=CHEAP, undo_within=timedelta(0)))
        self._watcher = desk.extensions["candour_watcher"]
        self.handler, self.supervisor = (Console(desk.test_client(), organisation.members[who])
                                         for who in (HANDLER, SUPERVISOR))  # fmt: skip
        self.rest_carrier: httpx.BaseTransport = httpx.WSGITransport(rest_app(self.twilio))
        self.worker = OrderWorker(store, self.new_switchboard(), self.clock.now)
        transports = {unit: FolderTransport(folder / "units" / unit) for unit in organisation.units}
        self.courier = Courier(store, transports, self.clock.now, random=random.Random(seed))
        self.handset = Handset(self.twilio, HANDSETS[HANDLER])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        self._watcher.join(5)

    @property
    def shown(self) -> str:
        """What Twilio sends as the caller's number: theirs, or its stand-in for a withheld one."""
        return self.caller.number if self.caller else "Anonymous"

    # --- parts --------------------------------------------------------------------------------------------------------

    def new_line(self) -> Flask:
        settings = LineSettings(PUBLIC_URL, (AUTH_TOKEN, NEXT_TOKEN), LINE_NUMBER)
        return line_app(self.store, settings, self.clock.now)

    def new_switchboard(self) -> Switchboard:
        """The service's own way to Twilio, down to its HTTP client; only the socket is missing."""
        client = twilio_client(Account(self.twilio.account.sid, AUTH_TOKEN))
        client.http_client = QuietHttp(httpx.Client(transport=_Through(self), trust_env=False))
        return Switchboard(client, LineUrls(PUBLIC_URL), LINE_NUMBER)

    # --- callers ------------------------------------------------------------------------------------------------------

    def phone(self, also_sent: Mapping[str, str] | None = None) -> Phone:
        return Phone(self.twilio, self.shown, also_sent)

    def rings(self, keys: str = "") -> Phone:
        """A caller who rings and presses keys, each after a second of listening."""
        phone = self.phone().dial()
        for key in keys:
            phone.listen(1).press(key)
        return phone

    def posts(self, path: str, params: Mapping[str, str], token: str = AUTH_TOKEN, **more: Any) -> TestResponse:
        """A request as Twilio would sign it, or not: `more` are werkzeug's, headers and method among them."""
        signed = signature(token, PUBLIC_URL + path, params)
        headers = {"X-Twilio-Signature": signed, **more.pop("headers", {})}
        self.watched.signatures.append(headers["X-Twilio-Signature"])
        asked: dict[str, Any] = {"method": "POST", "data": dict(params), **more}
        answer = self.line.test_client().open(path, base_url=PUBLIC_URL, headers=headers, **asked)
        self.watched.answers.append(f"{answer.status}\n{answer.headers}".encode() + answer.get_data())
        return answer

    # --- time and work ------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Let the order worker do what is due. What the database refuses is tried later, as the worker's loop does."""
        with suppress(SQLAlchemyError):
            while self.worker.step():
                self.clock.advance()

    def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, the order worker looking every `step` seconds."""
        until = self.clock.now().timestamp() + seconds
        while (left := until - self.clock.now().timestamp()) > 0.0005:
            self.work()
            self.clock.advance(min(step, left))
        self.work()

    def wait_until(self, happened: Callable[[], bool], limit: float = 120.0) -> None:
        for _ in range(int(limit * 2)):
            if happened():
                return
            self.pass_time(0.5)
        raise AssertionError(f"nothing of the kind within {limit:g} s")

    # --- the desk -----------------------------------------------------------------------------------------------------

    def at_work(self) -> None:
        """Handler and supervisor sign in, and the handler is available."""
        self.handler.sign_in()
        self.supervisor.sign_in()
        self.handler.ask("PUT", "/presence", {"state": "available"})

    def only_call(self) -> LiveCall:
        with self.store.read() as tx:
            sid = tx.execute(select(live_call.c.call_sid)).scalars().first()
            call = call_on_leg(tx, sid) if sid else None
        assert call is not None
        return call

    def take(self) -> LiveCall:
        """The handler takes the one call there is; their handset rings."""
        call = self.only_call()
        assert self.handler.ask("POST", f"/calls/{call.id}/take").status_code == 204
        self.wait_until(lambda: self.handset.ringing)
        self.handler.look()
        return call

    # --- the end ------------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Hang up whatever is left, let every call end, and let the provider's records be deleted, with proof."""
        for call in list(self.twilio.calls.values()):
            self.twilio.hang_up(call)
        self.clock.advance()
        for _ in range(int(LONGEST / A_STEP)):
            self.work()
            self._wrap_up()
            if not self.remembered():
                return
            self.clock.advance(A_STEP)

    def remembered(self) -> int:
        """How many calls and legs the store still knows by their ids."""
        with self.store.read() as tx:
            counts = (tx.execute(select(func.count()).select_from(table)).scalar_one()
                      for table in (live_call, provider_purge))  # fmt: skip
            return sum(counts)

    def _wrap_up(self) -> None:
        with self.store.read() as tx:
            over = tx.execute(select(live_call.c.id).where(live_call.c.state == "wrap_up")).scalars().all()
        for call_id in over:
            self.handler.ask("POST", f"/calls/{call_id}/wrap-up", {"disposition": "report"})


class _Through(httpx.BaseTransport):
    """Passes REST requests to whatever the installation's carrier is at the time: a scenario may put another there."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._installation.rest_carrier.handle_request(request)
