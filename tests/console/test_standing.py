"""Two windows: the report in one of its own and back, keys in both, hidden together, and back where they stood."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.app import Console
from console.placement import KEYS, NOWHERE, Frame, Placement, at_first, brought_back, keep_placement, kept_placement
from shared.domain.vocabulary import Category, Language, Mode
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
FIRST, SECOND = Frame(0, 0, 1920, 1080), Frame(1920, 0, 1280, 1024)
DESK, REPORT = Frame(40, 20, 1440, 900), Frame(2000, 100, 1000, 800, maximised=True)


# The screens that are not there cannot be told how small a window may get.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


# --- where windows are brought back -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stood", "screens", "stands"),
    [
        (REPORT, (FIRST, SECOND), REPORT),  # its screen is there
        (REPORT, (FIRST,), Frame(920, 100, 1000, 800, maximised=True)),  # it is gone
        (Frame(2000, 100, 1000, 1400), (FIRST,), Frame(920, 0, 1000, 1080)),  # and the other is smaller
        (Frame(-900, 50, 800, 600), (FIRST, SECOND), Frame(0, 50, 800, 600)),  # one stood to the left
        (Frame(1700, 900, 800, 600), (FIRST, SECOND), Frame(1920, 424, 800, 600)),  # across both: mostly the second
        (DESK, (), DESK),
    ],
)
def test_a_window_comes_back_whole_on_a_screen_that_is_there(
    stood: Frame, screens: tuple[Frame, ...], stands: Frame
) -> None:
    assert brought_back(stood, screens) == stands


@pytest.mark.parametrize(
    ("screens", "stands"),
    [
        ((FIRST, SECOND), Frame(240, 90, 1440, 900)),
        ((SECOND, FIRST), Frame(1840, 62, 1440, 900, maximised=True)),  # narrower than the desk would be
        ((), Frame(0, 0, 1440, 900)),
    ],
)
def test_the_desk_first_stands_in_the_middle_or_fills_a_small_screen(screens: tuple[Frame, ...], stands: Frame) -> None:
    assert at_first(1440, 900, screens) == stands


@pytest.mark.parametrize("placement", [NOWHERE, Placement(DESK), Placement(DESK, REPORT, apart=True)])
def test_where_windows_stood_is_kept_in_whole_numbers_and_nothing_else_is(tmp_path: Path, placement: Placement) -> None:
    keep_placement(tmp_path, placement)

    lines = [line for line in (tmp_path / "windows.ini").read_text("utf-8").splitlines() if "=" in line]
    assert kept_placement(tmp_path) == placement
    assert {line.split("=")[0] for line in lines} <= set(KEYS)
    assert all(line.split("=")[1].lstrip("-").isdecimal() for line in lines)


@pytest.mark.parametrize("nonsense", ["desk_left=here\ndesk_top=0", "desk_left=99999999999", "\x00\x01", ""])
def test_what_makes_no_sense_counts_as_nothing_kept(tmp_path: Path, nonsense: str) -> None:
    (tmp_path / "windows.ini").write_text(f"[General]\n{nonsense}\n", "utf-8")

    assert kept_placement(tmp_path) == NOWHERE


ON_SCREENS = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from console.placement import Frame
from console.settling import elsewhere, frame_of, screens, settle
from console.views.apart import Apart
from PySide6.QtWidgets import QMainWindow
desk = QMainWindow()
settle(desk, Frame(40, 20, 1440, 900))
desk.show()
apart = Apart(desk)
settle(apart, elsewhere(desk))
apart.show()
first = apart.screen().name()
settle(apart, Frame(2000, 100, 1000, 800))
application.processEvents()
found = frame_of(apart)
print(len(screens()), first, apart.screen().name(), found.left, found.top, found.width, found.height)
"""


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ((FIRST, SECOND), "2 screen1 screen1 2000 100 1000 800"),
        ((FIRST,), "1 screen0 screen0 920 100 1000 800"),
    ],
)
def test_the_report_first_goes_to_the_other_screen_and_comes_back_from_one_that_is_gone(
    tmp_path: Path, there: tuple[Frame, ...], said: str
) -> None:
    layout = tmp_path / "screens.json"
    drawn = [
        {"name": f"screen{number}", "x": one.left, "y": one.top, "width": one.width, "height": one.height,
         "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for number, one in enumerate(there)
    ]  # fmt: skip
    layout.write_text(json.dumps({"screens": drawn}), "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", ON_SCREENS],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={layout}"},
    )

    assert done.stdout.strip() == said


class Shown(QObject):
    """Notes each time the window it watches is shown."""

    def __init__(self, times: list[bool]) -> None:
        super().__init__()
        self._times = times

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # as Qt names it
        if event.type() is QEvent.Type.Show:
            self._times.append(True)
        return False


# --- in a real console ------------------------------------------------------------------------------------------------


@pytest.fixture
def writing(signed_in: Callable[..., Console]) -> Console:
    console = signed_in(HANDLER)
    assert console.keyring.keys is not None
    console.report.begin(console.keyring.keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)
    return console


def turn(window: QWidget, qtbot: Any) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)


def test_the_report_goes_into_a_window_of_its_own_and_comes_back_with_what_was_typed(
    writing: Console, control: Find, qtbot: Any, tmp_path: Path
) -> None:
    window, apart = writing.window, writing.window.apart
    turn(window, qtbot)
    qtbot.waitUntil(apart.isActiveWindow)

    assert control(writing, "field.what").window() is apart
    assert apart.windowTitle() == "Candour"  # nothing of the report, nor whose desk it is
    QTest.keyClicks(control(writing, "field.what"), "They said it twice.")
    QTest.keyClick(apart, Qt.Key.Key_1, ALT)  # a key of the desk, in the other window
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_3, ALT)
    qtbot.waitUntil(apart.isActiveWindow)
    assert not control(writing, "report.problem_count").isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_S, CTRL | SHIFT)  # a key of the report, in the desk
    assert control(writing, "report.problem_count").isVisible()
    qtbot.waitUntil(lambda: kept_placement(tmp_path / "console").apart, timeout=5_000)
    apart.close()

    assert not apart.isVisible()
    assert control(writing, "field.what").window() is window
    assert control(writing, "field.what").isVisible()
    assert control(writing, "field.what").toPlainText() == "They said it twice."
    qtbot.waitUntil(lambda: not kept_placement(tmp_path / "console").apart, timeout=5_000)


def test_locking_and_signing_out_hide_both_windows_and_the_next_sign_in_brings_them_back(
    writing: Console, control: Find, service: Any, qtbot: Any
) -> None:
    window, apart = writing.window, writing.window.apart
    control(writing, "keys.apart").click()

    writing.guarding.lock()
    assert not apart.isVisible()
    writing.guarding.idle.unlock()
    window.unlock()
    assert apart.isVisible() and control(writing, "field.what").isVisible()
    writing.guarding.lock()
    shown: list[bool] = []
    apart.installEventFilter(watcher := Shown(shown))
    writing.signing_in.end()
    qtbot.waitUntil(lambda: writing.session.person is None)

    assert shown == [] and not apart.isVisible() and watcher is not None
    writing.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: writing.line.reached and apart.isVisible(), timeout=20_000)
    assert control(writing, "place.report").window() is apart
