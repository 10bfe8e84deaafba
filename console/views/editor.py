"""What every editor of an answer is: it shows a value and says when a person changed it; it knows no rule.

Object names: `field.<id>` for the editor, `field.<id>.<value>` for each button or box of a choice.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.views.parts import restyle
from shared.domain.vocabulary import Language

# No keyboard, dictionary or spelling aid of the desktop learns from what is written here.
UNLEARNT: Final = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


class Editor(QWidget):
    """What every editor is: a widget that emits `edited` with the new value when a person changes it."""

    edited = Signal(object)

    def show_value(self, value: Any) -> None:
        """Show a value without emitting."""
        raise NotImplementedError

    def focus_on(self) -> QWidget:
        """The control that typing goes to."""
        raise NotImplementedError

    def mark(self, wrong: bool) -> None:
        """Show that something is wrong here; words say what elsewhere."""
        restyle(self.focus_on(), "tone", "danger" if wrong else "")

    @property
    def tab_stops(self) -> list[QWidget]:
        """What Tab goes through, in order."""
        return [self.focus_on()]

    def speak(self, language: Language) -> None:
        """Show what is read aloud in another language."""

    def _hold(self, control: QWidget, name: str, accessible: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(control)
        name_control(control, name, accessible)
        control.setInputMethodHints(control.inputMethodHints() | UNLEARNT)
        control.setAcceptDrops(False)
        self.setFocusProxy(control)


def name_control(control: QWidget, name: str, accessible: str) -> None:
    """The name tests and scripts find it by, and the one a screen reader says."""
    control.setObjectName(name)
    control.setAccessibleName(accessible)
