"""How long after a key the letter is on the screen, in a long answer of the report with hints on."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from shared.domain.vocabulary import Category, Language, Mode
from tests.bench.crowd import WAITING
from tests.bench.desktop import PERSON, Painted, console_at, wait_until
from tests.bench.figures import Compared, Effort, FigureBelow, Measure, Row, Unit, at_percentile
from tests.bench.servers import free_port, serving
from tests.bench.watching import qt
from tests.bench.webhooks import address

LETTERS: Final = 3_600  # of the 4,000 that an answer may have
_TEXT: Final = ("The sergeant sends recovered vehicles to one garage out of turn and is paid for it. " * 50)[:LETTERS]
_TYPED: Final = "it went on "


def _typing(effort: Effort) -> tuple[Compared, ...]:
    ours, bare = _in_the_report(effort.samples), _in_a_bare_editor(effort.samples)
    figure, reference = at_percentile(ours, 99), at_percentile(bare, 99)
    return (Compared(figure, reference, figure / reference),)


def _in_the_report(letters: int) -> list[float]:
    port = free_port()
    with (
        serving("tests.bench.crowd:crowded", port, 2, {"updates": "0"}),
        console_at(address(port), "token") as console,
    ):
        wait_until(lambda: len(console.line.calls) == WAITING)
        console.report.begin(PERSON.id, None, Language.EN, Mode.ANONYMOUS, Category.OTHER, None)
        editor = console.window.findChild(QPlainTextEdit, "field.entries.0.text")
        assert editor is not None
        # The worst there is: the answer is read for hints after every letter, not when the typing pauses.
        console.wording.hinting._timer.setInterval(0)
        console.wording.hinting.ask()
        return _typed(editor, lambda: console.window.report.go_to_field("entries"), letters)


def _in_a_bare_editor(letters: int) -> list[float]:
    qt()
    editor = QPlainTextEdit()
    editor.show()
    return _typed(editor, editor.setFocus, letters)


def _typed(editor: QPlainTextEdit, focus: Callable[[], None], letters: int) -> list[float]:
    """Milliseconds for each letter, from its key to its picture."""
    editor.setPlainText(_TEXT)
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    focus()
    painted = Painted(editor.viewport())
    wait_until(lambda: painted.at > 0)
    return [_one(editor, painted, _TYPED[number % len(_TYPED)]) for number in range(letters)]


def _one(editor: QWidget, painted: Painted, letter: str) -> float:
    QApplication.processEvents()
    begun = perf_counter()
    QTest.keyClick(editor, letter, Qt.KeyboardModifier.NoModifier)
    wait_until(lambda: painted.at > begun)
    return (painted.at - begun) * 1000


TYPING: Final = Measure(
    "typing",
    (
        Row(
            "typing-p99",
            "a letter typed is on the screen, p99",
            "bare text editor, same text",
            Unit.MILLISECONDS,
            FigureBelow(16),
        ),
    ),
    _typing,
)
