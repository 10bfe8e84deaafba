"""The second factor in the console: set up at the first sign-in, asked for at every other, and never shown again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from console.app import Console
from console.models.session import SessionState
from shared.domain.second_factor import code_at
from shared.store.schema import person
from tests.support.door import KEY
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]


@pytest.fixture
def guarded(service: Any) -> Any:
    """The desk, asking everyone for a code."""
    service.go_away()
    service.second_factor = KEY
    service.come_back()
    return service


@pytest.fixture
def at_the_code(open_console: Callable[..., Console], guarded: Any, control: Find, qtbot: Any) -> Console:
    """A handler has given name and passphrase, and is asked for the code."""
    console = open_console()
    qtbot.keyClicks(control(console, "sign_in.name"), HANDLER)
    qtbot.keyClicks(control(console, "sign_in.passphrase"), guarded.organisation.members[HANDLER].passphrase)
    qtbot.keyClick(control(console, "sign_in.passphrase"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: console.session.state is SessionState.CODE, timeout=20_000)
    return console


def give(console: Console, control: Find, qtbot: Any, code: str) -> None:
    qtbot.keyClicks(control(console, "sign_in.code"), code)
    qtbot.keyClick(control(console, "sign_in.code"), Qt.Key.Key_Return)


def set_up(console: Console, control: Find, qtbot: Any) -> str:
    control(console, "sign_in.none_yet").click()
    qtbot.waitUntil(lambda: console.session.second_factor is not None, timeout=20_000)
    secret: str = console.session.second_factor.secret
    return secret


def test_the_first_sign_in_shows_a_second_factor_as_a_square_and_in_letters(
    at_the_code: Console, control: Find, qtbot: Any, guarded: Any
) -> None:
    secret = set_up(at_the_code, control, qtbot)

    assert "".join(control(at_the_code, "sign_in.secret").text().split()) == secret
    assert control(at_the_code, "sign_in.square").isVisible()
    give(at_the_code, control, qtbot, code_at(secret, guarded.clock()))
    qtbot.waitUntil(lambda: at_the_code.line.reached, timeout=20_000)
    with guarded.store.read() as tx:
        assert tx.execute(select(person.c.second_factor_confirmed).where(person.c.name == HANDLER)).scalar_one()


def test_nothing_of_the_second_factor_stays_on_the_screen_after_signing_in(
    at_the_code: Console, control: Find, qtbot: Any, guarded: Any
) -> None:
    secret = set_up(at_the_code, control, qtbot)
    give(at_the_code, control, qtbot, code_at(secret, guarded.clock()))
    qtbot.waitUntil(lambda: at_the_code.line.reached, timeout=20_000)

    assert at_the_code.session.second_factor is None
    assert control(at_the_code, "sign_in.secret").text() == ""
    assert control(at_the_code, "sign_in.code").text() == ""
    assert control(at_the_code, "sign_in.square")._rows == ()


def test_a_wrong_code_can_be_put_right_without_the_passphrase_again(
    at_the_code: Console, control: Find, qtbot: Any, guarded: Any
) -> None:
    secret = set_up(at_the_code, control, qtbot)
    give(at_the_code, control, qtbot, "000 000")
    qtbot.waitUntil(lambda: at_the_code.session.problem != "", timeout=20_000)

    give(at_the_code, control, qtbot, code_at(secret, guarded.clock() + timedelta(seconds=30)))

    qtbot.waitUntil(lambda: at_the_code.line.reached, timeout=20_000)


def test_what_is_no_code_is_not_even_sent(at_the_code: Console, control: Find, qtbot: Any) -> None:
    give(at_the_code, control, qtbot, "12345")

    assert "six digits" in at_the_code.session.problem
    assert at_the_code.session.state is SessionState.CODE


def test_a_code_before_anything_is_set_up_is_not_right(at_the_code: Console, control: Find, qtbot: Any) -> None:
    give(at_the_code, control, qtbot, "123456")

    qtbot.waitUntil(lambda: at_the_code.session.problem.startswith("That is not right"), timeout=20_000)


def test_starting_again_forgets_what_was_derived(at_the_code: Console, control: Find) -> None:
    control(at_the_code, "sign_in.again").click()

    assert at_the_code.session.state is SessionState.SIGNED_OUT
    assert at_the_code.signing_in._halfway is None
    assert control(at_the_code, "sign_in.passphrase").isVisible()
