"""Signing in: the right passphrase opens the desk, and every wrong thing is said in words."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from console.app import Console
from tests.support.organisation import HANDLER


def test_a_handler_signs_in_with_name_and_passphrase(
    open_console: Callable[..., Console], service: Any, control: Callable[[Console, str], Any], qtbot: Any
) -> None:
    console = open_console()
    qtbot.keyClicks(control(console, "sign_in.name"), HANDLER)
    qtbot.keyClicks(control(console, "sign_in.passphrase"), service.organisation.members[HANDLER].passphrase)

    qtbot.keyClick(control(console, "sign_in.passphrase"), Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: console.line.reached, timeout=5_000)
    assert control(console, "line.name").text() == HANDLER
    assert control(console, "sign_in.passphrase").text() == ""
