"""The keys on a page to print: all of them, on one page, and a sentence where it cannot be written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.actions import ACTIONS, Place
from console.app import Console
from console.looks import NOT_WRITTEN
from console.printed_keys import COLUMNS, FILE_NAME, KeysNotWritten, write_keys
from tests.support.organisation import HANDLER


def test_every_key_is_written_on_one_page(qapp: Any, tmp_path: Path) -> None:
    page = write_keys(tmp_path, ACTIONS).read_bytes()

    assert page.startswith(b"%PDF-")
    assert page.count(b"/Type /Page\n") == 1
    assert {place for places in COLUMNS for place in places} == set(Place)
    assert all(action.place in Place for action in ACTIONS.values())


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_refused(qapp: Any, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way")

    assert write_keys(tmp_path / "people" / "Documents", ACTIONS).is_file()
    with pytest.raises(KeysNotWritten):
        write_keys(tmp_path / "a file", ACTIONS)


def test_the_sheet_says_where_the_page_is(
    signed_in: Callable[..., Console], control: Callable[[Console, str], Any], qtbot: Any, tmp_path: Path
) -> None:
    console = signed_in(HANDLER)
    console.looks._papers = lambda: tmp_path
    control(console, "action.keys").click()

    control(console, "action.print_keys").click()

    qtbot.waitUntil(lambda: str(tmp_path / FILE_NAME) in control(console, "keys.notice").text(), timeout=20_000)


def test_the_sheet_says_when_it_could_not_be_written(
    signed_in: Callable[..., Console], control: Callable[[Console, str], Any], qtbot: Any, tmp_path: Path
) -> None:
    console = signed_in(HANDLER)
    barred = tmp_path / "a file"
    barred.write_text("in the way")
    console.looks._papers = lambda: barred
    control(console, "action.keys").click()

    control(console, "action.print_keys").click()

    qtbot.waitUntil(lambda: control(console, "keys.notice").text() == NOT_WRITTEN.format(folder=barred), timeout=20_000)
