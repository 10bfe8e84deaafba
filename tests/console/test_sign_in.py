"""Signing in: the right passphrase opens the desk, and every wrong thing is said in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.app import Console
from console.highest_seen import HighestSeen
from console.models.session import SessionState
from shared.sealing.directory import RoleName
from shared.sealing.keys import SigningKey
from shared.sealing.sign_in import CONSOLE_FLOOR
from tests.support.organisation import HANDLER, SUPERVISOR

Find = Callable[[Console, str], Any]


def typed(console: Console, control: Find, qtbot: Any, name: str, passphrase: str) -> None:
    qtbot.keyClicks(control(console, "sign_in.name"), name)
    qtbot.keyClicks(control(console, "sign_in.passphrase"), passphrase)
    qtbot.keyClick(control(console, "sign_in.passphrase"), Qt.Key.Key_Return)


def refused(console: Console, qtbot: Any) -> str:
    qtbot.waitUntil(lambda: console.session.problem != "", timeout=20_000)
    assert console.session.state is SessionState.SIGNED_OUT
    assert console.keyring.keys is None
    return console.session.problem


def test_a_handler_signs_in_with_name_and_passphrase(
    open_console: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = open_console()

    typed(console, control, qtbot, HANDLER, service.organisation.members[HANDLER].passphrase)

    qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)
    assert control(console, "line.name").text() == HANDLER
    assert control(console, "sign_in.passphrase").text() == ""


def test_a_supervisors_role_keys_are_opened(signed_in: Callable[..., Console]) -> None:
    keys = signed_in(SUPERVISOR).keyring.keys

    assert keys is not None
    assert {RoleName.SUPERVISORS, RoleName.RELEASE} <= set(keys.roles)


def test_a_handler_has_no_supervisors_key(signed_in: Callable[..., Console]) -> None:
    keys = signed_in(HANDLER).keyring.keys

    assert keys is not None
    assert {RoleName.SUPERVISORS, RoleName.RELEASE}.isdisjoint(keys.roles)


def test_a_wrong_passphrase_is_said_in_words(open_console: Callable[..., Console], control: Find, qtbot: Any) -> None:
    console = open_console()

    typed(console, control, qtbot, HANDLER, "not the passphrase at all")

    assert refused(console, qtbot) == "That is not right. Check each part; after five tries, wait 15 minutes."
    assert control(console, "sign_in.words").text() == console.session.problem


def test_a_short_passphrase_is_not_even_sent(open_console: Callable[..., Console], qtbot: Any) -> None:
    console = open_console()

    console.signing_in.begin(HANDLER, "short")

    assert "14 to 128" in refused(console, qtbot)


def test_no_service_is_said_in_words(open_console: Callable[..., Console], service: Any, qtbot: Any) -> None:
    console = open_console()
    service.go_away()

    console.signing_in.begin(HANDLER, "correct horse battery staple")

    assert refused(console, qtbot) == "The service cannot be reached."


def test_a_directory_not_signed_by_our_root_is_refused(
    open_console: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    service.organisation.root = SigningKey.generate()
    console = open_console()

    console.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)

    assert "not signed by the organisation's root" in refused(console, qtbot)


def test_an_older_directory_than_one_seen_is_refused(
    open_console: Callable[..., Console], service: Any, qtbot: Any, tmp_path: Path
) -> None:
    HighestSeen(tmp_path / "console", service.organisation.root.public).remember(10_000)
    console = open_console()

    console.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)

    assert "older than one already seen" in refused(console, qtbot)


def test_a_service_that_asks_for_a_cheaper_sign_in_is_refused(
    open_console: Callable[..., Console], quick: Any, service: Any, qtbot: Any
) -> None:
    console = open_console(quick(floor=CONSOLE_FLOOR))

    console.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)

    assert "weaker sign-in" in refused(console, qtbot)


def test_signing_out_forgets_every_key(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> None:
    console = signed_in(HANDLER)

    control(console, "action.sign_out").click()

    assert console.keyring.keys is None
    assert console.session.person is None
    assert control(console, "sign_in.name").isVisible()


@pytest.mark.parametrize("name", [HANDLER, SUPERVISOR])
def test_the_version_seen_is_kept_as_a_number(
    signed_in: Callable[..., Console], service: Any, tmp_path: Path, name: str
) -> None:
    signed_in(name)

    kept = [path.read_text(encoding="ascii") for path in (tmp_path / "console").glob("directory-*")]

    assert kept == [f"{service.organisation.directory.version}\n"]
