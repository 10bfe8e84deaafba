"""The whole line in virtual time: the local Twilio, the real webhooks, rules, orders and store, people at both ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Table, insert, select

from ivr.line.app import LineSettings, line_app
from ivr.line.urls import LineUrls
from ivr.order_worker import OrderWorker
from ivr.simulator.clock import VirtualTime
from ivr.simulator.in_process import AUTH_TOKEN, LINE_NUMBER, PUBLIC_URL, local_twilio
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.rest import rest_app
from ivr.simulator.twiml_engine import Twilio
from ivr.simulator.webhook import WsgiTransport
from ivr.switchboard import Account, QuietHttp, Switchboard, twilio_client
from shared.domain import calls
from shared.domain.live_calls import LiveCall, call_in_hand, waiting_calls
from shared.domain.presence import presence_of, set_presence
from shared.domain.vocabulary import CallOutcome, Language, PresenceState
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import finished_call, live_call, person, person_language


class Killed(BaseException):
    """A process has died, in the middle of whatever it was doing."""


@dataclass
class Rest(httpx.BaseTransport):
    """Twilio's REST without a socket. `after` happens, once, when a request is carried out and not yet answered."""

    inner: httpx.BaseTransport
    after: Callable[[], None] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, request.url.path.split("/", 4)[-1]))
        answer = self.inner.handle_request(request)
        after, self.after = self.after, None
        if after is not None:
            after()
        return answer


@dataclass
class Exchange:
    """Callers, handlers and handsets on the real line. The order worker's turns come by themselves while it works.

    `turn` is how often, in seconds.
    """

    store: Store
    time: VirtualTime
    twilio: Twilio
    worker: OrderWorker
    switchboard: Switchboard
    rest: Rest
    transport: WsgiTransport
    working: bool = True
    turn: float = 0.5

    def redeploy(self) -> None:
        """Another process answers from now on, knowing of each call what the store and the addresses hold."""
        self.transport.application = line_app(self.store, SETTINGS, self.time.now)

    def new_worker(self) -> None:
        """Another process carries out the orders from now on."""
        self.worker = OrderWorker(self.store, self.switchboard, self.time.now)

    def tick(self) -> None:
        """The worker's turn. One that is killed in it is replaced."""
        try:
            while self.working and self.worker.step():
                pass
        except Killed:
            self.new_worker()
        self.time.after(self.turn, self.tick)

    def enrol(self, name: str, handset: str, language: Language = Language.EN, **values: Any) -> str:
        person_id = random_id()
        row = {
            "id": person_id, "name": name, "active": True, "handset": handset, "handset_trusted": False,
            "salt": b"s" * 16, "memory_kib": 1, "iterations": 1, "lanes": 1, "authentication_hash": b"h" * 32,
            "private_bundle": b"", "reader_public": b"", "verify_public": b"",
        }  # fmt: skip
        with self.store.begin() as tx:
            tx.execute(insert(person).values(row | values))
            tx.execute(insert(person_language).values(person_id=person_id, language=language))
            set_presence(tx, person_id, PresenceState.AVAILABLE, self.time.now())
        return person_id

    def teach(self, person_id: str, language: Language) -> None:
        """From now on they speak this language too."""
        with self.store.begin() as tx:
            tx.execute(insert(person_language).values(person_id=person_id, language=language))

    def handler(self, name: str = "Asha", number: str = "+442079460111", **handset: Any) -> tuple[str, Handset]:
        """Someone available, whose handset is picked up after 3 seconds and answered with 1 unless said otherwise."""
        behaviour = {"answers_after": 3.0, "presses": "1"} | handset
        return self.enrol(name, number), Handset(self.twilio, number, **behaviour)

    def caller_in_queue(self, number: str = "+442079460123") -> tuple[Phone, LiveCall]:
        phone = Phone(self.twilio, number).dial()
        phone.listen(1).press("0").listen(2)
        [call] = [one for one in self.waiting() if one.call_sid == phone.call.sid]  # type: ignore[union-attr]
        return phone, call

    def talking(self) -> tuple[Phone, str, Handset, LiveCall]:
        """A caller and a handler in conversation."""
        person_id, handset = self.handler()
        phone, call = self.caller_in_queue()
        self.take(call, person_id)
        phone.listen_until(lambda: bool(phone.in_conference_with), 60).listen(30)
        return phone, person_id, handset, self.in_hand(person_id)

    def waiting(self) -> list[LiveCall]:
        with self.store.read() as tx:
            return waiting_calls(tx)

    def take(self, call: LiveCall, person_id: str) -> None:
        self.do(calls.take_call, call.id, person_id, self.time.now())

    def do(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        with self.store.begin() as tx:
            return verb(tx, *arguments)

    def in_hand(self, person_id: str) -> LiveCall:
        with self.store.read() as tx:
            found = call_in_hand(tx, person_id)
        assert found is not None
        return found

    def presence(self, person_id: str) -> PresenceState:
        with self.store.read() as tx:
            return presence_of(tx, person_id).state

    def rows(self, table: Table) -> list[Mapping[str, Any]]:
        with self.store.read() as tx:
            return [dict(row) for row in tx.execute(select(table)).mappings()]

    @property
    def live(self) -> list[Mapping[str, Any]]:
        return self.rows(live_call)

    @property
    def outcomes(self) -> list[CallOutcome]:
        return [row["outcome"] for row in self.rows(finished_call)]


SETTINGS = LineSettings(PUBLIC_URL, (AUTH_TOKEN,), LINE_NUMBER)


def exchange_on(store: Store, *, seed: int = 1, fallback_url: str | None = None) -> Exchange:
    """A line with nobody on it, its order worker at work, and a colleague on duty who speaks Welsh."""
    time = VirtualTime()
    application = line_app(store, SETTINGS, time.now)
    twilio = local_twilio(application, clock=time, seed=seed, fallback_url=fallback_url)
    account = Account(twilio.account.sid, twilio.account.auth_token, "http://twilio.example")
    rest = Rest(httpx.WSGITransport(rest_app(twilio)))
    http = httpx.Client(transport=rest, trust_env=False)
    switchboard = Switchboard(twilio_client(account, QuietHttp(http)), LineUrls(PUBLIC_URL), LINE_NUMBER)
    transport = twilio.carrier.transport
    assert isinstance(transport, WsgiTransport)
    exchange = Exchange(store, time, twilio, OrderWorker(store, switchboard, time.now), switchboard, rest, transport)
    exchange.enrol("Bethan", "+442920180100", Language.CY)  # somebody to wait for, whom no English call is offered to
    exchange.tick()
    return exchange
