"""A walk over every widget: plain text only, a name for each control, and no key given twice."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from console.actions import ACTIONS
from console.app import Console
from shared.domain.vocabulary import Category, Language, Mode
from tests.support.organisation import BOTH

# Parts that Qt makes inside a combo box; the box itself has the name.
INSIDE_A_BOX = ("QComboBoxPrivateContainer", "QComboBoxListView", "QComboBoxPrivateScroller")
HOSTILE = "<img src='file:///etc/hostname'><b>bold</b> &amp; \u202eback"


@pytest.fixture
def console(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> Console:
    made = signed_in(BOTH)
    assert made.keyring.keys is not None
    made.report.begin(made.keyring.keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)
    service.a_call_waits()
    qtbot.waitUntil(lambda: bool(made.line.calls), timeout=20_000)
    return made


def every_widget(console: Console) -> Iterator[QWidget]:
    for widget in console.window.findChildren(QWidget):
        ancestor: Any = widget
        while ancestor is not None and ancestor.metaObject().className() not in INSIDE_A_BOX:
            ancestor = ancestor.parentWidget()
        if ancestor is None and widget.objectName() != "qt_spinbox_lineedit":  # the spin box has the name
            yield widget


def test_every_label_is_plain_text(console: Console) -> None:
    labels = console.window.findChildren(QLabel)

    assert len(labels) > 100
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_no_widget_takes_rich_text(console: Console) -> None:
    assert console.window.findChildren(QTextEdit) == []
    assert all(not widget.toolTip() for widget in every_widget(console))


def test_markup_in_a_report_is_shown_as_it_was_typed(console: Console, control: Callable[[Console, str], Any]) -> None:
    console.report.answer("what", HOSTILE)
    console.report.remarks = HOSTILE
    console.report.opened.emit()

    assert control(console, "field.what").toPlainText() == HOSTILE
    assert control(console, "report.remarks").text() == HOSTILE


def test_every_control_has_an_accessible_name_and_an_object_name(console: Console) -> None:
    controls = [widget for widget in every_widget(console) if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus]

    assert len(controls) > 100
    assert [widget for widget in controls if not widget.accessibleName()] == []
    assert [widget for widget in controls if not widget.objectName()] == []


def test_every_object_name_of_a_control_is_its_own(console: Console) -> None:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit)
    names = Counter(widget.objectName() for widget in every_widget(console) if isinstance(widget, kinds))

    assert [name for name, count in names.items() if count > 1] == []


def test_every_action_has_one_way_in_and_its_own_words(console: Console) -> None:
    for action in ACTIONS.values():
        buttons = console.window.findChildren(QAbstractButton, f"action.{action.id}")
        ways = console.window.findChildren(QShortcut, f"way.{action.id}")
        assert len(buttons) + len(ways) == 1, action.id
        for button in buttons:
            assert button.accessibleName() == action.accessible
            assert button.text() == action.words
        keys = [button.shortcut() for button in buttons] + [way.key() for way in ways]
        assert keys == [QKeySequence(action.key)]


def test_no_other_button_has_a_key(console: Console) -> None:
    others = [
        button
        for button in console.window.findChildren(QAbstractButton)
        if not button.objectName().startswith("action.") and not button.shortcut().isEmpty()
    ]

    assert others == []


def test_the_keys_are_listed_in_the_window(
    console: Console, control: Callable[[Console, str], Any], qtbot: Any
) -> None:
    control(console, "action.keys").click()

    words = {label.text() for label in control(console, "keys").findChildren(QLabel)}
    assert control(console, "keys").isVisible()
    assert all(ACTIONS[one].words in words for one in console.session.actions)
    qtbot.keyClick(control(console, "keys"), Qt.Key.Key_Escape)
    assert not control(console, "keys").isVisible()


def test_no_source_of_the_console_uses_the_clipboard_settings_or_dialogs() -> None:
    listed = ("appearance.py", "placement.py", "leavings.py", "attention.py")
    sources = [path for path in Path("console").rglob("*.py") if path.name not in listed]
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources)

    for name in ("QSettings", "QMessageBox", "QDialog", "clipboard", "QTextEdit(", "QToolTip", "QSystemTrayIcon"):
        assert name not in source, name


def tab_order(console: Console) -> list[str]:
    names, widget = [], console.window.nextInFocusChain()
    while widget is not console.window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.objectName():
            names.append(widget.objectName())
        widget = widget.nextInFocusChain()
    return names


def test_tab_goes_from_the_line_to_the_call_to_the_report_in_the_forms_own_order(console: Console) -> None:
    order = tab_order(console)
    fields = [field.id for field in console.report.form.fields]
    reached = list(dict.fromkeys(name.split(".")[1] for name in order if name.startswith("field.")))

    assert order.index("action.answer") < order.index("action.end") < order.index("field.danger.not_asked")
    assert reached == fields


def test_tab_goes_through_an_entry_added_later_before_what_follows(
    console: Console, control: Callable[[Console, str], Any]
) -> None:
    control(console, "field.entries.add").click()

    order = tab_order(console)
    entries = [name for name in order if name.startswith("field.entries.")]
    assert entries[0].startswith("field.entries.0.") and entries[-1] == "field.entries.add"
    assert entries.index("field.entries.0.text") < entries.index("field.entries.1.text")
    assert order.index("field.entries.1.text") < order.index("field.how_known.saw")


def test_a_report_in_the_list_comes_before_the_foot_of_the_line(console: Console, qtbot: Any) -> None:
    console.report.answer("what", "a draft")
    qtbot.waitUntil(lambda: len(console.review.own_open) == 1, timeout=20_000)

    order = tab_order(console)

    listed = order.index(f"own.{console.review.own_open[0].id}")
    assert order.index("action.not_now") < listed < order.index("action.sign_out")
