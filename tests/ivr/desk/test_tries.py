"""The doors of the desk can be tried so often, all together, and then again after a while."""

import threading
from typing import Any

import pytest

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from ivr.desk.tries import Tries
from shared.domain.errors import TooManyTries
from shared.store.database import Store
from tests.support.organisation import CHEAP, HANDLER, found_organisation


def taken(tries: Tries) -> int:
    """How many can be made now."""
    count = 0
    while True:
        try:
            tries.take()
        except TooManyTries:
            return count
        count += 1


def test_so_many_at_once_and_then_so_many_a_second(clock: Any) -> None:
    tries = Tries(clock, at_once=10, a_second=2.0)
    assert taken(tries) == 10

    clock.advance(3)
    assert taken(tries) == 6
    clock.advance(3600)
    assert taken(tries) == 10


def test_a_clock_that_is_put_back_fills_nothing(clock: Any) -> None:
    tries = Tries(clock, at_once=1)
    tries.take()

    clock.advance(-3600)

    with pytest.raises(TooManyTries):
        tries.take()


def test_beyond_it_every_name_meets_the_same_answer(sqlite_store: Store, clock: Any) -> None:
    found_organisation(sqlite_store)
    settings = DeskSettings(sign_in_cost=CHEAP, tries_at_once=2)
    client = desk_app(sqlite_store, clock, threading.Event(), settings).test_client()
    for _ in range(2):
        client.post("/desk/v1/sign-in/parameters", json={"name": "Nobody"})

    answers = {
        (answer.status_code, answer.data)
        for name in (HANDLER, "Nobody")
        for path in ("/sign-in/parameters", "/sign-in", "/sign-in/second-factor")
        for answer in [client.post(f"/desk/v1{path}", json={"name": name, "authentication_key": ""})]
    }

    assert len(answers) == 1
    assert next(iter(answers))[0] == 429
