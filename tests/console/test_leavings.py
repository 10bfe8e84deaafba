"""Nothing of a report is left once it is gone: in no copy, no undo, no other program, no file, no dump and no fault."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from console.app import Console
from console.leavings import SECRET_MARKS
from console.views.day_box import DayBox
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]
NEEDLE = "a needle in the report"


@pytest.fixture
def board() -> Iterator[Any]:
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def console(signed_in: Callable[..., Console], board: Any, control: Find, qtbot: Any) -> Console:
    made = signed_in(HANDLER)
    made.drafting.begin_without_call()
    made.window.show_desk()
    qtbot.keyClicks(control(made, "field.what"), NEEDLE)
    return made


def saved(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not console.report.is_unsaved, timeout=20_000)


def copied(console: Console, control: Find) -> None:
    control(console, "field.what").selectAll()
    control(console, "field.what").copy()


def written_in(console: Console) -> list[QWidget]:
    place = console.window.findChild(QWidget, "place.report")
    kinds = (QPlainTextEdit, QLineEdit)
    return [widget for kind in kinds for widget in place.findChildren(kind) if widget.objectName().startswith("field.")]


# --- the clipboard ----------------------------------------------------------------------------------------------------


def test_a_copy_from_a_report_goes_with_it(console: Console, board: Any, control: Find, qtbot: Any) -> None:
    copied(console, control)
    assert board.text() == NEEDLE
    saved(console, qtbot)

    console.drafting.put_away()

    assert board.text() == ""


def test_a_copy_from_a_report_goes_when_its_author_signs_out(console: Console, board: Any, control: Find) -> None:
    copied(console, control)

    console.signing_in.end()

    assert board.text() == ""


def test_a_copy_from_a_report_is_marked_as_secret_for_programs_that_keep_copies(
    console: Console, board: Any, control: Find
) -> None:
    copied(console, control)

    assert all(board.mimeData().hasFormat(name) for name in SECRET_MARKS)
    assert not board.mimeData().hasHtml()


# --- undo, dragging, dropping, dictionaries ---------------------------------------------------------------------------


def test_nothing_can_be_undone_back_into_an_empty_form(console: Console, control: Find, qtbot: Any) -> None:
    qtbot.keyClicks(control(console, "field.where"), NEEDLE)
    saved(console, qtbot)

    console.drafting.put_away()

    for widget in written_in(console):
        widget.undo()  # type: ignore[attr-defined]
        widget.redo()  # type: ignore[attr-defined]
        text = widget.toPlainText() if isinstance(widget, QPlainTextEdit) else widget.text()  # type: ignore[attr-defined]
        assert NEEDLE not in text


def test_text_cannot_be_dragged_out_of_a_report(console: Console, control: Find) -> None:
    text = control(console, "field.what")
    text.selectAll()

    QTest.mousePress(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, 12))

    assert not text.textCursor().hasSelection()
    QTest.mouseRelease(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    lines = [widget for widget in written_in(console) if isinstance(widget, QLineEdit)]
    assert lines and not any(line.dragEnabled() for line in lines)


def test_nothing_can_be_dropped_into_a_report(console: Console) -> None:
    assert not any(widget.acceptDrops() for widget in written_in(console))


def test_no_dictionary_or_spelling_aid_learns_from_a_report(console: Console) -> None:
    hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText

    assert len(written_in(console)) > 20
    assert all(widget.inputMethodHints() & hints == hints for widget in written_in(console))


def test_nothing_completes_what_was_written_before(console: Console) -> None:
    lines = console.window.findChildren(QLineEdit)

    assert not any(line.completer() for line in lines)
    boxes = [box for box in console.window.findChildren(QComboBox) if box.isEditable()]
    assert all(isinstance(box, DayBox) and box.insertPolicy() is QComboBox.InsertPolicy.NoInsert for box in boxes)


def test_pasted_markup_comes_as_its_plain_words(console: Console, control: Find, qtbot: Any) -> None:
    markup = QMimeData()
    markup.setHtml("<b>bold</b><img src='file:///etc/hostname'>")
    markup.setText("bold")
    QGuiApplication.clipboard().setMimeData(markup)

    control(console, "field.what").selectAll()
    control(console, "field.what").paste()

    assert control(console, "field.what").toPlainText() == "bold"


# --- files and processes ----------------------------------------------------------------------------------------------


def test_no_file_of_this_computer_holds_a_word_of_a_report(
    console: Console, service: Any, tmp_path: Path, qtbot: Any
) -> None:
    saved(console, qtbot)
    service.go_away()
    console.report.answer("where", f"{NEEDLE} too")
    console.safekeeping.keeping.keep()
    qtbot.waitUntil(lambda: console.report.is_kept, timeout=20_000)

    spellings = {NEEDLE.encode(), NEEDLE.encode("utf-16-le"), NEEDLE.encode("utf-16-be")}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) > 2
    assert not [path for path in files for spelling in spellings if spelling in path.read_bytes()]


IN_A_PROCESS = """
import ctypes, resource, sys
from console.leavings import leave_no_dump, say_where_alone
leave_no_dump()
sys.excepthook = say_where_alone
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
def write(report):
    raise ValueError(report)
write("a needle in the report")
"""


@pytest.fixture(scope="module")
def ended() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS], capture_output=True, text=True, env=dict(os.environ), check=False
    )


def test_a_process_that_dies_leaves_no_memory_behind(ended: subprocess.CompletedProcess[str]) -> None:
    limit, dumpable = ended.stdout.strip().rsplit(" ", 1)

    assert (limit, dumpable) == ("(0, 0)", "0")


def test_a_fault_names_its_places_and_never_what_was_typed(ended: subprocess.CompletedProcess[str]) -> None:
    assert ended.returncode != 0
    assert "ValueError in" in ended.stderr
    assert "write, line" in ended.stderr
    assert NEEDLE not in ended.stderr


def test_the_command_begins_by_seeing_to_it() -> None:
    main = Path("console/opening.py").read_text(encoding="utf-8").split("def main")[1]

    assert main.index("leave_no_dump()") < main.index("argparse")
    assert "sys.excepthook = say_where_alone" in main
