"""A desk on each database, and people who sign in to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel
from werkzeug.test import TestResponse

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from shared.sealing.canonical import to_base64url
from shared.store.database import Store
from tests.support.organisation import CHEAP, Member, Organisation, found_organisation


@dataclass
class Console:
    """What a signed-in console does: it sends messages with its token."""

    client: FlaskClient
    member: Member
    token: str

    def ask(self, method: str, path: str, message: BaseModel | dict[str, Any] | None = None) -> TestResponse:
        body = message.model_dump(mode="json") if isinstance(message, BaseModel) else message
        return self.client.open(f"/desk/v1{path}", method=method, json=body, headers=self.headers)

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
def app(store: Store, clock: Any, stop: threading.Event, organisation: Organisation) -> Iterator[Flask]:
    made = desk_app(store, clock, stop, DeskSettings(open_streams=4, heartbeat_seconds=5.0, sign_in_cost=CHEAP))
    yield made
    stop.set()
    assert made.extensions["candour_watcher"].join(5)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(client: FlaskClient, organisation: Organisation) -> Callable[[str], Console]:
    def signed_in(name: str) -> Console:
        member = organisation.members[name]
        message = {"name": name, "authentication_key": to_base64url(member.authentication_key)}
        answer = client.post("/desk/v1/sign-in", json=message)
        assert answer.status_code == 200
        return Console(client, member, answer.json["token"])

    return signed_in
