"""A desk on each database, people who sign in to it, callers who wait, and streams that are read."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel
from werkzeug.test import TestResponse

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from shared.domain import calls
from shared.domain.vocabulary import Category, Language, Mode
from shared.sealing.canonical import to_base64url
from shared.settings import OutsideLine
from shared.store.columns import random_id
from shared.store.database import Store
from shared.summary.retention import Kept
from tests.support.organisation import CHEAP, Member, Organisation, found_organisation

STREAMS = 4


@dataclass
class Events:
    """A console's event stream, read one event at a time; comments are counted and passed over."""

    response: TestResponse
    comments: int = 0
    _chunks: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._chunks = iter(self.response.iter_encoded())

    def next(self) -> tuple[str, dict[str, Any]]:
        for chunk in self._chunks:
            if chunk.startswith(b":"):
                self.comments += 1
                continue
            lines = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
            return lines["event"], json.loads(lines["data"])
        raise EOFError

    def ends(self) -> bool:
        """Read on to the end."""
        try:
            while True:
                self.next()
        except EOFError:
            return True

    def close(self) -> None:
        self.response.close()


@dataclass
class Console:
    """What a signed-in console does: it sends messages with its token."""

    client: FlaskClient
    member: Member
    token: str

    def ask(self, method: str, path: str, message: BaseModel | dict[str, Any] | None = None) -> TestResponse:
        body = message.model_dump(mode="json") if isinstance(message, BaseModel) else message
        return self.client.open(f"/desk/v1{path}", method=method, json=body, headers=self.headers)

    def follow(self) -> Events:
        response = self.ask("GET", "/events")
        assert response.status_code == 200
        return Events(response)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def organisation(store: Store) -> Organisation:
    return found_organisation(store)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def outside() -> dict[str, OutsideLine]:
    """Telephones that may be brought into a call: none."""
    return {}


@pytest.fixture
def app(
    store: Store, clock: Any, stop: threading.Event, organisation: Organisation, outside: dict[str, OutsideLine]
) -> Iterator[Flask]:
    settings = DeskSettings(
        open_streams=STREAMS, heartbeat_seconds=0.2, sign_in_cost=CHEAP, tries_at_once=10_000, outside=outside,
        kept=Kept(launch=date(2026, 1, 1)),
    )  # fmt: skip
    made = desk_app(store, clock, stop, settings)
    yield made
    stop.set()
    assert made.extensions["candour_watcher"].join(5)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, organisation: Organisation) -> Callable[[str], Console]:
    def signed_in(name: str) -> Console:
        client, member = app.test_client(), organisation.members[name]
        message = {"name": name, "authentication_key": to_base64url(member.authentication_key)}
        answer = client.post("/desk/v1/sign-in", json=message)
        assert answer.status_code == 200
        return Console(client, member, answer.json["token"])

    return signed_in


@pytest.fixture
def caller_waits(store: Store, clock: Any) -> Callable[[], str]:
    """Let someone ring who chooses partner abuse and Kent, and waits. Gives the caller's leg."""

    def waits() -> str:
        call_sid = "CA" + random_id()
        with store.begin() as tx:
            calls.arrive(tx, call_sid, Language.EN, clock())
            calls.queue_call(tx, call_sid, Language.EN, Mode.ANONYMOUS, Category.PARTNER_ABUSE, "kent", False, clock())
            calls.caller_waits(tx, call_sid, clock())
        return call_sid

    return waits
