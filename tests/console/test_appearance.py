"""How the desktop looks: legible in every theme, up to twice the size, kept between sessions, and nothing else kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from console.app import Console
from console.appearance import KEYS, PERCENTS, Appearance, Theme, keep_appearance, kept_appearance
from console.style.sheet import palette, style_sheet
from console.style.tokens import GROWING, LIGHT_TOKENS, Colours, grown
from console.views.arrangement import arrange
from console.views.choosing import ChoiceBox
from console.views.day_box import DayBox
from console.views.pressing import PressBox, PressButton
from console.views.sheet import tick
from tests.support.organisation import HANDLER

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

# Every text on every ground that the style sheet puts it on.
TEXT_ON = {
    "text": ("ground", "surface", "sunken", "accent_soft", "caution_soft", "danger_soft"),
    "muted": ("ground", "surface", "sunken", "caution_soft", "accent_soft"),
    "accent": ("ground", "surface", "sunken", "accent_soft"),
    "on_accent": ("accent", "accent_strong"),
    "danger": ("ground", "surface", "sunken", "danger_soft", "caution_soft"),
    "caution": ("ground", "surface", "sunken", "caution_soft"),
    "good": ("ground", "surface", "sunken"),
    "surface": ("danger",),
}
# Every line that tells where a control is, what is chosen, or what has the focus.
LINE_ON = {
    "edge": ("ground", "surface", "sunken"),
    "accent": ("surface", "accent_soft"),
    "danger": ("surface",),
    "focus": ("ground", "surface", "sunken", "accent_soft"),
    "focus_filled": ("accent", "accent_strong", "danger"),
}
TEXT_LEAST, TEXT_LEAST_HIGH, LINE_LEAST = 4.5, 7.0, 3.0  # WCAG 2.2: 1.4.3, 1.4.6, 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [channel / 255 for channel in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colours: Colours, pairs: dict[str, tuple[str, ...]], least: float) -> list[str]:
    return [
        f"{front} on {behind}: {ratio:.2f}"
        for front, grounds in pairs.items()
        for behind in grounds
        if (ratio := contrast(getattr(colours, front), getattr(colours, behind))) < least
    ]


def test_contrast_is_as_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", Theme)
def test_every_text_can_be_read_on_its_ground(theme: Theme) -> None:
    least = TEXT_LEAST_HIGH if theme is Theme.HIGH_CONTRAST else TEXT_LEAST

    assert too_faint(Appearance(theme).tokens.colours, TEXT_ON, least) == []


@pytest.mark.parametrize("theme", Theme)
def test_outlines_and_the_focus_can_be_seen(theme: Theme) -> None:
    assert too_faint(Appearance(theme).tokens.colours, LINE_ON, LINE_LEAST) == []


@pytest.mark.parametrize("theme", Theme)
def test_the_focus_has_a_colour_that_nothing_else_has(theme: Theme) -> None:
    colours = Appearance(theme).tokens.colours
    others = {name: getattr(colours, name) for name in Colours.__dataclass_fields__ if not name.startswith("focus")}

    assert colours.focus not in others.values()


@pytest.mark.parametrize("name", GROWING)
def test_text_and_what_holds_it_grow_to_twice_their_size(name: str) -> None:
    assert getattr(grown(LIGHT_TOKENS, 200), name) == 2 * getattr(LIGHT_TOKENS, name)


def test_every_look_gives_a_whole_style_sheet() -> None:
    for theme in Theme:
        for percent in PERCENTS:
            assert "$" not in style_sheet(Appearance(theme, percent).tokens)


def test_sizes_and_themes_end_where_they_should() -> None:
    assert Appearance(percent=200).larger().percent == 200
    assert Appearance(percent=100).smaller().percent == 100
    assert Appearance().next_theme().next_theme().next_theme() == Appearance()


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # the screen that is not there
@pytest.mark.parametrize("theme", Theme)
def test_the_focus_is_a_ring_around_whatever_kind_of_control_has_it(theme: Theme, qtbot: Any) -> None:
    tokens = Appearance(theme).tokens
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(style_sheet(tokens))
    controls: list[QWidget] = [
        QLineEdit(), QPlainTextEdit(), ChoiceBox(), PressBox("Tick"), DayBox("day"), QListWidget(), QTableWidget(),
    ]  # fmt: skip
    for look in ("", "primary", "quiet", "danger", "armed", "segment", "listed", "contents"):
        button = PressButton("Press")
        button.setProperty("look", look)
        button.setCheckable(look in ("segment", "listed"))
        button.setChecked(True)
        controls.append(button)
    layout = QVBoxLayout(window)
    for control in controls:
        layout.addWidget(control)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    controls[-1].setFocus()
    for control in controls:
        before = ring_of(control)
        control.setFocus()
        qtbot.waitUntil(control.hasFocus)
        name = f"{type(control).__name__} {control.property('look')}"
        assert ring_of(control) & {tokens.colours.focus.lower(), tokens.colours.focus_filled.lower()}, name
        assert not before & {tokens.colours.focus.lower()}, name  # chosen, and without the focus


def ring_of(control: QWidget) -> set[str]:
    """The colours down its middle, two pixels in from the top and the bottom."""
    image = control.grab().toImage()
    return {image.pixelColor(image.width() // 2, y).name() for y in (1, image.height() - 2)}


def test_a_look_is_kept_and_nothing_else_is(tmp_path: Path) -> None:
    keep_appearance(tmp_path, Appearance(Theme.DARK, 150))

    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert kept_appearance(tmp_path) == Appearance(Theme.DARK, 150)
    lines = [line for line in written[0].read_text("utf-8").splitlines() if "=" in line]
    assert len(written) == 1
    assert {line.split("=")[0] for line in lines} == set(KEYS)


@pytest.mark.parametrize("nonsense", ["theme=plaid\ntext_percent=9000", "text_percent=", "\x00\x01", ""])
def test_what_makes_no_sense_counts_as_the_usual_look(tmp_path: Path, nonsense: str) -> None:
    (tmp_path / "appearance.ini").write_text(f"[General]\n{nonsense}\n", "utf-8")

    assert kept_appearance(tmp_path) == Appearance()


def test_the_settings_of_qt_are_used_for_nothing_but_looks_and_where_windows_stood() -> None:
    using = {path.name for path in Path("console").rglob("*.py") if "QSettings" in path.read_text("utf-8")}

    assert using == {"appearance.py", "placement.py"}


def test_keys_change_the_look_at_once_and_it_is_there_the_next_time(
    signed_in: Callable[..., Console], qtbot: Any, tmp_path: Path
) -> None:
    console = signed_in(HANDLER)
    plain = console.window.styleSheet()

    QTest.keyClick(console.window, Qt.Key.Key_T, CTRL | SHIFT)
    QTest.keyClick(console.window, Qt.Key.Key_Equal, CTRL)

    assert console.looks.appearance == Appearance(Theme.DARK, 125)
    assert console.window.styleSheet() != plain
    qtbot.waitUntil(lambda: kept_appearance(tmp_path / "console") == Appearance(Theme.DARK, 125), timeout=20_000)


@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_the_report_always_has_the_larger_part_of_a_crowded_window(width: int, percent: int) -> None:
    stand = arrange(width, Appearance(percent=percent).tokens)

    beside = stand.line_width if stand.stacked else stand.line_width + stand.call_width
    assert width - beside >= width / 2 or not stand.stacked
    assert stand.line_width > 0 and stand.call_width > 0


@pytest.mark.parametrize("percent", PERCENTS)
def test_nothing_is_wider_than_a_small_screen_at_any_size(signed_in: Callable[..., Console], percent: int) -> None:
    console = signed_in(HANDLER)

    console.window.resize(1280, 720)
    console.window.dress(Appearance(percent=percent).tokens)
    QApplication.processEvents()

    assert (console.window.width(), console.window.height()) == (1280, 720)
    for area in console.window.findChildren(QScrollArea):
        inside: QWidget | None = area.widget()
        if area.isVisible() and inside is not None:
            assert inside.width() <= area.viewport().width() + 14, area.objectName()  # the width of a scroll bar


@pytest.mark.parametrize("theme", Theme)
def test_a_ticked_box_has_a_tick_that_is_seen_without_colour(theme: Theme, qtbot: Any) -> None:
    tokens = Appearance(theme, 200).tokens
    box = tick("box", "Ticked")
    box.setStyleSheet(style_sheet(tokens))
    box.setPalette(palette(tokens))
    box.setChecked(True)
    qtbot.addWidget(box)
    box.resize(box.sizeHint())

    drawn = box.grab().toImage()

    option = QStyleOptionButton()
    box.initStyleOption(option)
    inside = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box).adjusted(6, 6, -6, -6)
    shades = {
        drawn.pixelColor(x, y).name()
        for x in range(inside.left(), inside.right())
        for y in range(inside.top(), inside.bottom())
    }
    assert max(contrast(one, other) for one in shades for other in shades) >= LINE_LEAST


def test_a_choice_that_is_too_long_for_its_field_ends_in_dots_and_is_whole_in_the_list(qtbot: Any) -> None:
    box, words = ChoiceBox(), "Information or influence for money or favours"
    qtbot.addWidget(box)
    box.setStyleSheet(style_sheet(LIGHT_TOKENS))
    box.addItems(["Choose…", words])
    box.setCurrentIndex(1)

    box.resize(240, 40)
    short = box.shown_words()
    box.resize(800, 40)

    assert short.endswith("…") and words.startswith(short[:-1])
    assert box.fontMetrics().horizontalAdvance(short) < 240 - 28  # the arrow's part
    assert box.shown_words() == box.itemText(1) == words
