"""The desk's side of references: one answer for every wrong one, and no room for the words."""

from collections.abc import Callable
from typing import Any

from shared.sealing.canonical import to_base64url
from tests.support.organisation import HANDLER

RIGHT = {"locator": to_base64url(b"l" * 16), "proof": to_base64url(b"p" * 32)}
WRONG = (
    RIGHT | {"proof": to_base64url(b"q" * 32)},
    RIGHT | {"locator": to_base64url(b"m" * 16)},
    RIGHT | {"proof": to_base64url(b"p" * 31)},
)


def test_a_reference_that_was_given_is_found(sign_in: Callable[[str], Any]) -> None:
    handler = sign_in(HANDLER)

    assert handler.ask("POST", "/references", RIGHT).status_code == 204

    assert handler.ask("POST", "/references/find", RIGHT).status_code == 204


def test_every_wrong_one_meets_the_same_answer(sign_in: Callable[[str], Any]) -> None:
    handler = sign_in(HANDLER)
    handler.ask("POST", "/references", RIGHT)

    answers = [handler.ask("POST", "/references/find", wrong) for wrong in WRONG]

    assert {(answer.status_code, answer.json["code"], answer.json["sentence"]) for answer in answers} == {
        (404, "reference_unknown", "No reference has these words, or it has expired. "
         "Check them with the caller, one by one.")
    }  # fmt: skip


def test_tries_run_out(sign_in: Callable[[str], Any]) -> None:
    handler = sign_in(HANDLER)

    answers = [handler.ask("POST", "/references/find", WRONG[0]).status_code for _ in range(6)]

    assert answers == [404] * 5 + [429]


def test_one_that_was_withdrawn_is_not_found_and_withdrawing_says_nothing(sign_in: Callable[[str], Any]) -> None:
    handler = sign_in(HANDLER)
    handler.ask("POST", "/references", RIGHT)

    assert [handler.ask("POST", "/references/withdraw", one).status_code for one in (RIGHT, WRONG[0])] == [204, 204]

    assert handler.ask("POST", "/references/find", RIGHT).status_code == 404


def test_there_is_no_room_for_the_words(sign_in: Callable[[str], Any]) -> None:
    answer = sign_in(HANDLER).ask("POST", "/references", RIGHT | {"words": "apple bridge"})

    assert answer.status_code == 422
