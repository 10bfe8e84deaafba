"""Calls at the desk: who takes them and who is told."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from shared.store.database import Store
from shared.store.schema import live_call
from tests.support.organisation import BOTH, HANDLER, SECOND_HANDLER


def _waiting_id(store: Store) -> str:
    with store.read() as tx:
        found: str = tx.execute(select(live_call.c.id)).scalar_one()
        return found


def test_of_two_handlers_answering_the_same_call_one_gets_it_and_the_other_is_told(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str], store: Store
) -> None:
    caller_waits()
    call_id, together = _waiting_id(store), threading.Barrier(2)
    consoles, answers = [sign_in(HANDLER), sign_in(SECOND_HANDLER)], []
    for console in consoles:
        console.ask("PUT", "/presence", {"state": "available"})

    def take(console: Any) -> None:
        together.wait()
        answer = console.ask("POST", f"/calls/{call_id}/take")
        answers.append((answer.status_code, answer.json and answer.json["code"]))

    takers = [threading.Thread(target=take, args=(console,)) for console in consoles]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()

    assert sorted(answers, key=str) == [(204, None), (409, "call_already_taken")]


def test_a_call_that_has_gone_is_said_to_have_gone(sign_in: Callable[[str], Any]) -> None:
    answer = sign_in(BOTH).ask("POST", f"/calls/{'0' * 32}/take")

    assert (answer.status_code, answer.json["code"]) == (409, "call_gone")


def test_a_colleagues_call_cannot_be_held_ended_or_wrapped_up(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str], store: Store
) -> None:
    caller_waits()
    taker, other = sign_in(HANDLER), sign_in(SECOND_HANDLER)
    taker.ask("PUT", "/presence", {"state": "available"})
    call_id = _waiting_id(store)
    taker.ask("POST", f"/calls/{call_id}/take")

    answers = [
        other.ask("POST", f"/calls/{call_id}/hold"),
        other.ask("POST", f"/calls/{call_id}/resume"),
        other.ask("POST", f"/calls/{call_id}/end"),
        other.ask("POST", f"/calls/{call_id}/wrap-up", {"disposition": "test"}),
        other.ask("PUT", f"/calls/{call_id}/choices", {"mode": "unset", "category": "other", "force_id": None}),
    ]

    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(403, "call_not_yours")}


def test_choices_name_a_force_on_the_list_or_none(sign_in: Callable[[str], Any]) -> None:
    message = {"mode": "unset", "category": "other", "force_id": "atlantis"}

    answer = sign_in(HANDLER).ask("PUT", f"/calls/{'0' * 32}/choices", message)

    assert (answer.status_code, answer.json["code"]) == (422, "force_unknown")
