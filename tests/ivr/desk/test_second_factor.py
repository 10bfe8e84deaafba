"""The desk where everyone needs a code: one answer for whatever is wrong, and a second factor given out once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from shared.domain.second_factor import code_at
from shared.sealing.canonical import to_base64url
from shared.store.database import Store
from shared.store.schema import person
from tests.support.door import KEY, WRONG
from tests.support.organisation import CHEAP, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation


@pytest.fixture
def client(store: Store, clock: Any, organisation: Organisation) -> FlaskClient:
    settings = DeskSettings(sign_in_cost=CHEAP, second_factor=KEY)
    return desk_app(store, clock, threading.Event(), settings).test_client()


def shown(organisation: Organisation, name: str, code: str = "") -> dict[str, str]:
    key = organisation.members[name].authentication_key
    return {"name": name, "authentication_key": to_base64url(key), "code": code}


@pytest.fixture
def secret(client: FlaskClient, organisation: Organisation, clock: Any) -> str:
    """The handler's, confirmed a while ago."""
    told = client.post("/desk/v1/sign-in/second-factor", json=shown(organisation, HANDLER)).json
    code = code_at(told["secret"], clock())
    assert client.post("/desk/v1/sign-in", json=shown(organisation, HANDLER, code)).status_code == 200
    clock.advance(300)
    secret: str = told["secret"]
    return secret


def test_whatever_is_wrong_meets_the_same_answer(
    client: FlaskClient, organisation: Organisation, store: Store, clock: Any, secret: str
) -> None:
    right, wrong_key = code_at(secret, clock()), to_base64url(WRONG)
    with store.begin() as tx:
        tx.execute(update(person).where(person.c.name == SECOND_HANDLER).values(active=False))
        later = clock() + timedelta(days=1)
        tx.execute(update(person).where(person.c.name == SUPERVISOR).values(locked_until=later))

    answers = [
        client.post("/desk/v1/sign-in", json=message)
        for message in (
            shown(organisation, HANDLER),  # no code
            shown(organisation, HANDLER, "000000"),
            shown(organisation, HANDLER, right) | {"authentication_key": wrong_key},
            shown(organisation, SECOND_HANDLER, right),  # suspended
            shown(organisation, SUPERVISOR),  # locked
            {"name": "Nobody", "authentication_key": wrong_key, "code": right},
        )
    ]
    answers.append(client.post("/desk/v1/sign-in/second-factor", json=shown(organisation, HANDLER)))

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1


def test_someone_without_a_second_factor_is_told_to_set_one_up_and_let_in_by_it(
    client: FlaskClient, organisation: Organisation, clock: Any
) -> None:
    first = client.post("/desk/v1/sign-in", json=shown(organisation, HANDLER))
    assert (first.status_code, first.json["code"]) == (409, "second_factor_needed")

    told = client.post("/desk/v1/sign-in/second-factor", json=shown(organisation, HANDLER)).json
    answer = client.post("/desk/v1/sign-in", json=shown(organisation, HANDLER, code_at(told["secret"], clock())))

    assert answer.status_code == 200
    assert told["address"].startswith("otpauth://totp/Candour:")
    assert told["secret"] in told["address"]


@pytest.mark.parametrize("name", [HANDLER, "Nobody"])
def test_every_name_is_told_that_a_code_is_asked_for(client: FlaskClient, secret: str, name: str) -> None:
    told = client.post("/desk/v1/sign-in/parameters", json={"name": name}).json

    assert told["second_factor"] is True


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６"])
def test_what_is_no_code_is_not_looked_at(client: FlaskClient, organisation: Organisation, code: str) -> None:
    answer = client.post("/desk/v1/sign-in", json=shown(organisation, HANDLER, code))

    assert (answer.status_code, answer.json["sentence"]) == (422, "Not as it must be: code.")
