"""What a locked desk hides besides its pages: other windows, sheets, title, focus, and the keys that lead somewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from console.views.overlay import Overlay

PRODUCT = "Candour"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What was there, to bring back."""

    title: str
    focus: QWidget | None
    windows: tuple[QWidget, ...]
    keys: tuple[QShortcut, ...]
    sheets: tuple[Overlay, ...]

    def without(self, window: QWidget) -> Hidden:
        """The same, but for one window that is to stay away."""
        return replace(self, windows=tuple(other for other in self.windows if other is not window))

    def bring_back(self, window: QMainWindow) -> None:
        """All of it, as it was."""
        window.setWindowTitle(self.title)
        for other in (*self.windows, *self.sheets):
            other.show()
        for key in self.keys:
            key.setEnabled(True)
        if self.focus is not None and self.focus.isVisible():
            self.focus.setFocus()


def hide_behind(window: QMainWindow) -> Hidden:
    """Hide every other window of the program, the title and the ways by key. Lists that stand open are closed."""
    others = [other for other in QApplication.topLevelWidgets() if other is not window and other.isVisible()]
    stay_closed = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
    hidden = Hidden(
        title=window.windowTitle(),
        focus=QApplication.focusWidget(),
        windows=tuple(other for other in others if other.windowType() not in stay_closed),
        keys=tuple(key for key in window.findChildren(QShortcut) if key.isEnabled()),
        sheets=tuple(sheet for sheet in window.findChildren(Overlay) if sheet.isVisible()),
    )
    for other in (*others, *hidden.sheets):
        other.hide()
    for key in hidden.keys:
        key.setEnabled(False)
    window.setWindowTitle(PRODUCT)
    return hidden
