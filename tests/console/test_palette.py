"""The command palette: what can be done now, found by a few letters and done by Enter, without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.actions import ACTIONS
from console.app import Console
from console.models.palette import found
from shared.domain.vocabulary import PresenceState
from tests.support.organisation import HANDLER

CTRL = Qt.KeyboardModifier.ControlModifier
Find = Callable[[Console, str], Any]


@pytest.fixture
def console(signed_in: Callable[..., Console], qtbot: Any) -> Console:
    made = signed_in(HANDLER)
    qtbot.waitUntil(lambda: made.window.isActiveWindow())
    return made


def open_palette(console: Console, control: Find) -> Any:
    QTest.keyClick(console.window.focusWidget() or console.window, Qt.Key.Key_K, CTRL)
    return control(console, "palette.typed")


def offered(console: Console, control: Find) -> list[str]:
    rows = control(console, "palette.list")
    return [rows.item(row).data(Qt.ItemDataRole.UserRole) for row in range(rows.count())]


def test_letters_find_an_action_by_its_words_its_meaning_or_its_key() -> None:
    actions = tuple(ACTIONS.values())

    assert found(actions, "break")[0].id == "break"
    assert "hold" in [action.id for action in found(actions, "caller on hold")]
    assert [action.id for action in found(actions, "ctrl+k")] == ["palette"]
    assert found(actions, "no such thing") == ()
    assert found(actions, "  ") == actions


def test_what_begins_with_the_letters_comes_first() -> None:
    assert found(tuple(ACTIONS.values()), "hold")[0].id == "hold"


def test_only_what_can_be_done_now_is_offered(console: Console, control: Find) -> None:
    open_palette(console, control)

    assert {"available", "break", "theme", "sign_out"} <= set(offered(console, control))
    assert {"hold", "end", "answer", "release", "palette"}.isdisjoint(offered(console, control))


def test_an_action_is_found_and_done_by_keys_alone(console: Console, control: Find, qtbot: Any) -> None:
    typed = open_palette(console, control)

    QTest.keyClicks(typed, "avail")
    QTest.keyClick(typed, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)
    assert not control(console, "palette").isVisible()


def test_down_goes_through_the_list_and_a_letter_comes_back(console: Console, control: Find) -> None:
    typed = open_palette(console, control)
    rows = control(console, "palette.list")

    QTest.keyClick(typed, Qt.Key.Key_Down)
    assert rows.hasFocus() and rows.currentRow() == 1
    QTest.keyClick(rows, Qt.Key.Key_B)

    assert typed.hasFocus() and typed.text() == "b"


def test_escape_gives_the_focus_back(console: Console, control: Find) -> None:
    before = control(console, "action.sign_out")
    before.setFocus()
    typed = open_palette(console, control)

    QTest.keyClick(typed, Qt.Key.Key_Escape)

    assert before.hasFocus()


def test_what_is_not_there_is_said_in_words(console: Console, control: Find) -> None:
    typed = open_palette(console, control)

    QTest.keyClicks(typed, "zzz")
    QTest.keyClick(typed, Qt.Key.Key_Return)

    assert control(console, "palette.nothing").isVisible()
    assert control(console, "palette").isVisible()


def test_each_row_is_read_with_its_key(console: Console, control: Find) -> None:
    open_palette(console, control)

    rows = control(console, "palette.list")
    read = [rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(rows.count())]
    assert "Take a break; no calls are offered, F3" in read


def test_nothing_of_the_palette_stays_when_one_signs_out(console: Console, control: Find) -> None:
    open_palette(console, control)

    console.signing_in.end()

    assert not control(console, "palette").isVisible()
