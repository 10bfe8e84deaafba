"""Every control has a name, a role and a state that a screen reader is told, in every place of the window."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from console.app import Console
from console.appearance import Appearance, Theme
from console.views.pressing import HearsTurning, PressBox, PressButton
from shared.domain.vocabulary import Category, Language, Mode
from tests.support.organisation import BOTH

ROLES = {
    QCheckBox: (QAccessible.Role.CheckBox,),
    QAbstractButton: (QAccessible.Role.Button, QAccessible.Role.CheckBox),
    QComboBox: (QAccessible.Role.ComboBox,),
    QLineEdit: (QAccessible.Role.EditableText,),
    QPlainTextEdit: (QAccessible.Role.EditableText,),
    QListWidget: (QAccessible.Role.List,),
}
JARGON = ("widget", "button", "click", "qt_", "None", "{", "}", "_")


@pytest.fixture
def console(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> Console:
    made = signed_in(BOTH)
    assert made.keyring.keys is not None
    made.report.begin(made.keyring.keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)
    return made


def controls(console: Console) -> Iterator[QWidget]:
    for kind in ROLES:
        for control in console.window.findChildren(kind):
            if control.focusPolicy() is not Qt.FocusPolicy.NoFocus and not control.objectName().startswith("qt_"):
                yield control


def test_every_control_has_the_role_it_looks_like(console: Console) -> None:
    wrong = []
    for control in controls(console):
        told = QAccessible.queryAccessibleInterface(control)
        kind = next(kind for kind in ROLES if isinstance(control, kind))
        if told is None or told.role() not in ROLES[kind]:
            wrong.append(control.objectName())

    assert wrong == []


def test_names_are_words_for_people(console: Console) -> None:
    names = {control.accessibleName() for control in controls(console)}

    assert [name for name in names if not name[:1].isalnum() or any(part in name for part in JARGON)] == []


def test_what_stays_pressed_says_so_and_hears_assistive_tools(console: Console) -> None:
    staying = [button for button in console.window.findChildren(QAbstractButton) if button.isCheckable()]

    assert len(staying) > 20
    assert [button.objectName() for button in staying if not isinstance(button, HearsTurning)] == []


@pytest.mark.parametrize("kind", [PressButton, PressBox])
def test_a_press_by_an_assistive_tool_counts_as_one(qapp: Any, qtbot: Any, kind: type[PressButton]) -> None:
    button = kind("Silent")
    presses: list[bool] = []
    qtbot.addWidget(button)
    button.setCheckable(True)
    button.clicked.connect(lambda on: presses.append(on))
    told = QAccessible.queryAccessibleInterface(button)
    assert told is not None

    told.actionInterface().doAction("Toggle")
    button.setChecked(False)
    button.click()

    assert presses == [True, True]


@pytest.mark.parametrize("theme", Theme)
def test_the_focus_is_drawn_unlike_what_is_chosen(
    console: Console, control: Callable[[Console, str], Any], theme: Theme
) -> None:
    console.window.dress(Appearance(theme).tokens)
    console.report.answer("danger", "no")
    console.report.opened.emit()
    console.window.report.go_to_field("danger")
    chosen, other = control(console, "field.danger.no"), control(console, "field.danger.yes")

    pictures = {}
    for name, focused in (("chosen", other), ("focused and chosen", chosen)):
        focused.setFocus()
        pictures[name] = chosen.grab().toImage()
    chosen.setFocus()
    pictures["neither"] = other.grab().toImage()
    other.setFocus()
    pictures["focused"] = other.grab().toImage()

    assert pictures["chosen"] != pictures["focused and chosen"]
    assert pictures["neither"] != pictures["focused"]


def test_wrong_fields_say_so_in_words_and_not_by_colour_alone(
    console: Console, control: Callable[[Console, str], Any]
) -> None:
    control(console, "action.submit").click()

    for problem in console.report.problems:
        said = control(console, f"row.{problem.field}").findChildren(QLabel)
        assert [label for label in said if label.property("tone") == "danger" and label.text()], problem.field
